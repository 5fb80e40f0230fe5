"""Articles to verified matches; nowhere else."""

from dedup.detector.arrays import Scratch
from dedup.detector.articles import KeptArticles
from dedup.detector.corpus import Corpus, Progress, collect
from dedup.detector.detect import Detection, detect
from dedup.detector.explain import Explanation, explain
from dedup.detector.memory import MemoryBudget, parse_size
from dedup.detector.run import RunFolder
from dedup.detector.stages import (
    compare_bodies,
    kept_boilerplate,
    learn_boilerplate,
    read_corpus,
)

__all__ = [
    "Corpus",
    "Detection",
    "Explanation",
    "KeptArticles",
    "MemoryBudget",
    "Progress",
    "RunFolder",
    "Scratch",
    "collect",
    "compare_bodies",
    "detect",
    "explain",
    "kept_boilerplate",
    "learn_boilerplate",
    "parse_size",
    "read_corpus",
]
