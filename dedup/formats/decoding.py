"""The bytes of a web page to text: as its server says, as it says itself, or by a guess."""

__all__ = ["decode_page"]

#: Where a page names its encoding: in its head, or in front of XML.
_MAX_HEAD_BYTES, _MAX_PROLOG_BYTES = 1 << 14, 100


def decode_page(raw: bytes, encoding: str | None) -> str:
    """Return a page as text, without NUL characters.

    Parameters
    ----------
    encoding : str | None
        As its server named it.
    """
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    if encoding is None and _is_plainly_utf8(raw):
        encoding = "utf-8"
    name_or_guess = encoding or detect_encoding(raw, from_html_meta=True) or "utf-8"
    return str(bytes_to_str(raw, name_or_guess)).replace("\0", "")


def _is_plainly_utf8(raw: bytes) -> bool:
    """Say whether a page that names no encoding is UTF-8: a guess misses a few characters."""
    if b"charset" in raw[:_MAX_HEAD_BYTES].lower() or b"encoding" in raw[:_MAX_PROLOG_BYTES]:
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
