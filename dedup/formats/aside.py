"""Bytes that wait in a temporary file until they are asked for."""

import tempfile

from dedup.errors import DiskError

__all__ = ["Aside"]


class Aside:
    """A temporary file of pieces; it has no name and goes with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - see close()
        self._end = 0

    def put(self, piece: bytes) -> tuple[int, int]:
        """Keep a piece; return where it starts and how long it is.

        Raises
        ------
        DiskError
            No room is left, or the file may not grow.
        """
        place = self._end, len(piece)
        try:
            self._file.seek(self._end)
            self._file.write(piece)
        except OSError as error:
            raise DiskError(tempfile.gettempdir(), error.strerror or str(error)) from error
        self._end += len(piece)
        return place

    def get(self, place: tuple[int, int]) -> bytes:
        """Return a piece."""
        start, size = place
        try:
            self._file.seek(start)
        except OSError as error:  # what was not written yet is now
            raise DiskError(tempfile.gettempdir(), error.strerror or str(error)) from error
        return self._file.read(size)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()
