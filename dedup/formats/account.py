"""What a reader left out, counted and said."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dedup.errors import RecordError

__all__ = ["SHOWN", "Account"]

#: So many files are named, where there may be thousands.
SHOWN = 3


class Account:
    """Keeps count of what was left out of some files.

    Parameters
    ----------
    left_out : Iterable[str]
        Files in folders that are no feeds by name.
    is_lenient : bool
        Broken records are counted, not raised.

    Attributes
    ----------
    skipped, asides, examples, empty_files, unread_dates
        As of :class:`~dedup.formats.reader.RecordReader`.
    left_out : list[str]
        Files in folders that were not read.
    """

    def __init__(self, left_out: Iterable[str], *, is_lenient: bool) -> None:
        self._is_lenient = is_lenient
        self._first_unread_date: RecordError | None = None
        self.skipped: Counter[str] = Counter()
        self.asides: Counter[str] = Counter()
        self.examples: dict[str, RecordError] = {}
        self.left_out = list(left_out)
        self.empty_files: list[str] = []
        self.unread_dates = 0

    def refuse(self, kind: str, error: RecordError) -> None:
        """Count a broken record.

        Raises
        ------
        RecordError
            If such are not to be skipped.
        """
        if not self._is_lenient:
            raise error
        self.skipped[kind] += 1
        self.examples.setdefault(kind, error)

    def note_date(self, path: str, line: int | None, date: str) -> None:
        """Count a date that could not be read."""
        self.unread_dates += 1
        if self._first_unread_date is None:
            reason = f"{date!r} is no date that can be read one way only; ISO 8601 is"
            self._first_unread_date = RecordError(path, line, reason)

    def notes(self) -> list[str]:
        """Return what a user should know of it, a sentence each."""
        notes = [
            f"{count} {_plural('record', count)} skipped, {kind}: {self.examples[kind]}"
            for kind, count in sorted(self.skipped.items())
        ]
        notes += [
            f"{count} {_plural('record', count)} passed over: {kind}"
            for kind, count in sorted(self.asides.items())
        ]
        notes += [f"{path}: empty, no records" for path in self.empty_files]
        if self.left_out:
            count = len(self.left_out)
            files = f"{count} other {_plural('file', count)}"
            notes.append(f"{files} in the folder not read: {_shown(self.left_out)}")
        if self._first_unread_date is not None:
            count = self.unread_dates
            notes.append(f"{count} {_plural('date', count)} not read: {self._first_unread_date}")
        return notes


def _shown(paths: Sequence[str]) -> str:
    return ", ".join(paths[:SHOWN]) + (", ..." if len(paths) > SHOWN else "")


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
