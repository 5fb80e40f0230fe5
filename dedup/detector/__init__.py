"""Articles to verified matches; nowhere else."""

from dedup.detector.corpus import Corpus, Progress, collect
from dedup.detector.detect import Detection, detect

__all__ = ["Corpus", "Detection", "Progress", "collect", "detect"]
