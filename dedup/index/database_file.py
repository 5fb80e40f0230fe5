"""A database's file, read beside SQLite without its losing its locks.

A process that closes any descriptor of a file loses all the locks that it holds on it,
SQLite's too. Another process that closes the index would then take itself for the last
one and remove the log, with all that is admitted after. So this process opens a file
once, and closes it when none of its connections is left.

References
----------
"How To Corrupt An SQLite Database File", section 2.2, https://sqlite.org/howtocorrupt.html
"""

import os
import threading
from pathlib import Path

__all__ = ["DatabaseFile"]

#: Of the whole process, as the locks are: by device and inode, the descriptor and its users.
_opened: dict[tuple[int, int], tuple[int, int]] = {}
_lock = threading.Lock()


class DatabaseFile:
    """The file of a database that this process has open by SQLite.

    To be closed after the connection, and by whom it was opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _lock:
            status = path.stat()
            self._key = status.st_dev, status.st_ino
            known = _opened.get(self._key)
            self._file, users = known or (os.open(path, os.O_RDONLY), 0)
            _opened[self._key] = self._file, users + 1

    def read(self, size: int, at: int) -> bytes:
        """Return so many bytes from a place on, fewer at the end of the file."""
        return os.pread(self._file, size, at)

    def close(self) -> None:
        """Let go of the file."""
        with _lock:
            file, users = _opened.pop(self._key)
            if users > 1:
                _opened[self._key] = file, users - 1
            else:
                os.close(file)
