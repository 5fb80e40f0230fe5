"""One of the two texts, read once: its tokens, sentences and what is chrome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dedup.boilerplate.chrome import LEARNED, Chrome
from dedup.boilerplate.marked import OUTSIDE
from dedup.diff.alignment import Rank
from dedup.diff.markup import hidden_tokens
from dedup.diff.result import Span
from dedup.diff.sentences import Sentence, cut_sentences, part_sentence
from dedup.kernels.thresholds import MIN_DOUBTFUL_MASS
from dedup.text import Tokens

__all__ = ["BRACKETS", "CERTAIN", "FINAL_MARKS", "Source", "read_source"]

#: Reasons so sure that text stays chrome even if both articles have it.
CERTAIN = frozenset({LEARNED, "legal notice", "subscription or sharing prompt", "reader comments"})
#: A sentence is chrome when this share of its characters is.
_CHROME_SHARE = 0.5
#: Chrome that ends like a sentence and is in both texts is the article's after
#: all: a credit line, a short last paragraph.
FINAL_MARKS = frozenset(".!?…。！？؟۔।)]）】\"”»」'’")
BRACKETS = frozenset("()（）[]［］")


@dataclass(frozen=True, slots=True)
class Source:
    """A text with everything a diff needs to know of it.

    Attributes
    ----------
    text : str
    tokens : Tokens
    hidden : frozenset[int]
        Tokens that are wire markup.
    sentences : list[Sentence]
    chrome : list[str | None]
        For each sentence why it is chrome, or ``None``.
    ranks : list[Rank]
        Whether each sentence may be linked.
    judged : Chrome
        What tells chrome, and what the verdict is made with.
    parted_at : frozenset[int]
        Code points where a sentence was cut in two, to link both halves.
    """

    text: str
    tokens: Tokens
    hidden: frozenset[int]
    sentences: list[Sentence]
    chrome: list[str | None]
    ranks: list[Rank]
    judged: Chrome
    parted_at: frozenset[int] = frozenset()

    def parted(self, cuts: dict[int, int]) -> "Source":
        """Return the same text with some sentences cut in two.

        Parameters
        ----------
        cuts : dict[int, int]
            Sentence to the word that begins its second half.
        """
        if not cuts:
            return self
        sentences: list[Sentence] = []
        chrome: list[str | None] = []
        ranks: list[Rank] = []
        for index, sentence in enumerate(self.sentences):
            halves = [sentence]
            if index in cuts:
                halves = part_sentence(self.text, self.tokens, self.hidden, sentence, cuts[index])
            sentences += halves
            chrome += [self.chrome[index]] * len(halves)
            ranks += [self.ranks[index]] * len(halves)
        starts = frozenset(s.start for s in sentences) - {s.start for s in self.sentences}
        return replace(self, sentences=sentences, chrome=chrome, ranks=ranks, parted_at=starts)

    def span(self, index: int) -> Span:
        """Return where a sentence stands, without the white space around it."""
        return self.sentences[index].start, self.sentences[index].end


def read_source(text: str, tokens: Tokens, language: str, judged: Chrome) -> Source:
    """Cut a text into sentences and mark those that chrome spans cover.

    Parameters
    ----------
    text : str
    tokens : Tokens
    language : str
    judged : Chrome
        What of the text is chrome.
    """
    spans = judged.spans(tokens)
    hidden = hidden_tokens(text, tokens.starts)
    sentences = cut_sentences(text, tokens, language, hidden)
    reasons: list[str | None] = []
    at = 0
    for sentence in sentences:
        while at < len(spans) and spans[at][1] <= sentence.start:
            at += 1
        covered, reason = 0, None
        for start, end, why in islice(spans, at, None):
            if start >= sentence.end:
                break
            covered += min(end, sentence.end) - max(start, sentence.start)
            reason = reason or why
        is_chrome = covered >= _CHROME_SHARE * (sentence.end - sentence.start)
        reasons.append(reason if is_chrome else None)
    is_wordless = [sentence.first == sentence.last for sentence in sentences]
    for index in range(1, len(sentences)):
        # a line of marks belongs to the menu it stands in
        if is_wordless[index] and reasons[index] is None:
            reasons[index] = reasons[index - 1]
    if False in is_wordless:
        # as do those above the first line with a word
        first = is_wordless.index(False)
        reasons[:first] = [reasons[first]] * first
    ranks = [_rank(text, s, reason) for s, reason in zip(sentences, reasons, strict=True)]
    for index in range(1, len(ranks) - 1):
        # a sentence in the middle of a menu is a headline
        if ranks[index - 1] == ranks[index + 1] == Rank.CHROME:
            ranks[index] = ranks[index] if ranks[index] == Rank.BODY else Rank.CHROME
    _admit_credits(text, sentences, reasons, ranks)
    return Source(text, tokens, hidden, sentences, reasons, ranks, judged)


def _admit_credits(
    text: str, sentences: Sequence[Sentence], reasons: list[str | None], ranks: list[Rank]
) -> None:
    """Count what stands in brackets right under the body as its last line."""
    under = [index + 1 for index, rank in enumerate(ranks) if rank == Rank.BODY][-1:]
    for index in range(under[0] if under else len(ranks), len(ranks)):
        line = text[sentences[index].start : sentences[index].end]
        is_bracketed = line[0] in BRACKETS or line[-1] in BRACKETS
        if ranks[index] != Rank.DOUBTFUL or not is_bracketed:
            return
        ranks[index], reasons[index] = Rank.BODY, None


def _rank(text: str, sentence: Sentence, reason: str | None) -> Rank:
    if reason is None:
        return Rank.BODY
    is_sentence = text[sentence.end - 1] in FINAL_MARKS and sentence.mass >= MIN_DOUBTFUL_MASS
    if not is_sentence or reason in CERTAIN:
        return Rank.CHROME
    return Rank.OUTSIDE if reason == OUTSIDE else Rank.DOUBTFUL
