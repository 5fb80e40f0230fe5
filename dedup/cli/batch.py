"""``dedup batch``: find the copies in feeds."""

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.feeds import FeedPaths, FieldOptions, SkipInvalid, parse_fields, print_explanation
from dedup.cli.progress import ProgressLine
from dedup.cli.terminal import is_terminal, print_rows, say
from dedup.cli.warm import say_if_cold
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedup.batch import Deduplication
    from dedup.formats import RecordReader

__all__ = ["batch"]


def batch(
    feeds: FeedPaths,
    clusters: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the clusters, one a line.")
    ] = None,
    pairs: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the pairs, overlaps included, one a line."),
    ] = None,
    kept: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the input without the duplicates, byte for byte; for .txt a folder/.",
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a page to read: who copied whom, and what."),
    ] = None,
    report_size: Annotated[
        float,
        typer.Option(metavar="MB", help="About how large the page may become.", min=0.1),
    ] = 8.0,
    keep: Annotated[
        str,
        typer.Option(
            metavar="WHICH",
            help="Which of a cluster to keep: earliest, longest, cleanest, first or "
            "prefer:SOURCE,...",
        ),
    ] = "earliest",
    linkage: Annotated[
        str,
        typer.Option(help="components, or representative: no chains of revisions."),
    ] = "components",
    resemblance: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Count only pairs with at least this Jaccard, 0 to 1."),
    ] = 0.0,
    rerun_days: Annotated[
        str,
        typer.Option(
            metavar="DAYS",
            help="What one site publishes again so many days later is a rerun, not a copy; "
            "`never` to drop reruns too.",
        ),
    ] = "4",
    jobs: Annotated[
        int | None,
        typer.Option(help="Threads; by default one a processor. The result is the same.", min=1),
    ] = None,
    field: FieldOptions = None,
    skip_invalid: SkipInvalid = False,
    explain_input: Annotated[
        bool, typer.Option("--explain-input", help="Say how the input is read, and stop.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no notes on stderr.")
    ] = False,
) -> None:
    """Find the copies in feeds: who copied whom, and which one to keep.

    \b
    dedup batch feeds/*.jsonl
    dedup batch feeds/*.jsonl --report report.html
    dedup batch feeds/ --kept clean.jsonl --clusters clusters.jsonl --pairs pairs.jsonl
    dedup batch feed.jsonl --keep prefer:Reuters,Bloomberg
    dedup batch feed.jsonl --field text=story.body --explain-input
    cat feed.jsonl | dedup batch - > clusters.jsonl

    Prints a summary on a terminal; piped, the clusters as JSON Lines. Every
    article is in exactly one place: kept, or dropped with the cluster that says
    why.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.formats import explain_input as explain
    from dedup.formats.output import spooled

    fields = parse_fields(field)
    _check_outputs(feeds, clusters, pairs, kept, report)
    if explain_input:
        print_explanation(explain(feeds, fields=fields))
        return
    policy_options = {"resemblance": resemblance, "rerun_days": _days(rerun_days)}
    progress = ProgressLine(quiet=quiet)
    if not quiet:
        say_if_cold()
    with spooled(feeds) as (paths, spooled_bytes):
        if spooled_bytes and not quiet:
            say(f"Standard input: {spooled_bytes:,} bytes kept on disk while the run lasts")
        result, reader = _run(
            paths, fields, skip_invalid, policy_options, keep, linkage, jobs, progress
        )
        notes = [*reader.notes(), *_notes(result)]
        _write(result, reader, paths, fields, clusters, pairs, kept, progress)
        if report is not None:
            _report(result, reader, paths, fields, report, report_size, feeds, notes, progress)
    progress.close()
    if not quiet:
        say(*notes)
    _print(result, is_written="-" in (clusters, pairs, kept))


def _check_outputs(feeds: list[str], *outputs: str | None) -> None:
    named = [output for output in outputs if output is not None]
    if len(set(named)) < len(named):
        raise ArgumentError("two outputs have the same name: each needs a file of its own")
    same = sorted(set(named) & set(feeds) - {"-"})
    if same:
        raise ArgumentError(f"{same[0]} is input and output: name another file")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _days(option: str) -> float | None:
    if option == "never":
        return None
    try:
        return float(option)
    except ValueError as error:
        message = f"--rerun-days is {option!r}: use a number of days, or never"
        raise ArgumentError(message) from error


def _run(
    paths: list[str],
    fields: "Mapping[str, str]",
    skip_invalid: bool,
    policy_options: "Mapping[str, float | None]",
    keep: str,
    linkage: str,
    jobs: int | None,
    progress: ProgressLine,
) -> "tuple[Deduplication, RecordReader]":
    from dedup.batch import deduplicate
    from dedup.formats import read_records
    from dedup.match import Policy

    reader = read_records(paths, fields=fields, skip_invalid=skip_invalid)
    result = deduplicate(
        (record.article for record in reader),
        policy=Policy(**policy_options),  # type: ignore[arg-type]  # both are its numbers
        keep=keep,
        linkage=linkage,
        jobs=jobs or _processors(),
        progress=progress,
    )
    return result, reader


def _write(
    result: "Deduplication",
    reader: "RecordReader",
    paths: list[str],
    fields: "Mapping[str, str]",
    clusters: str | None,
    pairs: str | None,
    kept: str | None,
    progress: ProgressLine,
) -> None:
    """Write the files asked for: all of them whole, or none."""
    from dedup.formats.kept import write_kept
    from dedup.formats.output import open_output

    progress("write", len(result.members), None)
    with ExitStack() as files:
        if clusters is not None:
            stream = files.enter_context(open_output(clusters))
            stream.writelines(_lines(cluster.as_row() for cluster in result.clusters))
        if pairs is not None:
            stream = files.enter_context(open_output(pairs))
            stream.writelines(_lines(match.as_row() for match in result.matches))
        if kept is not None:
            write_kept(
                kept, paths, result.dropped, fields=fields, skip_invalid=bool(reader.skipped)
            )


def _report(
    result: "Deduplication",
    reader: "RecordReader",
    paths: list[str],
    fields: "Mapping[str, str]",
    report: str,
    report_size: float,
    feeds: list[str],
    notes: list[str],
    progress: ProgressLine,
) -> None:
    from dedup.formats.lookup import ArticleLookup
    from dedup.reports.report import write_report

    ids = {one for match in result.matches for one in (match.a, match.b)}
    is_skipping = bool(reader.skipped)
    with ArticleLookup(paths, ids, fields=fields, skip_invalid=is_skipping) as texts:
        write_report(
            result,
            texts,
            report,
            size_bytes=int(report_size * 1_000_000),
            inputs=feeds,
            fields=fields,
            notes=notes,
            progress=progress,
        )


def _lines(rows: "Iterable[Mapping[str, object]]") -> "Iterable[bytes]":
    import orjson

    return (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _notes(result: "Deduplication") -> list[str]:
    """Return what a user should know about a run, a sentence each."""
    tally = result.tally
    notes = []
    if tally.no_body:
        notes.append(
            f"{tally.no_body:,} articles have no body (chrome only, or empty): "
            "they match only the very same page"
        )
    if tally.too_short:
        notes.append(
            f"{tally.too_short:,} articles are too short to judge "
            f"(under {result.policy.min_words} words): they match only their identical twin"
        )
    reruns = sum(match.is_rerun for match in result.matches)
    if reruns:
        notes.append(
            f"{reruns:,} pairs are reruns, published again by their site "
            f"{result.policy.rerun_days:g} days later or more: not dropped "
            "(--rerun-days never drops them)"
        )
    if tally.oversize_keys:
        notes.append(
            f"{tally.oversize_keys:,} passages stand in too many articles to compare all pairs: "
            "each of those was compared with its neighbours there"
        )
    return notes


def _print(result: "Deduplication", *, is_written: bool) -> None:
    if is_terminal():
        from dedup.cli.batch_summary import print_summary

        print_summary(result)
    elif not is_written:
        print_rows(cluster.as_row() for cluster in result.clusters)
