"""The pairs worth a human's look: those nearest to the line between copy and not."""

from dataclasses import dataclass
from itertools import chain, zip_longest

from dedup.batch import Deduplication
from dedup.match import RELATIONS, Match, Relation

__all__ = ["LABELS", "Label", "review_queue"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader can say of a pair; ``is_duplicate`` is None for "cannot tell"."""

    name: str
    key: str
    is_duplicate: bool | None
    meaning: str


#: The words of the gold files that `dedup evaluate` reads.
LABELS = (
    Label("copy", "1", True, "the same article"),
    Label("abridged", "2", True, "one is a shortened version of the other"),
    Label("revision", "3", True, "an update of the same article"),
    Label("overlap", "4", False, "different articles that share passages"),
    Label("same_story", "5", False, "the same news, written anew"),
    Label("template", "6", False, "one form, other facts"),
    Label("unrelated", "7", False, "nothing in common"),
    Label("unusable", "8", None, "cannot tell"),
)


def review_queue(result: Deduplication, most: int) -> list[Match]:
    """Return pairs from both sides of the line, nearest first, in turns.

    The weakest duplicates, word-for-word ones left out, and the strongest pairs
    that are not: overlaps and reruns.
    """
    matches = result.matches
    is_same = matches.relations == RELATIONS.index(Relation.IDENTICAL)
    strengths = matches.strengths
    weakest = matches.least(strengths, most, matches.is_duplicate & ~is_same)
    strongest = matches.least(-strengths, most // 3, ~matches.is_duplicate)
    turns = chain.from_iterable(zip_longest(weakest, strongest))
    return [match for match in turns if match is not None][:most]
