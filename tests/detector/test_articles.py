"""Articles kept as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.columns import ArticleColumns, Each, Look
from dedup.detector.articles import UNDATED, KeptArticles
from dedup.detector.corpus import CHUNK_ARTICLES, collect

TEXTS = st.none() | st.text(st.characters(), max_size=5)  # lone surrogates too
ZONES = st.sampled_from((UTC, timezone(timedelta(hours=5, minutes=30)), ZoneInfo("Europe/Rome")))
MOMENTS = st.none() | st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - the zone is drawn
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=ZONES,
    allow_imaginary=False,
)
ARTICLES = st.lists(
    st.builds(Article, st.text(), st.just(""), TEXTS, TEXTS, TEXTS, MOMENTS), max_size=6
)


def kept(*parts: list[Article]) -> KeptArticles:
    found = KeptArticles()
    for part in parts:
        columns = ArticleColumns.of(part)
        found.extend(columns)
    return found


def shown(articles: Sequence[Article]) -> list[tuple[Article, str | None]]:
    """Return each without its date, and that in full: in two zones no such hour equals another."""
    return [
        (replace(one, published=None), one.published and one.published.isoformat())
        for one in articles
    ]


@given(ARTICLES, ARTICLES)
def test_articles_come_back_as_they_were(some: list[Article], more: list[Article]) -> None:
    """None stays none, an hour that a clock shows twice is the same one, a zone its own."""
    found, articles = kept(some, more), [*some, *more]
    assert shown(found) == shown(articles)
    assert shown(found[-2:]) == shown(articles[-2:])
    assert list(found.sites) == [article.site for article in articles]
    assert found.sites[1:] == [article.site for article in articles[1:]]
    assert [found.sites.known[code] for code in found.sites.codes] == list(found.sites)


def test_moments_are_microseconds() -> None:
    """So that days apart are exact."""
    first = datetime(2026, 8, 1, tzinfo=UTC)
    dates = (first, None, first + timedelta(microseconds=1))
    found = kept([Article(str(n), "", published=date) for n, date in enumerate(dates)])
    one, none, other = found.moments.tolist()
    assert (none, other - one) == (UNDATED, 1)


def test_articles_and_their_columns_make_the_same_corpus() -> None:
    """Few at a time, or more than are hashed at once."""

    class InParts(list[Article]):
        def columns(
            self, each: Each | None = None, look: Look | None = None
        ) -> Iterator[ArticleColumns]:
            del each
            assert look
            for at in range(0, len(self), 100):
                part = ArticleColumns.of(self[at : at + 100])
                is_looked_at = at % 300 == 200
                yield replace(part, texts=look(part.texts)) if is_looked_at else part

    articles = [
        Article(str(n), f"Rain fell on {n} roofs. " * (n % 5), url=f"http://{n % 7}.example/{n}")
        for n in range(CHUNK_ARTICLES + 500)
    ]
    one, other = collect(articles), collect(InParts(articles))
    assert list(one.articles) == list(other.articles)
    assert one.batch.tokens.tolist() == other.batch.tokens.tolist()
    assert one.cues.keys() == other.cues.keys()
    one.tokens.close()
    other.tokens.close()
