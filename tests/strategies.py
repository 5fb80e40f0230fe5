"""Texts for properties: many scripts, and what breaks tokenisers."""

from hypothesis import strategies as st

__all__ = ["TELLING", "article_texts", "fuzzed_texts"]

#: Pieces that meet a rule of the normal form or of the units, by themselves or joined.
TELLING = [
    *"aZß0７٣%٪‰ ,.;:'’\"”»«()[]-–—…!?\u00a0\u2009\t\n\r",
    "\r\n", "\u2028", "\x85", "。", "！", "？", "」", "、", "・",
    "U.S.", "U.S", "u.n.", "a.b.c", "Mr.", "e.g.",
    "...", "?!", "No. 5", "end.", "end.\"", "end.)",
    "1,000", "1,00", "1,000,000", "12.5", "1.", ".5",
    "1.a", "a.1", "10,000.5", "½", "2½", "³", "①",
    "can't", "can’t", "o'", "'s", "l'été", "Straße", "ﬁn",
    "ŉ", "İ", "ſ", "Å", "A\u030a", "é", "e\u0301",
    "\u0301", "\u200d", "\u00ad", "\ufeff", "\u200b",
    "\u202e", "\ufe0f", "\u20e3", "👩\u200d🚒", "🇫🇷",
    "日本", "カ\u3099", "ｶﾞ", "ガ", "々", "〇",
    "漢字。", "ไทย", "ก็", "한국", "ᄒ\u1161\u11ab", "中文,1,000",
    "العربية", "مُحَمَّد", "٣٫٥", "٬", "हिन्दी", "क\u093c",
    "।", "ру\u0301с", "Ελλάδα;", "ς", "ქართ", "ሰላም፡",
    "\ud800", "\udfff", "\ud83d", "\x00", "\x1c", "\ue000",
    "\U0010ffff", "\U0001d7d9", "𠮷", "ﷺ", "㎞", "㍿",
]  # fmt: skip

_WORDS = [
    "the", "council", "voted", "to", "close",
    "bridge", "after", "storm", "in", "2019", "12.5",
    "percent", "U.S.", "minister", "said", "harbour",
    "wird", "Straße", "für", "años", "según",
    "東京", "株価", "上昇", "порт", "закрыт", "الميناء",
]  # fmt: skip
_PHRASES = [
    "the council voted to close", "the old bridge", "after the storm in 2019 it said",
    "12.5 percent more than in 2018", "harbour minister of the U.S. said so", "wird für Straße 7",
    "東京の株価は上昇し", "según los años del puerto", "nobody in the village had seen it",
]  # fmt: skip
_JOINTS = [" ", " ", " ", " ", ", ", ". ", ".\n", "\n\n", "。", "? "]


def fuzzed_texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Return texts of telling pieces and any code points, lone surrogates too."""
    piece = st.one_of(st.sampled_from(TELLING), st.text(st.characters(), max_size=4))
    return st.lists(piece, max_size=max_size).map("".join)


def article_texts(max_phrases: int = 24) -> st.SearchStrategy[str]:
    """Return texts out of a few phrases, so that two of them often share passages.

    Phrases have three to seven words: alone they are shorter or longer than a shingle.
    """
    words = st.lists(st.sampled_from(_WORDS), min_size=3, max_size=7)
    known = st.sampled_from(_PHRASES)
    phrase = st.tuples(known | known | words.map(" ".join), st.sampled_from(_JOINTS)).map("".join)
    return st.lists(phrase, max_size=max_phrases).map("".join)
