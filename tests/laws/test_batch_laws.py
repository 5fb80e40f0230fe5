"""The laws of design.md that a batch run holds: 1, 2, 3, 4, 6 and 7."""

import json
import os
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from benchmarks.corpus import Settings, generate
from dedup.article import Article
from dedup.batch import Deduplication, deduplicate
from dedup.boilerplate.learned import Boilerplate
from dedup.detector import explain
from dedup.formats import read_articles
from dedup.index.keys import Family
from dedup.match import Match, Policy, Relation, body_of, compare, days_apart, judge_pair, measure
from dedup.text import tokenize

FIXTURES = Path(__file__).parents[2] / "fixtures"


@cache
def articles() -> tuple[Article, ...]:
    """Return the fixtures and a generated corpus: few sites, so that chrome is learned."""
    written = read_articles([FIXTURES / "feeds", FIXTURES / "seeds"])
    pieces = generate(Settings(160, seed=4, sites=9))
    return (*written, *(
        Article(p.id, p.text, title=p.title, url=p.url, source=p.source, published=p.published)
        for p in pieces
    ))  # fmt: skip


@cache
def result() -> Deduplication:
    """Return the batch result on them."""
    return deduplicate(articles())


def rows(found: Deduplication) -> list[object]:
    """Return all that a run says, in its order."""
    return [
        [match.as_row() for match in found.matches],
        [cluster.as_row() for cluster in found.clusters],
        found.boilerplate.digest,
        found.tally,
    ]


def test_there_is_something_to_find() -> None:
    """The laws below are about every relation, learned chrome and chrome by cues."""
    assert {match.relation for match in result().matches} == set(Relation) - {Relation.DISTINCT}
    assert any(not site.needs_cues for site in result().boilerplate.sites.values())
    assert any(result().boilerplate.of(article.site).needs_cues for article in articles())
    assert result().tally.no_body > 0
    assert result().tally.too_short > 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    """Law 1: clusters, representatives, matches and boilerplate are the same, in the same order."""
    shuffled = list(articles())
    Random(seed).shuffle(shuffled)
    assert rows(deduplicate(shuffled)) == rows(result())


def test_the_hash_seed_does_not_matter() -> None:
    """Law 1: two processes with other hash seeds say the same, byte for byte."""
    program = (
        "import json; from tests.laws.test_batch_laws import result, rows;"
        "print(json.dumps(rows(result()), default=str))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=FIXTURES.parent,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "4242")
    }
    assert said == {(json.dumps(rows(result()), default=str) + "\n").encode()}


@cache
def brute_force() -> dict[tuple[str, str], Match]:
    """Return every pair that is more than distinct, by the plain reference."""
    known = result().boilerplate
    bodies = {a.id: body_of(a, tokenize(a.text), known) for a in articles()}
    found = {}
    for a, b in combinations(sorted(articles(), key=lambda article: article.id), 2):
        evidence = measure(bodies[a.id], bodies[b.id])
        match = judge_pair(a.id, b.id, evidence, Policy(), days_apart(a, b))
        if match.relation is not Relation.DISTINCT:
            found[a.id, b.id] = match
    return found


def test_batch_is_brute_force() -> None:
    """Laws 2 and 3: what a run reports is exact, and it misses no duplicate of all pairs."""
    found = {(match.a, match.b): match for match in result().matches}
    for pair, match in found.items():
        assert brute_force()[pair] == match
    missed = {pair: brute_force()[pair] for pair in brute_force().keys() - found.keys()}
    assert not [pair for pair, match in missed.items() if match.is_duplicate]


def test_what_batch_misses_shares_no_key() -> None:
    """Law 7: a pair is left out for one reason only, and `explain` says it."""
    by_id = {article.id: article for article in articles()}
    found = {(match.a, match.b) for match in result().matches}
    for a, b in brute_force().keys() - found:
        said = explain(by_id[a], by_id[b], boilerplate=result().boilerplate)
        assert said.found_by == ()
    for a, b in sorted(found)[::20]:
        said = explain(by_id[a], by_id[b], boilerplate=result().boilerplate)
        assert said.found_by != ()
        assert (Family.EXACT in said.found_by) == (said.match.relation is Relation.IDENTICAL)


def test_compare_says_what_batch_says() -> None:
    """Law 2: the plain path without numba, given the same boilerplate; mirrored for b and a."""
    by_id = {article.id: article for article in articles()}
    known = result().boilerplate
    for match in result().matches[::7]:
        a, b = by_id[match.a], by_id[match.b]
        assert compare(a, b, boilerplate=known) == match
        mirrored = compare(b, a, boilerplate=known)
        assert mirrored.relation is match.relation.reverse
        assert mirrored.evidence == match.evidence.reversed()
        assert mirrored.is_duplicate == match.is_duplicate
        assert mirrored.containment_ab == match.containment_ba


def test_boilerplate_learned_elsewhere_gives_the_same_matches() -> None:
    """Law 3: a pair's verdict depends on the pair and the boilerplate, not on the rest."""
    known = result().boilerplate
    assert deduplicate(articles(), boilerplate=known).matches == result().matches
    half = articles()[::2]
    ids = {article.id for article in half}
    wanted = [match for match in result().matches if {match.a, match.b} <= ids]
    assert list(deduplicate(half, boilerplate=known).matches) == wanted


def test_sites_that_the_boilerplate_does_not_know_are_read_by_cues() -> None:
    """However many articles they have (a run once knew the cues of the first eight only)."""
    found = deduplicate(articles(), boilerplate=Boilerplate())
    by_id = {article.id: article for article in articles()}
    assert found.boilerplate.sites == {}
    for match in found.matches[::25]:
        assert compare(by_id[match.a], by_id[match.b]) == match


def test_every_cluster_keeps_one_and_nothing_is_dropped_unexplained() -> None:
    """Law 6: representatives and singletons are kept; a dropped one hangs on matches."""
    found = result()
    ids = [article.id for article in articles()]
    clustered = [one for cluster in found.clusters for one in cluster.members]
    assert len(clustered) == len(set(clustered))
    assert sorted([*found.kept, *found.dropped]) == sorted(ids)
    linked = {one for match in found.duplicates for one in (match.a, match.b)}
    assert set(found.dropped) <= linked == set(clustered)
    for cluster in found.clusters:
        assert cluster.representative in found.kept
        assert cluster.members[0] == cluster.representative
        assert sum(one in found.dropped for one in cluster.members) == len(cluster.members) - 1
        assert cluster.weakest.is_duplicate
        assert {cluster.weakest.a, cluster.weakest.b} <= set(cluster.members)
