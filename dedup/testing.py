# ruff: noqa: S101 - these are tests, to be run by pytest
"""Checks for formats of your own: what every format promises.

Subclass `FormatContract` in a test file, name your format and one of its files,
and pytest runs the laws::

    from pathlib import Path

    from dedup.testing import FormatContract
    from mine import MyFormat

    class TestMyFormat(FormatContract):
        format = MyFormat()
        sample = Path(__file__).parent / "sample.mine"
        articles = [("a1", "Rain fell."), ("a2", "It fell again.")]

A format becomes known by an entry point in its package's ``pyproject.toml``::

    [project.entry-points."dedup.formats"]
    mine = "mine:MyFormat"
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from dedup.article import Article
from dedup.errors import DedupError
from dedup.formats.fields import FieldMap
from dedup.formats.record import Row
from dedup.formats.registry import Format, Groups, Keeps, known_formats, recognise
from dedup.formats.sources import Source, open_source

__all__ = ["FormatContract"]


class FormatContract:
    """What every format promises, shown on one sample file.

    Attributes
    ----------
    format : Format
        The format under test.
    sample : Path
        A file of it, as its name usually ends.
    articles : Sequence[tuple[str, str]]
        The id and the beginning of the text of each article in it, in order.
    """

    format: ClassVar[Format]
    sample: ClassVar[Path]
    articles: ClassVar[Sequence[tuple[str, str]]]

    def test_it_has_a_name_and_lower_case_suffixes(self) -> None:
        """Users read the name in messages; folders are searched by the suffixes."""
        assert self.format.name
        assert all(s.startswith(".") and s == s.lower() for s in self.format.suffixes)

    def test_it_recognises_its_sample_by_how_it_begins(self) -> None:
        """And nothing that is empty or noise, whatever that is called."""
        source = self._source()
        with open_source(source) as (_, head):
            assert self.format.recognises(source, head)
        other = Source("x.other", "x.other", "x.other")
        assert not self.format.recognises(other, b"\x00\x01\x02 no format begins so")

    def test_all_articles_are_read_in_order(self) -> None:
        """With the ids and texts that the sample holds."""
        found = [self._article(row) for row in self._rows() if not row.is_aside]
        assert [article.id for article in found] == [identity for identity, _ in self.articles]
        for article, (_, text) in zip(found, self.articles, strict=True):
            assert article.text.startswith(text)

    def test_reading_twice_gives_the_same(self) -> None:
        """A run reads its input more than once."""
        assert self._rows() == self._rows()

    def test_groups_hold_the_rows(self) -> None:
        """If it can read many at once: the same rows, in the same order."""
        if not isinstance(self.format, Groups):
            return
        with open_source(self._source()) as (stream, _):
            groups = list(self.format.groups(self._source(), stream))
        assert [row for group in groups for row in group.rows()] == self._rows()
        for group in groups:
            fields = group.fields()
            assert fields is None or list(fields) == [row.fields for row in group.rows()]

    def test_a_cut_file_is_an_error_and_no_crash(self) -> None:
        """At any place: rows, broken rows or a `DedupError`, nothing else."""
        content = self._content()
        for part in range(1, 10):
            cut = content[: len(content) * part // 10]
            source = Source("-", "cut", "cut")
            try:
                rows = list(self.format.rows(source, io.BytesIO(cut)))
            except DedupError:
                continue
            assert all(row.fields is not None or row.problem for row in rows)

    def test_noise_is_an_error_and_no_crash(self) -> None:
        """A file may hold anything."""
        content = bytearray(self._content())
        for start in range(0, len(content), max(1, len(content) // 50)):
            noisy = content[:start] + bytes(range(0, 256, 7)) + content[start + 37 :]
            source = Source("-", "noisy", "noisy")
            try:
                rows = list(self.format.rows(source, io.BytesIO(bytes(noisy))))
            except DedupError:
                continue
            assert all(row.fields is not None or row.problem for row in rows)

    def test_keeping_all_gives_the_same_articles(self) -> None:
        """If it can write its files again."""
        self._check_kept(set())

    def test_keeping_some_drops_the_others(self) -> None:
        """And keeps the order."""
        self._check_kept({identity for identity, _ in self.articles[::2]})

    def _check_kept(self, dropped: set[str]) -> None:
        if not isinstance(self.format, Keeps):
            return
        out = io.BytesIO()
        source = self._source()

        def is_kept(row: Row) -> bool:
            return not row.is_aside and self._article(row).id not in dropped

        with open_source(source) as (stream, _):
            self.format.keep(source, stream, out, is_kept, b"")
        kept = Source("-", "kept", "kept")
        # A collection may be kept as the plainer format of what it collects.
        readers = (self.format, *known_formats())
        reader = recognise(kept, out.getvalue()[:4096], readers) if out.getvalue() else self.format
        out.seek(0)
        rows = reader.rows(kept, out)
        found = [self._article(row).id for row in rows if not row.is_aside]
        assert found == [identity for identity, _ in self.articles if identity not in dropped]

    def _source(self) -> Source:
        return Source(str(self.sample), str(self.sample), self.sample.name)

    def _content(self) -> bytes:
        with open_source(self._source()) as (stream, _):
            return stream.read()

    def _rows(self) -> list[Row]:
        with open_source(self._source()) as (stream, _):
            return list(self.format.rows(self._source(), stream))

    def _article(self, row: Row) -> Article:
        assert row.fields is not None, row.problem
        mapped = FieldMap().article(row.fields, fallback_id=self.sample.name)
        assert mapped.article is not None, mapped.problem
        return mapped.article
