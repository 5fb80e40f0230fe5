"""Outlines beside the rows of an SQLite index change nothing but what is read."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import Article, DuplicateFilter, open_index
from dedup.index.copying import forget
from dedup.index.sqlite import SqliteIndex

MakeText = Callable[..., str]


@pytest.fixture
def path(tmp_path: Path, make_text: MakeText) -> Path:
    """Return an index of stories, some of them on a site in chrome, some copied."""
    path = tmp_path / "seen.db"
    with open_index(str(path)) as index:
        DuplicateFilter(index).admit_many(
            Article(
                f"{story}-{copy}",
                f"Read more: most of today\n{make_text(story, edits=copy)}\nAll rights reserved",
                source=f"site{copy}.example",
            )
            for copy in range(3)
            for story in range(40)
        )
    return path


def change(path: Path, statement: str) -> None:
    """Change the database, whose pages have no checksums then."""
    path.with_name(f"{path.name}-sums").unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


def count(path: Path) -> int:
    database = sqlite3.connect(path)
    rows: list[tuple[int]] = database.execute("SELECT count(*) FROM outline").fetchall()
    database.close()
    return rows[0][0]


def verdicts(
    path: Path, monkeypatch: pytest.MonkeyPatch, make_text: MakeText, few: int
) -> list[object]:
    """Check new articles; outlines are asked for where there are more than a few candidates."""
    monkeypatch.setattr("dedup.stream.comparing.FEW", few)
    with open_index(str(path), create=False) as index:
        gate = DuplicateFilter(index)
        texts = [make_text(story, edits=5) for story in range(0, 60, 3)]
        texts += [f"{make_text(n)[:300]}\n{make_text(n + 100)}" for n in range(20)]
        return [gate.check(Article("new", text)) for text in texts]


def test_verdicts_are_those_by_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch, make_text: MakeText
) -> None:
    """Law 2: with all outlines, some, or none, as in an index of an early release."""
    wanted = verdicts(path, monkeypatch, make_text, 1 << 30)
    for statement in (
        "SELECT 1",
        "DELETE FROM outline WHERE number % 3 = 1",
        "DROP TABLE outline",
    ):
        change(path, statement)
        assert verdicts(path, monkeypatch, make_text, 0) == wanted


def test_an_index_without_outlines_gets_them(path: Path, make_text: MakeText) -> None:
    """Of what is added from then on; of all when it is compacted."""
    change(path, "DROP TABLE outline")
    with open_index(str(path), create=False) as index:
        assert list(index.problems()) == []
        DuplicateFilter(index).admit(Article("one more", make_text(70)))
    assert count(path) == 1
    with open_index(str(path), create=False) as index:
        index.compact()
        assert list(index.problems()) == []
    assert count(path) == 121


def test_what_is_forgotten_has_no_outline(path: Path) -> None:
    """Nothing of its words stays."""
    with open_index(str(path), create=False) as index:
        assert forget(index, lambda row: row.id.startswith("7-")) == 3
        assert list(index.problems()) == []
    assert count(path) == 117


def test_a_failed_transaction_leaves_no_table(path: Path, make_text: MakeText) -> None:
    """The next one makes it."""
    change(path, "DROP TABLE outline")
    with SqliteIndex(path) as index:
        gate = DuplicateFilter(index)
        commit = index._tables.commit
        index._tables.commit = _fail  # type: ignore[method-assign]
        with pytest.raises(MemoryError):
            gate.admit(Article("lost", make_text(71)))
        index._tables.commit = commit  # type: ignore[method-assign]
        gate.admit(Article("kept", make_text(72)))
    assert count(path) == 1


def _fail() -> None:
    raise MemoryError


def test_another_articles_outline_is_found(path: Path) -> None:
    """By verifying: its checksum holds, but not of what the row says."""
    change(
        path,
        "UPDATE outline SET data = (SELECT data FROM outline WHERE number = 5) WHERE number = 4",
    )
    with open_index(str(path), create=False) as index:
        found = list(index.problems())
    assert "article 4: what is kept of its outline is not of its words" in found


def test_a_flipped_bit_is_found(path: Path) -> None:
    """Law 8's checksums cover outlines, too."""
    change(path, "UPDATE outline SET data = zeroblob(length(data)) WHERE number = 9")
    with open_index(str(path), create=False) as index:
        assert "outline 9 does not match its checksum" in " ".join(index.problems())
