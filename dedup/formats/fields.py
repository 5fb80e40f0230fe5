"""Named fields to `Article`, by the usual names or as the caller maps them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.errors import ArgumentError
from dedup.formats.dates import parse_published
from dedup.formats.names import PATHS, TARGETS, Path, squash

__all__ = ["FieldMap", "Mapped"]

#: Feeds with more shapes than this look each further one up every time.
_MAX_PLANS = 10_000
_MAX_SHOWN_DATE = 60


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A field's value as text (a date's as it is), and where it lay."""

    value: object
    path: Path
    unusable: object = None


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
        self._plans: dict[tuple[str, ...], dict[str, tuple[Path, ...]]] = {}

    def article(self, row: Mapping[str, object], *, fallback_id: str) -> Mapped:
        """Map one record.

        Parameters
        ----------
        row : Mapping[str, object]
            The record's fields.
        fallback_id : str
            The id of a record that has neither an id nor a URL.
        """
        found = {target: _find(row, target, paths) for target, paths in self._plan(row).items()}
        origins = {target: ".".join(f.path) for target, f in found.items() if f.path}
        if wrong := self._problem(found):
            return Mapped(None, *wrong, None, origins)
        published = parse_published(found["published"].value)
        unread = None
        if published is None and "published" in origins:
            unread = str(found["published"].value)[:_MAX_SHOWN_DATE]
            del origins["published"]
        text, title, url, source = (
            _text(found[target].value) for target in ("text", "title", "url", "source")
        )
        used = {found[target].path[0] for target in origins}
        article = Article(
            id=_text(found["id"].value) or url or fallback_id,
            text=text or "",
            title=title,
            url=url,
            source=source or (_host(url) if url else None),
            published=published,
            extra={key: value for key, value in row.items() if key not in used},
        )
        return Mapped(article, None, None, unread, origins)

    def _plan(self, row: Mapping[str, object]) -> dict[str, tuple[Path, ...]]:
        """Return the paths that records of this shape may have values at."""
        shape = tuple(row)
        plan = self._plans.get(shape)
        if plan is None:
            plan = {target: tuple(self._paths(target, row)) for target in TARGETS}
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

    def _problem(self, found: Mapping[str, _Found]) -> tuple[str, str] | None:
        for target in ("text", "id"):
            name = self._given.get(target)
            if found[target].path or (name is None and target == "id"):
                continue
            if (unusable := found[target].unusable) is not None:
                kind = _type_name(unusable)
                mend = f"--field {target}=NAME (a dot goes one level down)"
                return (
                    f"the {target} is {kind}, not text; map it with {mend}",
                    f"{target} is {kind}",
                )
            what = f'no "{name or target}" field'
            return f"{what}; map one with --field {target}=NAME", f"no {target}"
        for f in found.values():
            if isinstance(f.value, str) and not _is_encodable(f.value):
                what = f'half a surrogate pair (a cut emoji?) in "{".".join(f.path)}"'
                mend = "mend what wrote it, or skip the record with --skip-invalid"
                return f"{what}; {mend}", "lone surrogate"
        return None


def _find(row: Mapping[str, object], target: str, paths: Sequence[Path]) -> _Found:
    """Return the first usable value; else an empty one; else none."""
    empty: Path = ()
    unusable: object = None
    for path in paths:
        is_there, value = _look_up(row, path)
        if not is_there:
            continue
        if value is None or value == "" or value != value:  # NaN, as pandas writes it
            empty = empty or path
        elif _is_usable(target, value):
            return _Found(value, path)
        else:
            unusable = value
    if target == "text" and empty:
        return _Found("", empty)
    return _Found(None, (), unusable)


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
    if value is None:
        return None
    # A column of whole numbers with a gap in it comes out of pandas as floats.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _host(url: str) -> str | None:
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
