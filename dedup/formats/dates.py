"""Publication dates in the spellings that feeds use.

Only what can be read one way is read: ``03/04/2026`` is two dates, so it is
none. A date without a zone is taken as UTC. Nothing depends on the locale.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["parse_dates", "parse_published", "shown_date"]

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_CLOCK = r"(?:[ T,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
_HALF = r"\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"\s*(?P<zone>UTC|GMT|Z|[+-]\d{2}:?\d{2})?"
_DAY = r"(?:[a-z]{3,9}\.?,? )?"
_SPELLINGS = tuple(
    re.compile(_DAY + date + _CLOCK + _HALF + _ZONE, re.IGNORECASE | re.ASCII)
    for date in (
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",  # 2026/08/22
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",  # 22.08.2026
        r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{4})",
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    )
)
_ISO = re.compile(r"\d{4}(?:-?\d{2}-?\d{2}|-W)", re.ASCII)
_MAX_LENGTH = 64  # no spelling of a date is longer
_MAX_SHOWN = 60
#: A number of seconds since 1970 has nine or ten digits from 1973 to 2286.
_SECONDS = range(100_000_000, 10_000_000_000)
_MILLIS_A_SECOND = 1000
_NOON = 12
#: A moment in these is one in every zone.
_FIRST_SAFE_YEAR, _LAST_SAFE_YEAR = 2, 9998
_BASIC_ISO_DIGITS = len("20260822")


def parse_published(value: object) -> datetime | None:
    """Return `value` as a time-zone aware moment, or None if it is no clear date.

    Parameters
    ----------
    value : object
        ISO 8601, RFC 2822, the usual English and numeric spellings, or seconds
        or milliseconds since 1970; ``{"$date": ...}`` as databases export it.

    Examples
    --------
    >>> parse_published("Sat, 22 Aug 2026 21:47:35 +0200").isoformat()
    '2026-08-22T21:47:35+02:00'
    >>> parse_published("August 22, 2026 9:05 PM").isoformat()
    '2026-08-22T21:05:00+00:00'
    >>> parse_published("03/04/2026") is None
    True
    """
    if value is None:
        return None
    if isinstance(value, str) and (plain := _read_plain(value)):
        return plain
    if isinstance(value, Mapping):
        value = value.get("$date")
    try:
        moment = _read(value)
        if moment is None:
            return None
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        # Without this a moment near year 1 or 9999 fails later, when compared.
        moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment


def parse_dates(values: Sequence[object]) -> list[datetime | None]:
    """Return :func:`parse_published` of each; a text that stands often is read once.

    Examples
    --------
    >>> [found and found.day for found in parse_dates(["2026-08-22", None, "2026-08-22"])]
    [22, None, 22]
    """
    texts = {value for value in values if type(value) is str}
    known = {text: parse_published(text) for text in texts}
    return [known[v] if type(v) is str else parse_published(v) for v in values]


def shown_date(value: object) -> str:
    """Return a date that could not be read as errors show it."""
    return str(value)[:_MAX_SHOWN]


def _read_plain(text: str) -> datetime | None:
    """Read the commonest spelling, ``2026-08-22T21:47:35`` with or without a zone."""
    if len(text) > _MAX_LENGTH or text[10:11] != "T" or text[4] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_SAFE_YEAR <= moment.year <= _LAST_SAFE_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(value: object) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since_1970(value)
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    if not text or len(text) > _MAX_LENGTH:
        return None
    if text.isascii() and text.isdigit() and len(text) != _BASIC_ISO_DIGITS:
        return _since_1970(int(text))
    if _ISO.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            # A zone behind a space, or by its name, is no ISO 8601, and common.
            bare = re.sub(r" ?(?:UTC|GMT)$", "+00:00", text)
            return datetime.fromisoformat(re.sub(r" (?=[+-]\d)", "", bare))
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(text):
            return _from_parts(found)
    return parsedate_to_datetime(text)


def _since_1970(number: float) -> datetime | None:
    for scale in (1, _MILLIS_A_SECOND):
        if int(number // scale) in _SECONDS:
            return datetime.fromtimestamp(number / scale, UTC)
    return None


def _from_parts(found: re.Match[str]) -> datetime | None:
    parts = found.groupdict()
    name = parts.get("name")
    month = _MONTHS.get(name[:3].lower()) if name else int(parts["month"])
    if month is None:
        return None
    hour = int(parts["hour"] or 0)
    if half := parts["half"]:
        hour = hour % _NOON + (_NOON if half[0] in "pP" else 0)
    zone = parts["zone"]
    offset = "" if zone is None else "+00:00" if zone[0] not in "+-" else zone
    return datetime.fromisoformat(
        f"{int(parts['year']):04}-{month:02}-{int(parts['day']):02}"
        f"T{hour:02}:{int(parts['minute'] or 0):02}:{int(parts['second'] or 0):02}{offset}"
    )
