"""The laws of a diff, for any two texts."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.diff import Diff, Op, diff

_SENTENCES = st.sampled_from(
    [
        "The town council voted on Monday to close the old bridge for repairs.",
        "The town council voted on Tuesday to close the old bridge for repair work.",
        "Shares of the ferry company rose 4% to $12.50 after the announcement.",
        "Shares of the ferry company fell 7 per cent to $11.20 on the news.",
        "“We will not pay for this,” the U.S. envoy told reporters.",
        '"We will not pay for this," the US envoy told reporters.',
        "Eight words are enough to make a move.",
        "Two blocks that weigh the same changed places.",
        "He declined to comment.",
        "Advertisement",
        "Newsletter",
        "Share",
        "市議会は月曜日、古い橋を閉鎖することを決めた。",
        "市議会は火曜日、古い橋を修理のため閉鎖することを決めた。",
        "สภาเมืองลงมติเมื่อวันจันทร์ ให้ปิดสะพานเก่า",
        "صوت مجلس المدينة يوم الاثنين على إغلاق الجسر القديم.",
        "Der Stadtrat beschloss am 3. Oktober, z. B. die Brücke zu sperren.",
        "—",
        '[USN:L1N0 TEXT:"Ferries"] were full on Friday, operators said <FERY.O>.',
    ]
)
_BREAKS = st.sampled_from([" ", "\n", "\n\n", "\r\n", "  ", "\u2028"])
_WOVEN = st.lists(st.tuples(_SENTENCES, _BREAKS), max_size=12).map(
    lambda parts: "".join(sentence + gap for sentence, gap in parts)
)
_ANY = st.text(max_size=120)
_TEXTS = st.one_of(_WOVEN, _ANY, st.text(alphabet="ab. \n", max_size=60))
_MANY = settings(max_examples=300, deadline=None)


def _covered(spans: list[tuple[int, int]], length: int) -> bool:
    at = 0
    for start, end in sorted(spans):
        if start != at or end <= start:
            return False
        at = end
    return at == length


def _described(found: Diff) -> list[tuple[object, ...]]:
    return [(s.op, s.a, s.b, s.words, s.group, s.note) for s in found.segments]


@_MANY
@given(_TEXTS, _TEXTS)
@example("", "")
@example(" ", "x")
@example("\ud800 broken", "broken \udfff")
def test_spans_tile_both_texts(a: str, b: str) -> None:
    """Every character of either text stands in exactly one segment."""
    found = diff(a, b)
    assert _covered([s.a for s in found.segments if s.a], len(a))
    assert _covered([s.b for s in found.segments if s.b], len(b))


@_MANY
@given(_TEXTS, _TEXTS)
def test_words_tile_their_segment(a: str, b: str) -> None:
    """The word edits of a segment cover both of its sides once, in order."""
    for segment in diff(a, b).segments:
        if not segment.words:
            continue
        for span, own in (
            (segment.a, [word.a for word in segment.words if word.a]),
            (segment.b, [word.b for word in segment.words if word.b]),
        ):
            assert span is not None
            assert own == sorted(own)
            assert own[0][0] == span[0]
            assert own[-1][1] == span[1]
            assert all(x[1] == y[0] for x, y in pairwise(own))


@_MANY
@given(_TEXTS, _TEXTS)
def test_either_text_is_rebuilt(a: str, b: str) -> None:
    """Rebuilding gives the same code points."""
    found = diff(a, b)
    assert found.rebuild_a() == a
    assert found.rebuild_b() == b


@_MANY
@given(_TEXTS)
@example("Share\nShare\nShare")
def test_a_text_is_no_different_from_itself(a: str) -> None:
    """diff(a, a) holds only kept segments, at the same place, and chrome."""
    found = diff(a, a)
    assert {s.op for s in found.segments} <= {Op.KEPT, Op.CHROME}
    assert all(s.a == s.b and not s.words for s in found.kept)
    assert not found.is_different(strict=True)


@_MANY
@given(_TEXTS, _TEXTS)
@example(
    "Eight words are enough to make a move.\nTwo blocks that weigh the same changed places.",
    "Two blocks that weigh the same changed places.\nEight words are enough to make a move.",
)
def test_swapping_the_texts_swaps_the_diff(a: str, b: str) -> None:
    """diff(b, a) exchanges the sides, added and dropped; moves stay."""
    there, back = diff(a, b), diff(b, a)
    assert {(s.a, s.b) for s in there.moved} == {(s.b, s.a) for s in back.moved}
    assert {s.a for s in there.dropped} == {s.b for s in back.added}
    assert {s.b for s in there.added} == {s.a for s in back.dropped}
    assert {(s.a, s.b) for s in there.edited} == {(s.b, s.a) for s in back.edited}
    assert {(s.a, s.b) for s in there.kept} == {(s.b, s.a) for s in back.kept}
    assert _joined(there) == {frozenset((y, x) for x, y in group) for group in _joined(back)}


def _joined(found: Diff) -> set[frozenset[tuple[object, object]]]:
    numbers = {s.group for s in found.segments if s.group}
    return {frozenset((s.a, s.b) for s in found.segments if s.group == n) for n in numbers}


@_MANY
@given(_TEXTS, _TEXTS)
def test_segments_stand_in_the_order_of_a(a: str, b: str) -> None:
    """Segments of a are in its order; those only in b are in theirs."""
    found = diff(a, b)
    in_a = [s.a for s in found.segments if s.a]
    assert in_a == sorted(in_a)
    in_b = [s.b for s in found.segments if s.b and not s.a]
    assert in_b == sorted(in_b)


@settings(max_examples=60, deadline=None)
@given(_TEXTS, _TEXTS)
def test_the_same_texts_give_the_same_diff(a: str, b: str) -> None:
    """Nothing but the texts decides."""
    assert _described(diff(a, b)) == _described(diff(a, b))
