"""Two articles judged on their bodies."""

from datetime import UTC, datetime, timedelta

import pytest

from dedup.article import Article
from dedup.match import Relation, compare
from tests.stories import paragraphs, story

A, B = story(1), story(2)
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
FRAME = "Home\nNews\nSport\nSign in\nShare this\n\n{}\n\nRelated stories\n{}\nPrivacy policy"


def relation(a: str, b: str) -> Relation:
    return compare(Article("a", a), Article("b", b)).relation


def test_typography_is_no_difference() -> None:
    """Quotes, dashes, capitals, accents, white space, full-width digits, points in U.S."""
    plain = A + ' "It\'s the U.S. plan - 12 percent," said Rene.'
    other = A.upper() + " “It’s the US plan — １２%,”\u00a0said\nRené."
    assert relation(plain, other) is Relation.IDENTICAL


@pytest.mark.parametrize("language", ["en", "de", "es", "ja"])
def test_copies_of_every_kind(language: str) -> None:
    """An edited copy, an excerpt either way, another order, another story."""
    parts = paragraphs(3, language)
    whole = "\n\n".join(parts)
    cut = "\n\n".join(parts[: max(3, len(parts) // 2)])
    turned = "\n\n".join((*parts[1:], parts[0]))
    assert relation(whole, whole[: len(whole) // 2] + whole[len(whole) // 2 + 1 :]) is Relation.COPY
    assert relation(cut, whole) is Relation.EXCERPT
    assert relation(whole, cut) is Relation.EXPANSION
    assert relation(whole, turned) is Relation.COPY
    assert relation(whole, story(4, language)) is Relation.DISTINCT


def test_a_quoted_paragraph_is_an_overlap() -> None:
    """Two stories that share a passage are no duplicates."""
    quote = max(paragraphs(1), key=len)
    match = compare(Article("a", A), Article("b", f"{B}\n\n{quote}\n\n{story(5)}"))
    assert match.relation is Relation.OVERLAP
    assert not match.is_duplicate


def test_chrome_by_cues_counts_for_nothing() -> None:
    """Two pages of one site hold its frame alike; a page and the bare story are copies."""
    pages = [FRAME.format(text, "Ten walks that end well\nOur best soups") for text in (A, B)]
    assert relation(*pages) is Relation.DISTINCT
    assert relation(A, pages[0]) in (Relation.IDENTICAL, Relation.COPY)


def test_words_are_counted_in_the_first_article() -> None:
    """`shared_words` is of a; an unspaced character is half a word."""
    match = compare(Article("a", A), Article("b", A + "\n\n" + B))
    assert match.shared_words == match.evidence.weight_a / 2
    japanese = story(6, "ja")
    twin = compare(Article("a", japanese), Article("b", japanese))
    assert twin.shared_words < len(japanese)
    assert twin.containment_ab == twin.containment_ba == twin.resemblance == 1


@pytest.mark.parametrize(("a", "b"), [("", ""), ("", A), ("...", "..."), ("\ud800", "\ud800")])
def test_empty_texts_are_distinct(a: str, b: str) -> None:
    """No words, no match; no division by nothing."""
    match = compare(Article("a", a), Article("b", b))
    assert match.relation is Relation.DISTINCT
    assert (match.resemblance, match.containment_ab, match.strength) == (0, 0, 0)


def test_a_rerun_is_of_one_site_on_another_page() -> None:
    """Two sites, one page's versions and unknown dates are none."""

    def judged(later: float, **changed: str | None) -> bool:
        given = {"url": "https://www.example.org/1", "source": None, **changed}
        first = Article("1", A, url="https://example.org/0", published=NOON)
        second = Article("2", A, **given, published=NOON + timedelta(days=later))
        return compare(first, second).is_rerun

    assert judged(5)
    assert judged(-5)
    assert not judged(1)
    assert not judged(5, url="https://example.com/1")
    assert not judged(5, url="https://example.org/0")
    assert not judged(5, url=None)
    undated = compare(Article("1", A, source="s", published=NOON), Article("2", A, source="s"))
    assert not undated.is_rerun


def test_a_row_has_the_fixed_keys() -> None:
    """Of a pairs file."""
    row = compare(Article("1", A), Article("2", A + B)).as_row()
    assert list(row)[:7] == [
        "a", "b", "relation", "resemblance", "containment_ab", "containment_ba", "shared_words",
    ]  # fmt: skip
    assert row["relation"] == "excerpt"
    assert row["duplicate"] is True
