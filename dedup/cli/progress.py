"""Progress on stderr, where a person sits in front of it."""

import sys
import time

__all__ = ["ProgressLine"]

_SECONDS_BETWEEN = 0.1
#: What the stages of a run are called while they last.
_STAGES = {
    "read": "Reading",
    "learn boilerplate": "Learning what sites repeat in",
    "find candidates": "Finding candidates among",
    "compare": "Comparing pairs:",
    "read the archive": "Making an index of the archive:",
    "compare with the archive": "Comparing with the archive:",
    "write": "Writing",
    "report": "Comparing texts for the report:",
}


class ProgressLine:
    """One line that is written over again; silent unless stderr is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._last = 0.0
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show how far a stage has come."""
        now = time.monotonic()
        if not self._is_shown or (stage == self._stage and now - self._last < _SECONDS_BETWEEN):
            return
        self._stage, self._last = stage, now
        if stage == "read":
            count = f"{done:,} articles"
        elif stage == "compare":
            count = f"{done:,}"
        elif stage == "report":
            count = f"{done:,} pairs"
        elif stage in ("read the archive", "compare with the archive"):
            count = f"{done:,} of {total or 0:,}"
        elif stage == "find candidates":
            count = f"{total or 0:,} articles, {done:,} done"
        else:
            count = f"{total or done:,} articles"
        self._print(f"{_STAGES.get(stage, stage)} {count} ...")

    def close(self) -> None:
        """Clear the line."""
        if self._is_shown and self._stage:
            self._print("")

    def _print(self, line: str) -> None:
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
