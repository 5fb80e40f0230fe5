"""The summary of a batch run on a terminal."""

import shutil

from dedup.batch import Deduplication
from dedup.cli.terminal import print_table, printable
from dedup.cluster import Cluster
from dedup.match import Relation
from dedup.match.body import MIN_BODY_WEIGHT

__all__ = ["notes_of", "print_summary"]

_SHOWN_CLUSTERS = 10
_SHOWN_WEAKEST = 5
#: What the columns beside a title take, and the least a title gets.
_OTHER_COLUMNS, _MIN_TITLE = 58, 16


def print_summary(result: Deduplication) -> None:
    """Print what was found: counts, relations, the largest clusters, the weakest links."""
    from dedup.reports.figures import sparks
    from dedup.reports.words import plural

    _print_counts(result)
    if not result.clusters:
        return
    for name, line in sparks(result):
        print(f" {printable(name)}  {line}")
    width = max(shutil.get_terminal_size().columns - _OTHER_COLUMNS, _MIN_TITLE)
    shown = result.clusters[:_SHOWN_CLUSTERS]
    print_table(
        f"The largest of {plural(len(result.clusters), 'cluster')}",
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
    from dedup.reports.words import plural

    articles = len(result.members)
    dropped = len(result.dropped)
    share = dropped / articles if articles else 0
    pairs, overlaps = result.duplicates.tally(), result.matches.tally()[Relation.OVERLAP]
    rows = [
        ["articles", f"{articles:,}", ""],
        ["kept", f"{articles - dropped:,}", ""],
        [
            "copies",
            f"{dropped:,}",
            f"{share:.1%} of all, in {plural(len(result.clusters), 'cluster')}",
        ],
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
    reruns = int(result.matches.is_rerun.sum())
    noted = [
        (
            tally.no_body - tally.no_words,
            "article",
            (
                f"without a body, with under {MIN_BODY_WEIGHT // 2} words besides what the site "
                "repeats: such match only the very same page"
            ),
        ),
        (
            tally.no_words,
            "article",
            "without words: there is nothing to compare, so such match nothing",
        ),
        (
            tally.too_short,
            "article",
            (
                f"too short to judge (under {result.policy.min_words} words): such match only "
                "their identical twin"
            ),
        ),
        (
            reruns,
            "pair",
            (
                "published again by one site "
                f"{result.policy.rerun_days or 0:g} days later or more, reruns: not dropped "
                "(--rerun-days never drops them)"
            ),
        ),
        (
            tally.oversize_keys,
            "passage",
            (
                "in too many articles to compare all pairs: each of those was compared with its "
                "neighbours there"
            ),
        ),
        (
            tally.unlisted_pairs,
            "pair",
            "of word-for-word copies left out: each copy is listed with the first of its kind",
        ),
    ]
    notes = [(count, noun, rest) for count, noun, rest in noted if count]
    if not notes:
        return []
    from dedup.reports.words import plural

    return [f"{plural(count, noun)} {rest}" for count, noun, rest in notes]
