"""The normal form, and tokens and units with spans into the original text."""

from dedup.text.table import load as load_code_points
from dedup.text.tokens import Tokens, normalize, tokenize

__all__ = ["Tokens", "load_code_points", "normalize", "tokenize"]
