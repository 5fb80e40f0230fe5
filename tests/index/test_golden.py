"""Indexes that earlier releases wrote open, and say what they said.

A release that changes the format adds a file of its own:
``python -m tests.index.test_golden tests/index/golden/vN.db``; those that are there are
never changed.
"""

import shutil
import sys
from pathlib import Path

import pytest

from dedup import Article, DuplicateFilter, open_index
from dedup.fingerprint import Recipe
from dedup.index.seal import unpack_text
from tests.stories import story

FOLDER = Path(__file__).parent / "golden"


def golden_articles() -> list[Article]:
    return [
        *(Article(f"a{n}", story(n), url=f"https://a.example/{n}", title="Ä") for n in range(5)),
        Article("copy", story(1), source="b.example"),
        Article("again", story(1), source="b.example"),
        Article("empty", ""),
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.db")), ids=lambda path: path.stem)
def test_an_older_index_opens(path: Path, tmp_path: Path) -> None:
    """Its posting file is made again, every row holds, and nothing is new to it."""
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    with open_index(str(copy), create=False) as index:
        assert list(index.problems()) == []
        assert index.settings.recipe == Recipe()
        assert [row.id for row in index.scan()] == [one.id for one in golden_articles()]
        assert [row.is_accepted for row in index.scan()] == [*[True] * 5, False, False, True]
        gate = DuplicateFilter(index)
        for row in list(index.scan())[:-1]:
            packed = index.text_of(row.number)
            assert packed is not None
            verdict = gate.check(Article(f"x-{row.id}", unpack_text(packed)))
            assert str(verdict.relation) == "identical"


def main() -> None:
    with open_index(sys.argv[1]) as index:
        DuplicateFilter(index).admit_many(golden_articles())
        index.compact()
    for file in Path(sys.argv[1]).parent.glob(f"{Path(sys.argv[1]).name}-*"):
        file.unlink()


if __name__ == "__main__":
    main()
