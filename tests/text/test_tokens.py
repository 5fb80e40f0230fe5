"""The normal form, and spans back into the original."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text import load_code_points, normalize, tokenize, tokens
from dedup.text.build import classify
from dedup.text.table import BLOCKS, CLASSES, pack
from tests.strategies import article_texts, fuzzed_texts

#: Unicode version that the shipped table was made from.
UNICODE = "14.0.0"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("U.S. = US = u.s.", "us us us"),
        ("The U.N.’s plan", "the un s plan"),
        ("Mr. Smith", "mr smith"),
        ("can't can’t canʼt CANT", "cant cant cant cant"),
        ("l'été ÉTÉ e\u0301te\u0301", "lete ete ete"),
        ("Straße STRASSE ﬁn", "strasse strasse fin"),
        ("１２３ 123 ١٢٣", "123 123 123"),
        ("1,000 1000 1,000,000", "1000 1000 1000000"),
        ("1,00 1,0000", "1 00 1 0000"),
        ("1.5 1. 5", "1.5 1 5"),
        ("5% ５％ 5 percent", "5 percent 5 percent 5 percent"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("東京株価", "東 京 株 価"),
        ("ﾃﾚﾋﾞ テレビ", "テ レ ヒ\u3099 テ レ ヒ\u3099"),
        ("ไทย", "ไ ท ย"),
        ("한국어 한국", "한국어 한국"),
        ("2½ 212", "2 1⁄2 212"),
        ("well-known “quoted” — dash", "well known quoted dash"),
        ("\ud800 lone \udfff", "lone"),
        ("", ""),
        (" \n\t…", ""),
    ],
)
def test_the_normal_form(text: str, normal: str) -> None:
    """What differs between copies only by typography is the same."""
    assert normalize(text).split() == normal.split()


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("One two. Three four! Five?", [0, 2, 4]),
        ("Line one\nline two\r\nline three", [0, 2, 4]),
        ("He told Mr. Smith of the U.S. Senate so.", [0]),
        ("Up 1.5 percent in No. 5", [0]),
        ("“He left.” She stayed.", [0, 2]),
        ("wait... what", [0, 1]),
        ("東京。大阪！", [0, 2]),
        ("www.example.org is one", [0]),
        ("", []),
    ],
)
def test_units_are_cut_at_lines_and_sentence_ends(text: str, units: list[int]) -> None:
    """And not after abbreviations, in numbers or in names of hosts."""
    assert tokenize(text).units == units


@given(fuzzed_texts())
def test_spans_point_into_the_original(text: str) -> None:
    """They increase, do not meet, and hold what they say; units are increasing."""
    found = tokenize(text)
    last = 0
    for word, start, end in zip(found.words, found.starts, found.ends, strict=True):
        assert last <= start < end <= len(text)
        assert word
        assert "".join(tokenize(text[start:end]).words).replace(".", "") == word.replace(".", "")
        last = end
    assert found.units == sorted(set(found.units))
    assert found.units[:1] == ([0] if found.words else [])
    ranges = list(found.unit_ranges())
    assert sum(end - start for start, end in ranges) == len(found)


@given(st.text("aB1é½%東.,'’! \n", max_size=40) | article_texts())
def test_tokens_found_at_once_are_those_found_one_by_one(text: str) -> None:
    """What is scanned whole is what the token rules, tried place by place, say."""
    classes = tokens._classes(text)
    if not tokens._EXTENDING.search(classes):
        assert tokens._read_runs(text, classes) == tokens._scan(text, classes)


@given(article_texts())
def test_case_and_spacing_change_nothing(text: str) -> None:
    """A text set in capitals, or with other white space, has the same tokens."""
    assert normalize(text.upper()) == normalize(text)
    assert normalize(text.replace(" ", "\u00a0 ")) == normalize(text)


def test_a_text_of_a_hundred_thousand_marks_takes_no_quadratic_time() -> None:
    """Rules look ahead, but never over the same characters again and again."""
    for piece in ("a.", ".", "\u0301", "1,", '!"', "a'", "N\n"):
        assert len(tokenize(piece * 100_000)) <= 100_000


def test_the_shipped_table_is_pinned() -> None:
    """Another table would make every stored fingerprint void: that must be a decision."""
    assert load_code_points().digest[:16] == "01ee0606a1cc9e64"


@pytest.mark.skipif(unicodedata.unidata_version != UNICODE, reason="needs Python 3.11's Unicode")
def test_the_table_holds_what_its_builder_says() -> None:
    """For the first 12,800 code points, and one in 37 of the rest."""
    points = load_code_points()
    for code_point in (*range(0x3200), *range(0x3200, sys.maxunicode + 1, 37)):
        letter, form = classify(chr(code_point))
        assert points.class_of(code_point) == letter
        assert points.normal_form(code_point) == form


def test_the_table_survives_packing() -> None:
    """Written again it is the same file."""
    points = load_code_points()
    again = pack(points.block, points.entry, points.sequence)
    assert again.startswith(b"dedup-codepoints-1\n")
    assert len(points.block) == BLOCKS
    assert len(CLASSES) <= 16
