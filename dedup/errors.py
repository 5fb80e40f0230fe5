"""Everything this package raises on purpose.

::

    DedupError
    ├── InputError             a feed, a record or an option's value cannot be used
    │   ├── RecordError        one record of a feed is broken (has path, line, reason)
    │   └── FormatError        a file is of no known format, or most of it has no text
    ├── DiskError              a temporary file cannot be written (has folder)
    ├── ResumeError            what an interrupted run left cannot be used (has folder)
    ├── MemoryBudgetError      a run needs more memory than it may take (has needed_bytes)
    ├── ArgumentError          a caller passed a value out of range (also ValueError)
    ├── RecipeMismatchError    two fingerprints or indexes were made by different recipes
    ├── OptionalDependencyError  an extra is not installed (says the exact install line)
    └── StoredIndexError       a stored index cannot be used (has url)
        ├── IndexFormatError   not an index, or of a format this release does not read
        └── IndexCorruptError  a checksum does not hold

Messages say what, where and how to mend it; the facts are attributes as well.
"""

__all__ = [
    "ArgumentError",
    "DedupError",
    "DiskError",
    "FormatError",
    "IndexCorruptError",
    "IndexFormatError",
    "InputError",
    "MemoryBudgetError",
    "OptionalDependencyError",
    "RecipeMismatchError",
    "RecordError",
    "ResumeError",
    "StoredIndexError",
]


class DedupError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(DedupError):
    """A feed, a record or an option's value cannot be used."""


class RecordError(InputError):
    """One record of a feed is broken.

    Attributes
    ----------
    path : str
        The feed, as the caller named it; ``"-"`` is standard input.
    line : int | None
        1-based line (or record) number, where the format has one.
    reason : str
        What is wrong and how to mend it.
    """

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")


class FormatError(InputError):
    """A file is of no known format, or what it holds is not articles."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class DiskError(DedupError):
    """A temporary file cannot be written.

    Attributes
    ----------
    folder : str
        Where it lies.
    """

    def __init__(
        self, folder: str, reason: str, mend: str = "set TMPDIR to a folder with more room"
    ) -> None:
        self.folder = folder
        super().__init__(f"{folder}: {reason}; {mend}")


class ResumeError(DedupError):
    """What an interrupted run left cannot be used.

    Attributes
    ----------
    folder : str
        Where it lies.
    """

    def __init__(self, folder: str, reason: str) -> None:
        self.folder = folder
        super().__init__(f"{folder}: {reason}")


class MemoryBudgetError(DedupError):
    """A run needs more memory than it may take.

    Attributes
    ----------
    needed_bytes : int
        How much would do, roughly.
    """

    def __init__(self, message: str, needed_bytes: int) -> None:
        self.needed_bytes = needed_bytes
        super().__init__(message)


class ArgumentError(DedupError, ValueError):
    """A caller passed a value out of its range."""


class RecipeMismatchError(DedupError):
    """Two fingerprints or indexes were made by different recipes."""

    def __init__(self, expected: str, found: str, mend: str) -> None:
        self.expected = expected
        self.found = found
        super().__init__(f"recipe {found} where {expected} is needed: {mend}")


class OptionalDependencyError(DedupError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(f"{purpose} needs {package}: pip install 'dedup[{extra}]'")


class StoredIndexError(DedupError):
    """A stored index cannot be used.

    Attributes
    ----------
    url : str
        The index, as the caller named it.
    """

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class IndexFormatError(StoredIndexError):
    """Not an index, or of a format version that this release does not read."""


class IndexCorruptError(StoredIndexError):
    """A stored row does not match its checksum."""
