"""What a filter promises, held against a batch and against itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dedup import Article, Match, Relation, deduplicate
from dedup.index import Index, Settings, create_index, open_index
from dedup.index.copying import forget
from dedup.stream import DuplicateFilter
from dedup.stream.ahead import Lookahead
from dedup.stream.given import give_boilerplate
from dedup.stream.versions import Versions

MakeText = Callable[..., str]

Row = tuple[str, str, str, float]


def row_of(match: Match) -> Row:
    if match.a < match.b:
        return match.a, match.b, str(match.relation), match.resemblance
    return match.b, match.a, str(match.relation.reverse), match.resemblance


def test_a_filter_finds_what_a_batch_finds(index_url: str, articles: list[Article]) -> None:
    """Law 3: given a batch's boilerplate, the matches of each article are the batch's."""
    result = deduplicate(articles)
    with create_index(index_url, Settings(learns=False)) as index:
        give_boilerplate(index, result.boilerplate)
        verdicts = DuplicateFilter(index).admit_many(articles)
    found = sorted(row_of(match) for verdict in verdicts for match in verdict.matches)
    assert found == sorted(row_of(match) for match in result.matches)
    assert len(found) > 50
    assert not any(verdict.cut_keys or verdict.unlisted for verdict in verdicts)


def test_one_by_one_or_many_at_once_is_the_same(index_url: str, articles: list[Article]) -> None:
    """Law 1: verdicts do not depend on how articles are handed over, nor on the backend."""
    with create_index(index_url) as index:
        many = DuplicateFilter(index).admit_many(articles)
    with open_index("memory:") as memory:
        gate = DuplicateFilter(memory)
        single = [gate.admit(article) for article in articles]
    assert many == single


def test_twins_among_those_that_come_together(
    make_text: MakeText, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Are posted once, also where so many share a key that the newest alone are compared."""
    monkeypatch.setattr("dedup.index.postings.LARGEST_GROUP", 2)
    stories = [(n * 7) % 5 for n in range(120)]
    articles = [
        Article(str(n), make_text(story, edits=n % 3), url=f"https://site{n % 3}.example/{n}")
        for n, story in enumerate(stories)
    ]
    verdicts = []
    for size in (1, 10, 120):
        with create_index("memory:") as index:
            gate = DuplicateFilter(index)
            parts = [articles[at : at + size] for at in range(0, len(articles), size)]
            verdicts.append([verdict for part in parts for verdict in gate.admit_many(part)])
            assert index.info().repeats > 20
    assert any(verdict.cut_keys for verdict in verdicts[0])
    assert verdicts[0] == verdicts[1] == verdicts[2]


def test_checking_changes_nothing(index_url: str, articles: list[Article]) -> None:
    """A check says what an admission would, and leaves no trace."""
    with create_index(index_url) as index:
        gate = DuplicateFilter(index)
        for article in articles[:40]:
            before = gate.check(article)
            assert gate.check(article) == before
            assert gate.admit(article) == before
        assert index.info().articles == 40


def test_what_was_learned_is_what_a_batch_learns(index_url: str, articles: list[Article]) -> None:
    """A site that has just been learned is known as a batch over the same articles knows it."""
    admitted = articles[:-7]
    with create_index(index_url) as index:
        DuplicateFilter(index).admit_many(admitted)
        boilerplate = deduplicate(admitted).boilerplate
        settled = 0
        for state in index.sites():
            articles_seen, learned_at = index.counts(state.name)
            if articles_seen == learned_at:
                learned = boilerplate.of(state.name)
                assert state.units.tolist() == learned.units.tolist()
                assert state.shingles.tolist() == learned.shingles.tolist()
                settled += len(state.units) > 0
    assert settled


def test_chrome_stops_counting_as_a_site_is_seen(index: Index, make_text: MakeText) -> None:
    """Verdicts name the state of the boilerplate, which grows as articles pass."""
    gate = DuplicateFilter(index)
    chrome = make_text(999, sentences=3)
    verdicts = [
        gate.admit(Article(str(n), f"{chrome}\n{make_text(n)}", source="site")) for n in range(12)
    ]
    assert verdicts[0].boilerplate != verdicts[-1].boilerplate
    assert verdicts[-1].matches == ()
    assert verdicts[1].boilerplate_version < verdicts[-1].boilerplate_version


def test_the_gate_rejects_by_relation(index: Index, make_text: MakeText) -> None:
    """Identical, copy and excerpt are rejected; an expansion passes, tagged."""
    gate = DuplicateFilter(index)
    text = make_text(1)
    lines = text.split("\n")
    assert gate.admit(Article("a", "\n".join(lines[:6]))).is_new
    verdicts = {
        "same": gate.check(Article("b", "\n".join(lines[:6]))),
        "edited": gate.check(Article("c", "\n".join(lines[:6]) + " Something else.")),
        "part": gate.check(Article("d", "\n".join(lines[:3]))),
        "fuller": gate.check(Article("e", text)),
        "other": gate.check(Article("f", make_text(2))),
    }
    assert {
        name: (verdict.is_new, str(verdict.relation)) for name, verdict in verdicts.items()
    } == {
        "same": (False, "identical"),
        "edited": (False, "copy"),
        "part": (False, "excerpt"),
        "fuller": (True, "expansion"),
        "other": (True, "distinct"),
    }
    strict = DuplicateFilter(index, rejects=frozenset(Relation))
    assert not strict.check(Article("e", text)).is_new


def test_an_update_is_a_revision_and_no_copy_of_itself(index: Index, make_text: MakeText) -> None:
    """The same id or page with other words passes, though others copied its first version."""
    gate = DuplicateFilter(index)
    page = "https://a.example/story"
    gate.admit(Article("1", make_text(1), url=page))
    assert not gate.admit(Article("copy", make_text(1, edits=1), url="https://b.example/1")).is_new
    by_page = gate.admit(Article("2", make_text(1, edits=2), url=page))
    assert (by_page.is_new, by_page.relation, by_page.updates) == (True, Relation.REVISION, "1")
    by_id = gate.admit(Article("1", make_text(1, edits=3), url="https://a.example/moved"))
    assert (by_id.is_new, by_id.relation) == (True, Relation.REVISION)
    again = gate.check(Article("2", make_text(1, edits=2), url=page))
    assert (again.is_new, again.relation) == (False, Relation.IDENTICAL)


def test_what_comes_again_is_identical_whatever_was_learned_since(
    index: Index, make_text: MakeText
) -> None:
    """Under whatever id and URL of its site, also where little is left of its body."""
    formula = make_text(999, sentences=24)
    articles = [
        Article(
            str(n),
            f"{make_text(n, sentences=1 if n < 4 else 30)}\n{formula}",
            url=f"https://site{n % 4}.example/{n}",
        )
        for n in range(40)
    ]
    gate = DuplicateFilter(index)
    firsts = [gate.admit(article) for article in articles[:4]]
    gate.admit_many(articles[4:])
    missed = 0
    for place, article in enumerate(articles[:4]):
        with index.snapshot():
            keys = gate._cutter.cut(gate._cutter.read(article)).keys
            missed += place + 1 not in index.find(keys).numbers
    assert missed > 1
    moved = [replace(x, id=f"m{x.id}", url=f"{x.url}-moved") for x in articles]
    for once_more in ([gate.check(article) for article in moved], gate.admit_many(moved)):
        assert {(v.is_new, v.relation) for v in once_more} == {(False, Relation.IDENTICAL)}
    updates = [Article(x.id, make_text(50 + n), url=x.url) for n, x in enumerate(articles[:4])]
    assert all(verdict.is_new for verdict in gate.admit_many(updates))
    for again in (
        [gate.check(article) for article in articles],
        gate.admit_many(articles),
        [gate.admit(article) for article in articles],
    ):
        assert {(v.is_new, v.relation, v.updates) for v in again} == {
            (False, Relation.IDENTICAL, None)
        }
        assert [v.original for v in again[:4]] == [v.original or v.id for v in firsts]
    assert index.info().repeats == 120


def test_what_has_no_words_is_compared_with_nothing(index: Index, make_text: MakeText) -> None:
    """It passes as often as it comes, as no version of anything, and the verdict says why."""
    gate = DuplicateFilter(index)
    page = "https://a.example/story"
    gate.admit(Article("1", make_text(1), url=page))
    texts = ["", " \n", "--- ... !?"] * 2
    empty = [Article("1", text, url=page) for text in texts]
    for verdicts in ([gate.admit(one) for one in empty], gate.admit_many(empty)):
        assert {(v.is_new, v.relation, v.updates, v.has_words, v.why) for v in verdicts} == {
            (True, Relation.DISTINCT, None, False, "no words: nothing to compare")
        }
        assert not any(verdict.matches for verdict in verdicts)
    assert gate.check(Article("1", make_text(2), url=page)).updates == "1"


def test_a_chain_of_copies_is_followed(index: Index, make_text: MakeText) -> None:
    """A copy of a rejected copy is rejected, and the accepted article named."""
    gate = DuplicateFilter(index)
    lines = make_text(5, sentences=30).split("\n")
    gate.admit(Article("first", "\n".join(lines)))
    assert not gate.admit(Article("second", "\n".join(lines[:18]))).is_new
    third = gate.admit(Article("third", "\n".join(lines[4:18])))
    assert (third.is_new, third.original) == (False, "first")


def test_a_killed_transaction_leaves_nothing(index: Index, make_text: MakeText) -> None:
    """What is not acknowledged is not there, and its number's postings harm nobody."""
    gate = DuplicateFilter(index)
    gate.admit(Article("a", make_text(1)))

    class CrashError(Exception):
        pass

    def work() -> None:
        reading = gate._cutter.read(Article("b", make_text(2)))
        ahead = Lookahead(
            index, gate._cutter, gate._comparer, gate.policy, [reading], gate._threads
        )
        gate._admit_one(reading, ahead, Versions(index, [reading]), b"0000z", is_forced=False)
        raise CrashError

    with pytest.raises(CrashError):
        index.transact(work)
    assert index.info().articles == 1
    assert gate.admit(Article("b", make_text(2))).is_new
    assert not gate.admit(Article("c", make_text(1))).is_new
    assert list(index.problems()) == []


def test_what_a_killed_transaction_learned_is_forgotten(index: Index, make_text: MakeText) -> None:
    """What another learned meanwhile, of as many articles, is what counts."""
    chrome = [make_text(900 + n, sentences=3) for n in range(2)]
    pages = [
        [Article(f"{c}-{n}", f"{chrome[c]}\n{make_text(10 * c + n)}", source="site")
         for n in range(12)]
        for c in range(2)
    ]  # fmt: skip

    gate = DuplicateFilter(index)
    unkept = Article("last", make_text(50), title=7)  # type: ignore[arg-type] # cannot be kept
    with pytest.raises(AttributeError, match="encode"):
        gate.admit_many([*pages[0], unkept])
    other = DuplicateFilter(index)
    other.admit_many(pages[1])
    asked = Article("asked", make_text(60), source="site")
    assert gate.check(asked) == other.check(asked)


def test_threads_never_both_accept(index: Index, make_text: MakeText) -> None:
    """Law 8: of threads that admit the same articles, exactly one is told that each is new."""
    gate = DuplicateFilter(index)
    batch = [Article(str(n), make_text(n)) for n in range(30)]
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(lambda _: [gate.admit(one).is_new for one in batch], range(4)))
    assert [sum(column) for column in zip(*runs, strict=True)] == [1] * len(batch)


def test_many_identical_articles_are_counted_not_hidden(
    index: Index, make_text: MakeText, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 7: repeats beyond those listed are counted."""
    monkeypatch.setattr("dedup.stream.found.MOST_REPEATS", 5)
    gate = DuplicateFilter(index)
    verdicts = gate.admit_many(Article(str(n), make_text(1)) for n in range(12))
    assert [len(verdict.matches) for verdict in verdicts] == [0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6]
    assert [verdict.unlisted for verdict in verdicts][-1] > 0
    assert [verdict.is_new for verdict in verdicts].count(True) == 1


def test_the_state_is_another_when_something_else_is_in_it(index: Index) -> None:
    """What was added, and what was forgotten, changes it; looking does not."""
    states = []

    def look() -> None:
        with index.snapshot():
            states.append(index.state)

    gate = DuplicateFilter(index)
    look()
    gate.admit(Article("one", "A first story about the harbour and its new ferry."))
    look()
    gate.admit(Article("two", "Another one, of a teacher who won the village lottery."))
    look()
    assert forget(index, lambda row: row.id == "two") == 1
    look()
    assert forget(index, lambda row: row.id == "one") == 1
    look()
    assert len(set(states)) == len(states)
    gate.check(Article("three", "And a third one."))
    index.info()
    look()
    assert states[-1] == states[-2]


def test_an_index_that_is_opened_again_knows_all(tmp_path: Path, articles: list[Article]) -> None:
    """Closing and opening changes no verdict."""
    path = str(tmp_path / "seen.db")
    half = len(articles) // 2
    with open_index(path) as index:
        verdicts = DuplicateFilter(index).admit_many(articles[:half])
    with open_index(path, create=False) as index:
        verdicts += DuplicateFilter(index).admit_many(articles[half:])
        assert list(index.problems()) == []
    with open_index("memory:") as memory:
        assert DuplicateFilter(memory).admit_many(articles) == verdicts
