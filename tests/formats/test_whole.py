"""A page read whole: every line of it, and what its markup says of each."""

from hypothesis import given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from dedup.formats.markup import Block
from dedup.formats.page import extract_page
from dedup.formats.whole import DOUBTFUL, MAIN, find_main, read_whole

LEAD = "It rained on the town for most of the day, and nobody who lives there minded it much."
SECOND = "The harbour was quiet until the evening, when the last ferry came in an hour late."
THIRD = "By then the market had closed, and the fishermen had mended what nets they had to mend."
TAGS = ["div", "p", "b", "nav", "li", "td", "tr", "table", "pre", "br", "aside", "script", "h2"]


def whole(markup: str) -> tuple[str, list[Block]]:
    return read_whole(HTMLTree.parse(markup))


def called(markup: str) -> dict[str, set[str]]:
    """Return for each line the kinds of the blocks that it stands in."""
    text, blocks = whole(markup)
    kinds: dict[str, set[str]] = {}
    at = 0
    for line in text.split("\n"):
        kinds[line] = {kind for start, end, kind in blocks if start <= at < end}
        at += len(line) + 1
    return kinds


def test_a_block_is_a_line() -> None:
    """Inline elements do not part it; a row of a table is one; preformatted lines stay."""
    text, _ = whole(
        "<body>Loose<p>One <b>bo</b>ld\n word</p><div>Two<br>Three<p>Four</div>"
        "<table><tr><th>Pos<th>Player<tr><td>1<td>Ann</table><pre>a\n  b</pre></body>"
    )
    assert text.split("\n") == [
        *("Loose", "One bold word", "Two", "Three", "Four"),
        *("Pos Player", "1 Ann", "a", "b"),
    ]


def test_what_no_reader_sees_is_left_out() -> None:
    """Scripts, styles, comments, and what is there for want of a script."""
    text, _ = whole(
        "<head><title>T</title></head><body><script>x</script><style>y</style><!-- z -->"
        "<noscript>n</noscript><p>Seen<svg><text>s</text></svg></p></body>"
    )
    assert text == "Seen"


def test_an_element_says_what_its_lines_are() -> None:
    """By its name, by its role, or by what its author called it; nested ones too."""
    kinds = called(
        "<nav><ul><li>Home</ul></nav><header><h1>Rain</h1></header>"
        "<div role=complementary>Also</div><div class='post-footer'>End</div>"
        "<figure><figcaption>A ferry</figcaption></figure><main><p>Text</p></main>"
    )
    assert kinds == {
        "Home": {"navigation", "list"},
        "Rain": {"header", "heading"},
        "Also": {"aside"},
        "End": {"footer"},
        "A ferry": {"caption"},
        "Text": set(),
    }


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.booleans(), st.text("ab \n<&;", max_size=6))))
def test_blocks_stand_in_the_text(parts: list[tuple[str, bool, str]]) -> None:
    """Whatever the markup: on whole lines, outer ones first, none of them empty."""
    text, blocks = whole("".join(f"<{'/' * e}{tag}>{words}" for tag, e, words in parts))
    assert all(line and line == " ".join(line.split()) for line in text.split("\n") if text)
    assert blocks == sorted(blocks, key=lambda block: (block[0], -block[1]))
    for start, end, _ in blocks:
        assert 0 <= start < end <= len(text)
        assert start == 0 or text[start - 1] == "\n"
        assert end == len(text) or text[end] == "\n"


def test_what_all_have_found_is_main_and_what_one_has_is_doubtful() -> None:
    """Lines are told by runs of their words; a short one by being a line there."""
    lines = ["Menu", LEAD, "Rain", SECOND, THIRD, "Imprint"]
    text = "\n".join(lines)
    first = f"{LEAD}\nRain\n{SECOND} {THIRD}"
    found = {text[a:b]: kind for a, b, kind in find_main(text, [first, f"{LEAD}\nRain\n{SECOND}"])}
    assert found == {"\n".join(lines[1:4]): MAIN, THIRD: DOUBTFUL}


def test_scripts_without_spaces_are_told_by_their_characters() -> None:
    """A line of Japanese is many words, not one."""
    line = "港の町では一日中雨が降り続いたが、住民は気にしなかった。"
    text = f"メニュー\n{line}"
    assert find_main(text, [f"{line[:-4]}が、"] * 2) == [(5, len(text), MAIN)]


def test_nothing_is_said_where_nothing_was_found() -> None:
    """Or where what was found is no article."""
    assert find_main(LEAD, []) == []
    assert find_main(LEAD, [LEAD, f"{LEAD}\n" * 20_000]) == []


def test_a_whole_page_is_read_with_its_main_text_marked() -> None:
    """Text that the other ways leave out is there, and is in no block of main text."""
    body = "".join(f"<p>{line}</p>" for line in (LEAD, SECOND, THIRD) * 2)
    raw = f"<body><nav><a>Home</a></nav><article>{body}</article><footer>Imprint</footer></body>"
    page = extract_page("a", raw.encode(), extract="whole")
    assert page.how == "whole page"
    assert page.text.startswith("Home\n")
    assert page.text.endswith("\nImprint")
    spans = [page.text[a:b] for a, b, kind in page.blocks if kind == MAIN]
    assert spans == ["\n".join((LEAD, SECOND, THIRD) * 2)]
