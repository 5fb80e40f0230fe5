"""Web pages that are read again: their main text is looked for once in a run."""

import hashlib
import json
from datetime import datetime
from types import TracebackType
from typing import Self

from dedup.formats.aside import Aside
from dedup.formats.page import Page, extract_page

__all__ = ["Extract", "RememberedPages", "find_page"]

_DIGEST_BYTES = 16


class RememberedPages:
    """What was found on pages waits in a temporary file; memory takes 200 bytes a page.

    A context manager: the file goes with it.

    Parameters
    ----------
    extract : str
        As for `extract_page`.

    Attributes
    ----------
    extracted : int
        Pages whose main text was looked for.
    """

    def __init__(self, extract: str = "best") -> None:
        self._extract = extract
        self._found = Aside()
        self._places: dict[bytes, tuple[int, int]] = {}
        self.extracted = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._found.close()

    def find(self, markup: bytes, encoding: str | None) -> Page:
        """Return what is found on a page, or was found on the same bytes before."""
        name = (encoding or "").encode()[: hashlib.blake2b.MAX_KEY_SIZE]
        key = hashlib.blake2b(markup, digest_size=_DIGEST_BYTES, key=name).digest()
        if place := self._places.get(key):
            return _loaded(self._found.get(place))
        self.extracted += 1
        page = extract_page("", markup, extract=self._extract, encoding=encoding)
        self._places[key] = self._found.put(_dumped(page))
        return page


#: How the main text of pages is found: as `extract_page` takes it, or where it was found already.
Extract = str | RememberedPages


def find_page(markup: bytes, extract: Extract, encoding: str | None) -> Page:
    """Return what is found on a page, as `extract_page` does."""
    if isinstance(extract, str):
        return extract_page("", markup, extract=extract, encoding=encoding)
    return extract.find(markup, encoding)


def _dumped(page: Page) -> bytes:
    published = page.published and page.published.isoformat()
    values = [page.text, page.blocks, page.how, page.title, page.url, page.source, published]
    return json.dumps(values).encode("ascii")  # half a surrogate pair is a text here, too


def _loaded(raw: bytes) -> Page:
    text, blocks, how, title, url, source, published = json.loads(raw)
    moment = published and datetime.fromisoformat(published)
    return Page(text, [tuple(block) for block in blocks], how, title, url, source, moment)
