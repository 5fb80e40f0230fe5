"""Which ids were read before, and where."""

from collections.abc import Sequence

from dedup.formats.sources import Source

__all__ = ["SeenIds"]

#: No file has as many lines: a place is its file's number, then these for the line.
_LINE_BITS = 40


class SeenIds:
    """The ids seen so far, about 150 bytes each: an id is kept as it is, its place as a number."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._sources: list[Source] = []

    def first(self, identity: str, source: Source, line: int | None) -> str | None:
        """Note an id; return where it was seen before, if it was."""
        if identity in self._places:
            number, line_before = divmod(self._places[identity], 1 << _LINE_BITS)
            path = self._sources[number].path
            return f"{path}:{line_before}" if line_before else path
        self._places[identity] = self._place(source, line or 0)
        return None

    def add_new(self, ids: Sequence[str], source: Source, line: int) -> bool:
        """Note the ids of records one a line, unless one was seen before; say whether it was so.

        Parameters
        ----------
        line : int
            Of the first.
        """
        if len(set(ids)) < len(ids) or not self._places.keys().isdisjoint(ids):
            return False
        place = self._place(source, line)
        self._places.update(zip(ids, range(place, place + len(ids)), strict=True))
        return True

    def clear(self) -> None:
        """Forget all."""
        self._places.clear()
        self._sources.clear()

    def _place(self, source: Source, line: int) -> int:
        if not self._sources or self._sources[-1] is not source:
            self._sources.append(source)
        return (len(self._sources) - 1) << _LINE_BITS | line
