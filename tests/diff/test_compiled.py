"""The diff by compiled loops is the plain one, to the last span (law 4)."""

from random import Random

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from dedup.article import Article
from dedup.boilerplate.chrome import find_chrome
from dedup.boilerplate.cued import find_chrome_read
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.boilerplate.units import unit_hashes
from dedup.diff.compiled import compare_compiled
from dedup.diff.languages import find_language
from dedup.diff.marks import marks_table
from dedup.diff.plain import compare_plainly
from dedup.diff.sentences import FUNCTION_WORDS, guess_language
from dedup.kernels import cutting
from dedup.kernels.matching import find_blocks
from dedup.kernels.reading import read_texts
from dedup.shingles import token_hashes
from dedup.text import tokenize
from tests.strategies import article_texts, fuzzed_texts

_SENTENCES = (
    "The town council voted on Monday to close the old bridge for repairs.",
    "The town council voted on Tuesday to close the old bridge for repair work, it said.",
    "It said the repairs would take until the end of May, and cost 4 per cent more than planned.",
    "Shares of the ferry company rose 4% to $12.50 after the announcement.",
    "Shares of the ferry company fell 7 per cent to $11.20 on the news.",
    "“We will not pay for this,” the U.S. envoy told reporters.",
    '"We will not pay for this," the US envoy told reporters, who had asked him twice about it.',
    "Eight words are enough to make a move.",
    "Two blocks that weigh the same changed places.",
    "He declined to comment.",
    "He declined to comment on Friday",
    "Background",
    "Advertisement",
    "2 comments",
    "Most read",
    "Share on Facebook",
    "Sign up for our newsletter to get the day's best stories.",
    "(Reporting by A. Smith; Editing by B. Jones)",
    "Disclaimer: the views expressed here do not constitute investment advice of any kind.",
    "Copyright 2019 Harbour News. All rights reserved.",
    "May 3, 2019 10:15 am",
    "- a first point",
    "By Ann Smith",
    "Der Stadtrat beschloss am 3. Oktober, z. B. die Brücke zu sperren.",
    "Le conseil a décidé lundi de fermer le vieux pont pour des travaux jusqu’en mai.",
    "صوت مجلس المدينة يوم الاثنين على إغلاق الجسر القديم.",
    "Городской совет в понедельник решил закрыть старый мост и паром.",
    "—",
    "* * *",
    '[USN:L1N0 TEXT:"Ferries"] were full on Friday, operators said <FERY.O>.',
)
_BREAKS = (" ", " ", "\n", "\n\n", "\r\n", "  ", "\u2028")
_WORDS = ("the", "a", "new", "bridge", "per", "cent", "12", "U.S.", "“harbour”", "not", ",", "—")


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text and what an editor may have made of it."""
    random = Random(draw(st.integers(0, 1 << 32)))
    chosen = [random.choice(_SENTENCES) for _ in range(random.randrange(30))]
    copy = [one for one in chosen if random.random() > 0.15]
    for _ in range(random.randrange(4)):
        if copy:
            at = random.randrange(len(copy))
            copy.insert(random.randrange(len(copy)), copy.pop(at))
    for _ in range(random.randrange(12)):
        if copy:
            at = random.randrange(len(copy))
            words = copy[at].split(" ")
            place = random.randrange(len(words))
            words[place : place + random.randrange(3)] = random.choices(
                _WORDS, k=random.randrange(3)
            )
            copy[at] = " ".join(words)
    for _ in range(random.randrange(3)):
        if copy:  # a clause from anywhere hung on a sentence
            at = random.randrange(len(copy))
            copy[at] = f"{copy[at].rstrip('.')}, and {random.choice(chosen)}"
    for _ in range(random.randrange(3)):
        copy.insert(random.randrange(len(copy) + 1), random.choice(_SENTENCES))

    def joined(sentences: list[str]) -> str:
        return "".join(one + random.choice(_BREAKS) for one in sentences)

    return joined(chosen), joined(copy)


_ANY = st.tuples(*[article_texts(40) | fuzzed_texts() | st.text("ab. \n", max_size=60)] * 2)
_MANY = settings(max_examples=400, deadline=None)


@_MANY
@given(_pairs() | _ANY, st.booleans())
@example(("", " "), False)
@example((" \n", "One sentence is here.\nMenu"), True)
@example(("\ud800 broken", "broken \udfff"), False)
@example(("A. " + "word " * 450, "A. " + "word " * 449), False)
def test_the_loops_are_the_plain_path(pair: tuple[str, str], is_swapped: bool) -> None:
    """Segments, word edits, groups, notes, limits and evidence, whichever text comes first."""
    articles = Article("a", pair[0]), Article("b", pair[1])
    found = compare_compiled(articles, None, is_swapped=is_swapped)
    if found is not None:
        assert found == compare_plainly(articles, None, is_swapped=is_swapped)


@given(_pairs(), st.sampled_from(_SENTENCES), st.sampled_from(_SENTENCES))
def test_titles_and_what_a_site_repeats(pair: tuple[str, str], title: str, repeated: str) -> None:
    """Are chrome on both ways."""
    tokens = tokenize(repeated)
    units = unit_hashes(token_hashes(tokens.words), np.array(tokens.units, np.uint32))
    articles = Article("a", pair[0], title=title), Article("b", pair[1], title=title)
    for known in (1, 100):
        boilerplate = Boilerplate({"": SiteBoilerplate(known, np.unique(units))})
        found = compare_compiled(articles, boilerplate, is_swapped=False)
        if found is not None:
            assert found == compare_plainly(articles, boilerplate, is_swapped=False)


def test_scripts_with_spaces_take_the_loops() -> None:
    """Or the tests here would show little."""
    for sentence in _SENTENCES:
        articles = Article("a", sentence), Article("b", f"Menu\n{sentence}\n")
        assert compare_compiled(articles, None, is_swapped=False) is not None, sentence


@_MANY
@given(_pairs() | _ANY)
@example(("²\nx", "١ comments\n𝟙 comments\n🄂 comments"))
def test_cues_are_the_plain_ones(pair: tuple[str, str]) -> None:
    """Every reason of every unit, in any script."""
    read = read_texts(pair)
    for i, text in enumerate(pair):
        article = Article("x", text)
        wanted = find_chrome(article, tokenize(text))
        found = find_chrome_read(article, read, i, None, marks_table())
        assert found.reasons == wanted.reasons, text
        assert found.is_by_cues.tolist() == wanted.is_by_cues.tolist()


@given(
    st.lists(st.sampled_from(sorted({w for x in FUNCTION_WORDS.values() for w in x})), max_size=40)
)
def test_the_language_is_the_plain_one(words: list[str]) -> None:
    """The first of those with most function words."""
    assert find_language(read_texts([" ".join(words), "zu"])) == guess_language(words, ["zu"])


def test_marks_are_those_of_python() -> None:
    """White space and decimal digits, for every code point that the table holds."""
    table = marks_table().tolist()
    for point, bits in enumerate(table):
        assert bool(bits & cutting.SPACE) == chr(point).isspace(), hex(point)
        assert bool(bits & cutting.DECIMAL) == chr(point).isdecimal(), hex(point)


@_MANY
@given(*[st.lists(st.integers(1, 6), max_size=40)] * 2)
def test_blocks_are_those_of_rapidfuzz(a: list[int], b: list[int]) -> None:
    """Among equal subsequences the same one is chosen."""
    blocks = np.empty((min(len(a), len(b)) + 1, 3), np.int64)
    n = find_blocks(np.array(a, np.uint64), np.array(b, np.uint64), blocks)
    wanted = [
        [code.src_start, code.dest_start, code.src_end - code.src_start]
        for code in Indel.opcodes(a, b)
        if code.tag == "equal"
    ]
    assert blocks[:n].tolist() == wanted
