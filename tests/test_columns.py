"""Columns of articles: what went in comes out, whole and in parts."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.columns import ArticleColumns

TEXTS = st.text(st.characters(codec=None), max_size=5)  # lone surrogates too
ARTICLES = st.builds(
    Article,
    TEXTS,
    TEXTS,
    st.none() | TEXTS,
    st.sampled_from((None, "https://a.example/1", "http://b.example", "c")),
    st.sampled_from((None, "Wire", "")),
    st.sampled_from(
        (
            None,
            datetime(2026, 8, 22, tzinfo=UTC),
            datetime(1960, 1, 1, 5, tzinfo=timezone(timedelta(hours=-5))),
        )
    ),
    st.sampled_from(({}, {"blocks": [[0, 4, "heading"]]})),
)


def rows_of(columns: ArticleColumns) -> list[tuple[object, ...]]:
    return list(zip(*(getattr(columns, name) for name in columns.__slots__), strict=True))


@given(st.lists(ARTICLES, min_size=1), st.data())
def test_columns_hold_what_their_articles_do(articles: list[Article], data: st.DataObject) -> None:
    """Each by itself, in parts, and in parts that were joined."""
    columns = ArticleColumns.of(articles)
    wanted = [
        (a.id, a.text, a.title, a.url, a.source, a.site, a.published, a.extra.get("blocks"))
        for a in articles
    ]
    assert rows_of(columns) == wanted
    cut = data.draw(st.integers(0, len(articles)))
    parts = [columns.part(0, cut), columns.part(cut, len(articles))]
    assert [row for part in parts for row in rows_of(part)] == wanted
    assert rows_of(ArticleColumns.joined([*parts, parts[0]])) == wanted + wanted[:cut]
    one = data.draw(st.integers(0, len(articles) - 1))
    assert [getattr(columns, name)[one] for name in columns.__slots__] == list(wanted[one])
    zones = [moment and moment.utcoffset() for moment in columns.published]
    assert zones == [article.published and article.published.utcoffset() for article in articles]
