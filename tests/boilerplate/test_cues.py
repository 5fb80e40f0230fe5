"""What the prose cues call chrome, and what they must leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.boilerplate.body import find_body
from dedup.boilerplate.cued import flag_chrome
from dedup.boilerplate.cues import CREDIT, cue_chrome, cue_headings
from dedup.boilerplate.lines import read_lines
from dedup.boilerplate.marked import CAPTION
from dedup.kernels.compiled import compile_all
from dedup.text import tokenize
from tests.strategies import article_texts, fuzzed_texts

LEAD = (
    "The harbour board of Lindmouth voted on Monday to close the old ferry terminal, "
    "ending a service that has run for more than ninety years."
)
SECOND = (
    "Board members said the quay was no longer safe after two winters of storms. "
    "Repairs would cost more than the town raises in a year, the treasurer told them."
)
THIRD = (
    "The last boat leaves on the first Sunday of June, and a bus will take its place. "
    "Residents of the island asked for a smaller boat instead."
)
FOURTH = (
    "A decision on the land is expected before the end of the year, the chair said, "
    "adding that no buyer had come forward so far."
)
BODY = (LEAD, SECOND, THIRD, FOURTH)
HEADLINES = (
    "Bakery on Mill Lane Reopens After Fire",
    "Council Splits Over New Cycle Path",
    "School Choir Wins Regional Prize",
    "Rail Strike Enters Second Week",
)


def kept(text: str) -> list[str]:
    """Return the lines of which any unit is not called chrome."""
    tokens = tokenize(text)
    lines: list[str] = []
    reasons = cue_chrome(text, tokens)
    for (first, _), reason in zip(tokens.unit_ranges(), reasons, strict=True):
        start = text.rfind("\n", 0, tokens.starts[first]) + 1
        line = text[start:].split("\n", 1)[0]
        if reason is None and line not in lines[-1:]:
            lines.append(line)
    return lines


def page(*lines: str) -> str:
    """Return the lines as a text."""
    return "\n".join(lines)


def test_head_and_tail_of_a_page_are_chrome() -> None:
    """Menu, headline and byline above, prompts and headlines below: only the body stays."""
    text = page(
        "The Lindmouth Courier",
        "Old ferry terminal to close",
        "By Ada Quill",
        "3 May 2026 10:15",
        *BODY,
        "Newsletter",
        "Related Articles",
        "0:00",
        "Close",
        *HEADLINES,
        "×",
    )
    assert kept(text) == list(BODY)


def test_a_disclaimer_ends_the_body() -> None:
    """A paragraph labelled as a disclaimer is chrome, and so is all that follows it."""
    disclaimer = (
        "AI Disclaimer: This page was put together by a machine that reads many sources "
        "and may hold errors. Please tell us when you find one."
    )
    assert kept(page(*BODY, disclaimer, "Newsletter", *HEADLINES)) == list(BODY)


def test_subheadings_are_body() -> None:
    """A short line between paragraphs is a sub-heading, even with a tell-tale word."""
    text = page(LEAD, "Costs Rise", SECOND, "Privacy Concerns Mount", THIRD, FOURTH)
    assert kept(text) == text.split("\n")


def test_an_article_without_chrome_is_kept_whole() -> None:
    """No part of a short article without headline or menu is called chrome."""
    for count in range(1, len(BODY) + 1):
        assert kept(page(*BODY[:count])) == list(BODY[:count])


def test_text_without_line_breaks_is_kept_whole() -> None:
    """A feed that flattens its articles loses nothing."""
    text = " ".join(BODY)
    assert cue_chrome(text, tokenize(text)) == [None] * len(tokenize(text).units)


def test_a_text_without_prose_is_not_judged() -> None:
    """A list of headlines alone, or a one-line alert, is left to others to judge."""
    for text in ("", "×", page(*HEADLINES), "Ferry terminal to close"):
        assert set(cue_chrome(text, tokenize(text))) <= {None}


def test_facts_in_a_list_are_body() -> None:
    """Bulleted facts and quotations stay, inside the body and at its end."""
    facts = ("• 92 years of service", "• 14 crossings a day", "• “It was home”, a deckhand said")
    for text in (page(LEAD, *facts, SECOND, THIRD), page(LEAD, SECOND, THIRD, *facts)):
        assert kept(text) == text.split("\n")


def test_a_box_inside_the_body_is_chrome() -> None:
    """A run of short lines that asks for a click is a box; the paragraphs round it stay."""
    box = (
        "Courier Games",
        "Guess Word",
        "Mini Crossword",
        "Word Search",
        "Daily Quiz",
        "Show More",
    )
    assert kept(page(LEAD, SECOND, *box, THIRD, FOURTH)) == list(BODY)


def test_a_short_body_goes_on_behind_a_long_box() -> None:
    """Paragraphs behind a box of games are body, though the box is longer than they are."""
    box = [
        f"{name} {part}" for name in ("Number", "Letter") for part in ["A", "B", "C", "D", "E", "F"]
    ]
    text = page(*BODY, "Show Less", *box, "Show More", LEAD[:80] + ".", SECOND[:76])
    assert kept(text)[:4] == list(BODY)
    assert kept(text)[-1] == SECOND[:76]


def test_reader_comments_are_chrome() -> None:
    """What stands below a heading of comments is not the article."""
    comments = (
        "2 Comments",
        (
            "I took that boat to school every single day for eleven years, and I will miss it and "
            "the people on board more than I can say in a few lines here."
        ),
        (
            "They should have mended the quay years ago, when it was still cheap to do so and the "
            "firm that built it was still in town, as I wrote to the board at the time."
        ),
    )
    assert kept(page(*BODY, *comments)) == list(BODY)


def test_a_counted_heading_of_comments_ends_the_body() -> None:
    """A count and the headline again, as blogs head their comments, end the article."""
    comments = (
        "2 thoughts on “Old ferry terminal to close after ninety years of service”",
        "Ada",
        "3 May 2026 at 10:15",
        (
            "I took that boat to school every single day for eleven years, and I will miss the "
            "ferry terminal and the people of Lindmouth more than I can say in a few lines."
        ),
    )
    assert kept(page(*BODY, *comments)) == list(BODY)


def test_a_closing_list_on_the_story_is_body() -> None:
    """Lines under the last paragraph that name again what it named stay; others go."""
    places = ("Lindmouth harbour: the ferry terminal", "Island: the smaller boat, winters only")
    box = (*HEADLINES, "Newsletter")
    assert kept(page(*BODY, *places, *box)) == [*BODY, *places]


def test_a_picture_credit_does_not_end_the_story() -> None:
    """Paragraphs on the story under the credit of a picture stay."""
    credit = "(Photo by Ada Quill, Lindmouth)"
    closing = "The board said the ferry terminal would be sold before the winters storms return."
    assert kept(page(*BODY, credit, closing)) == [*BODY, closing]


def test_a_picture_credit_between_paragraphs_is_chrome() -> None:
    """A line of names that ends in an agency's is the credit of a picture."""
    credit = "Ada Quill/Lindmouth Evening Pictures/Getty Images"
    assert kept(page(LEAD, SECOND, credit, THIRD, FOURTH)) == list(BODY)


def test_a_standfirst_above_the_byline_is_chrome() -> None:
    """A sentence above date and share buttons is the standfirst, not the lead."""
    text = page(
        "Old ferry terminal to close",
        "The vote ends a service that generations of islanders have relied on every day to get "
        "to school, to work and to the market, and it leaves the town with an empty quay and a "
        "bill.",
        "3 May 2026 10:15",
        "Share",
        "Facebook",
        "Email",
        *BODY,
    )
    assert kept(text) == list(BODY)
    tokens = tokenize(text)
    headings = cue_headings(text, tokens)
    assert headings == sorted(headings, reverse=True)
    assert sum(headings) == 6


@pytest.mark.parametrize(
    "credit",
    [
        "(Reporting by Ada Quill; Editing by Bo Marsh)",
        "(Reportagem de Ana Pena, em Lisboa)",
        "(Reporte de Ana Pena; Editado por Luis Vega)",
    ],
)
def test_credits_at_the_end_are_chrome(credit: str) -> None:
    """A closing line of credits is chrome, on its own line or after the last sentence."""
    for joint in ("\n", " "):
        text = page(*BODY) + joint + credit
        reasons = cue_chrome(text, tokenize(text))
        assert reasons[-1] == CREDIT
        assert set(reasons[:-1]) == {None}


@pytest.mark.parametrize(
    ("lead", "prompt"),
    [
        (
            (
                "Der Hafenrat hat am Montag beschlossen, das alte Terminal nach mehr als neunzig "
                "Jahren zu schließen, und nannte die Kosten als Grund."
            ),
            "Newsletter abonnieren",
        ),
        (
            (
                "La junta del puerto votó el lunes a favor de cerrar la vieja terminal, que "
                "funcionaba desde hace más de noventa años en la isla."
            ),
            "Suscríbete",
        ),
        (
            (
                "港湾委員会は月曜日、九十年以上にわたり運航してきた古いフェリー乗り場を閉鎖することを"
                "決めた。修繕費は町の年間予算を上回るという。"
            ),
            "会員登録",
        ),
        (
            (
                "صوّت مجلس الميناء يوم الاثنين على إغلاق محطة العبارات القديمة التي عملت لأكثر من "
                "تسعين عاما بسبب ارتفاع التكاليف."
            ),
            "النشرة البريدية",
        ),
    ],
)
def test_prompts_are_known_in_other_languages(lead: str, prompt: str) -> None:
    """A prompt under the body is chrome in any of the product's languages."""
    assert kept(page(lead, prompt)) == [lead]


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_any_text_gets_one_verdict_a_unit(text: str) -> None:
    """Any Unicode text is judged, unit by unit, twice the same."""
    tokens = tokenize(text)
    reasons = cue_chrome(text, tokens)
    assert len(reasons) == len(tokens.units) == len(cue_headings(text, tokens))
    assert reasons == cue_chrome(text, tokens)


def test_hostile_texts_are_judged() -> None:
    """Many lines, and a line of a megabyte, are judged whole."""
    for text in ("Share\n" * 20_000 + LEAD, "word " * 200_000, "a. " * 100_000, "\n" * 100_000):
        tokens = tokenize(text)
        assert len(cue_chrome(text, tokens)) == len(tokens.units)


def test_the_body_says_when_it_is_not_sure() -> None:
    """One sentence among a page of other lines is no body to judge the page by."""
    sure = find_body(read_lines(page(*BODY), tokenize(page(*BODY))))
    text = page(*HEADLINES * 30, LEAD)
    unsure = find_body(read_lines(text, tokenize(text)))
    assert sure is not None
    assert unsure is not None
    assert (sure.is_sure, unsure.is_sure) == (True, False)


@given(
    st.lists(st.sampled_from([*BODY, *HEADLINES, "2 comments", "- a point"])).map("\n".join)
    | article_texts(40)
    | fuzzed_texts()
    | st.text(max_size=60),
    st.booleans(),
)
def test_flags_are_those_of_the_plain_path(text: str, has_blocks: bool) -> None:
    """By the loops, and with blocks that markup gave, for which there are none."""
    compile_all()
    blocks = [[0, len(text), CAPTION]] if has_blocks and text else None
    wanted = [reason is not None for reason in cue_chrome(text, tokenize(text), blocks)]
    assert flag_chrome(text, blocks).tolist() == wanted
