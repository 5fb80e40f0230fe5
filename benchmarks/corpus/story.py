"""A text to make copies of, and how it is cut into parts."""

import re
from dataclasses import dataclass

__all__ = ["Story", "parts_of"]

#: With fewer paragraphs than this a text is cut by sentences.
MIN_PARAGRAPHS = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Story:
    """An article before any site has carried it.

    Attributes
    ----------
    title : str
    parts : tuple[str, ...]
        Paragraphs, or sentences where there are few paragraphs.
    joint : str
        What stands between the parts.
    language : str
    """

    title: str
    parts: tuple[str, ...]
    joint: str
    language: str

    @property
    def text(self) -> str:
        """The body."""
        return self.joint.join(self.parts)


def parts_of(text: str, language: str) -> tuple[tuple[str, ...], str]:
    """Cut a text; return its parts and what joins them."""
    paragraphs = [part for line in text.split("\n") if (part := line.strip())]
    if len(paragraphs) >= MIN_PARAGRAPHS:
        return tuple(paragraphs), "\n\n"
    sentences = [part for line in paragraphs for part in _SENTENCE_END.split(line) if part]
    return tuple(sentences), "" if language == "ja" else " "
