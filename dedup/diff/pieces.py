"""Cut a sentence into pieces: words and the marks between them.

Pieces tile the sentence, so that a run of them is a span into the original.
White space belongs to the piece before it, an opening quote or bracket to the
word after it. Marks are pieces of their own where white space or the end
follows, so that ``Kong, possibly soon.`` and ``Kong.`` share both the word and
the full stop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.diff.sentences import Sentence
from dedup.text import Tokens

__all__ = [
    "ENDING",
    "END_MARKS",
    "MARKS",
    "OPENING",
    "OPENING_AFTER_SPACE",
    "UNSPACED_MARKS",
    "Pieces",
    "cut_pieces",
    "is_marks",
]

#: Stand for marks among the words of :class:`Pieces`; no word begins like them.
MARKS = "\0,"
END_MARKS = "\0."

OPENING = frozenset("([{<“‘«‹„‚「『（【《〈〔［｛¿¡")
OPENING_AFTER_SPACE = OPENING | frozenset("\"'`$€£¥#@*")
ENDING = frozenset(".!?…。！？؟۔।")
UNSPACED_MARKS = frozenset("、。，！？；：・」』）】》〉")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of neighbouring sentences of one text.

    Attributes
    ----------
    words : list[str]
        Normal form of each word; :data:`MARKS` or :data:`END_MARKS` for marks.
    starts : list[int]
        Code point where each starts; one more than ``words``, the last the end.
    """

    words: list[str]
    starts: list[int]


def is_marks(word: str) -> bool:
    """Whether a piece is marks without a word."""
    return word.startswith("\0")


def cut_pieces(
    text: str, tokens: Tokens, sentences: Sequence[Sentence], hidden: frozenset[int]
) -> Pieces:
    """Cut neighbouring sentences into pieces. O(length)."""
    pieces = Pieces([], [])
    for sentence in sentences:
        shown: Sequence[int] = range(sentence.first, sentence.last)
        if hidden:
            shown = [i for i in shown if i not in hidden]
        if not shown:
            pieces.words.append("\0" + text[sentence.start : sentence.end])
            pieces.starts.append(sentence.start)
        else:
            _cut_sentence(text, tokens, sentence, shown, pieces)
    pieces.starts.append(sentences[-1].end)
    return pieces


def _cut_sentence(
    text: str, tokens: Tokens, sentence: Sentence, shown: Sequence[int], pieces: Pieces
) -> None:
    words, starts = pieces.words, pieces.starts
    end = sentence.start
    for index in shown:
        word, start = tokens.words[index], tokens.starts[index]
        if index == shown[0]:
            starts.append(sentence.start)
            words.append(word)
        elif word == "cent" and words[-1] == "per":
            words[-1] = "percent"
        elif text[end:start] == " ":
            starts.append(start)
            words.append(word)
        else:
            opening = _opening(text, end, start)
            _cut_marks(text, end, opening, pieces)
            starts.append(opening)
            words.append(word)
        end = tokens.ends[index]
    _cut_marks(text, end, sentence.end, pieces, is_end=True)


def _opening(text: str, gap_start: int, start: int) -> int:
    at = start
    while at > gap_start and text[at - 1] in OPENING_AFTER_SPACE:
        at -= 1
    if at > gap_start and text[at - 1].isspace():
        return at
    at = start
    while at > gap_start and text[at - 1] in OPENING:
        at -= 1
    return at


def _cut_marks(text: str, start: int, end: int, pieces: Pieces, *, is_end: bool = False) -> None:
    if start and text[start : start + 1] == "." and "." in text[start - 2 : start]:
        start += 1  # the last full stop of an acronym belongs to it
    gap = text[start:end]
    bare = gap.strip()
    if not bare or (bare == "." and not is_end):
        return
    is_closed = is_end or len(bare) < len(gap) or any(mark in UNSPACED_MARKS for mark in bare)
    if is_closed:
        pieces.starts.append(start + len(gap) - len(gap.lstrip()))
        pieces.words.append(END_MARKS if ENDING.intersection(bare) else MARKS)
