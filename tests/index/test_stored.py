"""Rows as bytes, and the files they lie in."""

import os
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.boilerplate.stored import pack_boilerplate, read_boilerplate
from dedup.errors import (
    ArgumentError,
    FormatError,
    IndexCorruptError,
    IndexFormatError,
    RecipeMismatchError,
    StoredIndexError,
)
from dedup.fingerprint import Recipe
from dedup.index import Settings, SiteState, StoredArticle, create_index, open_index
from dedup.index.learned import pack_site, unpack_site
from dedup.index.names import name_keys, words_key
from dedup.index.posting_file import PostingFile
from dedup.index.postings import MemoryPostings
from dedup.index.seal import TextPacker, checked, sealed, unpack_text
from dedup.index.sqlite import SqliteIndex
from dedup.index.stored import Chosen, pack_article
from dedup.stream import DuplicateFilter

NAMES = st.none() | st.text(max_size=20) | st.just("\ud800 alone")
FLAGS = st.lists(st.booleans(), max_size=20).map(lambda flags: np.array(flags, np.bool_))
DATES = st.none() | st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)


@given(
    st.builds(
        Article, st.text(max_size=9), st.just(""), title=NAMES, url=NAMES, source=NAMES,
        published=DATES,
    ),
    st.lists(st.integers(0, 2**64 - 1), max_size=30),
    FLAGS, FLAGS, st.booleans(), st.integers(0, 2**63),
)  # fmt: skip
def test_a_row_gives_back_what_went_in(
    article: Article,
    tokens: list[int],
    is_out: np.ndarray,
    is_formula: np.ndarray,
    is_accepted: bool,
    origin: int,
) -> None:
    """Every field, of any article."""
    units = np.arange(len(is_out), dtype=np.uint32)
    row = StoredArticle(
        7,
        pack_article(
            article, "site", tokens=np.array(tokens, np.uint64), units=units, cues=~is_out,
            chosen=Chosen(is_out, is_formula, 5), is_accepted=is_accepted, origin=origin,
            same_as=0, added=123,
        ),
    )  # fmt: skip
    assert row.article() == article
    assert row.published == article.published
    assert (row.site, row.origin, row.is_accepted, row.added) == ("site", origin, is_accepted, 123)
    assert row.tokens.tolist() == tokens
    assert row.units.tolist() == units.tolist()
    assert row.cues.tolist() == (~is_out).tolist()
    assert row.chosen.is_out.tolist() == is_out.tolist()
    assert row.chosen.is_formula.tolist() == is_formula.tolist()


@given(st.binary(max_size=60), st.data())
def test_one_flipped_bit_is_found(raw: bytes, data: st.DataObject) -> None:
    """Wherever it lies, the checksum included."""
    row = bytearray(sealed(raw))
    assert checked(bytes(row), "x", "a row") == row
    bit = data.draw(st.integers(0, 8 * len(row) - 1))
    row[bit // 8] ^= 1 << bit % 8
    with pytest.raises(IndexCorruptError, match="does not match its checksum"):
        checked(bytes(row), "x", "a row")


@pytest.mark.parametrize("compression", ["zlib", "zstd"])
@pytest.mark.parametrize(
    "texts", [[], [""], ["", ""], ["Ä text.\n"], ["", "lone \udc80 surrogate", "x" * 100_000]]
)
def test_texts_come_back(compression: str, texts: list[str]) -> None:
    """Whatever they hold, and however many are packed at once."""
    packer = TextPacker(compression)
    rows = packer.pack(texts)
    assert [unpack_text(row) for row in rows] == texts
    assert rows == [row for text in texts for row in packer.pack([text])]


def test_sites_come_back() -> None:
    """With both lists of hashes, in their order."""
    state = SiteState("näme", 9, np.array([1, 2], np.uint64), np.array([3, 2**64 - 1], np.uint64))
    found = unpack_site(pack_site(state))
    assert (found.name, found.learned_from) == ("näme", 9)
    assert found.units.tolist() == [1, 2]
    assert found.shingles.tolist() == [3, 2**64 - 1]


def test_boilerplate_travels_in_a_file(tmp_path: Path) -> None:
    """Whole or not at all, and for one recipe."""
    learned = Boilerplate(
        {"a.example": SiteBoilerplate(9, np.array([5], np.uint64), np.array([6, 7], np.uint64)),
         "": SiteBoilerplate(3)}
    )  # fmt: skip
    path = tmp_path / "learned.bin"
    path.write_bytes(pack_boilerplate(learned, Recipe().digest))
    found = read_boilerplate(path, Recipe().digest)
    assert found.digest == learned.digest
    assert [site.articles for site in found.sites.values()] == [3, 9]
    with pytest.raises(RecipeMismatchError):
        read_boilerplate(path, Recipe(seed=1).digest)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FormatError, match="damaged"):
        read_boilerplate(path, Recipe().digest)
    path.write_bytes(b"dedup-boilerplate-9\n")
    with pytest.raises(FormatError, match="of another version"):
        read_boilerplate(path, Recipe().digest)


def test_chains_grow_and_forget_nothing(tmp_path: Path) -> None:
    """In memory and in a file, over several enlargements."""
    draw = np.random.default_rng(5)
    keys = draw.integers(0, 2**64, (900, 20), np.uint64)
    memory = MemoryPostings()
    file = PostingFile.create(tmp_path / "p-0", b"i" * 16)
    for number, own in enumerate(keys, 1):
        memory.append(own, number, 19)
        if not file.has_room(len(own)):
            larger = file.larger(tmp_path / f"p-{number}", len(own))
            file.discard()
            file = larger
        file.append(own, number, 19)
    for postings in (memory, file):
        assert all(postings.missing(own, number, 19) == 0 for number, own in enumerate(keys, 1))
        assert postings.missing(keys[0], 2, 19) == 20
        assert postings.find(keys[41]).numbers == [42]
    assert list(file.problems()) == []
    file.close()


def test_a_posting_file_is_made_again_when_in_doubt(tmp_path: Path) -> None:
    """Missing, cut short, of another index, or older than the rows."""
    path = tmp_path / "seen.db"
    with open_index(str(path)) as index:
        DuplicateFilter(index).admit(Article("1", "Rain fell on the harbour all day. " * 9))
    (postings,) = tmp_path.glob("seen.db-postings-*")
    whole = postings.read_bytes()
    for damage in (None, whole[:-1], b"x" * len(whole), whole[:8] + b"?" + whole[9:]):
        for file in tmp_path.glob("seen.db-postings-*"):
            if damage is None:
                file.unlink()
            else:
                file.write_bytes(damage)
        with open_index(str(path), create=False) as index:
            made_again = ["postings: the file was damaged or cut off, and has been made again"]
            assert list(index.problems()) == (made_again if damage else [])
            again = Article("2", "Rain fell on the harbour all day. " * 9)
            assert not DuplicateFilter(index).check(again).is_new


@pytest.mark.parametrize("place", [50, 70, 125, 130, 167, 400, 4095])
def test_a_bit_of_a_posting_files_head_is_found(tmp_path: Path, place: int) -> None:
    """Wherever it lies, in what is used while somebody writes, too."""
    path = tmp_path / "seen.db"
    with open_index(str(path)) as index:
        DuplicateFilter(index).admit(Article("1", "Rain fell on the harbour all day. " * 9))
    (postings,) = tmp_path.glob("seen.db-postings-*")
    raw = bytearray(postings.read_bytes())
    raw[place] ^= 1
    postings.write_bytes(raw)
    with open_index(str(path), create=False) as index:
        assert len(list(index.problems())) == 1


def test_an_index_of_another_recipe_or_version_is_refused(tmp_path: Path) -> None:
    """Law 9: with an error that says how to mend it."""
    path = tmp_path / "seen.db"
    with open_index(str(path)) as index:
        assert isinstance(index, SqliteIndex)
        for change, kind in (
            ({"format": 9}, IndexFormatError),
            ({"recipe_digest": "0" * 16}, RecipeMismatchError),
        ):
            row = {**index.settings.as_row(), **change}
            with pytest.raises(kind, match="import"):
                Settings.from_row(row, index.url)


def test_another_programs_database_is_no_index(tmp_path: Path) -> None:
    """And it is not touched."""
    import sqlite3

    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(IndexFormatError, match="no index of dedup"):
        open_index(str(path))
    assert path.read_bytes() == before


def test_a_large_transaction_sees_all_that_it_adds(tmp_path: Path) -> None:
    """However many articles are kept at hand."""
    row = pack_article(
        Article("1", ""), "", tokens=np.empty(0, np.uint64), units=np.empty(0, np.uint32),
        cues=np.empty(0, np.bool_), chosen=Chosen(*np.empty((2, 0), np.bool_), 0),
        is_accepted=True, origin=0, same_as=0, added=0,
    )  # fmt: skip
    with create_index(str(tmp_path / "seen.db"), Settings(keeps_text=False)) as index:

        def work() -> int:
            numbers = [index.add(row, np.empty(0, np.uint64), 0, None) for _ in range(5000)]
            return len(index.rows(numbers))

        assert index.transact(work) == 5000


def test_an_index_keeps_only_what_it_was_told(tmp_path: Path) -> None:
    """Without texts none is kept; the file is a third smaller or more."""
    article = Article("1", "".join(f"word{n} " for n in range(400)))
    for keeps_text in (True, False):
        url = str(tmp_path / f"{keeps_text}.db")
        with create_index(url, Settings(keeps_text=keeps_text)) as index:
            DuplicateFilter(index).admit(article)
            assert (index.text_of(1) is not None) == keeps_text
            assert not DuplicateFilter(index).check(Article("2", article.text)).is_new


def test_names_are_told_apart() -> None:
    """An id, a page and a site of the same name, and words, are keys of the last family."""
    tokens, units = np.arange(9, dtype=np.uint64), np.array([0, 4], np.uint32)
    keys = name_keys("x", "x", "x", 0, tokens, units)
    assert len(set(keys)) == 4
    assert all(key & 3 == 3 for key in keys)
    others = [("y", tokens, units), ("x", tokens[::-1].copy(), units), ("x", tokens, units[:1])]
    assert len({words_key(*one) for one in [("x", tokens, units), *others]}) == 4


@pytest.mark.parametrize("url", ["sqlite://x.db", "sqlite:///x?synchronous=off", "ftp://x"])
def test_addresses_that_mean_nothing_are_refused(url: str) -> None:
    """Before anything is made."""
    with pytest.raises(ArgumentError):
        open_index(url)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    """As an error that names the index; what is there stays."""
    folder = tmp_path / "locked"
    folder.mkdir()
    with open_index(str(folder / "seen.db")) as index:
        DuplicateFilter(index).check(Article("1", "Rain fell on the harbour all day. " * 9))
    shutil.copytree(folder, tmp_path / "before")
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            open_index(str(folder / "seen.db"))
        except StoredIndexError as error:
            os._exit(0 if str(folder) in str(error) else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    for file in (tmp_path / "before").iterdir():
        assert (folder / file.name).read_bytes() == file.read_bytes()
