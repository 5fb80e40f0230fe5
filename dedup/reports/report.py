"""The report of a batch run: one self-contained page that shows who copied whom."""

import base64
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.output import open_output
from dedup.reports import contents
from dedup.reports.contents import Contents
from dedup.reports.diff_html import page_style
from dedup.reports.listing import no_preview
from dedup.reports.overview import overview_values
from dedup.reports.pages import asset, render
from dedup.reports.result_file import write_result_file
from dedup.reports.run_page import run_values
from dedup.reports.survey import survey

__all__ = [
    "ARTICLE_BYTES", "REPORT_BYTES", "page_bytes", "render_report", "shown_bytes", "write_report",
    "write_result",
]  # fmt: skip

#: A page of this size opens at once and can be sent by mail.
REPORT_BYTES = 8_000_000
#: Memory that a report takes for each article, pair and copy, and for each byte of the page:
#: measured with 2,000, 25,000 and 100,000 articles, the last with 741,000 pairs.
ARTICLE_BYTES, _PAIR_BYTES, _COPY_BYTES, _BYTES_A_BYTE = 1300, 100, 1500, 8
#: What the notes of what is left out take.
_NOTES_BYTES = 1000
_SCRIPTS = (
    "dom.js", "store.js", "list.js", "threshold.js", "flow.js", "pair.js", "review.js", "main.js",
)  # fmt: skip
Progress = Callable[[str, int, int | None], None]


def page_bytes(size_bytes: int) -> int:
    """Return about how much memory it takes to make a page up to a size."""
    return size_bytes * _BYTES_A_BYTE


def shown_bytes(result: Deduplication) -> int:
    """Return about how much memory it takes to look at a result, whatever a page shows of it."""
    return (
        len(result.members) * ARTICLE_BYTES
        + len(result.matches) * _PAIR_BYTES
        + len(result.dropped) * _COPY_BYTES
    )


def write_report(
    result: Deduplication,
    texts: Callable[[str], Article],
    path: str | os.PathLike[str],
    *,
    size_bytes: int = REPORT_BYTES,
    title: str | None = None,
    inputs: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> None:
    """Write the report of a run; the file is whole or not there.

    Parameters are those of :func:`render_report`.
    """
    page = render_report(
        result, texts, size_bytes=size_bytes, title=title, inputs=inputs, fields=fields,
        notes=notes, progress=progress,
    )  # fmt: skip
    with open_output(path) as stream:
        stream.write(page)


def render_report(
    result: Deduplication,
    texts: Callable[[str], Article],
    *,
    size_bytes: int = REPORT_BYTES,
    title: str | None = None,
    inputs: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> bytes:
    """Return the report of a run as one HTML page, in UTF-8.

    Parameters
    ----------
    result : Deduplication
    texts : Callable[[str], Article]
        Gives an article with its text, by id; asked for those that are shown.
    size_bytes : int
        Up to which the texts and diffs of the largest and the weakest clusters
        are put into the page; how many are left out is said there.
    title : str | None
    inputs : Sequence[str]
        What was read, for the run's page.
    fields : Mapping[str, str] | None
        The caller's mapping of fields.
    notes : Sequence[str]
        What the reader and the run have to say, a sentence each.
    progress : Progress | None
        Called with ("report", pairs compared, pairs to compare).
    """
    seen = survey(result)
    values = {
        **overview_values(seen, title=title),
        "warnings": [*notes],
        "run": run_values(result, inputs, fields or {}),
    }
    shell_bytes = len(_page(Contents(seen), values)) + _NOTES_BYTES
    held = contents.collect(seen, texts, size_bytes - shell_bytes, progress)
    return _page(held, values)


def write_result(
    result: Deduplication,
    texts: Callable[[str], Article],
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    inputs: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write a result for `dedup explore`: every cluster, every article with its text.

    Parameters
    ----------
    texts : Callable[[str], Article]
        Gives an article with its text, by id; asked for every one.
    title, inputs, fields, notes
        As for :func:`render_report`.
    """
    seen = survey(result)
    values = {
        **overview_values(seen, title=title),
        "warnings": [*notes],
        "run": run_values(result, inputs, fields or {}),
    }
    held = Contents(seen, no_preview=no_preview(result) or "")
    contents.note(held, seen.clusters, is_all=True)
    shell = _page(held, values, may_connect=True).decode()
    write_result_file(seen, texts, path, shell)


def _page(held: Contents, values: Mapping[str, object], *, may_connect: bool = False) -> bytes:
    style = page_style() + asset("report.css")
    script = '"use strict";(()=>{\n' + "\n".join(map(asset, _SCRIPTS)) + "\n})();"
    page = render(
        "page.html",
        **values,
        policy=_policy(style, script) + ("; connect-src 'self'" if may_connect else ""),
        style=Markup(style),  # noqa: S704 - the package's own
        script=Markup(script),  # noqa: S704 - the package's own
        blocks=[
            (name, "text/plain", Markup(block))  # noqa: S704 - base64
            for name, block in held.packer.blocks
        ],
        static_rows=held.static_rows,
        static_fragments=held.static_fragments,
        no_preview=held.no_preview,
        clusters_note=held.clusters_note,
        review_note=held.review_note,
        embedded_note=held.embedded_note,
    )
    return page.encode("utf-8", "replace")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; "
        f"script-src 'sha256-{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
