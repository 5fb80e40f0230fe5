"""One saved web page to one article: its main text, found by trafilatura."""

from dedup.article import Article
from dedup.errors import FormatError, OptionalDependencyError

__all__ = ["read_page"]


def read_page(name: str, raw: bytes) -> Article:
    """Return the main text of a web page as an article.

    Parameters
    ----------
    name : str
        The article's id, and what errors name.
    raw : bytes
        The page as saved.

    Raises
    ------
    OptionalDependencyError
        If the extra ``web`` is not installed.
    FormatError
        If no main text is found.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise OptionalDependencyError(
            "trafilatura", "web", "reading the main text of a web page"
        ) from error
    page = bare_extraction(raw, include_comments=False, with_metadata=True)
    text = getattr(page, "text", None)
    if not text:
        raise FormatError(name, "no main text found in this page; save its text as .txt")
    return Article(
        name,
        text,
        title=getattr(page, "title", None),
        url=getattr(page, "url", None),
        source=getattr(page, "hostname", None),
    )
