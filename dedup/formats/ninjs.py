"""IPTC ninjs 1 to 3, the newswires' JSON."""

from collections.abc import Mapping
from typing import cast

from dedup.formats.markup import text_of_html

__all__ = ["as_fields", "is_ninjs"]

#: What tells it from any other object that has a URI.
_BODIES = ("body_text", "body_xhtml", "body_html", "body_plaintext", "bodies")
_MARKS = ("versioncreated", "pubstatus", "usageterms", "urgency", "representationtype")


def is_ninjs(row: Mapping[str, object]) -> bool:
    """Say whether an object is a ninjs item: all versions require ``uri``."""
    return (
        "uri" in row
        and any(name in row for name in _BODIES)
        and any(name in row for name in _MARKS)
    )


def as_fields(row: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """Return an item's fields by the names of articles, and what ninjs calls them.

    A version is an item of its own: its id is the URI with ``@`` and the version,
    its moment of publication is when that version was made.
    """
    text, text_name, blocks = _body(row)
    title, title_name = _titled(row)
    source, source_name = _named(row)
    version = row.get("version")
    identity = str(row["uri"]) if version is None else f"{row['uri']}@{version}"
    url = row.get("url") or row.get("located_url")
    moment = next((n for n in ("versioncreated", "firstcreated") if row.get(n)), None)
    fields: dict[str, object] = {
        "id": identity,
        "text": text,
        "title": title,
        "url": url if isinstance(url, str) else None,
        "source": source,
        "published": row[moment] if moment else None,
    }
    if blocks:
        fields["blocks"] = blocks
    fields = {name: value for name, value in fields.items() if value is not None or name == "text"}
    known = {text_name, title_name, source_name.partition(".")[0], moment, "url"}
    # Items of a wire hold "source" and "title" of their own meaning.
    fields |= {
        # What a reader of names would take for the article's own goes by another.
        (f"ninjs_{name}" if name in fields or name == "uri" else name): value
        for name, value in row.items()
        if name not in known
    }
    spelled = {
        "id": "uri, version" if version is not None else "uri",
        "text": text_name,
        "title": title_name,
        "source": source_name,
        "published": moment or "",
    }
    return fields, spelled


def _body(row: Mapping[str, object]) -> tuple[str | None, str, list[tuple[int, int, str]]]:
    for name in ("body_text", "body_plaintext"):
        if isinstance(row.get(name), str) and row[name]:
            return cast("str", row[name]), name, []
    for name in ("body_xhtml", "body_html"):
        if isinstance(row.get(name), str) and row[name]:
            text, blocks = text_of_html(cast("str", row[name]))
            return text, name, blocks
    chosen = _main(row.get("bodies"))
    if chosen is None:
        return None, "bodies", []
    value = str(chosen.get("value") or "")
    kind = str(chosen.get("contenttype") or chosen.get("contentType") or "")
    if "html" in kind or (not kind and value.lstrip().startswith("<")):
        text, blocks = text_of_html(value)
        return text, "bodies", blocks
    return value, "bodies", []


def _titled(row: Mapping[str, object]) -> tuple[str | None, str]:
    for name in ("headline", "title"):
        if isinstance(row.get(name), str):
            return cast("str", row[name]), name
    chosen = _main(row.get("headlines"))
    return (None if chosen is None else str(chosen.get("value") or "")) or None, "headlines"


def _named(row: Mapping[str, object]) -> tuple[str | None, str]:
    sources = row.get("infosources")
    for entry in sources if isinstance(sources, list) else ():
        if isinstance(entry, Mapping) and entry.get("name"):
            return str(entry["name"]), "infosources.name"
    for name in ("copyrightholder", "source"):
        if isinstance(row.get(name), str) and row[name]:
            return cast("str", row[name]), name
    return None, "infosources"


def _main(values: object) -> Mapping[str, object] | None:
    """Return the entry whose role is main, else the first with a value."""
    entries = (
        [entry for entry in values if isinstance(entry, Mapping) and entry.get("value")]
        if (isinstance(values, list))
        else []
    )
    return min(entries, key=lambda entry: entry.get("role") not in (None, "main"), default=None)
