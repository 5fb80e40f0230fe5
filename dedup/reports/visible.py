"""Characters that a reader would not see, or be misled by, made visible."""

__all__ = ["one_line", "visible"]

#: Marks that would reorder the text around them; shown by their code points.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_PICTURES = 0x2400  # the block of pictures of the control characters


def visible(text: str) -> str:
    r"""Return a text with control and reordering characters made visible.

    Examples
    --------
    >>> visible("Breaking\x1b[2J news")
    'Breaking␛[2J news'
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    code = ord(char)
    if char in "\n\t":
        return char
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or char in _REORDERING:
        return f"<U+{code:04X}>"
    return char


def one_line(text: str) -> str:
    """Return a text for one paragraph: white space runs are a space, all is visible."""
    start = " " if text[:1].isspace() else ""
    end = " " if text[-1:].isspace() and text.strip() else ""
    return start + visible(" ".join(text.split())) + end
