"""``dedup evaluate``: a result against labels."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from dedup.cli.terminal import is_terminal, print_rows, print_table, say
from dedup.errors import ArgumentError, InputError

if TYPE_CHECKING:
    from dedup.evaluate import ClusterScores, PairScores

__all__ = ["evaluate"]

#: Wrong pairs shown on a terminal; the JSON holds all.
_SHOWN_ERRORS = 10


def evaluate(
    gold: Annotated[
        Path,
        typer.Option(help="CSV of labels: id_a,id_b,label (or relation), or id,cluster."),
    ],
    pairs: Annotated[
        str | None,
        typer.Option(metavar="PRED", help="Pairs that `dedup batch --pairs` wrote; - is stdin."),
    ] = None,
    clusters: Annotated[
        str | None,
        typer.Option(metavar="PRED", help="Clusters that `dedup batch` wrote; - is stdin."),
    ] = None,
    positive: Annotated[
        str | None,
        typer.Option(metavar="LABEL,...", help="Labels that mean duplicate."),
    ] = None,
    ignore: Annotated[
        str | None, typer.Option(metavar="LABEL,...", help="Labels to leave out.")
    ] = None,
    matched: Annotated[
        str | None,
        typer.Option(
            metavar="RELATION,...",
            help="Relations in PRED that count as matched; by default those that the default "
            "policy counts as duplicates.",
        ),
    ] = None,
    unlisted_negative: Annotated[
        bool,
        typer.Option(
            "--unlisted-negative",
            help="Count a matched pair that has no label as an error.",
        ),
    ] = False,
    without_touched: Annotated[
        Path | None,
        typer.Option(
            metavar="PAIRS.csv",
            help="Leave out the gold clusters that a pair in here with an ignored label touches.",
        ),
    ] = None,
) -> None:
    """Measure pairs or clusters against labels.

    \b
    dedup evaluate --pairs pairs.jsonl --gold gold.csv
    dedup evaluate --pairs p.jsonl --gold gold.csv --positive dup --ignore partial
    dedup evaluate --clusters clusters.jsonl --gold clusters.csv
    dedup evaluate --clusters clusters.jsonl --gold gold.csv

    Any label that is neither positive nor ignored means distinct. Prints a table
    on a terminal, one JSON object when piped.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup import evaluate as room

    if (pairs is None) == (clusters is None):
        raise ArgumentError("give --pairs PRED or --clusters PRED, one of the two")
    duplicate_labels = _split(positive, room.POSITIVE_LABELS)
    ignored_labels = _split(ignore, room.IGNORED_LABELS)
    gold_pairs, gold_clusters = _read_gold(gold)
    if pairs is not None:
        if gold_pairs is None:
            raise InputError(f"{gold}: has clusters; --pairs needs columns id_a,id_b,label")
        found = _read_pairs(pairs, matched)
    else:
        with _open(str(clusters)) as lines:
            predicted = room.read_clusters(lines, str(clusters))
        if gold_clusters is not None:
            if without_touched is not None:
                doubtful = _read_gold(without_touched)[0] or {}
                gold_clusters = room.without_touched(gold_clusters, doubtful, ignored_labels)
            _print_clusters(room.score_clusters(predicted, gold_clusters))
            return
        gold_pairs = gold_pairs or {}
        found = room.cluster_pairs(predicted, None if unlisted_negative else gold_pairs)
    scores = room.score_pairs(
        found,
        gold_pairs,
        positive=duplicate_labels,
        ignore=ignored_labels,
        unlisted_negative=unlisted_negative,
    )
    _print_pairs(scores, is_unlisted_known=pairs is not None or unlisted_negative)


def _split(given: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if given is None:
        return default
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _read_gold(path: Path) -> tuple[dict[tuple[str, str], str] | None, dict[str, str] | None]:
    from dedup.evaluate import read_gold

    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_gold(lines, str(path))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}") from error


def _read_pairs(path: str, matched: str | None) -> set[tuple[str, str]]:
    from dedup.evaluate import read_pairs
    from dedup.match import DUPLICATES

    relations = _split(matched, tuple(sorted(DUPLICATES)))
    with _open(path) as lines:
        return read_pairs(lines, path, matched=relations)


@contextmanager
def _open(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as stream:
        yield stream


def _print_pairs(scores: "PairScores", *, is_unlisted_known: bool) -> None:
    figures = {
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
    }
    if not is_terminal():
        row: dict[str, object] = {
            **figures,
            "true_positives": scores.true_positives,
            "false_positives": scores.false_positives,
            "false_negatives": scores.false_negatives,
            "unlisted": scores.unlisted if is_unlisted_known else None,
            "labels": [
                {
                    "label": count.label,
                    "counts_as": count.counts_as,
                    "pairs": count.pairs,
                    "matched": count.matched,
                }
                for count in scores.labels
            ],
        }
        print_rows([row])
        return
    print_table(
        "Pairs",
        ["", "", "pairs", "matched"],
        [
            *((c.label, c.counts_as, f"{c.pairs:,}", f"{c.matched:,}") for c in scores.labels),
            *((name, "", "", _figure(value)) for name, value in figures.items()),
        ],
        numbers_from=2,
    )
    for name, wrong in (
        ("matched, but distinct", scores.false_positives),
        ("missed", scores.false_negatives),
    ):
        rows = [list(pair) for pair in wrong[:_SHOWN_ERRORS]]
        if len(wrong) > _SHOWN_ERRORS:
            rows.append([f"... and {len(wrong) - _SHOWN_ERRORS:,} more, in the JSON", ""])
        if rows:
            print_table(f"{len(wrong):,} {name}", ["a", "b"], rows, numbers_from=2)


def _print_clusters(scores: "ClusterScores") -> None:
    from dataclasses import asdict

    figures: dict[str, int | float | None] = asdict(scores)
    if scores.adjusted_rand is None:
        say("No adjusted Rand index, which needs scikit-learn: pip install 'dedup[sklearn]'")
    if not is_terminal():
        print_rows([figures])
        return
    rows = [[name.replace("_", " "), _figure(value)] for name, value in figures.items()]
    print_table("Clusters", ["", ""], rows)


def _figure(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
