"""Feeds that are read twice, and must be the same both times."""

from collections.abc import Sequence
from pathlib import Path

from dedup.cli.resuming import state_of_file
from dedup.errors import InputError

__all__ = ["Unchanged"]


class Unchanged:
    """What feeds were before they were read.

    Parameters
    ----------
    feeds : Sequence[str]
        As they are read: files, folders, globs.
    written : Sequence[str]
        Files and folders that the run itself writes, maybe beside its feeds.
    """

    def __init__(self, feeds: Sequence[str], written: Sequence[str]) -> None:
        self._feeds = feeds
        self._written = {Path(name).resolve() for name in written}
        self._states = self._now()

    def check(self) -> None:
        """Refuse to go on where a file is another, came or went.

        Raises
        ------
        InputError
            What was found is not of what would be read now.
        """
        now = self._now()
        for path in sorted(self._states.keys() | now.keys()):
            before, after = self._states.get(path, "not there"), now.get(path, "not there")
            if before != after:
                raise InputError(
                    f"{path}: changed while the run lasted, and is to be read again ({before}, "
                    f"now {after}): run again, on a copy if it goes on, or as `dedup batch - < "
                    "FEED`, which keeps one"
                )

    def _now(self) -> dict[str, str]:
        from dedup.formats.feeds import read_records

        found = {}
        for source in read_records(self._feeds).sources:
            file = Path(source.file).resolve()
            if self._written.isdisjoint((file, *file.parents)):
                try:
                    found[source.path] = state_of_file(source.file)
                except OSError:
                    continue  # as good as not there; whoever reads it says more
        return found
