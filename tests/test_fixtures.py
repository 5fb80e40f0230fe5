"""The fixtures are what their README says."""

import csv
import json
from pathlib import Path

from dedup.formats import explain_input, read_articles
from dedup.match import Relation


def test_every_labelled_pair_is_of_articles_that_are_there(fixtures: Path) -> None:
    """And its relation is one of the words of the design."""
    ids = {article.id for article in read_articles([fixtures / "feeds", fixtures / "seeds"])}
    with (fixtures / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(ids) == 49
    assert {row[side] for row in rows for side in ("id_a", "id_b")} <= ids
    assert {row["relation"] for row in rows} <= set(Relation)
    assert all(row["why"] for row in rows)


def test_the_feeds_are_read_without_a_mapping(fixtures: Path) -> None:
    """Each uses the field names of another scraper, and each has a date and a source."""
    explanation = explain_input(fixtures / "feeds")
    for file in explanation.files:
        assert not file.invalid
        for target in ("id", "text", "title", "url", "published"):
            assert sum(file.origins[target].values()) == file.records, (file.path, target)
    assert all(article.source for article in read_articles(fixtures / "feeds"))
    assert len({tuple(map(str, file.origins.values())) for file in explanation.files}) == 7


def test_the_gold_of_the_seeds_is_about_their_text(fixtures: Path) -> None:
    """Every group begins as a sentence of its article does."""
    gold = json.loads((fixtures / "seeds" / "gold.json").read_text(encoding="utf-8"))
    for side in ("a", "b"):
        text = (fixtures / "seeds" / gold[side]).read_text(encoding="utf-8")
        for group in gold["groups"]:
            assert all(words in text for words in group[side])
