"""Scores against labels, and their files."""

import json
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.cli import app
from dedup.errors import ArgumentError, FormatError, RecordError
from dedup.evaluate import (
    cluster_pairs,
    make_pair,
    read_clusters,
    read_gold,
    read_pairs,
    score_clusters,
    score_pairs,
    without_touched,
)

GOLD = {("a", "b"): "copy", ("a", "c"): "template", ("b", "c"): "partial", ("c", "d"): "dup"}


def test_precision_and_recall_count_what_the_labels_say() -> None:
    """Positive labels are duplicates, ignored ones nothing, all others distinct."""
    scores = score_pairs({("a", "b"), ("a", "c"), ("b", "c")}, GOLD)
    assert (scores.true_positives, scores.precision, scores.recall) == (1, 0.5, 0.5)
    assert scores.false_positives == (("a", "c"),)
    assert scores.false_negatives == (("c", "d"),)
    assert scores.f1 == 0.5


def test_an_unlisted_pair_is_an_error_only_when_asked() -> None:
    """Labels made by reading list but a sample of the pairs."""
    matched = {("a", "b"), ("x", "y")}
    assert score_pairs(matched, GOLD).precision == 1
    assert score_pairs(matched, GOLD).unlisted == 1
    strict = score_pairs(matched, GOLD, unlisted_negative=True)
    assert strict.false_positives == (("x", "y"),)
    assert "(unlisted)" in {count.label for count in strict.labels}


def test_which_labels_count_is_the_callers_choice() -> None:
    """And what is both positive and ignored is ignored."""
    scores = score_pairs({("a", "c")}, GOLD, positive={"template", "dup"}, ignore={"dup"})
    assert (scores.true_positives, scores.precision, scores.recall) == (1, 1.0, 1.0)
    meanings = {count.label: count.counts_as for count in scores.labels}
    assert meanings == {
        "template": "duplicate",
        "copy": "distinct",
        "partial": "distinct",
        "dup": "ignored",
    }


def test_without_anything_to_count_there_is_no_figure() -> None:
    """None, not a made-up 0 or 1."""
    scores = score_pairs(set(), {("a", "b"): "template"})
    assert (scores.precision, scores.recall, scores.f1) == (None, None, None)


def test_rows_are_pairs_whichever_way_round() -> None:
    """Only relations that count as matched are read; a row without one counts."""
    lines = [
        b'{"a": "2", "b": "1", "relation": "copy"}',
        b'{"a": "3", "b": "1", "relation": "overlap"}',
        b"",
        b'{"a": "4", "b": "1"}',
    ]
    assert read_pairs(lines, "p", matched={"copy"}) == {("1", "2"), ("1", "4")}


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"cluster": 1, "members": []}', b'{"a": 1}'])
def test_a_file_that_holds_no_pairs_is_named(line: bytes) -> None:
    """With the line."""
    with pytest.raises(RecordError, match=r"^p:2: "):
        read_pairs([b'{"a": "1", "b": "2"}', line], "p", matched=())


def test_clusters_hold_members_and_representative() -> None:
    """Whether or not the representative is listed among the members."""
    lines = [b'{"cluster": "c1", "representative": "a", "members": ["b", "c"]}']
    assert read_clusters(lines, "c") == {"a": "c1", "b": "c1", "c": "c1"}
    with pytest.raises(RecordError, match="'b' is in two clusters"):
        read_clusters([*lines, b'{"cluster": "c2", "members": ["b"]}'], "c")


def test_gold_is_told_by_its_columns() -> None:
    """Pairs or clusters; other columns and their order do not matter."""
    pairs, clusters = read_gold(["\ufefflabel,x,id_b,id_a\n", "copy,,1,2\n"], "g")
    assert (pairs, clusters) == ({("1", "2"): "copy"}, None)
    pairs, clusters = read_gold(["id,cluster\n", "1,x\n"], "g")
    assert (pairs, clusters) == (None, {"1": "x"})
    assert read_gold(["id_a,id_b,relation,why\n", "1,2,copy,a reprint\n"], "g")[0]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["id_a,id_b,label\n", "1,2,copy\n", "2,1,dup\n"], "g:3: .* another label"),
        (["id_a,id_b,label\n", "1,1,copy\n"], "g:2: a pair of '1' with itself"),
        (["id_a,id_b,label\n", "1,2\n"], "g:2: a row without"),
        (["id,cluster\n", "1,x\n", "1,y\n"], "g:3: id '1' is in two clusters"),
    ],
)
def test_a_contradiction_in_the_gold_is_named(lines: list[str], words: str) -> None:
    """With the line."""
    with pytest.raises(RecordError, match=words):
        read_gold(lines, "g")


@pytest.mark.parametrize("lines", [[], ["a,b\n"], ["id\n"]])
def test_a_gold_of_other_columns_is_refused(lines: list[str]) -> None:
    """The message says which are needed."""
    with pytest.raises(FormatError, match="needs columns id_a,id_b,label or id,cluster"):
        read_gold(lines, "g")


def test_a_line_that_names_no_columns_is_not_shown_whole() -> None:
    """It may be an article."""
    with pytest.raises(FormatError, match="it has aaa") as caught:
        read_gold(["a" * 100_000], "g")
    assert len(str(caught.value)) < 300


_CLUSTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), min_size=1)


@given(_CLUSTERS, _CLUSTERS)
def test_cluster_scores_equal_their_definitions(
    predicted: dict[str, str], gold: dict[str, str]
) -> None:
    """Counted the slow way, pair by pair and article by article."""
    scores = score_clusters(predicted, gold)

    def together(clusters: dict[str, str], a: str, b: str) -> bool:
        return a == b or (a in clusters and clusters.get(a) == clusters.get(b))

    ours = {p for p in combinations(sorted(gold), 2) if together(predicted, *p)}
    theirs = {p for p in combinations(sorted(gold), 2) if together(gold, *p)}
    assert scores.precision == (len(ours & theirs) / len(ours) if ours else 1)
    assert scores.recall == (len(ours & theirs) / len(theirs) if theirs else 1)
    precisions, recalls = [], []
    for a in gold:
        mine = {b for b in gold if together(predicted, a, b)}
        right = {b for b in gold if together(gold, a, b)}
        precisions.append(len(mine & right) / len(mine))
        recalls.append(len(mine & right) / len(right))
    assert scores.bcubed_precision == pytest.approx(sum(precisions) / len(gold))
    assert scores.bcubed_recall == pytest.approx(sum(recalls) / len(gold))


@given(_CLUSTERS)
def test_a_perfect_prediction_scores_one(gold: dict[str, str]) -> None:
    """Whatever its clusters are called."""
    scores = score_clusters({identity: f"c{name}" for identity, name in gold.items()}, gold)
    assert scores.f1 == scores.bcubed_f1 == scores.adjusted_rand == 1


def test_the_adjusted_rand_index_is_the_published_one() -> None:
    """On a worked example: 6 articles, one pair apart."""
    gold = dict(zip("abcdef", "001122", strict=True))
    predicted = dict(zip("abcdef", "001120", strict=True))
    # sum of shared pairs 2, of ours 3 + 1, of theirs 3, of all 15: (2 - .8) / (3.5 - .8)
    assert score_clusters(predicted, gold).adjusted_rand == pytest.approx(1.2 / 2.7)


def test_articles_that_the_gold_does_not_list_are_counted_and_left_out() -> None:
    """They may be right or wrong: nobody knows."""
    scores = score_clusters({"a": "1", "b": "1", "z": "1"}, {"a": "x", "b": "x"})
    assert (scores.unlisted, scores.articles, scores.precision) == (1, 2, 1)


def test_an_empty_gold_is_refused() -> None:
    """There would be no figure."""
    with pytest.raises(ArgumentError, match="no labelled articles"):
        score_clusters({}, {})


def test_without_scikit_learn_only_its_figure_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And how to have it is said."""
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    clusters, gold = tmp_path / "clusters.jsonl", tmp_path / "gold.csv"
    clusters.write_text('{"cluster":"a","members":["a","b"]}\n')
    gold.write_text("id,cluster\na,1\nb,1\nc,2\n")
    arguments = ["evaluate", "--clusters", str(clusters), "--gold", str(gold)]
    app(arguments, prog_name="dedup", standalone_mode=False)
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert (found["adjusted_rand"], found["bcubed_f1"], found["f1"]) == (None, 1.0, 1.0)
    assert "pip install 'dedup[sklearn]'" in shown.err


def test_doubtful_clusters_can_be_left_out() -> None:
    """Both clusters that a doubtful pair touches."""
    gold = {"a": "1", "b": "1", "c": "2", "d": "3"}
    doubtful = {("a", "c"): "partial", ("c", "d"): "copy"}
    assert without_touched(gold, doubtful, {"partial"}) == {"d": "3"}


def test_clusters_as_pairs() -> None:
    """All of them, or those that are labelled."""
    clusters = {"a": "1", "b": "1", "c": "1", "d": "2"}
    assert cluster_pairs(clusters) == {make_pair(*p) for p in ("ab", "ac", "cb")}
    assert cluster_pairs(clusters, {("a", "b"): "x", ("a", "d"): "x", ("y", "z"): "x"}) == {
        ("a", "b")
    }
