"""What ``dedup explore`` makes of a filter's index: the result of a batch over its articles."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.errors import InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.cli.progress import ProgressLine
    from dedup.index import Index

__all__ = ["write_index_result"]


def write_index_result(url: str, path: str, progress: "ProgressLine") -> None:
    """Judge the articles of an index as a batch does, and write the result.

    Articles that the gate rejected are among them. An id that came again (another
    version of an article) gets ``#2`` behind it, and so on.

    Raises
    ------
    InputError
        The index keeps no texts.
    """
    from dedup.batch import deduplicate
    from dedup.index import open_index
    from dedup.reports.report import write_result

    with open_index(url, create=False) as index, index.snapshot():
        if not index.settings.keeps_text:
            raise InputError(f"{url}: keeps no texts to show; make it with texts, then explore")
        held = _Articles(index)
        result = deduplicate(held, recipe=index.settings.recipe, progress=progress)
        accepted = held.accepted
        notes = [
            (
                f"The filter let {accepted:,} of {len(held.numbers):,} articles pass. Here all are "
                "judged together, with what their sites repeat by now."
            )
        ]
        write_result(result, held.article, path, inputs=[url], notes=notes)


class _Articles:
    """The articles of an index, each under an id of its own."""

    def __init__(self, index: "Index") -> None:
        self.index = index
        self.numbers: dict[str, int] = {}
        self.accepted = 0

    def __iter__(self) -> "Iterator[Article]":
        times: Counter[str] = Counter()
        for row in self.index.scan():
            times[row.id] += 1
            name = row.id if times[row.id] == 1 else f"{row.id}#{times[row.id]}"
            self.numbers[name] = row.number
            self.accepted += row.is_accepted
            yield self.article(name)

    def article(self, name: str) -> "Article":
        """Return an article with its text."""
        from dataclasses import replace

        from dedup.index.seal import unpack_text

        number = self.numbers[name]
        packed = self.index.text_of(number)
        (row,) = self.index.rows([number])
        return replace(row.article(unpack_text(packed) if packed else ""), id=name)
