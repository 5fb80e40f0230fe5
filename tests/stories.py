"""Stories to build tests of: invented, seeded, no two with a passage in common."""

from functools import cache
from random import Random

from benchmarks.corpus.grammar import invent_story

__all__ = ["paragraphs", "story"]


@cache
def paragraphs(seed: int, language: str = "en") -> tuple[str, ...]:
    """Return the paragraphs of a story."""
    return invent_story(language, Random(f"tests/{seed}")).parts


def story(seed: int, language: str = "en") -> str:
    """Return a story."""
    return "\n\n".join(paragraphs(seed, language))
