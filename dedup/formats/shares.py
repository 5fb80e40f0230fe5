"""How many records of a feed have no text: of one that is read right, few."""

from collections.abc import Sequence

from dedup.errors import FormatError
from dedup.formats.sources import Source

__all__ = ["TextShare"]

#: Most records without a text are a mistake; some are pages without a body.
_MAX_EMPTY_SHARE = 0.5
_MIN_RECORDS_TO_CHECK = 20
_RECORDS_A_CHECK = 1000


class TextShare:
    """Counts the records of one format, and stops when most have no text."""

    def __init__(self) -> None:
        self._records = 0
        self._empty = 0

    def count(self, source: Source, *, is_empty: bool) -> None:
        """Count one record."""
        self._records += 1
        self._empty += is_empty
        if self._records % _RECORDS_A_CHECK == 0:
            self._check(source)

    def count_all(self, source: Source, is_empty: Sequence[bool]) -> None:
        """Count many records."""
        while is_empty:
            room = _RECORDS_A_CHECK - self._records % _RECORDS_A_CHECK
            here, is_empty = is_empty[:room], is_empty[room:]
            self._records += len(here)
            self._empty += here.count(True)
            if len(here) == room:
                self._check(source)

    def check_end(self, source: Source) -> None:
        """Judge what was counted by the end of a file, unless it is too little."""
        if self._records >= _MIN_RECORDS_TO_CHECK:
            self._check(source)

    def _check(self, source: Source) -> None:
        if self._empty > _MAX_EMPTY_SHARE * self._records:
            raise FormatError(
                source.path,
                f"{self._empty} of the first {self._records} records have no text: see where it "
                "is looked for with --explain-input, map it with --field text=NAME; a feed of "
                "headlines alone has no copies to find",
            )
