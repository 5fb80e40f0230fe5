"""The generated corpus is what its gold says, the same every time, from any source."""

import csv
import json
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from benchmarks.corpus import Piece, Settings, generate
from benchmarks.corpus.copies import abridge, edit, reorder
from benchmarks.corpus.story import Story, parts_of
from dedup.text import tokenize
from tests.stories import paragraphs, story

SETTINGS = Settings(1200, seed=2)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return list(generate(SETTINGS))


def test_there_is_every_kind(pieces: list[Piece]) -> None:
    """Of copies, wrapped and bare, in every language; as many articles as asked for."""
    assert len(pieces) == SETTINGS.articles
    kinds = Counter(piece.kind for piece in pieces)
    for kind in ("original", "exact", "edited", "abridged", "reordered"):
        assert kinds[kind] > 5
        assert kinds[f"{kind}+wrapped"] > 20
    assert kinds["form+wrapped"] > 5
    assert kinds["no_body"] > 1
    assert {piece.language for piece in pieces} == {"en", "de", "es", "ja"}
    assert len({piece.source for piece in pieces}) > 35
    labels = Counter(piece.pair[1] for piece in pieces if piece.pair)
    assert set(labels) == {"copy", "abridged", "template", "overlap"}


def test_ids_and_clusters_are_consistent(pieces: list[Piece]) -> None:
    """A copy is in its original's cluster, a template or a quote is not."""
    by_id = {piece.id: piece for piece in pieces}
    assert len(by_id) == len(pieces)
    for piece in pieces:
        if piece.pair and piece.pair[0] in by_id:
            is_same = by_id[piece.pair[0]].cluster == piece.cluster
            assert is_same == (piece.pair[1] in ("copy", "abridged"))


def test_a_seed_says_all(pieces: list[Piece]) -> None:
    """The same seed, the same bytes; another seed, other stories."""
    assert list(generate(SETTINGS)) == pieces
    other = {piece.title for piece in generate(Settings(300, seed=3))}
    assert len(other & {piece.title for piece in pieces}) < 5


def test_wrapped_pages_hold_their_body(pieces: list[Piece]) -> None:
    """Every paragraph of an exact copy stands in the page, between other things."""
    by_id = {piece.id: piece for piece in pieces}
    checked = 0
    for piece in pieces:
        if piece.kind == "exact+wrapped" and piece.pair[0] in by_id:
            original = by_id[piece.pair[0]]
            if original.kind == "original":
                checked += 1
                assert all(part in piece.text for part in original.text.split("\n\n"))
                assert len(piece.text) > len(original.text) + 50
    assert checked > 20


def test_copies_are_what_their_kind_says() -> None:
    """An abridged copy holds a part, a reordered one the same in another order."""
    story = Story("Title", paragraphs(9), "\n\n", "en")
    for seed in range(20):
        cut = abridge(story, Random(seed))
        assert set(cut.parts) < set(story.parts)
        assert 0.3 < len(cut.text) / len(story.text) < 0.95
        turned = reorder(story, Random(seed))
        assert sorted(turned.parts) == sorted(story.parts)
        assert turned.parts[0] != story.parts[0]
        edited = edit(story, Random(seed))
        before, after = tokenize(story.text).words, tokenize(edited.text).words
        assert before != after
        assert 0.9 < len(after) / len(before) < 1.1


def test_texts_are_cut_by_sentences_where_paragraphs_are_few() -> None:
    """And joined again as they were written."""
    assert parts_of("One. Two? Three!", "en") == (("One.", "Two?", "Three!"), " ")
    assert parts_of("一。二。", "ja") == (("一。", "二。"), "")
    assert parts_of("a\nb\n\nc\nd", "en") == (("a", "b", "c", "d"), "\n\n")


def test_any_feed_is_a_source_many_times_over(tmp_path: Path) -> None:
    """Told again, a story shares no passage with what it was or will be."""
    feed = tmp_path / "feed.jsonl"
    rows = [{"guid": str(i), "headline": f"Title {i}", "body": story(i)} for i in range(20)]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pieces = list(generate(Settings(400, seed=1), [feed]))
    originals = [p.text for p in pieces if p.kind == "original" and not p.pair]
    assert len(originals) > 60
    assert len(set(originals) & {row["body"] for row in rows}) > 5
    passages: Counter[tuple[str, ...]] = Counter()
    for text in originals:
        words = tokenize(text).words
        passages.update({tuple(words[i : i + 16]) for i in range(len(words) - 15)})
    assert max(passages.values()) == 1


def test_memory_is_bounded_by_the_window() -> None:
    """A corpus of a thousand million articles starts at once."""
    assert len(list(islice(generate(Settings(10**9, window=10)), 50))) == 50


def test_an_empty_source_is_said(tmp_path: Path) -> None:
    """Not waited for."""
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": "1", "text": "Short."}\n')
    with pytest.raises(ValueError, match="no article"):
        list(generate(Settings(5), [feed]))


def test_the_command_writes_articles_and_gold(tmp_path: Path) -> None:
    """JSON Lines, and CSVs that `dedup evaluate` reads."""
    gold, pairs = tmp_path / "gold.csv", tmp_path / "pairs.csv"
    command = [sys.executable, "-m", "benchmarks.corpus", "--articles", "150", "--seed", "4",
               "--gold", str(gold), "--gold-pairs", str(pairs)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 150
    assert set(rows[0]) == {"id", "title", "text", "url", "source", "published", "language"}
    with gold.open(encoding="utf-8", newline="") as lines:
        assert {row["id"] for row in csv.DictReader(lines)} == {row["id"] for row in rows}
    with pairs.open(encoding="utf-8", newline="") as lines:
        assert {row["label"] for row in csv.DictReader(lines)} >= {"copy", "abridged"}
