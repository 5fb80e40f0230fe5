"""What is kept of a text so that the outline of its body is known, however it will be cut.

A byte of each token, and each unit's hash: what a site repeats is known by these, and
changes. For outlines see :mod:`dedup.kernels.screening`.
"""

import numpy as np

from dedup.kernels.arithmetic import hash_unit
from dedup.kernels.arrays import I64, U8, U16, U32, U64, Bools
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import UNSPACED
from dedup.kernels.hashsets import has_each
from dedup.kernels.screening import encode_small, small_code

__all__ = ["HASHES_AT", "cut_outline", "pack_outlines"]

#: Of a token's byte: a unit begins there; it is of a script without spaces; all but the first.
_BEGINS, _UNSPACED, _SMALL = np.uint8(1), np.uint8(UNSPACED), np.uint8(0xFE)
_NONE = np.uint8(0)
#: Where the units' hashes stand in what is packed; the tokens' bytes follow.
HASHES_AT = 16


@compiled
def pack_outlines(
    tokens: U64, token_offsets: I64, units: U32, unit_offsets: I64, kept: U8, hashes: U64,
    is_plain: Bools,
) -> None:  # fmt: skip
    """Write what is kept of each of n texts.

    Parameters
    ----------
    tokens, token_offsets, units, unit_offsets
        Of all texts.
    kept : uint8 of the tokens' shape
    hashes : uint64 of the units' shape
    is_plain : bool of shape (n,)
        Whether each unit of a text has words, and each word a unit: else nothing is kept.
    """
    for i in range(len(is_plain)):
        first, last = token_offsets[i], token_offsets[i + 1]
        for at in range(first, last):
            kept[at] = small_code(tokens[at])
        end = np.int64(0)
        is_plain[i] = True
        for unit in range(unit_offsets[i], unit_offsets[i + 1]):
            start = np.int64(units[unit])
            is_plain[i] = is_plain[i] and start == end
            is_last = unit + 1 == unit_offsets[i + 1]
            end = last - first if is_last else np.int64(units[unit + 1])
            if end <= start:
                is_plain[i] = False
                break
            hashes[unit] = hash_unit(tokens, first + start, first + end)
            kept[first + start] |= _BEGINS
        is_plain[i] = is_plain[i] and end == last - first


@compiled
def cut_outline(
    raw: U8, n_tokens: int, n_units: int, cues: Bools, starts: I64, slots: U64, bits: U8,
    unused: U64, multipliers: U64, min_weight: int, codes: U16,
) -> int:  # fmt: skip
    """Write the outline of a text's body; return the body's length.

    As :func:`dedup.kernels.gate.outline_article` does of the text's words. ``raw``: what is
    kept of the text as :mod:`dedup.index.outlines` packs it.
    """
    kept_at = HASHES_AT + 8 * n_units
    hashes, kept = raw[HASHES_AT:kept_at].view(np.uint64), raw[kept_at : kept_at + n_tokens]
    unit_slots, unit_bits = slots[: starts[1]], bits[: starts[1]]
    is_chrome = np.zeros(len(hashes), np.bool_)
    if len(unit_slots):
        has_each(unit_slots, unit_bits, unused[0], hashes, len(hashes), is_chrome)
    body = np.empty(len(kept), np.uint64)
    at, weight, unit, is_out = 0, 0, 0, True
    for i in range(len(kept)):
        if kept[i] & _BEGINS != _NONE:
            is_out = is_chrome[unit] or (len(cues) > 0 and cues[unit])
            unit += 1
        if not is_out:
            body[at] = np.uint64(kept[i] & _SMALL)
            weight += 1 if kept[i] & _UNSPACED != _NONE else 2
            at += 1
    if weight < min_weight:
        at = len(kept)
        for i in range(at):
            body[i] = np.uint64(kept[i] & _SMALL)
    encode_small(body, at, multipliers, codes)
    return at
