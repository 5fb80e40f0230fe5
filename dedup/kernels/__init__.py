"""Compiled loops over whole batches; the only room that imports numba.

Everything here equals the plain reference bit for bit.
"""

from dedup.kernels.tokenise import TokenBatch, tokenise_batch

__all__ = ["TokenBatch", "tokenise_batch"]
