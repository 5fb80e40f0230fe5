"""What every backend of an index offers."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import NamedTuple, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexFormatError, RecipeMismatchError
from dedup.fingerprint import Recipe
from dedup.index.learned import SiteCounts, SiteState
from dedup.index.outlines import PackedOutline
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["FORMAT_VERSION", "MOST_REPEATS", "BodyKeys", "Index", "Info", "Settings", "Sharing"]

FORMAT_VERSION = 1
#: So many articles under one name are looked at, the newest: versions of a page, repeats
#: of a text.
MOST_REPEATS = 512

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is decided when an index is created.

    Parameters
    ----------
    recipe : Recipe
        How keys are made.
    keeps_text : bool
        Keep the articles' compressed texts: ``explain`` and another recipe need them.
    compression : str
        Of the texts: ``zstd`` or ``zlib``.
    learns : bool
        Learn what the sites repeat from the articles that pass; otherwise the
        boilerplate that it was given is used as it is.
    """

    recipe: Recipe = field(default_factory=Recipe)
    keeps_text: bool = True
    compression: str = "zstd"
    learns: bool = True

    def as_row(self) -> dict[str, object]:
        """Return what an index keeps of them, as JSON."""
        return {
            "format": FORMAT_VERSION,
            "recipe": asdict(self.recipe),
            "recipe_digest": self.recipe.digest,
            "keeps_text": self.keeps_text,
            "compression": self.compression,
            "learns": self.learns,
        }

    @classmethod
    def from_row(cls, row: dict[str, object], url: str) -> Self:
        """Read :meth:`as_row`.

        Raises
        ------
        IndexFormatError
            The index is of another format version.
        RecipeMismatchError
            This release makes other keys by the same recipe.
        """
        if row.get("format") != FORMAT_VERSION:
            raise IndexFormatError(
                url,
                f"format version {row.get('format')!r}, and this release reads {FORMAT_VERSION}: "
                "export it with the release that wrote it, then `dedup index import`",
            )
        recipe = Recipe(**row["recipe"])  # type: ignore[arg-type]  # as written by as_row
        if recipe.digest != row["recipe_digest"]:
            raise RecipeMismatchError(
                recipe.digest,
                str(row["recipe_digest"]),
                f"{url} was made by a release whose normal form differs: export it with that "
                "release, then `dedup index import` makes its keys again from the texts",
            )
        return cls(
            recipe=recipe,
            keeps_text=bool(row["keeps_text"]),
            compression=str(row["compression"]),
            learns=bool(row["learns"]),
        )


class BodyKeys(NamedTuple):
    """The posting keys of n bodies.

    ``keys`` uint64, in which those of each body stand together, the exact one first;
    ``starts`` int64 of shape (n,): where; ``counts`` int64 of shape (n,): how many there are.
    """

    keys: Hashes
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def of(self, body: int) -> Hashes:
        """Return the keys of one body."""
        start = self.starts[body]
        return self.keys[start : start + self.counts[body]]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Articles that share enough keys with another.

    Attributes
    ----------
    numbers : Sequence[int]
    cut_keys : int
        Keys that more than ``LARGEST_GROUP`` articles share: the newest were proposed.
    """

    numbers: Sequence[int]
    cut_keys: int


@dataclass(frozen=True, slots=True)
class Info:
    """What is in an index.

    Attributes
    ----------
    articles, accepted, repeats : int
        All; those that the gate let pass; those with the very words of another
        article of their site.
    sites : int
    postings : int
    bytes_on_disk, bytes_in_memory : int
        0 where the backend cannot say.
    """

    articles: int
    accepted: int
    repeats: int
    sites: int
    postings: int
    bytes_on_disk: int
    bytes_in_memory: int


class Index(Protocol):
    """Where a filter keeps what it has seen.

    Attributes
    ----------
    url : str
        As opened.
    settings : Settings
    """

    url: str
    settings: Settings

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing.

        ``work`` may be called more than once, where a backend finds only at the
        end that another was faster. When it returns, what was added is kept.
        """
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state while the context lasts."""
        ...

    @property
    def version(self) -> int:
        """Changes whenever a site's boilerplate does."""
        ...

    @property
    def state(self) -> str:
        """Another whenever something else is in it, in whatever process; within a snapshot."""
        ...

    @property
    def rows_version(self) -> int:
        """Changes whenever what was read under a number may stand there no more.

        That is when articles were forgotten or a transaction was undone; what cannot
        tell changes at every look.
        """
        ...

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        ...

    @property
    def next_number(self) -> int:
        """The number that the next article added in this transaction will have."""
        ...

    def find(self, keys: Hashes) -> Sharing:
        """Return the articles that share enough of a body's keys."""
        ...

    def find_ahead(self, keys: BodyKeys, threads: Executor) -> list[Sharing]:
        """Do as :meth:`find` for bodies of which each is added before the next is asked for.

        They will be numbered from ``next_number`` on. A backend may answer for fewer than
        are asked, for the first at least, and use a thread of ``threads``.
        """
        ...

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under a name, newest first, at most so many."""
        ...

    def numbers_under(self, keys: Sequence[int], most: int) -> list[list[int]]:
        """Return the numbers under each of many names, as :meth:`numbers_of`."""
        ...

    def rows(self, numbers: Sequence[int], *, is_once: bool = False) -> list[StoredArticle]:
        """Return articles by number, in that order; forgotten ones are left out.

        What a backend remembers of an article it returns as the very same object.

        Parameters
        ----------
        is_once : bool
            They will hardly be asked for again soon, so need not be remembered.
        """
        ...

    def outlines(self, numbers: Sequence[int]) -> Sequence[PackedOutline]:
        """Return what is kept of articles, in any order; of many, or of all, there is nothing.

        To be had sooner than rows, or not at all.
        """
        ...

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        ...

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        ...

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        ...

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        ...

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        ...

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        ...

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        ...

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        ...

    def scan(self, after: int = 0) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        ...

    def compact(self) -> None:
        """Make the postings again from the rows; give back what was forgotten."""
        ...

    def info(self) -> Info:
        """Say what is in it."""
        ...

    def problems(self) -> Iterator[str]:
        """Check every row and posting; yield what does not hold."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
