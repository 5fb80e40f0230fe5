"""The summary of a batch run on a terminal."""

import shutil

from dedup.batch import Deduplication
from dedup.cli.terminal import print_table, printable
from dedup.cluster import Cluster
from dedup.match import Relation

__all__ = ["notes_of", "print_summary"]

_SHOWN_CLUSTERS = 10
_SHOWN_WEAKEST = 5
#: What the columns beside a title take, and the least a title gets.
_OTHER_COLUMNS, _MIN_TITLE = 58, 16


def print_summary(result: Deduplication) -> None:
    """Print what was found: counts, relations, the largest clusters, the weakest links."""
    from dedup.reports.figures import sparks

    _print_counts(result)
    if not result.clusters:
        return
    for name, line in sparks(result):
        print(f" {printable(name)}  {line}")
    width = max(shutil.get_terminal_size().columns - _OTHER_COLUMNS, _MIN_TITLE)
    shown = result.clusters[:_SHOWN_CLUSTERS]
    print_table(
        f"The largest of {len(result.clusters):,} clusters",
        ["kept", "source", "copies", "in sources", "weakest link"],
        [_cluster_row(result, cluster, width) for cluster in shown],
        numbers_from=2,
    )
    print_table(
        "The weakest links: look at these with `dedup explain A B FEED...`",
        ["a", "b", "relation", "a in b", "b in a"],
        [
            [
                match.a,
                match.b,
                str(match.relation),
                f"{match.evidence.coverage_ab:.0%}",
                f"{match.evidence.coverage_ba:.0%}",
            ]
            for match in result.least_similar(_SHOWN_WEAKEST)
        ],
        numbers_from=3,
    )


def _print_counts(result: Deduplication) -> None:
    articles = len(result.members)
    dropped = len(result.dropped)
    share = dropped / articles if articles else 0
    pairs, overlaps = result.duplicates.tally(), result.matches.tally()[Relation.OVERLAP]
    rows = [
        ["articles", f"{articles:,}", ""],
        ["kept", f"{articles - dropped:,}", ""],
        ["copies", f"{dropped:,}", f"{share:.1%} of all, in {len(result.clusters):,} clusters"],
        *(
            [f"{relation} pairs", f"{pairs[relation]:,}", _MEANING[relation]]
            for relation in Relation
            if pairs[relation]
        ),
    ]
    if overlaps:
        rows.append(["overlap pairs", f"{overlaps:,}", "share passages; kept, not clustered"])
    print_table("Deduplication", ["", "", ""], [[a, c, b] for a, b, c in rows], numbers_from=2)


_MEANING = {
    Relation.IDENTICAL: "word for word",
    Relation.COPY: "up to small edits",
    Relation.EXCERPT: "abridged: a inside b",
    Relation.EXPANSION: "abridged: b inside a",
    Relation.REVISION: "the same running story, both with text of their own",
}


def _cluster_row(result: Deduplication, cluster: Cluster, width: int) -> list[str]:
    kept = result.article(cluster.representative)
    sources = {result.article(one).source for one in cluster.members}
    weakest = cluster.weakest
    return [
        _short(kept.title or kept.id, width),
        _short(kept.source or kept.site or "", 16),
        str(len(cluster.members) - 1),
        str(len(sources - {None})),
        f"{weakest.strength:.0%} {weakest.relation}",
    ]


def _short(text: str, width: int) -> str:
    from rich.text import Text

    # Ideographs are two columns wide.
    line = Text(" ".join(text.split()))
    line.truncate(width, overflow="ellipsis")
    return line.plain


def notes_of(result: Deduplication) -> list[str]:
    """Return what a user should know about a run, a sentence each."""
    tally = result.tally
    notes = []
    if only_chrome := tally.no_body - tally.no_words:
        notes.append(
            f"{only_chrome:,} articles have no body, only what their site repeats: "
            "they match only the very same page"
        )
    if tally.no_words:
        notes.append(
            f"{tally.no_words:,} articles have no words: there is nothing to compare, "
            "so they match nothing"
        )
    if tally.too_short:
        notes.append(
            f"{tally.too_short:,} articles are too short to judge "
            f"(under {result.policy.min_words} words): they match only their identical twin"
        )
    reruns = int(result.matches.is_rerun.sum())
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
    if tally.unlisted_pairs:
        notes.append(
            f"{tally.unlisted_pairs:,} pairs of word-for-word copies are not listed: "
            "each copy is listed with the first of its kind"
        )
    return notes
