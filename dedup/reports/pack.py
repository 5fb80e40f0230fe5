"""Blocks of the page: compressed, so that most of a large result fits into one file."""

import base64
import json
import zlib

__all__ = ["Packer", "packed"]

#: Clusters whose pages share a block: enough for their words to be worth
#: compressing together, few enough to open one at once.
FRAGMENTS_A_BLOCK = 48


def packed(content: object) -> str:
    """Return JSON, deflated, in base64: letters that end no script element."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


class Packer:
    """Blocks under way, and how many bytes they take in the page."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, str]] = []
        self.size_bytes = 0

    def add(self, name: str, content: object, *, most_bytes: int | None = None) -> bool:
        """Add a block, unless it would take the page over a limit.

        Returns
        -------
        bool
            Whether it was added.
        """
        block = packed(content)
        size = len(block) + len(name) + len('<script type="text/plain" id=""></script>\n')
        if most_bytes is not None and self.size_bytes + size > most_bytes:
            return False
        self.blocks.append((name, block))
        self.size_bytes += size
        return True
