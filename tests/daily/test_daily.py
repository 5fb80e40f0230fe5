"""What a day's run beside an archive promises, held against one run over everything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from dedup import Article, Match, Policy, Relation, deduplicate
from dedup.boilerplate.learned import Boilerplate
from dedup.daily import Continuation, deduplicate_against, shown
from dedup.errors import ArgumentError
from dedup.index import Index, Settings, create_index
from dedup.reports.survey import survey
from dedup.stream import DuplicateFilter
from dedup.stream.filling import fill_index
from dedup.stream.given import give_boilerplate
from tests.stories import paragraphs, story

Day = Sequence[Article]
CHROME = "Subscribe to our newsletter for the best of the week, every week, for free, by mail."


def days() -> list[list[Article]]:
    """Return three days of stories that go on: reprints, excerpts, expansions, chrome."""
    draw, names = Random(7), iter(range(1000))
    found: list[list[Article]] = [[], [], []]
    for seed in range(30):
        parts = paragraphs(seed)
        for at in sorted(draw.choices(range(3), k=1 + seed % 4)):
            text = "\n\n".join(draw.choice((parts, parts[: len(parts) // 2 + 1], parts[1:])))
            site = draw.choice(("north", "south", "west", None))
            if site is not None:
                text = f"{text}\n\n{CHROME}"
            name = f"{draw.randrange(10**6):06}-{next(names)}"  # no order of time
            found[at].append(Article(name, text, source=site))
    return found


@pytest.fixture(params=["memory", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new index may be made."""
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/seen.db"


def run(
    index: Index, parts: Sequence[Day], *, linkage: str = "components", policy: Policy | None = None
) -> list[Continuation]:
    """Run each day against the days before."""
    found = []
    for number, day in enumerate(parts):
        found.append(deduplicate_against(day, index, linkage=linkage, policy=policy))
        DuplicateFilter(index, added=number).admit_many(day)
    return found


def run_given(
    url: str, parts: Sequence[Day], boilerplate: Boilerplate, linkage: str = "components"
) -> list[Continuation]:
    """Run each day with boilerplate that the archive was given."""
    with create_index(url, Settings(learns=False)) as index:
        give_boilerplate(index, boilerplate)
        return run(index, parts, linkage=linkage)


def pairs_of(matches: Sequence[Match]) -> list[dict[str, object]]:
    return [match.as_row() for match in matches]


@pytest.mark.parametrize("linkage", ["components", "representative"])
def test_the_days_together_find_what_one_run_finds(url: str, linkage: str) -> None:
    """Pairs are those of one run over all, and so are the clusters that a day's article is in."""
    parts = days()
    everything = [article for day in parts for article in day]
    whole = deduplicate(everything, linkage=linkage)
    found = run_given(url, parts, whole.boilerplate, linkage)
    pairs = [row for one in found for row in pairs_of(one.matches)]
    assert sorted(pairs, key=lambda row: (row["a"], row["b"])) == pairs_of(whole.matches)
    if linkage == "components":
        last = {article.id for article in parts[-1]}
        assert {frozenset(one.members) for one in found[-1].clusters} == {
            frozenset(one.members) for one in whole.clusters if last.intersection(one.members)
        }
        assert sum(len(one.archived) > 1 for one in found[-1].clusters) > 2


def test_an_empty_archive_changes_nothing(url: str) -> None:
    """The first day is a batch: clusters with their ids, pairs, boilerplate, what is kept."""
    first = days()[0]
    whole = deduplicate(first)
    with create_index(url) as index:
        found = deduplicate_against(first, index)
    assert [one.as_row() | {"archived": [], "merged": []} for one in whole.clusters] == [
        one.as_row() for one in found.clusters
    ]
    assert (found.matches, found.kept) == (whole.matches, whole.kept)
    assert found.boilerplate.digest == whole.boilerplate.digest


def test_a_cluster_keeps_its_id(url: str) -> None:
    """What a day calls a cluster every later day calls it, unless it says it was merged."""
    parts = days()
    boilerplate = deduplicate(article for day in parts for article in day).boilerplate
    named: dict[str, str] = {}
    again = 0
    for result in run_given(url, parts, boilerplate):
        for cluster in result.clusters:
            before = {named[one] for one in cluster.members if one in named}
            again += len(before)
            assert before <= {cluster.id, *cluster.merged}
            named |= dict.fromkeys(cluster.members, cluster.id)
    assert again > 5


def test_the_order_of_a_day_does_not_matter(url: str) -> None:
    """Neither for that day nor for those after it."""
    parts = days()
    whole = deduplicate(article for day in parts for article in day)
    turned = [list(reversed(day)) for day in parts]
    one = run_given(url, parts, whole.boilerplate)
    other = run_given("memory:", turned, whole.boilerplate)
    for result, again in zip(one, other, strict=True):
        # Which of a day's copies the archive accepted is up to the order in which they came.
        assert [(x.id, {*x.members}, x.archived, x.merged, x.weakest) for x in result.clusters] == [
            (x.id, {*x.members}, x.archived, x.merged, x.weakest) for x in again.clusters
        ]
        assert result.matches == again.matches


def test_what_is_in_the_archive_is_kept_and_its_copies_dropped(url: str) -> None:
    """The accepted article there represents its cluster, whatever --keep would say."""
    text = story(1)
    longer = f"{text}\n\n{story(2)[:200]}"
    with create_index(url) as index:
        DuplicateFilter(index).admit_many([Article("m", text), Article("l", text)])
        found = deduplicate_against(
            [Article("a", longer), Article("b", story(3))], index, keep="longest"
        )
    (cluster,) = found.clusters
    assert (cluster.id, cluster.representative, cluster.archived) == ("l", "m", ("l", "m"))
    assert (found.kept, list(found.dropped)) == (("b",), ["a"])
    assert {(one.a, one.b) for one in found.matches} == {("a", "l"), ("a", "m")}


def test_clusters_that_a_new_article_joins_are_said(url: str) -> None:
    """The older one's id stays; the other is merged, and stays so."""
    both = f"{story(4)}\n\n{story(5)}"
    with create_index(url) as index:
        first = [Article(f"z{n}", story(4)) for n in range(2)]
        second = [Article(f"y{n}", story(5)) for n in range(2)]
        results = run(index, [first, second, [Article("a", both)], [Article("0", both)]])
    assert [[(one.id, one.merged) for one in result.clusters] for result in results] == [
        [("z0", ())],
        [("y0", ())],
        [("z0", ("y0",))],
        [("z0", ())],
    ]
    assert set(results[-1].clusters[0].members) == {"z0", "z1", "y0", "y1", "a", "0"}


def test_a_site_with_few_articles_is_learned_from_archive_and_day(url: str) -> None:
    """As one run over both would learn it; a site that the archive knows stays as it is."""
    chrome = paragraphs(99)[0]
    few = [Article(f"f{n}", f"{chrome}\n\n{story(n)}", source="few") for n in range(10)]
    known = [Article(f"k{n}", f"{chrome}\n\n{story(20 + n)}", source="known") for n in range(20)]
    with create_index(url) as index:
        DuplicateFilter(index).admit_many([*few[:5], *known[:12]])
        state = index.site("known")
        found = deduplicate_against([*few[5:], *known[12:]], index)
    assert found.boilerplate.of("few") == deduplicate(few).boilerplate.of("few")
    assert len(found.boilerplate.of("few").units) > 0
    assert not found.boilerplate.of("few").needs_cues
    assert state is not None
    assert found.boilerplate.of("known").units.tolist() == state.units.tolist()


def pages_of_little(count: int) -> list[Article]:
    """Return articles of four sites, each the same form around a little or more of its own."""
    form = story(900)
    return [
        Article(
            f"p{n}",
            f"{story(300 + n)[: 60 if n < 8 else 3000]}\n\n{form}",
            url=f"https://site{n % 4}.example/{n}",
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("is_result", [False, True], ids=["index", "result"])
def test_what_comes_again_is_identical_whatever_was_learned_since(
    url: str, is_result: bool
) -> None:
    """Under whatever id and URL of its site, though little of its body is left."""
    pages = pages_of_little(60)
    again = [replace(one, id=f"again-{one.id}") for one in pages[:8]]
    moved = [replace(one, id=f"moved-{one.id}", url=f"{one.url}-moved") for one in pages[:8]]
    with create_index(url, Settings(learns=not is_result)) as index:
        if is_result:
            fill_index(index, ((one, True) for one in pages[:8]), added=1)
            found = deduplicate_against([*again, *moved, *pages[8:]], index, learns=True)
        else:
            gate = DuplicateFilter(index)
            for one in pages:
                gate.admit(one)
            found = deduplicate_against([*again, *moved], index)
    relations = {(match.a, match.b): match.relation for match in found.matches}
    for one in pages[:8]:
        for new in (f"again-{one.id}", f"moved-{one.id}"):
            assert relations.get((min(new, one.id), max(new, one.id))) is Relation.IDENTICAL


def test_what_has_no_words_matches_nothing(url: str) -> None:
    """Neither in the archive nor among the day's; they are counted."""
    empty = [Article("1", ""), Article("2", "--- ... !?")]
    with create_index(url) as index:
        DuplicateFilter(index).admit_many(empty)
        found = deduplicate_against([*empty, Article("3", "")], index)
    assert not found.matches
    assert found.kept == ("1", "2", "3")
    assert found.tally.no_words == 3


def test_ids_that_come_again_are_told_apart(url: str) -> None:
    """New articles keep their ids; those of the archive are numbered, clusters for good."""
    with create_index(url) as index:
        gate = DuplicateFilter(index)
        gate.admit_many([Article("1", story(6)), Article("2", story(7))])
        gate.admit_many([Article("1", story(8)), Article("3", story(8))])
        found = deduplicate_against(
            [Article("1", story(6)), Article("2", story(8)), Article("4", story(7))], index
        )
        assert {one.id: set(one.members) for one in found.clusters} == {
            "1": {"1", "1#1"},
            "1#2": {"1#2", "2", "3"},
            "2": {"2#1", "4"},
        }
        with pytest.raises(ArgumentError, match="'1#1' reads as the name of an article"):
            deduplicate_against([Article("1", story(6)), Article("1#1", story(6))], index)


def test_new_articles_alone_are_called_as_they_will_be(url: str) -> None:
    """Where the archive has their id already, for another article."""
    with create_index(url) as index:
        DuplicateFilter(index).admit(Article("1", story(9)))
        day = [Article("1", story(10)), Article("2", story(10))]
        results = run(index, [day, [Article("0", story(10))]])
    assert [[one.id for one in result.clusters] for result in results] == [["1#2"], ["1#2"]]


def test_hundreds_of_the_very_same_article_are_one_cluster(url: str) -> None:
    """The oldest names it, beyond the newest that a key proposes; the pairs stay few, counted."""
    text = story(11)
    with create_index(url) as index:
        seen = [Article(f"s{n}", text, source=f"site{n % 600}") for n in range(700)]
        DuplicateFilter(index, added=1).admit(seen.pop())
        DuplicateFilter(index, added=2).admit_many(seen)
        found = deduplicate_against([Article(f"n{n}", text) for n in range(40)], index)
    (cluster,) = found.clusters
    assert (cluster.id, cluster.representative) == ("s699", "s699")
    assert len(found.dropped) == 40
    assert len(found.matches) < 4000
    assert found.unlisted > 0


@pytest.mark.parametrize("first", ["x", "z"])
def test_a_rerun_joins_by_way_of_another_site(url: str, first: str) -> None:
    """As in one run: word for word what its site had is no copy of that, but of another's."""
    text, date = story(13), datetime(2026, 1, 1, tzinfo=UTC)
    seen = [
        Article("x", text, source="north", published=date),
        Article("y", text, source="north", published=date + timedelta(days=10)),
        Article("z", f"{text}\n\n{story(14)[:150]}", source="south", published=date),
    ]
    new = Article("n", text, source="north", published=date + timedelta(days=1))
    whole = deduplicate([*seen, new], boilerplate=Boilerplate())
    seen.sort(key=lambda article: article.id != first)
    parts = [seen, [new]]
    found = run_given(url, parts, Boilerplate())[-1]
    assert [set(one.members) for one in whole.clusters] == [{"x", "y", "z", "n"}]
    assert [set(one.members) for one in found.clusters] == [{"x", "y", "z", "n"}]


def test_at_judges_again(url: str) -> None:
    """A stricter policy takes pairs with the archive out, too."""
    parts = paragraphs(12)
    with create_index(url) as index:
        DuplicateFilter(index).admit(Article("whole", "\n\n".join(parts)))
        found = deduplicate_against([Article("part", "\n\n".join(parts[: len(parts) // 2]))], index)
    assert [match.relation for match in found.duplicates] == [Relation.EXCERPT]
    stricter = found.at(Policy(resemblance=0.9))
    assert (stricter.clusters, stricter.kept) == ((), ("part",))


def test_a_day_is_shown_with_the_articles_of_the_archive(url: str) -> None:
    """Their words are counted as one run over all counts them; every cluster is whole."""
    parts = days()
    everything = [article for day in parts for article in day]
    whole = deduplicate(everything)
    by_id = {article.id: article for article in everything}
    with create_index(url, Settings(learns=False)) as index:
        give_boilerplate(index, whole.boilerplate)
        for day in parts[:2]:
            DuplicateFilter(index).admit_many(day)
        found = deduplicate_against(parts[2], index)
    seen = shown(found, (by_id[one] for one in found.archived))
    assert found.archived
    assert {article.id for article in parts[2]} < set(seen.members)
    for one, member in seen.members.items():
        expected = whole.members[one]
        assert (member.body_words, member.text_words) == (
            expected.body_words,
            expected.text_words,
        )
    views = survey(seen).clusters
    assert [view.cluster for view in views] == list(found.clusters)
    assert any(view.cluster.archived for view in views)
    copies = {copy.article.id: view.cluster for view in views for copy in view.copies}
    assert dict(seen.dropped) == copies
