"""Named fields to `Article`, by the usual names or as the caller maps them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.errors import ArgumentError
from dedup.formats.dates import parse_published
from dedup.formats.names import PATHS, TARGETS, Path, squash

__all__ = ["FieldMap", "Mapped"]

#: Feeds with more shapes than this look each further one up every time.
_MAX_PLANS = 10_000
_MAX_SHOWN_DATE = 60
_SCHEMES = ("http://", "https://")
#: Most URLs, told without taking them apart.
_PLAIN_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record as an article, or what is wrong with it.

    Attributes
    ----------
    article : Article | None
        The article, unless something is wrong.
    problem, kind : str | None
        What is wrong and how to mend it; the same in two or three words.
    unread_date : str | None
        A publication date that could not be read, as it stands in the record.
    origins : Mapping[str, str]
        For each field of the article the field of the record it came from.
    """

    article: Article | None
    problem: str | None
    kind: str | None
    unread_date: str | None
    origins: Mapping[str, str]


#: A value (a date's as it is, others as text), where it lay, and what lay there unusable.
_Found = tuple[object, Path, object]


@dataclass(frozen=True, slots=True)
class _Layout:
    """What follows from where the fields of a record lay, the same for many records."""

    origins: Mapping[str, str]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How records with the same names are read.

    Attributes
    ----------
    paths : tuple[tuple[str, tuple[Path, ...]], ...]
        For each field of an article the paths that may have a value.
    layouts : dict[tuple[Path, ...], _Layout]
        By the paths that had one.
    """

    paths: tuple[tuple[str, tuple[Path, ...]], ...]
    layouts: dict[tuple[Path, ...], _Layout]


class FieldMap:
    """Which field of a record is what.

    Parameters
    ----------
    fields : Mapping[str, str] | None
        For a field of `Article` the field of the record, where the usual names
        do not hold: ``{"text": "story.body"}``; a dot goes one level down, a
        number into a list. Such a field is read from there and nowhere else.

    Raises
    ------
    ArgumentError
        If `fields` names a field that articles do not have.

    Examples
    --------
    >>> FieldMap().article({"maintext": "Body.", "_id": 7}, fallback_id="f:1").article
    Article(id='7', text='Body.', title=None, url=None, source=None, published=None)
    """

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._given = dict(fields or {})
        for target, name in self._given.items():
            if target not in TARGETS:
                raise ArgumentError(f"no field {target!r} to map: there are {', '.join(TARGETS)}")
            if not name:
                raise ArgumentError(f"{target!r} is mapped to nothing: give {target}=NAME")
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def article(self, row: Mapping[str, object], *, fallback_id: str) -> Mapped:
        """Map one record.

        Parameters
        ----------
        row : Mapping[str, object]
            The record's fields.
        fallback_id : str
            The id of a record that has neither an id nor a URL.
        """
        shape = tuple(row)
        plan = self._plans.get(shape) or self._plan(shape, row)
        found = [_find(row, target, paths) for target, paths in plan.paths]
        identity, text, title, url, source, date = found
        published = parse_published(date[0])
        unread = None
        if published is None and date[1]:
            unread = str(date[0])[:_MAX_SHOWN_DATE]
            date = (None, (), None)
        layout = _layout(plan, shape, (identity[1], text[1], title[1], url[1], source[1], date[1]))
        if wrong := self._problem(found):
            origins = layout.origins
            if unread is not None:
                origins = {**origins, "published": ".".join(found[-1][1])}
            return Mapped(None, *wrong, None, origins)
        link = _text(url[0])
        outlet = _text(source[0])
        origins = layout.origins
        if outlet is not None and outlet.startswith(_SCHEMES):
            # Some name the page as the source, some the site by its address.
            if link is None:
                link, origins = outlet, {**origins, "url": ".".join(source[1])}
            outlet = _host(outlet)
        outlet = outlet or (link and _host(link)) or None
        article = Article(
            _text(identity[0]) or link or fallback_id,
            _text(text[0]) or "",
            _text(title[0]),
            link,
            # One outlet's name stands in thousands of records.
            intern(outlet) if outlet else None,
            published,
            {key: row[key] for key in layout.extra},
        )
        return Mapped(article, None, None, unread, origins)

    def _plan(self, shape: tuple[str, ...], row: Mapping[str, object]) -> _Plan:
        """Return the paths that records of this shape may have values at."""
        plan = _Plan(tuple((target, tuple(self._paths(target, row))) for target in TARGETS), {})
        if len(self._plans) < _MAX_PLANS:
            self._plans[shape] = plan
        return plan

    def _paths(self, target: str, row: Mapping[str, object]) -> Iterator[Path]:
        if target in self._given:
            name = self._given[target]
            # A record may spell the dot in a name of its own.
            yield (name,) if name in row else tuple(name.split("."))
            return
        spelled: dict[str, str] = {}
        for key in row:
            spelled.setdefault(squash(key), key)
        for first, *rest in PATHS[target]:
            if first in spelled:
                yield (spelled[first], *rest)

    def _problem(self, found: Sequence[_Found]) -> tuple[str, str] | None:
        identity, text, *_ = found
        if not text[1]:
            return _missing("text", self._given.get("text"), text[2])
        if not identity[1] and "id" in self._given:
            return _missing("id", self._given["id"], identity[2])
        for value, path, _ in found:
            if isinstance(value, str) and not _is_encodable(value):
                what = f'half a surrogate pair (a cut emoji?) in "{".".join(path)}"'
                mend = "mend what wrote it, or skip the record with --skip-invalid"
                return f"{what}; {mend}", "lone surrogate"
        return None


def _missing(target: str, name: str | None, unusable: object) -> tuple[str, str]:
    if unusable is not None:
        kind = _type_name(unusable)
        mend = f"--field {target}=NAME (a dot goes one level down)"
        return f"the {target} is {kind}, not text; map it with {mend}", f"{target} is {kind}"
    what = f'no "{name or target}" field'
    return f"{what}; map one with --field {target}=NAME", f"no {target}"


def _layout(plan: _Plan, shape: tuple[str, ...], paths: tuple[Path, ...]) -> _Layout:
    layout = plan.layouts.get(paths)
    if layout is None:
        used = {path[0] for path in paths if path}
        origins = {t: ".".join(path) for t, path in zip(TARGETS, paths, strict=True) if path}
        layout = _Layout(origins, tuple(key for key in shape if key not in used))
        plan.layouts[paths] = layout
    return layout


def _find(row: Mapping[str, object], target: str, paths: Sequence[Path]) -> _Found:
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


def _text(value: object) -> str | None:
    if value is None or type(value) is str:
        return value
    # A column of whole numbers with a gap in it comes out of pandas as floats.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _host(url: str) -> str | None:
    if plain := _PLAIN_HOST.match(url):
        return plain[1].lower().removeprefix("www.") or None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _type_name(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, Mapping) else "a number or a truth value"


def _is_encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
