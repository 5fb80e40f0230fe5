"""What a source repeats, and the chrome of an article."""

from dedup.boilerplate.cues import cue_chrome

__all__ = ["cue_chrome"]
