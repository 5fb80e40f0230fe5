"""What a diff says of small texts written for the purpose."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedup import Article
from dedup.diff import Diff, EditKind, Op, Segment, WordOp, diff
from dedup.match import compare

FERRY = [
    "The harbour council agreed on Monday to rebuild the northern ferry terminal.",
    "Work on the first pier is expected to start before the end of the winter season.",
    "Operators said the old landing stage could no longer carry modern vessels safely.",
    "Fishermen asked the mayor to keep the small slipway open during construction works.",
    "A final vote on the loan for the project is planned for the first week of March.",
]


def _ops(found: Diff) -> list[str]:
    return [segment.op.value for segment in found.segments]


def _side(found: Diff, segment: Segment, side: str) -> str:
    span = segment.a if side == "a" else segment.b
    text = found.text_a if side == "a" else found.text_b
    return text[slice(*span)].strip() if span else ""


def _changes(found: Diff) -> list[tuple[str, str, str | None]]:
    return [
        (
            found.text_a[slice(*word.a)].strip() if word.a else "",
            found.text_b[slice(*word.b)].strip() if word.b else "",
            word.kind and word.kind.value,
        )
        for segment in found.segments
        for word in segment.words
        if word.op != WordOp.KEPT
    ]


def test_a_dropped_and_an_added_sentence() -> None:
    """What only one text has is dropped or added, at its place."""
    a = " ".join(FERRY[:4])
    b = " ".join(
        [FERRY[0], "Gulls screamed over an empty market square all night long.", *FERRY[2:4]]
    )
    assert _ops(diff(a, b)) == ["kept", "dropped", "added", "kept", "kept"]


def test_a_moved_sentence_is_one_move() -> None:
    """The smallest set of sentences moved; the others stayed."""
    b = " ".join([*FERRY[1:4], FERRY[0], FERRY[4]])
    found = diff(" ".join(FERRY), b)
    assert [_side(found, s, "a") for s in found.moved] == [FERRY[0]]
    assert not found.dropped
    assert not found.added


def test_a_moved_sentence_carries_its_edits() -> None:
    """A move may be edited as well."""
    edited = FERRY[0].replace("Monday", "Tuesday")
    found = diff(" ".join(FERRY), " ".join([*FERRY[1:], edited]))
    [moved] = found.moved
    assert moved.is_edited
    assert ("Monday", "Tuesday", "name") in _changes(found)


def test_a_short_formula_elsewhere_is_no_move() -> None:
    """Four words that stand elsewhere are coincidence."""
    formula = "He declined to comment."
    a = " ".join([FERRY[0], formula, *FERRY[1:]])
    b = " ".join([*FERRY, formula])
    assert not diff(a, b).moved


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The U.S. envoy left.", "The US envoy left."),
        ("“We will not pay,” she said.", '"We will not pay," she said.'),
        ("Exports -- mostly fish -- rose.", "Exports — mostly fish — rose."),
        ("Prices rose 5% in May.", "Prices rose 5 per cent in May."),
        ("The Council met.", "The council met."),
        ("He had launched it.", 'He had [USN:L6N44I0WH TEXT:"launched"] it.'),
        ("ＦＩＬは３年前に設立した。", "FILは3年前に設立した。"),
    ],
)
def test_typography_is_no_edit_of_substance(a: str, b: str) -> None:
    """Dots, quotes, dashes, case, per cent, wire markup and width leave a sentence kept."""
    found = diff(a, b)
    assert _ops(found) == ["kept"]
    assert found.segments[0].is_typography_only
    assert not found.is_different()
    assert found.is_different(strict=True)


@pytest.mark.parametrize(
    ("a", "b", "change"),
    [
        (
            "Sales rose 4% to $12.5 million.",
            "Sales rose 6% to $12.5 million.",
            ("4", "6", "number"),
        ),
        (
            "The plan of Mr Brown failed.",
            "The plan of Mr Jones failed.",
            ("Brown", "Jones", "name"),
        ),
        (
            "“We will never give in,” the mayor said on Friday.",
            "“We will not give in,” the mayor said on Friday.",
            ("never", "not", "quotation"),
        ),
        ("The boats left the port.", "The boats quit the port.", ("left", "quit", "wording")),
    ],
)
def test_changed_facts_are_called_out(a: str, b: str, change: tuple[str, str, str]) -> None:
    """Numbers, names and quotations are told from mere wording."""
    assert change in _changes(diff(a, b))


def test_a_clause_dropped_before_the_full_stop_leaves_the_stop() -> None:
    """No confetti: the marks of both sides are matched with each other."""
    found = diff(
        "The list is due in Oslo and Bergen, possibly by the end of the month.",
        "The list is due in Oslo and Bergen.",
    )
    assert _changes(found) == [(", possibly by the end of the month", "", "wording")]


def test_a_common_word_between_two_changes_joins_them() -> None:
    """No confetti: a preposition that survives is not shown as kept."""
    found = diff(
        "Operators of the ferry said that three boats in northern harbours would be sold soon.",
        "Operators of the ferry said that all crews in a dock would be sold soon.",
    )
    assert _changes(found) == [
        ("three boats in northern harbours", "all crews in a dock", "wording")
    ]


def test_merged_sentences_share_a_group() -> None:
    """Two sentences made one are two segments of one group; split is the same, swapped."""
    a = (
        "Officials are concerned that the platforms will come to dominate payments, people said. "
        "That in turn could give the state access to personal data of millions of customers."
    )
    b = (
        "Officials are concerned the platforms will dominate payments, giving the state access "
        "to personal data of millions of customers."
    )
    found = diff(a, b)
    assert [(s.group, s.note) for s in found.segments] == [(1, "merged"), (1, "merged")]
    assert [(s.group, s.note) for s in diff(b, a).segments] == [(1, "split"), (1, "split")]
    assert found.summary().merged == 1


def test_a_clause_from_afar_parts_the_sentence_that_took_it() -> None:
    """Both halves are linked and share a group; the far one moved."""
    clause = "which before the storm of last autumn carried about a fifth of all traffic"
    a = [f"Thousands of people had used the old mountain tunnel, {clause}.", *FERRY[:4]]
    b = [*FERRY[:3], f"{FERRY[3][:-1]}, {clause}."]
    found = diff("\n".join(a), "\n".join(b))
    halves = [s for s in found.segments if s.group]
    assert [s.note for s in halves] == ["merged", "merged"]
    assert sorted(s.op.value for s in halves) == ["kept", "moved"]
    assert found.rebuild_b() == "\n".join(b)


def test_a_subhead_glued_to_its_sentence_is_an_edit_of_it() -> None:
    """A line break that one side lost does not part a sentence from its link."""
    found = diff(
        "\n".join(FERRY), "\n".join([*FERRY[:2], "OLD STAGE TOO WEAK " + FERRY[2], *FERRY[3:]])
    )
    assert _changes(found) == [("", "OLD STAGE TOO WEAK", "wording")]


@pytest.mark.parametrize(
    ("a", "b", "kept"),
    [
        (
            "市議会は橋を閉鎖する。工事は五月に始まる。",
            "市議会は橋を閉鎖する。費用は未定だという。",
            1,
        ),
        ("市议会周一投票。桥梁将关闭。", "市议会周一投票。桥梁将关闭。居民表示反对。", 2),
        (
            "สภาเมืองลงมติปิดสะพานเก่า งานจะเริ่มในเดือนพฤษภาคม",
            "สภาเมืองลงมติปิดสะพานเก่า ชาวเมืองไม่เห็นด้วยกับแผนนี้",
            1,
        ),
        ("صوت المجلس على إغلاق الجسر. تبدأ الأعمال في مايو.", "صوت المجلس على إغلاق الجسر.", 1),
        ("Er kam am 3. Oktober. Sie blieb z. B. in Ulm.", "Er kam am 3. Oktober.", 1),
        ("El Sr. López vino ayer. ¿Quién pagó?", "El Sr. López vino ayer. ¡Nadie pagó!", 1),
    ],
)
def test_sentences_in_other_languages(a: str, b: str, kept: int) -> None:
    """Sentences are found in scripts with and without spaces and marks."""
    assert len(diff(a, b).kept) == kept


def test_a_subhead_run_into_its_sentence_is_a_merge() -> None:
    """Two words suffice when the partner begins with the whole line."""
    a = "\n".join([*FERRY[:2], "LANDING STAGE", *FERRY[2:]])
    b = "\n".join([*FERRY[:2], f"LANDING STAGE {FERRY[2]}", *FERRY[3:]])
    found = diff(a, b)
    assert _ops(found) == ["kept"] * 6
    assert [segment.note for segment in found.segments[2:4]] == ["merged", "merged"]


def test_the_mark_at_a_merge_closes_the_first_part() -> None:
    """No part begins with the comma that joins it to the one before."""
    found = diff(" ".join(FERRY[:2]), f"{FERRY[0][:-1]}, and {FERRY[1]}")
    texts = [found.text_b[slice(*segment.b)] for segment in found.segments if segment.b]
    assert texts == [f"{FERRY[0][:-1]}, ", f"and {FERRY[1]}"]
    assert found.summary().style == ()


def test_marks_above_a_menu_are_part_of_it() -> None:
    """A line without a word is chrome where the first line with one is."""
    body = "\n".join(FERRY)
    found = diff(body, f"-->\nMenu\nSport\nSubscribe\n{body}")
    assert {segment.op for segment in found.segments if segment.a is None} == {Op.CHROME}


def test_wire_markup_is_no_style_and_no_fact() -> None:
    """The summary quotes words as a reader knows them."""
    a = "Officials “convened a meeting” of 5 ministers in Geneva on Friday, he said."
    b = a.replace("“convened a meeting”", '[USN:L6N44I0WH TEXT:"convened a meeting"]')
    summary = diff(a, b.replace("5", "7")).summary()
    assert summary.style == ()
    assert list(map(str, summary.facts)) == ["number 5 → 7"]


def test_chrome_stands_apart() -> None:
    """A menu and a prompt are neither added nor a difference."""
    body = "\n".join(FERRY)
    page = "Menu\nSport\nWeather\nContact\n\n" + body + "\n\nShare\nNewsletter\nRelated Articles\n"
    found = diff(body, page)
    assert not found.is_different()
    assert found.summary().chrome_b > 0


def test_a_line_that_repeats_the_title_is_no_part_of_the_body() -> None:
    """Titles stand apart, also when the page repeats them."""
    body = "\n".join(FERRY)
    a = Article("a", body, title="New pier for the northern ferry")
    b = Article("b", "New pier for the northern ferry.\n" + body, title=a.title)
    found = diff(a, b)
    assert not found.is_different()
    assert [s.note for s in found.chrome if s.b] == ["the title"]


def test_an_earlier_date_alone_makes_nobody_abridge() -> None:
    """The hint needs evidence in the text."""
    a = Article("a", " ".join(FERRY), published=datetime(2026, 1, 1, tzinfo=UTC))
    b = Article("b", " ".join(FERRY), published=datetime(2026, 1, 2, tzinfo=UTC))
    assert diff(a, b).summary().direction is None


def test_a_credit_line_of_both_is_kept() -> None:
    """What looks like chrome but stands in both texts is the article's."""
    text = "\n".join(FERRY) + "\n(Reporting by A. Writer; Editing by B. Reader)"
    assert len(diff(text, text + "\n").kept) == len(FERRY) + 1


def test_the_relation_is_the_word_of_match() -> None:
    """There is one opinion, and it is match's."""
    a, b = Article("1", " ".join(FERRY)), Article("2", " ".join(FERRY[:3]))
    found, match = diff(a, b), compare(a, b)
    assert found.relation == match.relation.value
    assert found.containment_ab == match.containment_ab
    assert found.containment_ba == match.containment_ba


def test_the_summary_says_where_the_lead_went() -> None:
    """The lead's new place, and what leads instead, are said."""
    lead = diff(" ".join(FERRY), " ".join([*FERRY[1:], FERRY[0]])).summary().lead
    assert lead is not None
    assert (lead.place_in_b, lead.new_lead_from, lead.is_moved) == (5, 2, True)


def test_the_summary_says_house_style_once() -> None:
    """The same change of style is counted, not listed."""
    a = "The U.S. envoy left. A U.S. ship came. The U.S. fleet stayed."
    [change] = diff(a, a.replace("U.S.", "US")).summary().style
    assert str(change) == "U.S.→US ×3"


def test_the_summary_hints_who_abridged_whom() -> None:
    """The fuller, earlier text is named with reasons."""
    a = Article("a", " ".join(FERRY), published=datetime(2026, 1, 1, 8, tzinfo=UTC))
    b = Article("b", " ".join(FERRY[:2]), published=datetime(2026, 1, 1, 12, tzinfo=UTC))
    hint = diff(a, b).summary().direction
    assert hint is not None
    assert hint.original == "a"
    assert "a was published 4.0 hours before b" in hint.reasons


def test_the_seed_pair_is_shown_right(fixtures: Path) -> None:
    """All 27 gold links are found, the lead is shown as moved, all chrome is apart."""
    from benchmarks.diff.corpora import seeds

    figures = {figure.metric: figure.value for figure in seeds(fixtures / "seeds")}
    assert figures == {
        "links found": 27,
        "links missed": 0,
        "links told wrong: moved, or stayed": 0,
        "chrome segments not apart": 0,
        "body segments called chrome": 0,
        "000 and 002 are distinct": 1,
    }


def test_long_repetition_is_bounded_and_said() -> None:
    """What is not compared one by one is said in the limits."""
    a = "\n".join(f"alpha{n} beta gamma{n} delta." for n in range(80))
    b = "\n".join(f"omega{n} beta sigma{n} delta." for n in range(80))
    found = diff(a, b)
    assert any("compared" in limit for limit in found.limits)


def test_kinds_and_operations_have_fixed_words() -> None:
    """The words of the JSON are fixed."""
    assert [op.value for op in Op] == ["kept", "edited", "moved", "added", "dropped", "chrome"]
    assert [kind.value for kind in EditKind] == [
        "wording",
        "typography",
        "number",
        "name",
        "quotation",
    ]
