"""``dedup batch``: find the copies in feeds."""

import gc
import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.allocation import tune_allocation
from dedup.cli.batch_against import Archive, check_against, open_archive
from dedup.cli.batch_output import Input, Outputs
from dedup.cli.feeds import FeedPaths, FieldOptions, SkipInvalid, parse_fields, print_explanation
from dedup.cli.progress import ProgressLine
from dedup.cli.terminal import is_terminal, print_rows, say
from dedup.cli.unchanged import Unchanged
from dedup.cli.warm import say_if_cold
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.batch import Deduplication
    from dedup.detector import MemoryBudget, Scratch

__all__ = ["batch"]

_LEAST_REPORT_BYTES = 100_000


def batch(
    feeds: FeedPaths,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="INDEX|RESULT",
            help="Match with the articles of this index, too; it stays as it is. A path or "
            "sqlite:///PATH, redis://..., postgresql://...; or what --result wrote.",
        ),
    ] = None,
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
    articles: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the kept articles as rows, their texts without what their site repeats.",
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a page to read: who copied whom, and what."),
    ] = None,
    report_size: Annotated[
        str,
        typer.Option(
            metavar="SIZE", help="About how large the page may become; a bare number is MB."
        ),
    ] = "8MB",
    result: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write all of it for `dedup explore` and `dedup plot`."),
    ] = None,
    boilerplate_out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write what the sites repeat, for `dedup index create`."),
    ] = None,
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
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep there what each stage of the run leaves: after an interruption the same "
            "command continues behind the last. The folder goes when all is written.",
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Take no more than this, as 2G or 500M: what can wait is on disk, and what "
            "cannot fit ends the run early.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(help="Threads; by default one a processor. The result is the same.", min=1),
    ] = None,
    field: FieldOptions = None,
    skip_invalid: SkipInvalid = False,
    extract: Annotated[
        str, typer.Option(help="Text of web pages: best or fast main text, or whole.")
    ] = "best",
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
    dedup batch feeds/ --kept clean.jsonl --pairs pairs.jsonl --clusters c.jsonl
    dedup batch feed.jsonl --keep prefer:Reuters,Bloomberg
    dedup batch feed.jsonl --field text=story.body --explain-input
    dedup batch feeds/ --kept clean.jsonl --resume run/
    cat feed.jsonl | dedup batch - > clusters.jsonl
    dedup batch tuesday/ --against seen.db --kept new.jsonl
    dedup index import seen.db tuesday/

    Prints a summary on a terminal; piped, the clusters as JSON Lines. Every
    article is in exactly one place: kept, or dropped with the cluster that says
    why. With --against, what the index has already is dropped, clusters keep the
    ids that they had, and only `dedup index` and `dedup filter` add to the index.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.cli.resuming import open_scratch
    from dedup.formats import explain_input as explain
    from dedup.formats.page import check_extract
    from dedup.formats.remembered import RememberedPages
    from dedup.formats.sources import spooled

    size = _report_bytes(report_size)
    outputs = Outputs(clusters, pairs, kept, report, result, boilerplate_out, size, articles)
    outputs.check(feeds)
    if against is not None:
        check_against(against)
    fields = parse_fields(field)
    check_extract(extract)
    if explain_input:
        print_explanation(explain(feeds, fields=fields, extract=extract))
        return
    budget = None if memory is None else _budget(memory, outputs)
    policy_options = {"resemblance": resemblance, "rerun_days": _days(rerun_days)}
    progress = ProgressLine(quiet=quiet)
    if not quiet:
        say_if_cold()
    tune_allocation(is_scarce=memory is not None)
    gc.disable()  # a run makes millions of objects and no circle of them: a tenth of its time
    with spooled(feeds) as (paths, spooled_bytes), RememberedPages(extract) as pages:
        if spooled_bytes and not quiet:
            say(f"From a pipe: {spooled_bytes:,} bytes kept on disk while the run lasts")
        how = pages if outputs.reads_again else extract
        unchanged = Unchanged(paths, outputs.named) if outputs.reads_again else None
        read = Input(feeds, paths, fields, skip_invalid, how, unchanged)
        outputs.check_kept(read)
        with open_scratch(read, resume, extract, budget, against) as scratch:
            with (
                nullcontext()
                if against is None
                else open_archive(against, outputs, scratch, progress)
            ) as archive:
                found, notes = _run(
                    read, archive, policy_options, keep, linkage, jobs, scratch, progress
                )
                outputs.write(found, read, notes, progress, archive, budget)
            scratch.remove()
    progress.close()
    if not quiet:
        if scratch.resumed:
            notes.append(f"Not done again: {', '.join(scratch.resumed)}")
        from dedup.reports.words import file_size

        notes += outputs.written()
        say(
            *notes,
            f"Kept on disk meanwhile: {file_size(scratch.peak_bytes)} in {scratch.folder}",
        )
    _print(found, is_written=outputs.has_stdout or clusters is not None)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _budget(memory: str, outputs: Outputs) -> "MemoryBudget":
    from dedup.detector import MemoryBudget, parse_size

    return MemoryBudget(parse_size(memory), **outputs.pages_bytes)


def _report_bytes(size: str) -> int:
    from dedup.detector import parse_size

    size_bytes = parse_size(size, option="--report-size", bare="MB")
    if size_bytes < _LEAST_REPORT_BYTES:
        raise ArgumentError(f"--report-size is {size!r}: a page takes 100KB at the least")
    return size_bytes


def _days(option: str) -> float | None:
    if option == "never":
        return None
    try:
        days = float(option)
        if not 0 <= days < float("inf"):
            raise ValueError(option)
    except ValueError as error:
        message = f"--rerun-days is {option!r}: use a number of days from 0 on, or never"
        raise ArgumentError(message) from error
    return days


def _run(
    read: Input,
    archive: Archive | None,
    policy_options: "Mapping[str, float | None]",
    keep: str,
    linkage: str,
    jobs: int | None,
    scratch: "Scratch",
    progress: ProgressLine,
) -> "tuple[Deduplication, list[str]]":
    from dedup.batch import deduplicate
    from dedup.cli.batch_summary import notes_of
    from dedup.formats.feeds import ArticleReader, read_records
    from dedup.match import Policy

    reader = read_records(
        read.paths, fields=read.fields, skip_invalid=read.skip_invalid, extract=read.extract
    )
    find = deduplicate if archive is None else archive.find
    found = find(
        ArticleReader(reader),
        policy=Policy(**policy_options),  # type: ignore[arg-type]  # both are its numbers
        keep=keep,
        linkage=linkage,
        scratch=scratch,
        jobs=jobs or _processors(),
        progress=progress,
    )
    return found, [*found.notes, *notes_of(found)]


def _print(result: "Deduplication", *, is_written: bool) -> None:
    if is_terminal():
        from dedup.cli.batch_summary import print_summary

        print_summary(result)
    elif not is_written:
        print_rows(result.cluster_rows())
