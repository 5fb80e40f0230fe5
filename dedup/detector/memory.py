"""How much memory a run may take, and what it needs."""

import re
import resource
from pathlib import Path

from dedup.errors import ArgumentError, MemoryBudgetError

__all__ = ["MemoryBudget", "parse_size"]

#: What the stages behind reading keep of an article, with what its site repeats, and what
#: they work on at once: measured with 400,000 and a million articles of 1,000 sites.
_BYTES_AN_ARTICLE, _WORK_BYTES = 250, 40 << 20
#: What is kept of a pair of bodies that was measured; its articles' pairs are on disk.
_BYTES_A_MEASURED = 10
#: One of so many parts of the memory is read at once: some wait for each thread, and are
#: copied to be sorted.
_PARTS = 96
#: As of dd and split.
_UNITS = {
    "": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40,
    "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
}  # fmt: skip
_SIZE = re.compile(r"(\d+(?:\.\d*)?|\.\d+) ?([kmgt]i?b?|b)?", re.IGNORECASE | re.ASCII)
_PAGE = resource.getpagesize()


class MemoryBudget:
    """A bound on the memory of this process.

    Parameters
    ----------
    size_bytes : int
        Of the resident set.
    pages_bytes, pages_bytes_an_article : int
        What is needed behind the stages, at the least, by pages that show the run; nothing
        if there are none.
    """

    def __init__(
        self, size_bytes: int, *, pages_bytes: int = 0, pages_bytes_an_article: int = 0
    ) -> None:
        if size_bytes <= 0:
            raise ArgumentError("memory must be more than 0 bytes")
        self.size_bytes = size_bytes
        self._pages = pages_bytes, pages_bytes_an_article

    def parts_of(self, size_bytes: int) -> int:
        """Return in how many parts so much should be worked on."""
        return -(-size_bytes // max(self.size_bytes // _PARTS, 1)) or 1

    def check_articles(self, articles: int) -> None:
        """Refuse to go on with more articles than the next stages have room for.

        Raises
        ------
        MemoryBudgetError
            They need more than the budget.
        """
        self.check(f"{articles:,} articles need", articles * _BYTES_AN_ARTICLE + _WORK_BYTES)
        beside, each = self._pages
        self.check_pages(articles, beside + articles * each)

    def check_pages(self, articles: int, more_bytes: int) -> None:
        """Refuse pages of so many articles that there is no room for.

        Raises
        ------
        MemoryBudgetError
            They need more than the budget.
        """
        self.check(
            f"to show {articles:,} articles needs",
            more_bytes,
            "leave out --report and --result, or split the feeds",
        )

    def check_matches(self, matches: int, measured: int) -> None:
        """Refuse to go on when what was found has no room.

        Parameters
        ----------
        matches, measured : int
            Pairs of articles that were found, and pairs of bodies that they stand for.
        """
        self.check(f"{matches:,} matches, so far, need", measured * _BYTES_A_MEASURED)

    def check(self, what: str, more_bytes: int, instead: str = "or split the feeds") -> None:
        """Refuse what there is no room for.

        Parameters
        ----------
        what : str
            Subject and verb of the message.
        instead : str
            What to do in place of allowing more.

        Raises
        ------
        MemoryBudgetError
            It needs more than what is left of the budget.
        """
        needed = _resident_bytes() + more_bytes
        if needed > self.size_bytes:
            raise MemoryBudgetError(
                f"{what} about {_shown(needed)} of memory, and --memory is "
                f"{_shown(self.size_bytes)}: allow more, {instead}",
                needed,
            )


def parse_size(size: str, *, option: str = "--memory", bare: str = "") -> int:
    """Return a number of bytes as a user writes it.

    Parameters
    ----------
    option : str
        What the size is of.
    bare : str
        What is meant where no unit is given.

    Raises
    ------
    ArgumentError
        It is none.

    Examples
    --------
    >>> parse_size("2G"), parse_size("1.5gib"), parse_size("500MB"), parse_size("4096")
    (2147483648, 1610612736, 500000000, 4096)
    >>> parse_size("8", bare="MB")
    8000000
    """
    written = _SIZE.fullmatch(size.strip())
    if written:
        number, unit = written.groups()
        size_bytes = float(number) * _UNITS[(unit or bare).upper().replace("IB", "")]
        if 1 <= size_bytes < 1 << 63:
            return int(size_bytes)
    raise ArgumentError(
        f"{option} is {size!r}: write a number above 0 with K, M, G or T (1024 times each) or KB, "
        f"MB, GB or TB (1000 times each), as 2G, 1.5GB or 500M; without any it is {bare or 'bytes'}"
    )


def _shown(size_bytes: int) -> str:
    return f"{size_bytes / _UNITS['M']:.0f}M"


def _resident_bytes() -> int:
    """Return what the process has in memory now; where that is not told, its most so far."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
