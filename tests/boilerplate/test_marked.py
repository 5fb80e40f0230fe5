"""What the markup of a page and the prose cues call chrome together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.boilerplate.chrome import find_chrome
from dedup.boilerplate.cues import cue_chrome
from dedup.boilerplate.marked import CAPTION, OUTSIDE, read_blocks
from dedup.detector import collect
from dedup.match import compare
from dedup.text import tokenize

LEAD = (
    "The harbour board of Lindmouth voted on Monday to close the old ferry terminal, "
    "ending a service that has run for more than ninety years."
)
SECOND = (
    "Board members said the quay was no longer safe after two winters of storms, and repairs "
    "would cost more than the town raises in a year."
)
FACTS = ("Built: 1931", "Boats: 3", "Berths: 12")
HEADLINE = "Bakery on Mill Lane Reopens After Fire"
QUOTE = "We never wanted this quay to close and we told the board so in May"
KINDS = st.sampled_from(["main", "doubtful", "quote", "aside"])
ROWS = st.tuples(st.integers(-2, 90), st.integers(-2, 90), KINDS)


def reasons(lines: list[tuple[str, set[str]]], *around: tuple[int, int, str]) -> list[str | None]:
    """Judge lines of one unit each, given the kinds of block that each stands in."""
    text, blocks = "", [*around]
    for line, kinds in lines:
        blocks += [(len(text), len(text) + len(line), kind) for kind in sorted(kinds)]
        text += line + "\n"
    found = cue_chrome(text, tokenize(text), blocks)
    assert len(found) == len(lines)
    return found


def test_a_list_in_the_main_text_is_body_and_prose_outside_is_not() -> None:
    """Though the prose cues, alone, say the contrary of both."""
    facts: list[tuple[str, set[str]]] = [(fact, {"main", "list"}) for fact in FACTS]
    lines = [*facts, (LEAD, {"main"}), (SECOND, set[str]())]
    assert reasons(lines) == [None] * 4 + [OUTSIDE]
    assert reasons([(line, set()) for line, _ in lines]) == ["above the lead"] * 3 + [None] * 2


def test_where_the_finders_differ_the_prose_cues_decide() -> None:
    """A paragraph is body, a line with a tell-tale phrase is not."""
    prompt = "Subscribe to our newsletter"
    lines = [(LEAD, {"main"}), (SECOND, {"doubtful"}), (prompt, {"doubtful"})]
    assert reasons(lines) == [None, None, "subscription or sharing prompt"]


@pytest.mark.parametrize("region", ["navigation", "header", "footer", "aside", "form", "caption"])
def test_where_the_finders_differ_a_region_is_chrome(region: str) -> None:
    """Unless main text stands in it: then it is but a wrapper."""
    lines = [(LEAD, {"main"}), (SECOND, {"doubtful", region})]
    assert reasons(lines) == [None, OUTSIDE]
    assert reasons([(LEAD, {"main"}), (SECOND, {"doubtful"})], (0, 200, region)) == [None, None]


def test_what_a_page_quotes_is_body_where_it_is_prose() -> None:
    """Finders often leave out a quoted post; prose cues see where it stands."""
    lines = [(LEAD, {"main"}), (QUOTE, {"quote"}), (SECOND, {"main"}), (HEADLINE, set[str]())]
    assert reasons(lines) == [None, None, None, OUTSIDE]


def test_without_main_text_only_a_caption_is_told_by_markup() -> None:
    """A feed's markup holds the article's words; its pictures' are not its body."""
    assert reasons([(LEAD, set()), (SECOND, {"caption"})]) == [None, CAPTION]
    assert reasons([(LEAD, set()), (SECOND, {"aside"})]) == [None, None]


@given(st.lists(ROWS | st.tuples(st.text(), st.integers()) | st.none()))
def test_anybodys_field_of_that_name_does_no_harm(rows: list[object]) -> None:
    """Blocks that are not of the text, or no blocks at all, are no blocks."""
    text = f"{HEADLINE}\n{LEAD}"
    blocks = read_blocks(rows, len(text))
    assert blocks in ([], rows)
    assert len(cue_chrome(text, tokenize(text), rows)) == len(tokenize(text).units)
    for start, end, _ in blocks:
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("value", [None, 7, "main", {"a": 1}, [[0, 5]], [[0, True, "main"]]])
def test_what_is_no_list_of_blocks_is_none(value: object) -> None:
    """A record may have any field of that name; as JSON gives it, a block is a list."""
    assert read_blocks(value, 9) == []
    assert read_blocks([[0, 5, "main"]], 9) == [(0, 5, "main")]


def test_all_who_judge_an_article_see_its_blocks() -> None:
    """A pair's verdict, and a batch that has only cues to go by."""
    body = "\n".join((LEAD, *FACTS, SECOND))
    extra = {"blocks": [(0, len(body), "main")]}
    page = Article("page", f"{body}\n{HEADLINE}", extra=extra)
    told = [reason is not None for reason in find_chrome(page, tokenize(page.text)).reasons]
    assert told == [False] * 5 + [True]
    assert str(compare(page, Article("text", body, extra=extra)).relation) == "identical"
    assert collect([page]).cues[0].tolist() == told
