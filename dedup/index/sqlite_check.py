"""Whether everything in the files of an SQLite index holds."""

import sqlite3
from collections.abc import Iterator

from dedup.errors import IndexCorruptError
from dedup.index.checkpoints import Checkpoints
from dedup.index.outlines import pack_outlines
from dedup.index.posting_file import PostingFile
from dedup.index.protocol import Index
from dedup.index.rekey import Rekeyer
from dedup.index.sqlite_postings import PostingFiles
from dedup.index.sqlite_rows import Tables
from dedup.index.stored import StoredArticle

__all__ = ["find_problems"]


def find_problems(
    index: Index, tables: Tables, checkpoints: Checkpoints, postings: PostingFiles
) -> Iterator[str]:
    """Check every page, row and posting; yield what does not hold."""
    if postings.was_damaged:
        yield "postings: the file was damaged or cut off, and has been made again"
    with tables.errors():
        yield from checkpoints.problems()
    with index.snapshot():
        try:
            with checkpoints.alone():
                found = list(postings.current.problems())
            yield from found
            yield from tables.problems(has_texts=index.settings.keeps_text)
            rekeyer = Rekeyer(index.settings.recipe)
            for number, raw in tables.raw_rows("article", "number"):
                yield from _of_article(int(number), raw, tables, postings.current, rekeyer)
        except sqlite3.Error as error:
            yield f"database: {error}"


def _of_article(
    number: int, raw: bytes, tables: Tables, postings: PostingFile, rekeyer: Rekeyer
) -> Iterator[str]:
    try:
        row = StoredArticle(number, tables.checked(raw, f"article {number}"))
    except IndexCorruptError as error:
        yield error.reason
        return
    kept = tables.outline(number)
    if kept is not None and (number, kept) not in pack_outlines([row]):
        yield f"article {number}: what is kept of its outline is not of its words"
    keys, samples = rekeyer.keys_of(row)
    if missing := postings.missing(keys, number, samples):
        yield f"article {number}: {missing} of {len(keys)} postings are missing"
