"""Articles to verified matches; nowhere else."""

from dedup.detector.corpus import Corpus, Progress, collect
from dedup.detector.detect import Detection, detect
from dedup.detector.explain import Explanation, explain

__all__ = ["Corpus", "Detection", "Explanation", "Progress", "collect", "detect", "explain"]
