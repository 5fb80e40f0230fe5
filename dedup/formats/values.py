"""Which of a record's values is a field of the article."""

from collections.abc import Mapping, Sequence

from dedup.article import host_of
from dedup.formats.names import Path

__all__ = ["INT_LIMIT", "Found", "as_text", "find_value", "is_address", "link_and_outlet"]

_SCHEMES = ("http://", "https://")

#: A float below this was written as one; a parser may have made a larger one of an integer.
INT_LIMIT = float(1 << 63)
#: A value (a date's as it is, others as text), where it lay, and what lay there unusable.
Found = tuple[object, Path, object]


def find_value(row: Mapping[str, object], target: str, paths: Sequence[Path]) -> Found:
    """Return the first usable value; else an empty one; else none."""
    empty: Path = ()
    unusable: object = None
    for path in paths:
        if len(path) == 1:
            is_there, value = path[0] in row, row.get(path[0])
        else:
            is_there, value = _look_up(row, path)
        # Nearly every value is a text that is there.
        if type(value) is str and value and (target == "text" or not value.isspace()):
            return value, path, None
        if not is_there:
            continue
        if value is None or value == "" or value != value:  # NaN, as pandas writes it
            empty = empty or path
        elif _is_usable(target, value):
            return value, path, None
        else:
            unusable = value
    if target == "text" and empty:
        return "", empty, None
    return None, (), unusable


def as_text(value: object) -> str | None:
    """Return a value that was found as text."""
    if value is None or type(value) is str:
        return value
    # A column of whole numbers with a gap in it comes out of pandas as floats.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def is_address(outlet: str) -> bool:
    """Say whether a source is given by an address: of the page, or of the site."""
    return outlet.startswith(_SCHEMES)


def link_and_outlet(link: str | None, outlet: str | None) -> tuple[str | None, str | None]:
    """Return an article's URL and source, from what its record has for them."""
    if outlet is not None and is_address(outlet):
        link, outlet = link or outlet, host_of(outlet)
    return link, outlet or (host_of(link) if link else None)


def _look_up(row: Mapping[str, object], path: Path) -> tuple[bool, object]:
    value: object = row
    for key in path:
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return False, None
    return True, value


def _is_usable(target: str, value: object) -> bool:
    if target == "published":
        return not isinstance(value, bool | list)
    if isinstance(value, str):
        return bool(value.strip()) or target == "text"
    return target == "id" and isinstance(value, int | float) and not isinstance(value, bool)
