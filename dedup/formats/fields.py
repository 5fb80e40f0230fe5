"""Named fields to `Article`, by the usual names or as the caller maps them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from dedup.article import BLOCKS, Article
from dedup.errors import ArgumentError
from dedup.formats.dates import parse_published, shown_date
from dedup.formats.names import PATHS, TARGETS, Path, squash
from dedup.formats.values import Found, as_text, find_value, link_and_outlet

__all__ = ["FieldMap", "Mapped"]

#: Of feeds with ever other names no more are remembered; what is new is looked up every time.
_MAX_NAMES = 200_000


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
        self._common: dict[frozenset[str], Mapping[str, tuple[Path, ...]] | None] = {}
        self._names = 0

    @property
    def needs_id(self) -> bool:
        """Whether the id was mapped: a record without one is broken then."""
        return "id" in self._given

    def common_paths(self, names: frozenset[str]) -> Mapping[str, tuple[Path, ...]] | None:
        """Return where the fields may lie in each of many records.

        Parameters
        ----------
        names : frozenset[str]
            All that any of the records has.

        Returns
        -------
        Mapping[str, tuple[Path, ...]] | None
            The paths to try for each field of an article; None where they differ
            from record to record.
        """
        if names in self._common:
            return self._common[names]
        given = set(self._given.values())
        # Of two spellings of a name a record's first holds; one with a dot, if it is there.
        is_clear = (
            len({squash(name) for name in names}) == len(names)
            and not any("." in name for name in names & given)
            and not any(name.split(".")[0] == BLOCKS for name in given)
        )
        paths = {target: tuple(self._paths(target, names)) for target in TARGETS}
        common = paths if is_clear else None
        if self._has_room(names):
            self._common[names] = common
        return common

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
        found = [find_value(row, target, paths) for target, paths in plan.paths]
        identity, text, title, url, source, date = found
        published = parse_published(date[0])
        unread = None
        if published is None and date[1]:
            unread = shown_date(date[0])
            date = (None, (), None)
        layout = _layout(plan, shape, (identity[1], text[1], title[1], url[1], source[1], date[1]))
        if wrong := self._problem(found):
            origins = layout.origins
            if unread is not None:
                origins = {**origins, "published": ".".join(found[-1][1])}
            return Mapped(None, *wrong, None, origins)
        origins = layout.origins
        link, outlet = link_and_outlet(as_text(url[0]), as_text(source[0]))
        if link is not None and not url[1]:
            origins = {**origins, "url": ".".join(source[1])}
        article = Article(
            as_text(identity[0]) or link or fallback_id,
            as_text(text[0]) or "",
            as_text(title[0]),
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
        if self._has_room(shape):
            self._plans[shape] = plan
        return plan

    def _has_room(self, names: Collection[str]) -> bool:
        """Say whether so many more names can be remembered, and count them."""
        has_room = self._names + len(names) <= _MAX_NAMES
        if has_room:
            self._names += len(names)
        return has_room

    def _paths(self, target: str, names: Collection[str]) -> Iterator[Path]:
        if target in self._given:
            name = self._given[target]
            # A record may spell the dot in a name of its own.
            yield (name,) if name in names else tuple(name.split("."))
            return
        spelled: dict[str, str] = {}
        for key in names:
            spelled.setdefault(squash(key), key)
        for first, *rest in PATHS[target]:
            if first in spelled:
                yield (spelled[first], *rest)

    def _problem(self, found: Sequence[Found]) -> tuple[str, str] | None:
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
