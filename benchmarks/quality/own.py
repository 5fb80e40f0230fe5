"""Corpora that come with the project: the fixtures and a generated one."""

import csv
import hashlib
from pathlib import Path

import orjson

from benchmarks.corpus import Piece, Settings, generate
from benchmarks.floors import Figure
from benchmarks.quality.families import family_figures
from benchmarks.quality.measure import (
    Run,
    by_language,
    label_share,
    pair_figures,
    sampled_errors,
)
from dedup.article import Article
from dedup.evaluate import GoldPairs, make_pair, score_pairs
from dedup.formats import read_articles
from dedup.match import DUPLICATES, Relation

__all__ = ["FIXTURES", "GENERATED", "digest_of", "fixture_figures", "generated_figures"]

FIXTURES = Path(__file__).parents[2] / "fixtures"
#: The generated corpus, and how its sample with few articles a site is made.
GENERATED = Settings(3000, seed=5)
SAMPLE_SHARE, SAMPLES = 0.12, 3


def digest_of(*files: Path) -> str:
    """Return a digest of files' contents: 16 hexadecimal digits."""
    state = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        state.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:16]


def fixture_figures() -> tuple[str, list[Figure]]:
    """Return the digest and the figures of ``fixtures/``."""
    folders = [FIXTURES / "feeds", FIXTURES / "seeds"]
    gold_file = FIXTURES / "pairs.csv"
    files = [*sorted(FIXTURES.glob("feeds/*")), *sorted(FIXTURES.glob("seeds/*.txt")), gold_file]
    run = Run(read_articles(folders))
    with gold_file.open(encoding="utf-8", newline="") as lines:
        rows = [(row["id_a"], row["id_b"], row["relation"]) for row in csv.DictReader(lines)]
    wrong = [row for row in rows if run.relation(row[0], row[1]) != row[2]]
    errors = [
        (a, b) for a, b, relation in rows
        if (make_pair(a, b) in run.matched) != (Relation(relation) in DUPLICATES)
    ]  # fmt: skip
    undated = [
        (a, b) for a, b, relation in rows
        if Relation(relation) not in DUPLICATES and make_pair(a, b) in run.matched_dates_aside
    ]  # fmt: skip
    return digest_of(*files), [
        Figure("fixtures", "pairs.csv: duplicates told wrong", len(errors)),
        Figure("fixtures", "pairs.csv: relations told wrong", len(wrong)),
        Figure("fixtures", "distinct pairs matched, dates aside", len(undated)),
        *_seed_figures(),
    ]


def _seed_figures() -> list[Figure]:
    run = Run(read_articles([FIXTURES / "seeds"]))
    ids = {article[:3]: article for article in run.result.members}
    match = run.matches.get(make_pair(ids["001"], ids["002"]))
    is_part = run.relation(ids["001"], ids["002"]) is Relation.EXCERPT
    others = [make_pair(ids["000"], ids[name]) in run.matched for name in ("001", "002")]
    contained = max(match.containment_ab, match.containment_ba) if match else 0.0
    return [
        Figure("seeds", "001 is an excerpt of 002", float(is_part)),
        Figure("seeds", "containment of 001 in 002", contained),
        Figure("seeds", "000 matched with either", sum(others)),
    ]


def generated_figures() -> tuple[str, list[Figure]]:
    """Return the digest and the figures of the generated corpus."""
    pieces = list(generate(GENERATED))
    state = hashlib.sha256(b"".join(orjson.dumps(piece.as_row()) for piece in pieces))
    articles = [_article(piece) for piece in pieces]
    run = Run(articles)
    gold = _gold(pieces)
    scores = score_pairs(run.matched, gold, unlisted_negative=False)
    undated = score_pairs(run.matched_dates_aside, gold)
    clusters = {piece.id: piece.cluster for piece in pieces}
    wrong = sum(clusters[a] != clusters[b] for a, b in run.matched)
    figures = [
        Figure("generated", "pairs: precision", 1 - wrong / max(1, len(run.matched))),
        Figure("generated", "pairs: recall", scores.recall),
        Figure("generated", "clusters: adjusted Rand", run.adjusted_rand(clusters)),
        Figure("generated", "template matched", label_share(scores, "template")),
        Figure("generated", "template matched, dates aside", label_share(undated, "template")),
        Figure("generated", "overlap matched", label_share(scores, "overlap")),
        *_by_kind(pieces, run),
        *by_language("generated", "pairs", run.matched & gold.keys(), gold,
                     {piece.id: piece.language for piece in pieces}, unlisted_negative=False),
        *family_figures("generated", articles, run),
        *_few_articles(pieces, articles),
    ]  # fmt: skip
    return state.hexdigest()[:16], figures


def _by_kind(pieces: list[Piece], run: Run) -> list[Figure]:
    counts: dict[str, list[bool]] = {}
    for piece in pieces:
        if piece.pair is not None and piece.pair[1] in ("copy", "abridged"):
            hit = make_pair(piece.pair[0], piece.id) in run.matched
            counts.setdefault(piece.kind, []).append(hit)
    return [
        Figure("generated", f"recall of {kind}", sum(hits) / len(hits))
        for kind, hits in sorted(counts.items())
    ]


def _few_articles(pieces: list[Piece], articles: list[Article]) -> list[Figure]:
    """Sites with so few articles that chrome is told by cues."""
    members: dict[str, list[str]] = {}
    for piece in pieces:
        members.setdefault(piece.cluster, []).append(piece.id)
    gold: GoldPairs = {
        make_pair(a, b): "copy" for ids in members.values() for a in ids for b in ids if a < b
    }
    direct = {pair for pair, label in _gold(pieces).items() if label in ("copy", "abridged")}
    # Two abridgements may have nothing in common: only direct pairs are asked for.
    gold = {pair: "copy" if pair in direct else "partial" for pair in gold}
    scores = sampled_errors(articles, gold, direct, SAMPLE_SHARE, SAMPLES)
    return pair_figures("generated, few articles a site", "pairs", scores)


def _gold(pieces: list[Piece]) -> GoldPairs:
    ids = {piece.id for piece in pieces}
    return {
        make_pair(piece.pair[0], piece.id): piece.pair[1]
        for piece in pieces
        if piece.pair is not None and piece.pair[0] in ids
    }


def _article(piece: Piece) -> Article:
    return Article(
        piece.id,
        piece.text,
        title=piece.title,
        url=piece.url,
        source=piece.source,
        published=piece.published,
    )
