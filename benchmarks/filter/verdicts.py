"""Compare a gate's verdicts with a batch run over the same articles, in its order.

    python -m benchmarks.filter.verdicts articles.jsonl.gz --after 500

Given the boilerplate that the run learned, every match is the run's. Without it the
gate learns as articles pass: verdicts that differ are listed, and counted after the
first articles. Most that differ are overlaps: a box that stood in one or two articles
so far is no boilerplate yet.
"""

import argparse
import json
import sys
from pathlib import Path

from dedup import Article, Match, deduplicate, read_articles
from dedup.index import Settings, create_index
from dedup.stream import DuplicateFilter, Verdict
from dedup.stream.given import give_boilerplate

_MOST_SHARE = 0.01


def row_of(match: Match) -> tuple[str, str, str]:
    """Return a match as a batch writes it."""
    if match.a < match.b:
        return match.a, match.b, str(match.relation)
    return match.b, match.a, str(match.relation.reverse)


def admit(articles: list[Article], learned: object = None) -> list[Verdict]:
    """Admit all articles in order, into a new index in memory."""
    with create_index("memory:", Settings(learns=learned is None)) as index:
        if learned is not None:
            give_boilerplate(index, learned)  # type: ignore[arg-type]  # boilerplate
        return DuplicateFilter(index).admit_many(articles)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("feed", type=Path)
    parser.add_argument("--after", type=int, default=500, help="articles that may differ")
    parser.add_argument("--list", action="store_true", help="print every difference")
    options = parser.parse_args()
    articles = list(read_articles(options.feed))
    result = deduplicate(articles)
    given = admit(articles, result.boilerplate)
    found = sorted(row_of(match) for verdict in given for match in verdict.matches)
    wanted = sorted(row_of(match) for match in result.matches)
    learning = admit(articles)
    differing = [
        (place, a, b)
        for place, (a, b) in enumerate(zip(given, learning, strict=True))
        if (a.is_new, a.relation) != (b.is_new, b.relation)
    ]
    late = [one for one in differing if one[0] >= options.after]
    if options.list:
        for place, a, b in differing:
            print(json.dumps({"place": place, "id": a.id, "given": a.why, "learning": b.why}))
    after = max(len(articles) - options.after, 1)
    gate_differs = sum(a.is_new != b.is_new for _, a, b in late)
    print(
        json.dumps(
            {
                "articles": len(articles),
                "matches": len(wanted),
                "same_as_batch": found == wanted,
                "relation_differs": len(differing),
                "relation_differs_after": len(late),
                "passed_or_not_differs_after": gate_differs,
                "share_passed_or_not": round(gate_differs / after, 4),
                "share_relation": round(len(late) / after, 4),
            }
        )
    )
    sys.exit(found != wanted or gate_differs / after >= _MOST_SHARE)


if __name__ == "__main__":
    main()
