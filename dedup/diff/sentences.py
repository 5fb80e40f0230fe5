"""Cut a text into sentences, the units a diff aligns.

Line breaks always separate; inside a line sentencex decides, with the
abbreviations of the texts' language. Thai and its neighbours write no sentence
mark: there a space between two letters separates. A "sentence" beyond
:data:`MAX_WORDS` is cut at places its own words choose, so that a diff's cost
stays bounded and an insertion does not shift every later cut.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from sentencex import segment

from dedup.kernels.thresholds import MAX_WORDS, UNSPACED_FROM, WORDLESS_MASS
from dedup.text import Tokens

__all__ = [
    "FUNCTION_WORDS",
    "LINE_BREAKS",
    "MAX_WORDS",
    "SAMPLE_WORDS",
    "UNMARKED",
    "Sentence",
    "bounded",
    "cut_at",
    "cut_sentences",
    "guess_language",
    "part_sentence",
]

_MIN_CUT_WORDS = 100
_CUT_ONE_IN = 64

LINE_BREAKS = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_UNMARKED_SCRIPT = "\u0e00-\u0eff\u1780-\u17ff"  # Thai, Lao, Khmer
UNMARKED = re.compile(f"[{_UNMARKED_SCRIPT}]")
_UNMARKED_SPACE = re.compile(f"(?<=[{_UNMARKED_SCRIPT}]) +(?=[{_UNMARKED_SCRIPT}])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSPACED_FROM = chr(UNSPACED_FROM)

#: Function words that tell languages whose abbreviations differ.
FUNCTION_WORDS = {
    language: frozenset(words.split())
    for language, words in (
        ("en", "the of and to in that for is on with said as it was"),
        ("de", "der die das und den von zu mit sich des auf fur nicht ein er sie am im"),
        ("fr", "le les des et du une est que dans pour qui sur au pas"),
        ("es", "el los las del que una por con para se su al como"),
        ("pt", "o os as do da que uma em para com no na ao dos"),
        ("it", "il di che la del per una con non sono della gli nel dei"),
    )
}
SAMPLE_WORDS = 150


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text.

    Parameters
    ----------
    start, end : int
        Its code points, without the white space around it.
    first, last : int
        Its tokens in the text's :class:`~dedup.text.Tokens`; ``last`` is one past.
    words : tuple[str, ...]
        Normal forms that count: wire markup is left out, ``per cent`` is one word.
    mass : float
        How many words of a spaced script it is worth: an ideograph or a Thai
        letter counts half.
    """

    start: int
    end: int
    first: int
    last: int
    words: tuple[str, ...]
    mass: float


def guess_language(*texts: Sequence[str]) -> str:
    """Return the code of the language whose function words are most frequent.

    Parameters
    ----------
    *texts : Sequence[str]
        Normal forms of the words of texts in one language.
    """
    sample = [word for words in texts for word in words[:SAMPLE_WORDS]]
    counts = {
        language: sum(map(known.__contains__, sample)) for language, known in FUNCTION_WORDS.items()
    }
    return max(counts, key=lambda language: counts[language])


def cut_sentences(
    text: str, tokens: Tokens, language: str, hidden: frozenset[int]
) -> list[Sentence]:
    """Cut a text into sentences.

    Parameters
    ----------
    text : str
    tokens : Tokens
        Of the same text.
    language : str
        ISO code, for the abbreviations after which no sentence ends.
    hidden : frozenset[int]
        Tokens that are wire markup and count for nothing.

    Returns
    -------
    list[Sentence]
        In order, disjoint, covering everything but white space. O(len(text)).
    """
    found: list[Sentence] = []
    first = 0
    for start, end in pairwise(_cuts(text, tokens, language)):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left >= right:
            continue
        last = bisect_left(tokens.starts, right, lo=first)
        if last - first <= MAX_WORDS:
            found.append(_sentence(text, (left, right), (first, last), tokens, hidden))
            first = last
            continue
        for low, high in bounded(tokens, first, last):
            from_ = left if low == first else tokens.starts[low]
            to = right if high == last else tokens.starts[high]
            to = from_ + len(text[from_:to].rstrip())
            found.append(_sentence(text, (from_, to), (low, high), tokens, hidden))
        first = last
    return found


def _sentence(
    text: str,
    span: tuple[int, int],
    range_: tuple[int, int],
    tokens: Tokens,
    hidden: frozenset[int],
) -> Sentence:
    (start, end), (first, last) = span, range_
    words = tokens.words[first:last]
    if hidden:
        words = [word for index, word in enumerate(words, first) if index not in hidden]
    if "cent" in words:
        words = _join_per_cent(words)
    if not words:
        # a line of marks is compared by its marks; NUL keeps it apart from words
        return Sentence(start, end, first, last, ("\0" + text[start:end],), WORDLESS_MASS)
    mass = float(len(words))
    if max(words) >= _UNSPACED_FROM:
        mass -= sum([0.5 for word in words if word >= _UNSPACED_FROM and len(word) == 1])
    return Sentence(start, end, first, last, tuple(words), mass)


def part_sentence(
    text: str, tokens: Tokens, hidden: frozenset[int], sentence: Sentence, word: int
) -> list[Sentence]:
    """Cut a sentence in two before a word; leave it whole where words are no tokens."""
    shown = [i for i in range(sentence.first, sentence.last) if i not in hidden]
    if len(shown) != len(sentence.words):
        return [sentence]
    at = shown[word]
    end = sentence.start + len(text[sentence.start : tokens.starts[at]].rstrip())
    return [
        _sentence(text, (sentence.start, end), (sentence.first, at), tokens, hidden),
        _sentence(text, (tokens.starts[at], sentence.end), (at, sentence.last), tokens, hidden),
    ]


def _join_per_cent(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if word == "cent" and joined and joined[-1] == "per":
            joined[-1] = "percent"
        else:
            joined.append(word)
    return joined


def _cuts(text: str, tokens: Tokens, language: str) -> list[int]:
    cuts = {0, len(text), *cut_at(text, language)}
    cuts.update(match.end() for match in LINE_BREAKS.finditer(text))
    if not text.isascii() and UNMARKED.search(text):
        cuts.update(match.end() for match in _UNMARKED_SPACE.finditer(text))
    return [
        cut
        for cut in sorted(cuts)
        if text[cut - 1 : cut].isspace() or not _is_inside_token(cut, tokens)
    ]


def cut_at(text: str, language: str) -> list[int]:
    """Return the code points where sentences start or end for who knows the language."""
    if not _is_encodable(text):
        text = _SURROGATE.sub("\ufffd", text)  # sentencex takes no lone surrogate
    pieces = segment(language, text)
    if "".join(pieces) == text:
        return list(accumulate(map(len, pieces)))
    cuts = []
    place = 0
    for piece in pieces:
        # sentencex hands out pieces in order; a paragraph break may be left out
        found = text.find(piece, place)
        if found >= 0:
            place = found + len(piece)
            cuts += [found, place]
    return cuts


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_inside_token(cut: int, tokens: Tokens) -> bool:
    index = bisect_left(tokens.starts, cut) - 1
    return index >= 0 and tokens.ends[index] > cut


def bounded(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """Return the tokens of the pieces of a "sentence" that is too long to be one."""
    ranges = []
    start = first
    for index in range(first, last):
        length = index - start
        word = tokens.words[index].encode("utf-8", "surrogatepass")
        is_chosen = zlib.crc32(word) % _CUT_ONE_IN == 0
        if length == MAX_WORDS or (length >= _MIN_CUT_WORDS and is_chosen):
            ranges.append((start, index))
            start = index
    ranges.append((start, last))
    return ranges
