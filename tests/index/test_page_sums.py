"""Checksums of pages: they follow what checkpoints write, and find what nobody wrote."""

import subprocess
import sys
from pathlib import Path

import pytest

from dedup import Article
from dedup.index import open_index
from dedup.index.database_file import DatabaseFile
from dedup.index.page_sums import PageSums
from dedup.stream import DuplicateFilter
from tests.stories import story

PAGE = 8192


def stories(start: int, count: int) -> list[Article]:
    return [Article(str(n), story(n)) for n in range(start, start + count)]


def fill(path: Path, start: int, count: int) -> None:
    with open_index(str(path)) as index:
        DuplicateFilter(index).admit_many(stories(start, count))


def problems(path: Path) -> list[str]:
    with open_index(str(path), create=False) as index:
        return list(index.problems())


def test_they_hold_as_an_index_is_used(tmp_path: Path) -> None:
    """After additions, forgetting, compaction, and with several connections at a time."""
    path = tmp_path / "seen.db"
    fill(path, 0, 40)
    with open_index(str(path)) as one, open_index(str(path)) as other:
        DuplicateFilter(one).admit_many(stories(40, 40))
        DuplicateFilter(other).admit_many(stories(80, 40))
        one.transact(lambda: one.remove(list(range(1, 60))))
        assert list(other.problems()) == []
        other.compact()
    assert problems(path) == []
    sums = tmp_path / "seen.db-sums"
    assert sums.stat().st_size == 64 + 4 * (path.stat().st_size // PAGE)


def test_a_bit_in_unused_room_is_found(tmp_path: Path) -> None:
    """Between the rows of a page, where SQLite does not look."""
    path = tmp_path / "seen.db"
    fill(path, 0, 40)
    raw = bytearray(path.read_bytes())
    unused = raw.index(bytes(64), 3 * PAGE)
    raw[unused + 32] ^= 4
    path.write_bytes(raw)
    assert problems(path) == [f"database: page {unused // PAGE + 1} does not match its checksum"]


def test_they_are_made_again_where_they_are_missing(tmp_path: Path) -> None:
    """As for a database that was moved alone, and after a full disk."""
    path = tmp_path / "seen.db"
    fill(path, 0, 10)
    (tmp_path / "seen.db-sums").unlink()
    assert problems(path) == []
    assert (tmp_path / "seen.db-sums").exists()


@pytest.mark.parametrize("place", [3, 20, 40, 70])
def test_a_bit_of_theirs_is_found(tmp_path: Path, place: int) -> None:
    """In the header, between it and the checksums, and in one of them."""
    path = tmp_path / "seen.db"
    fill(path, 0, 10)
    sums = tmp_path / "seen.db-sums"
    raw = bytearray(sums.read_bytes())
    raw[place] ^= 1
    sums.write_bytes(raw)
    assert len(problems(path)) == 1


def test_pages_noted_before_a_crash_are_taken_up(tmp_path: Path) -> None:
    """Who was killed between noting pages and writing their checksums leaves them noted."""
    path = tmp_path / "seen.db"
    fill(path, 0, 10)
    with open_index(str(path), create=False) as index:
        index_id = bytes.fromhex(index._tables.meta("id"))  # type: ignore[attr-defined]
    file = DatabaseFile(path)
    sums = PageSums(file, index_id, PAGE)
    assert sums.mark({2}) == {2}
    assert sums.mark({3}) == {2, 3}
    assert problems(path) == []
    assert sums.mark(set()) == set()
    file.close()


def test_sqlite_keeps_its_locks(tmp_path: Path) -> None:
    """Another process that closes the index leaves the log to those who have it open."""
    path = tmp_path / "seen.db"
    look = "import sys, dedup; dedup.open_index(sys.argv[1], create=False).close()"
    with open_index(str(path)) as index:
        gate = DuplicateFilter(index)
        gate.admit_many(stories(0, 3))
        with open_index(str(path)) as other:
            index.compact()
            assert list(other.problems()) == []
        gate.admit_many(stories(3, 3))
        subprocess.run([sys.executable, "-c", look, str(path)], check=True)
        gate.admit_many(stories(6, 3))
        with open_index(str(path)) as other:
            assert other.info().articles == 9
        assert (tmp_path / "seen.db-wal").exists()


def test_they_hold_where_pages_are_moved_as_articles_are_added(tmp_path: Path) -> None:
    """Pages of large transactions are moved during the next, also of one that is undone."""
    path = tmp_path / "seen.db"

    def fail() -> None:
        raise RuntimeError

    with open_index(str(path)) as index:
        gate = DuplicateFilter(index)
        gate.admit_many(stories(0, 80))
        empty = path.stat().st_size
        gate.admit_many(stories(80, 80))
        assert path.stat().st_size > empty
        with pytest.raises(RuntimeError):
            index.transact(fail)
        gate.admit_many(stories(160, 80))
        sums = tmp_path / "seen.db-sums"
        assert sums.stat().st_size == 64 + 4 * (path.stat().st_size // PAGE)
        assert list(index.problems()) == []
    assert problems(path) == []
