"""Lines read by compiled loops: the same as by a parser, whatever stands in them."""

import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.formats import lineblocks, read_records
from dedup.formats.fields import FieldMap
from dedup.formats.lineblocks import LineBlock
from dedup.formats.scanned import LineScanner
from tests.formats.test_columns import outcome
from tests.strategies import TELLING

FEEDS = sorted((Path(__file__).parents[2] / "fixtures" / "feeds").glob("*.jsonl"))
#: What stands in real lines, and what breaks parsers.
PIECES = (
    *(piece.encode("utf-8", "surrogatepass") for piece in TELLING),
    rb"\n", rb"\"", rb"\\", rb"\/", rb"\b\f\r\t", rb"\u0041", rb"\u00e9", rb"\u2028", rb"\u0000",
    rb"\ud83d\ude00", rb"\uD83D\uDE00", rb"\ud83d", rb"\ude00", rb"\ud83d\u0041", rb"\u12", rb"\x",
    rb"\U0041", rb"\u00g0", b"\t", b"\x00", b"\x1f", b"\x7f", b"\xc0\x80", b"\xed\xa0\x80", b"\xff",
    b"\xe2\x82", b"\xf4\x90\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xe0\x9f\xbf", b"\xc3",
    b"a" * 61, b"b" * 64, b"c" * 130, b" " * 63, "\u65e5".encode() * 30, b"http://", b"https://",
)  # fmt: skip
STRINGS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=5).map(lambda text: json.dumps(text)[1:-1].encode()),
        st.text(st.characters(exclude_characters='"\\', exclude_categories=("Cc", "Cs"))).map(
            str.encode
        ),
    ),
    max_size=4,
).map(lambda pieces: b'"' + b"".join(pieces) + b'"')
NUMBERS = st.one_of(
    st.sampled_from(
        (b"0", b"-0", b"7", b"-1", b"01", b"1.", b".5", b"1.5", b"1e5", b"1E+05", b"1e400", b"-",
         b"+1", b"1e", b"1.0", b"20260822", b"1787435255", b"1787435255000", b"9" * 18, b"9" * 19,
         b"18446744073709551616", b"9" * 41, b"9" * 400, b"1e-7", b"NaN", b"Infinity", b"0x1"),
    ),
    st.integers().map(lambda number: str(number).encode()),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: repr(number).encode()),
)  # fmt: skip
WORDS = st.sampled_from((b"true", b"false", b"null", b"nul", b"nulll", b"True", b"fals", b""))
WHITE = st.sampled_from((b"", b"", b"", b"", b" ", b"\t", b"\r", b"  ", b"\x0b", b"\xc2\xa0"))
KEYS = st.sampled_from((
    b'"id"', b'"text"', b'"text"', b'"title"', b'"url"', b'"source"', b'"published"', b'"body"',
    b'"link"', b'"language"', b'"a long name of a key"', b'"a long name of a kex"', b'""',
    b'"uri"', b'"blocks"', b'"Text"', rb'"te\u0078t"', b'"t\xc3\xa9"', b'"date"', b'"_id"',
))  # fmt: skip


def joined(opened: bytes, closed: bytes, some: list[tuple[bytes, ...]]) -> bytes:
    return opened + b",".join(b"".join(one) for one in some) + closed


def pairs(values: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[tuple[bytes, ...]]]:
    pair = st.tuples(WHITE, KEYS, WHITE, st.just(b":"), WHITE, values, WHITE)
    return st.lists(pair, max_size=7)


VALUES = st.recursive(
    st.one_of(STRINGS, STRINGS, NUMBERS, WORDS),
    lambda inner: st.one_of(
        pairs(inner).map(lambda some: joined(b"{", b"}", some)),
        st.lists(st.tuples(WHITE, inner, WHITE)).map(lambda some: joined(b"[", b"]", some)),
    ),
    max_leaves=5,
)
DATES = st.sampled_from(
    (b'"2026-08-01"', b'"2026-08-01T10:00:00Z"', b'"2026-02-30"', b'"May"', b'" "', b"20260822")
)
PLAIN = st.tuples(STRINGS, STRINGS, STRINGS | WORDS, VALUES, DATES | VALUES).map(
    lambda v: b'{"id":%b, "text":%b,"title":%b,"other":%b,"published": %b}' % v
)
OBJECTS = pairs(VALUES).map(lambda some: joined(b"{", b"}", some))


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Return a line that is an object, or was one before it was cut or changed."""
    line = bytearray(draw(st.one_of(PLAIN, PLAIN, OBJECTS)))
    if draw(st.integers(0, 3)) == 0:
        mutate(line, draw(st.randoms(use_true_random=False)))
    return bytes(line).replace(b"\n", b" ")


def mutate(line: bytearray, rng: random.Random) -> None:
    """Cut a line, or change, add or repeat some of its bytes."""
    at = rng.randrange(len(line) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        del line[at:]
    elif kind == 1:
        del line[at : at + rng.randrange(1, 4)]
    elif kind == 2:
        line[at:at] = rng.choice(PIECES)
    elif kind == 3 and at < len(line):
        line[at] ^= 1 << rng.randrange(8)
    else:
        line[at:at] = line[at : at + rng.randrange(40)]


@settings(max_examples=100, deadline=None)
@given(
    some=st.lists(lines(), max_size=9),
    skip_invalid=st.sampled_from((True, True, False)),
    size=st.sampled_from((1 << 20, 100, 17)),
    jobs=st.sampled_from((1, 3)),
)
def test_what_loops_read_is_what_a_parser_reads(
    some: list[bytes], skip_invalid: bool, size: int, jobs: int
) -> None:
    """Articles, counts, notes and errors, of any bytes, in blocks of any size."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lineblocks, "_BLOCK_BYTES", size)
        path = Path(folder, "f.jsonl")
        path.write_bytes(b"\n".join(some))
        by_loops, by_parser = (
            read_records(path, skip_invalid=skip_invalid, unique_ids=False) for _ in range(2)
        )
        assert outcome(by_loops, as_columns=True, jobs=jobs) == outcome(by_parser, as_columns=False)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
@pytest.mark.parametrize("seed", range(3))
def test_real_lines_that_were_damaged_are_told_alike(path: Path, seed: int, tmp_path: Path) -> None:
    """What is still a record, and what is wrong with the others."""
    rng = random.Random(seed)
    found = []
    for line in path.read_bytes().split(b"\n")[:300]:
        damaged = bytearray(line)
        for _ in range(rng.randrange(3)):
            mutate(damaged, rng)
        found.append(bytes(damaged).replace(b"\n", b" "))
    damaged_path = tmp_path / path.name
    damaged_path.write_bytes(b"\n".join(found))
    by_loops, by_parser = (read_records(damaged_path, skip_invalid=True) for _ in range(2))
    assert outcome(by_loops, as_columns=True, jobs=2) == outcome(by_parser, as_columns=False)


@pytest.mark.parametrize("is_escaped", [False, True])
def test_plain_feeds_need_no_parser(is_escaped: bool) -> None:
    """Or nothing would be gained: the loops read every line that feeds usually have."""
    rows = [
        {
            "id": 1,
            "text": 'He said: "Rain."\n\n\u65e5\u672c \U0001f327',
            "extra": [{"a": None}, 1.5],
        },
        {"guid": "g", "content": "", "text": None, "title": " ", "pub_date": 1787435255},
        {"link": "https://x.example/1", "body": "Sun.", "hostname": "x", "date": "May 1, 2026"},
        {"text": "Snow."},
    ]
    written = [json.dumps(row, ensure_ascii=is_escaped).encode() + b"\n" for row in rows]
    (run,) = LineScanner(FieldMap()).read(LineBlock(b"".join(written) + bytes(64)))
    assert run.mapped is not None
    columns = run.mapped.columns
    assert list(columns.ids) == ["1", "g", "https://x.example/1", None]
    assert list(columns.texts) == [rows[0]["text"], "", "Sun.", "Snow."]


def test_only_odd_lines_take_a_parser() -> None:
    """What stands before and behind them is told by the loops."""
    plain = b'{"id": "%d", "text": "Rain."}\n'
    odd = b'{"id": [1], "text": "Rain."}\n'
    data = b"".join((*(plain % n for n in range(5)), odd, *(plain % n for n in range(6, 9))))
    runs = LineScanner(FieldMap()).read(LineBlock(data + bytes(64)))
    assert [(run.count, bool(run.mapped)) for run in runs] == [(5, True), (1, False), (3, True)]
    assert [run.count for run in runs] == [len(run.block.lines()) for run in runs]
    assert runs[1].block.lines() == [odd[:-1]]
    assert [list(run.mapped.columns.ids) for run in runs if run.mapped] == [
        ["0", "1", "2", "3", "4"], ["6", "7", "8"],
    ]  # fmt: skip
