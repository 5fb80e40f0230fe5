"""Which member of a cluster to keep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dedup.article import Article
from dedup.errors import ArgumentError

__all__ = ["KEEP_POLICIES", "Member", "keep_order"]

KEEP_POLICIES = ("earliest", "longest", "cleanest", "first", "prefer:SOURCE,...")
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """What choosing a representative needs to know of an article.

    Attributes
    ----------
    article : Article
        Without its text.
    position : int
        Place in the input.
    body_words, text_words : float
        An unspaced character is half a word.
    """

    article: Article
    position: int
    body_words: float
    text_words: float

    @property
    def chrome_share(self) -> float:
        """Share of the text that is chrome, 0 to 1."""
        return 1 - self.body_words / self.text_words if self.text_words else 1.0


def keep_order(keep: str) -> Callable[[Member], tuple[object, ...]]:
    """Return a sorting key that puts the member to keep first.

    Parameters
    ----------
    keep : str
        ``earliest``: published first (unknown dates last); ``longest``: most
        body words; ``cleanest``: least chrome, then longest; ``first``: in input
        order; ``prefer:A,B``: of source (or site) A, else B, else earliest.

    Raises
    ------
    ArgumentError
        No such policy.
    """
    if keep == "first":
        return lambda member: (member.position,)
    if keep == "earliest":
        return lambda member: (_published(member), *_longest(member))
    if keep == "longest":
        return lambda member: (*_longest(member)[:1], _published(member), member.article.id)
    if keep == "cleanest":
        return lambda member: (round(member.chrome_share, 2), *_longest(member))
    if keep.startswith("prefer:") and keep != "prefer:":
        wanted = [name.strip().casefold() for name in keep.removeprefix("prefer:").split(",")]
        return lambda member: (_preference(member, wanted), _published(member), *_longest(member))
    raise ArgumentError(f"keep is {keep!r}: use one of {', '.join(KEEP_POLICIES)}")


def _published(member: Member) -> datetime:
    return member.article.published or _LAST


def _longest(member: Member) -> tuple[float, str]:
    return -member.body_words, member.article.id


def _preference(member: Member, wanted: Sequence[str]) -> int:
    names = {(name or "").casefold() for name in (member.article.source, member.article.site)}
    ranks = [rank for rank, name in enumerate(wanted) if name in names]
    return min(ranks, default=len(wanted))
