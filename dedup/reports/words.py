"""Numbers, times and names in a reader's words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit

from dedup.match import Relation
from dedup.reports.visible import one_line

__all__ = [
    "clip", "cluster_route", "copy_word", "duration", "file_size", "isolated", "live_url", "moment",
    "pair_route", "percent", "plain", "plural", "quoted", "unquoted",
]  # fmt: skip

_HOUR, _DAY = 60, 1440
#: What `encodeURIComponent` leaves as it is.
_UNQUOTED = "!'()*~-._"
#: How a reader calls a copy, given what the kept article is to it.
_COPY_WORDS: Mapping[Relation, str] = {
    Relation.IDENTICAL: "word for word",
    Relation.COPY: "lightly edited",
    Relation.EXPANSION: "abridged",
    Relation.EXCERPT: "extended",
    Relation.REVISION: "revised",
    Relation.OVERLAP: "shares passages",
    Relation.DISTINCT: "nothing shared",
}


def copy_word(relation: Relation) -> str:
    """Say what a copy is, given what the kept article is to it."""
    return _COPY_WORDS[relation]


def plain(text: str | None) -> str:
    """Return hostile text on one line, with nothing invisible that acts."""
    return one_line(text or "").strip()


def clip(text: str | None, length: int = 120) -> str:
    """Return the beginning of a text, plain."""
    line = plain(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """Return a text whose direction does not turn what stands beside it; for drawings."""
    return f"\u2068{text}\u2069"


def percent(share: float) -> str:
    r"""Return a share; 100 % and 0 % are said only where they are true.

    Examples
    --------
    >>> percent(0.999), percent(1), percent(0.0004), percent(0.425)
    ('>99\xa0%', '100\xa0%', '<1\xa0%', '42\xa0%')
    """
    if 0 < share < 0.01:
        return "<1\u00a0%"
    if 0.99 < share < 1:
        return ">99\u00a0%"
    return f"{share * 100:.0f}\u00a0%"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "copy", "copies"), plural(1200, "copy", "copies")
    ('1 copy', '1,200 copies')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def file_size(size_bytes: int) -> str:
    """Return a size in units of a thousand.

    Examples
    --------
    >>> file_size(0), file_size(1234), file_size(106_720), file_size(5_260_467)
    ('0 kB', '1.2 kB', '107 kB', '5.3 MB')
    """
    kilobytes = size_bytes / 1000
    if kilobytes < 1000:
        return f"{kilobytes:.1f} kB" if 0 < kilobytes < 10 else f"{kilobytes:.0f} kB"
    return f"{kilobytes / 1000:,.1f} MB"


def duration(minutes: float | None) -> str:
    """Return a time span with one or two units.

    Examples
    --------
    >>> duration(0), duration(59.7), duration(135), duration(3000), duration(None)
    ('0 min', '1 h', '2 h 15 min', '2 d 2 h', '–')
    """
    if minutes is None:
        return "–"
    whole = round(abs(minutes))
    sign = "−" if minutes < 0 and whole else ""
    if whole < _HOUR:
        return f"{sign}{whole} min"
    big, small = (whole // _HOUR, whole % _HOUR) if whole < _DAY else (
        whole // _DAY, whole % _DAY // _HOUR
    )  # fmt: skip
    units = ("h", "min") if whole < _DAY else ("d", "h")
    return f"{sign}{big:,} {units[0]}" + (f" {small} {units[1]}" if small else "")


def moment(when: datetime | None) -> str:
    """Return a time in UTC."""
    if when is None:
        return "no date"
    utc = when.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def live_url(url: str | None) -> str | None:
    """Return a URL that may become a link: http or https with a host, else None."""
    try:
        parts = urlsplit(url or "")
        is_live = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if is_live else None


def cluster_route(identity: str) -> str:
    """Return the part of a permalink after the #."""
    return f"/cluster/{quoted(identity)}"


def pair_route(a: str, b: str) -> str:
    """Return the part of a permalink after the #."""
    return f"/pair/{quoted(a)}/{quoted(b)}"


def quoted(identity: str) -> str:
    """Return an id as a permalink spells it."""
    # An id may hold a lone surrogate, as JSON can spell it.
    return quote(identity, safe=_UNQUOTED, errors="surrogatepass")


def unquoted(route_id: str) -> str:
    """Return the id that a permalink spells."""
    return unquote(route_id, errors="surrogatepass")
