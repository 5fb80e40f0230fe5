"""Who copied whom, counted: against the obvious way of counting it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, Deduplication, deduplicate
from dedup.match import Evidence, Match, Matches, Policy, Relation
from dedup.reports.days import drawn_days
from dedup.reports.figures import figures_of, sparkline, sparks
from dedup.reports.flow import quartiles
from dedup.reports.forest import MEASURES, bins, spanning_links
from dedup.reports.review import LABELS, review_queue
from dedup.reports.survey import Day, survey, turned
from dedup.reports.words import duration, live_url, quoted, unquoted

START = datetime(2026, 8, 1, 8, tzinfo=UTC)
STORY = "The ferry to {0} island will run hourly from June, said clerk {0} of the harbour office. "


def story(name: str) -> str:
    return " ".join(STORY.format(f"{name}{n}") for n in range(12))


@pytest.fixture(scope="module")
def result() -> Deduplication:
    rows = [
        ("a1", "alpha", "Wire", 0), ("a2", "alpha", "Post", 30), ("a3", "alpha", "Echo", 90),
        ("b1", "beta", "Wire", 5), ("b2", "beta", "Post", 15), ("c1", "gamma", "Post", 0),
        ("d1", "delta", "Echo", None), ("d2", "delta", "Post", None),
    ]  # fmt: skip
    return deduplicate(
        Article(
            one, story(text), title=one, source=source,
            published=None if minutes is None else START + timedelta(minutes=minutes),
        )
        for one, text, source, minutes in rows
    )  # fmt: skip


def test_flows_count_copies_from_first_to_later_outlets(result: Deduplication) -> None:
    """With the minutes between, where both are dated."""
    flows = {(f.origin, f.carrier): (f.copies, f.lags) for f in survey(result).flows}
    assert flows == {
        ("Wire", "Post"): (2, (10.0, 30.0)),
        ("Wire", "Echo"): (1, (90.0,)),
        ("Echo", "Post"): (1, ()),
    }


def test_sources_and_days_add_up_to_the_run(result: Deduplication) -> None:
    """Every article is in one source, and in one day or undated."""
    seen = survey(result)
    assert sum(row.articles for row in seen.sources) == len(result.members)
    assert sum(row.copies for row in seen.sources) == len(result.dropped)
    assert sum(day.articles for day in seen.days) + seen.undated == len(result.members)
    assert seen.undated == 2


def test_a_copy_knows_its_pair_with_the_kept_article(result: Deduplication) -> None:
    """Seen from the kept one, whichever id is smaller."""
    for view in survey(result).clusters:
        for copy in view.copies:
            assert copy.match is not None
            assert (copy.match.a, copy.match.b) == (view.kept.article.id, copy.article.id)


def test_a_member_of_a_chain_is_shown_with_its_nearest(result: Deduplication) -> None:
    """Where the kept article and it are no pair."""
    kept = tuple(m for m in result.matches if {m.a, m.b} != {"a1", "a3"})
    chained = replace(result, matches=Matches.of(kept, result.policy))
    view = next(v for v in survey(chained).clusters if v.cluster.id == "a1")
    far = next(copy for copy in view.copies if copy.article.id == "a3")
    assert far.match is None
    assert far.via is not None
    assert (far.via.a, far.via.b) == ("a2", "a3")


def test_turning_a_pair_twice_gives_it_back(result: Deduplication) -> None:
    """And an excerpt turned is an expansion."""
    for match in result.matches:
        assert turned(turned(match, match.b), match.a) == match
        assert turned(match, match.b).relation is match.relation.reverse


links = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 20)), max_size=40
).map(lambda rows: [(a, b, n) for a, b, n in rows if a < b])


def _match(a: int, b: int, twentieths: int) -> Match:
    evidence = Evidence(
        is_equal=False, weight_a=40, weight_b=40, shared_a=2 * twentieths, shared_b=0,
        passages_a=0, passages_b=0, longest=0, shingles_a=20, shingles_b=20,
        shared_shingles=twentieths, numbers_a=0, numbers_b=0, shared_numbers=0,
    )  # fmt: skip
    return Match(str(a), str(b), Relation.COPY, evidence, is_duplicate=True)


def _components(pairs: list[tuple[str, str]]) -> set[frozenset[str]]:
    groups = {one: {one} for pair in pairs for one in pair}
    for a, b in pairs:
        if groups[a] is not groups[b]:
            groups[a] |= groups[b]
            for one in groups[b]:
                groups[one] = groups[a]
    return {frozenset(group) for group in groups.values()}


@given(links, st.sampled_from(sorted(MEASURES)))
def test_the_forest_connects_what_all_pairs_connect(
    rows: list[tuple[int, int, int]], name: str
) -> None:
    """At every threshold of a hundredth, with fewer links than articles."""
    matches = Matches.of([_match(*row) for row in rows], Policy())
    numbers = {str(n): n for n in range(10)}
    forest = spanning_links(matches, numbers, MEASURES[name])
    assert len(forest.share) < 10
    assert forest.share == sorted(forest.share, reverse=True)
    shares = MEASURES[name](matches).tolist()
    for hundredths in range(101):
        whole = [
            (m.a, m.b) for m, its in zip(matches, shares, strict=True) if its >= hundredths / 100
        ]
        part = [
            (str(a), str(b)) for a, b, share in zip(*forest, strict=True)
            if share >= hundredths * 100
        ]  # fmt: skip
        assert _components(whole) == _components(part)


@given(links)
def test_bins_count_every_pair_once(rows: list[tuple[int, int, int]]) -> None:
    """Below a hundredth are as many as a policy with that threshold leaves out."""
    matches = Matches.of([_match(*row) for row in rows], Policy())
    measure = MEASURES["resemblance"]
    narrow = [one.total for one in bins(matches, measure, width=1)]
    assert sum(narrow) == len(matches) == sum(one.total for one in bins(matches, measure))
    for hundredths in range(101):
        lost = int((measure(matches) < hundredths / 100).sum())
        assert sum(narrow[:hundredths]) == lost


def test_the_queue_takes_turns_from_both_sides(result: Deduplication) -> None:
    """Weakest duplicates and pairs that are none; each pair once; as many as asked for."""
    strict = result.at(Policy(resemblance=1.0))
    queue = review_queue(strict, 3)
    assert len(queue) <= 3
    assert len({(m.a, m.b) for m in queue}) == len(queue)
    assert all(match.relation is not Relation.IDENTICAL for match in queue if match.is_duplicate)
    assert len({label.key for label in LABELS}) == len({label.name for label in LABELS}) == 8


def test_labels_mean_what_evaluation_takes_them_for() -> None:
    """A duplicate here is a positive there; "cannot tell" is left out."""
    from dedup.evaluate import IGNORED_LABELS, POSITIVE_LABELS

    for label in LABELS:
        assert (label.name in POSITIVE_LABELS) == (label.is_duplicate is True)
        assert (label.name in IGNORED_LABELS) == (label.is_duplicate is None)


def test_drawn_days_have_no_gaps_and_lose_no_article() -> None:
    """Days in a row; what is not drawn is counted."""
    first = START.date()
    days = [Day(first - timedelta(400), 2, 1), *(Day(first + timedelta(2 * n), 100, 5)
            for n in range(5)), Day(first + timedelta(300), 1, 0)]  # fmt: skip
    drawn = drawn_days(days)
    assert (drawn.unit, len(drawn.days), drawn.before, drawn.after) == ("day", 9, 2, 1)
    assert sum(day.articles for day in drawn.days) == 500
    weeks = drawn_days([Day(first + timedelta(n), 10, 1) for n in range(200)])
    assert weeks.unit == "week"
    assert sum(day.articles for day in weeks.days) + weeks.before + weeks.after == 2000
    months = drawn_days([Day(first + timedelta(30 * n), 10, 1) for n in range(60)])
    assert months.unit == "month"
    assert drawn_days([]).days == []


def test_figures_are_the_surveys(result: Deduplication) -> None:
    """Quartiles of one lag are that lag; sparklines have a block for each bin."""
    seen = survey(result)
    figures = figures_of(seen)
    assert sum(copies for _, _, copies in figures["sources"]) == len(result.dropped)
    assert quartiles(seen.flows[0]) == (15.0, 20.0, 25.0)
    assert [name for name, _ in sparks(result)] == ["coverage of pairs, 0 to 100 %"]
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "


def test_the_line_of_days_has_no_gaps_and_no_stragglers() -> None:
    """As the page draws them: two days apart are three blocks, an article long before none."""
    text = story("alpha")
    feed = [
        Article(f"{n}", text, source=f"s{n}", published=START + timedelta(2 * (n % 2)))
        for n in range(100)
    ]
    feed.append(Article("old", story("beta"), published=START - timedelta(365)))
    (_, (name, line)) = sparks(deduplicate(feed))
    first, last = (START + timedelta(n) for n in (0, 2))
    assert name == f"copies by day, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    assert (len(line), line[1]) == (3, " ")


def test_only_http_links_live() -> None:
    """Whatever else an article calls its URL stays text."""
    for url in ("https://a.example/x", "http://a.example"):
        assert live_url(url) == url
    for url in (
        "javascript:alert(1)", "javascript://a.example/%0aalert(1)", " javascript:x", "data:,x",
        "//a.example", "https://", "", None, "http://[", "file:///etc/passwd", "HTTPS",
    ):  # fmt: skip
        assert live_url(url) is None


@given(st.text())
def test_any_id_survives_a_permalink(identity: str) -> None:
    """As ASCII that a fragment, a path and an attribute leave as it is."""
    route = quoted(identity)
    assert route.isascii()
    assert not set(route) & set(' "<>`#/?%\\') - {"%"}
    assert unquoted(route) == identity


def test_durations_are_rounded_before_they_are_split() -> None:
    """59.7 minutes are an hour, not 60 minutes; earlier is said."""
    assert duration(59.7) == "1 h"
    assert duration(1439.9) == "1 d"
    assert duration(-90) == "−1 h 30 min"
    assert duration(-0.2) == "0 min"
