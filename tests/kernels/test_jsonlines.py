"""What loops read of lines, by the libraries that everything else reads them with."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import UNDATED, host_of, moment_of
from dedup.columns import MomentColumn, NameColumn, TextColumn
from dedup.formats.dates import parse_published
from dedup.kernels.gathering import PLAIN, TEXT, gather, number_names, read_hosts
from dedup.kernels.jsonlines import Keys, ScannedLines, UnknownKey, scan_lines
from dedup.kernels.jsonvalues import STRING
from dedup.kernels.moments import read_moments

KEYS = Keys.of({b"text": 0, b"title": 1, b"other": -1, b"a much longer name": 2, b"blocks": -2})
STRINGS = (
    "",
    "Rain.",
    'He said: "No."\n\n',
    "\\ / \b\f\r\t \0 \x7f",
    "é 日本 🌧",
    "a" * 63 + "é" * 70,
)
#: Lines that are odd, each for a reason of its own.
ODD = (
    b"",
    b" ",
    b"{}",
    b"[1]",
    b"7",
    b'{"text": "a"',
    b'{"text": "a",}',
    b'{"text": "a"} x',
    b'{"text" "a"}',
    b'{"text": a}',
    b'{"text": "a\tb"}',
    b'{"text": "\\x"}',
    b'{"text": "\\ud83d"}',
    b'{"text": "\\ude00"}',
    b'{"text": "\\ud83d\\ud83d"}',
    b'{"text": "\\u12g4"}',
    b'{"text": "a", "text": "b"}',
    b'{"text": [1]}',
    b'{"text": true}',
    b'{"text": 1.5}',
    b'{"text": -1}',
    b'{"text": 01}',
    b'{"text": 1234567890123456789}',
    b'{"text": "a", "other": 01}',
    b'{"text": "a", "other": 1.}',
    b'{"text": "a", "other": +1}',
    b'{"text": "a", "other": [1,]}',
    b'{"text": "a", "other": {"b"}}',
    b'{"text": "a", "other": [}',
    b'{"text": "a", "other": [1 2]}',
    b'{"text": "a", "other": nul}',
    b'{"text": "a", "other": NaN}',
    b'{"text": "a", "other": 1e400}',
    b'{"text": "a", "other": ' + b"[" * 61 + b"]" * 61 + b"}",
    b'{"text": "\xff"}',
    b'{"text": "\xc0\x80"}',
    b'{"text": "\xed\xa0\x80"}',
    b'{"text": "\xe2\x82"}',
    b'{"text": "\xf4\x90\x80\x80"}',
    b'{"text": "a", "other": "\xc3"}',
    b'{"blocks": 1, "text": "a"}',
)
DATES = (
    "2026-08-22", "2026-08-22T21:47", "2026-08-22T21:47:35", "2026-08-22 21:47:35Z", "2024-02-29",
    "2026-08-22T21:47:35.123Z", "2026-08-22T21:47:35.123456+02:00", "2026-08-22T00:00:00-11:30",
    "0002-01-01", "9998-12-31T23:59:59+23:59", "1969-12-31T23:59:59.999999", "1600-03-01",
)  # fmt: skip
UNCLEAR = (
    "",
    " ",
    "May",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "20260822",
    "1787435255",
    "2026-08-22T24:00",
    "2026-08-22T21",
    "2026-08-22T21:60",
    "2026-08-22T21:47:60",
    "2026-08-22Z",
    "2026-08-22T21:47:35.1",
    "2026-08-22T21:47:35.",
    "2026-08-22T21:47+0200",
    "0001-01-01",
    "9999-01-01",
    "2026-08-22T21:47+24:00",
    "2026-08-22T21:47 Z",
    "2026/08/22",
    "2026-08-22x21:47",
)


def scanned(lines: Sequence[bytes]) -> ScannedLines:
    data = b"".join(line + b"\n" for line in lines)
    found = scan_lines(np.frombuffer(data + bytes(64), np.uint8), len(data), len(lines), KEYS)
    assert not isinstance(found, UnknownKey)
    return found


def texts_of(found: ScannedLines, slot: int) -> list[str]:
    spans = zip(found.starts[slot], found.ends[slot], strict=True)
    return [found.values[start:end].tobytes().decode() for start, end in spans]


@pytest.mark.parametrize("is_escaped", [False, True])
def test_strings_are_what_was_written(is_escaped: bool) -> None:
    """Whether characters are escaped or not, behind and before anything else."""
    lines = [
        json.dumps({"other": [{"b": [one, {}, []]}, -1.5e3, None], "text": one, "title": two},
                   ensure_ascii=is_escaped).encode()
        for one in STRINGS for two in STRINGS
    ]  # fmt: skip
    found = scanned(lines)
    assert not found.is_odd.any()
    assert texts_of(found, 0) == [one for one in STRINGS for _ in STRINGS]
    assert texts_of(found, 1) == [two for _ in STRINGS for two in STRINGS]
    assert found.kinds[:2].min() == STRING
    assert found.seen.tolist() == [True, True, True, False, False]


def test_odd_lines_are_left_alone() -> None:
    """And nothing of them stands in what is read of the others."""
    plain = b' {\t"a much longer name" :\r"n", "text": "Rain.", "other": 7 } \r'
    found = scanned([line for odd in ODD for line in (plain, odd)])
    assert [odd for odd, is_odd in zip(ODD, found.is_odd[1::2], strict=True) if not is_odd] == []
    assert not found.is_odd[::2].any()
    assert texts_of(found, 0)[::2] == ["Rain."] * len(ODD)
    assert set(texts_of(found, 0)[1::2]) == {""}


def test_a_key_that_is_not_known_is_asked_for() -> None:
    """Names that begin alike are different."""
    data = b'{"text": "a", "a much longer nama": 1}\n'
    found = scan_lines(np.frombuffer(data + bytes(64), np.uint8), len(data), 1, KEYS)
    assert found == UnknownKey(b"a much longer nama")


def test_blank_is_what_python_calls_white_space() -> None:
    """Of every code point; a text may be blank."""
    points = [chr(point) for point in range(0x3100) if not 0xD800 <= point < 0xE000]
    column = TextColumn.of(points)
    n = len(points)
    for rule in (TEXT, PLAIN):
        out, ends = np.empty(len(column.buffer) + n + 64, np.uint8), np.zeros(n + 1, np.int64)
        is_odd = np.zeros(n, np.bool_)
        starts, stops = column.offsets[None, :-1].copy(), column.offsets[None, 1:].copy()
        kinds, slots = np.full((1, n), STRING, np.uint8), np.zeros(1, np.int64)
        gather(column.buffer, starts, stops, kinds, slots, rule, out, ends, is_odd)
        wanted = [None if rule == PLAIN and point.isspace() else point for point in points]
        assert list(TextColumn(out, ends)) == wanted


@given(st.lists(st.none() | st.text("htps:/w.x?#@[]1A\t é", max_size=14) | st.from_regex(
    r"\Ahttps?://(www\.)?[wx.A-Z-]{0,9}[/?#:@]?\Z"
)))  # fmt: skip
def test_hosts_are_those_of_urls(urls: list[str | None]) -> None:
    """Of plain URLs; of the others it is said that they are not."""
    column = TextColumn.of(urls)
    out, ends = np.empty(len(column.buffer) + 64, np.uint8), np.zeros(len(urls) + 1, np.int64)
    is_unclear = np.zeros(len(urls), np.bool_)
    read_hosts(column.buffer, column.offsets, out, ends, is_unclear)
    for url, host, unclear in zip(urls, TextColumn(out, ends), is_unclear.tolist(), strict=True):
        assert unclear or host == (host_of(url) if url else None)
        assert not (unclear and url and url.startswith("https://x."))


def test_dates_are_read_as_elsewhere() -> None:
    """The commonest spellings; all others are told to be unclear."""
    column = TextColumn.of([None, *DATES, *UNCLEAR])
    n = len(column)
    microseconds, offsets = np.empty(n, np.int64), np.empty(n, np.int64)
    is_unclear = np.zeros(n, np.bool_)
    read_moments(column.buffer, column.offsets, UNDATED, microseconds, offsets, is_unclear)
    known = 1 + len(DATES)
    wanted = [None, *(parse_published(date) for date in DATES)]
    found = MomentColumn(microseconds[:known], offsets[:known])
    assert list(found) == wanted
    assert [one and one.utcoffset() for one in found] == [one and one.utcoffset() for one in wanted]
    assert microseconds[:known].tolist() == [moment_of(moment) for moment in wanted]
    assert is_unclear.tolist() == [False] * known + [True] * len(UNCLEAR)


@given(st.lists(st.none() | st.text(max_size=3) | st.sampled_from(("Wire", "The Daily Lantern"))))
def test_names_are_numbered_as_they_come(names: list[str | None]) -> None:
    """As Python's own dictionary has them."""
    column = TextColumn.of(names)
    codes, firsts = np.empty(len(names), np.int32), np.empty(len(names), np.int64)
    places = np.zeros(4 << len(names).bit_length(), np.int64)
    n = number_names(column.buffer, column.offsets, places, codes, firsts)
    wanted = NameColumn.of(names)
    assert [names[first] for first in firsts[:n]] == wanted.known
    assert codes.tolist() == wanted.codes.tolist()
