"""``dedup filter``: let pass what was not seen before."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.feeds import FieldOptions, parse_fields
from dedup.cli.terminal import say
from dedup.cli.warm import say_if_cold
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from typing import BinaryIO

    from dedup.cli.filter_lines import Line
    from dedup.index import Index
    from dedup.match import Relation
    from dedup.stream import DuplicateFilter, Verdict

__all__ = ["filter_lines"]

_DUPLICATES_FOUND, _INTERRUPTED = 1, 130


def filter_lines(
    index: Annotated[
        str,
        typer.Option(
            metavar="INDEX",
            help="What was seen: a path or sqlite:///PATH, redis://..., postgresql://..., "
            "memory:. It is made if it is missing.",
        ),
    ],
    rejects: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Append the duplicates, with their verdict, to FILE."),
    ] = None,
    errors: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Append broken lines, with their number, to FILE."),
    ] = None,
    tag: Annotated[
        bool, typer.Option("--tag", help="Pass every line, with its verdict as _dedup.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Compare with the index only; leave it as it is."),
    ] = False,
    fail_on_duplicate: Annotated[
        bool, typer.Option("--fail-on-duplicate", help="Exit with 1 if a line was rejected.")
    ] = False,
    reject: Annotated[
        str,
        typer.Option(metavar="RELATIONS", help="Which relations to an article seen are rejected."),
    ] = "identical,copy,excerpt",
    text: Annotated[
        bool,
        typer.Option("--text/--no-text", help="Keep the texts in an index that is made now."),
    ] = True,
    field: FieldOptions = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No messages and no summary on stderr.")
    ] = False,
) -> None:
    """Let pass what was not seen before: JSON Lines in, the new lines out, byte for byte.

    \b
    dedup filter --index seen.db < in.jsonl > new.jsonl
    tail -f in.jsonl | dedup filter --index seen.db --rejects old.jsonl | publish
    dedup filter --index seen.db --tag < in.jsonl > judged.jsonl
    dedup filter --index redis://host/0 --errors bad.jsonl < in.jsonl > new.jsonl

    Lines keep their order and are written as soon as the index has them. A broken
    line is reported and left out. An expansion (a fuller text of what was seen), a
    revision and a new version of the same page pass. Exit status: 0; 1 with
    --fail-on-duplicate if a line was rejected; 2 if broken lines had nowhere to go.
    """  # noqa: D301 - click's mark for lines to be left alone
    import sys

    from dedup.cli.filter_lines import read_chunks
    from dedup.stream import DuplicateFilter

    fields = parse_fields(field)
    relations = _relations(reject)
    tally: Counter[str] = Counter()
    is_interrupted = False
    if not quiet:
        say_if_cold()
    with ExitStack() as files:
        opened = files.enter_context(_open(index, keeps_text=text, dry_run=dry_run))
        if opened.settings.keeps_text and not text and not quiet:
            say(f"{index}: was made to keep texts, and goes on to: --no-text is for a new index")
        outputs = _Outputs(
            sys.stdout.buffer, _appended(rejects, files), _appended(errors, files), tag, quiet
        )
        gate = DuplicateFilter(opened, rejects=relations)
        try:
            for chunk in read_chunks(sys.stdin.fileno(), fields):
                _pass_on(chunk, gate, outputs, tally, dry_run=dry_run)
        except KeyboardInterrupt:
            is_interrupted = True
    if not quiet:
        say(*_summary(tally, index))
    if is_interrupted:
        raise typer.Exit(_INTERRUPTED)
    if tally["broken"] and errors is None:
        raise typer.Exit(2)
    if fail_on_duplicate and tally["rejected"]:
        raise typer.Exit(_DUPLICATES_FOUND)


class _Outputs:
    """Where lines go."""

    def __init__(
        self,
        out: "BinaryIO",
        rejects: "BinaryIO | None",
        errors: "BinaryIO | None",
        tag: bool,
        quiet: bool,
    ) -> None:
        self._out = out
        self._rejects = rejects
        self._errors = errors
        self._tag = tag
        self._quiet = quiet

    def write(self, line: "Line", verdict: "Verdict") -> None:
        from dedup.cli.filter_lines import tagged

        if self._tag:
            self._out.write(tagged(line.raw, verdict.as_row()) + b"\n")
        elif verdict.is_new:
            self._out.write(line.raw + b"\n")
        if not verdict.is_new and self._rejects is not None:
            self._rejects.write(tagged(line.raw, verdict.as_row()) + b"\n")

    def write_error(self, line: "Line") -> None:
        import orjson

        if self._errors is None:
            if not self._quiet:
                say(f"-:{line.number}: {line.problem}")
            return
        record = line.raw.decode("utf-8", "replace")
        row = {"line": line.number, "error": line.problem, "record": record}
        self._errors.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        for stream in (self._rejects, self._errors, self._out):
            if stream is not None:
                stream.flush()


def _pass_on(
    chunk: "list[Line]",
    gate: "DuplicateFilter",
    outputs: _Outputs,
    tally: "Counter[str]",
    *,
    dry_run: bool,
) -> None:
    articles = [line.article for line in chunk if line.article is not None]
    judged = iter(map(gate.check, articles) if dry_run else gate.admit_many(articles))
    for line in chunk:
        tally["lines"] += 1
        if line.article is None:
            tally["broken"] += 1
            outputs.write_error(line)
            continue
        verdict = next(judged)
        tally["new" if verdict.is_new else "rejected"] += 1
        tally["wordless"] += not verdict.has_words
        tally["updates"] += verdict.is_new and verdict.updates is not None
        if not verdict.is_new:
            tally[f"rejected {verdict.relation}"] += 1
        outputs.write(line, verdict)
    outputs.flush()


def _open(url: str, *, keeps_text: bool, dry_run: bool) -> "Index":
    from dedup.index import Settings, open_index

    settings = Settings(keeps_text=keeps_text)
    if dry_run and "://" not in url and not Path(url).exists():
        return open_index("memory:", settings=settings)
    return open_index(url, create=not dry_run, settings=settings)


def _relations(option: str) -> "frozenset[Relation]":
    from dedup.match import Relation

    found = set()
    for name in filter(None, option.split(",")):
        try:
            found.add(Relation(name.strip()))
        except ValueError as error:
            known = ", ".join(Relation)
            raise ArgumentError(f"--reject {name}: no such relation; there are {known}") from error
    return frozenset(found)


def _appended(path: str | None, files: ExitStack) -> "BinaryIO | None":
    return None if path is None else files.enter_context(Path(path).open("ab"))


def _summary(tally: "Counter[str]", index: str) -> list[str]:
    from dedup.reports.words import plural

    kinds = ", ".join(
        f"{count:,} {kind.removeprefix('rejected ')}"
        for kind, count in sorted(tally.items())
        if kind.startswith("rejected ")
    )
    lines = plural(tally["lines"], "line")
    line = f"{lines}: {tally['new']:,} new, {tally['rejected']:,} rejected"
    parts = [f"{line} ({kinds})" if kinds else line]
    if tally["updates"]:
        versions = plural(tally["updates"], "new version of a page", "new versions of pages")
        parts.append(f"{versions} seen before, passed")
    if tally["wordless"]:
        parts.append(f"{tally['wordless']:,} without words, passed: nothing to compare")
    if tally["broken"]:
        parts.append(f"{plural(tally['broken'], 'broken line')} left out")
    return [f"{index}: {'; '.join(parts)}"]
