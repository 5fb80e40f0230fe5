"""Cut a sentence into pieces: each word with the marks and spaces around it.

Pieces tile the sentence, so that a run of them is a span into the original.
An opening quote or bracket goes with the word after it, all else between two
words with the word before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.diff.sentences import Sentence
from dedup.text import Tokens

__all__ = ["Pieces", "cut_pieces"]

_OPENING = frozenset("([{<“‘«‹„‚「『（【《〈〔［｛¿¡")
_OPENING_AFTER_SPACE = _OPENING | frozenset("\"'`$€£¥#@•·–—-*")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of neighbouring sentences of one text.

    Attributes
    ----------
    words : list[str]
        Normal form of each piece, or the marks themselves where no word is left.
    starts : list[int]
        Code point where each starts; one more than ``words``, the last the end.
    """

    words: list[str]
    starts: list[int]


def cut_pieces(
    text: str, tokens: Tokens, sentences: Sequence[Sentence], hidden: frozenset[int]
) -> Pieces:
    """Cut neighbouring sentences into pieces. O(length)."""
    words: list[str] = []
    starts: list[int] = []
    for sentence in sentences:
        before = sentence.start
        shown = [i for i in range(sentence.first, sentence.last) if i not in hidden]
        if not shown:
            words.append("\0" + text[sentence.start : sentence.end])
            starts.append(before)
            continue
        for index in shown:
            word = tokens.words[index]
            if word == "cent" and words and words[-1] == "per" and index > shown[0]:
                words[-1] = "percent"
            else:
                start = before
                if index > shown[0]:
                    start = _start_of_piece(text, tokens.ends[index - 1], tokens.starts[index])
                words.append(word)
                starts.append(start)
    return Pieces(words, [*starts, sentences[-1].end if sentences else 0])


def _start_of_piece(text: str, gap_start: int, start: int) -> int:
    at = start
    while at > gap_start and text[at - 1] in _OPENING:
        at -= 1
    if at > gap_start and not text[at - 1].isspace():
        before = at
        while before > gap_start and text[before - 1] in _OPENING_AFTER_SPACE:
            before -= 1
        if before == gap_start or text[before - 1].isspace():
            at = before if before > gap_start else at
    return at
