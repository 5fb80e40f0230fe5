"""A column of texts, in memory or on disk, and the order of its texts."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from dedup.columns import TextColumn
from dedup.detector.arrays import Column, HeldArray, Scratch

__all__ = ["Texts", "order_of"]

#: What UTF-8 never holds stands for no text.
_NO_TEXT = b"\xff"
#: So many texts are read at once when all are looked at.
_STRETCH = 4096
#: So many bytes of each text are compared at once.
_KEY_BYTES = 8


#: Texts that may be absent, or that never are.
Text = TypeVar("Text", bound=str | None)


class Texts(Sequence[Text], Generic[Text]):
    """A growing column of texts one behind another; 8 bytes a text besides its own.

    Parameters
    ----------
    encoded : column of uint8
        The texts in UTF-8.
    ends : column of int64
        Where the first starts, and where each ends.
    """

    def __init__(self, encoded: Column[np.uint8], ends: Column[np.int64]) -> None:
        self.encoded, self.ends = encoded, ends
        if len(ends) == 0:
            ends.append(np.zeros(1, np.int64))

    @classmethod
    def on(cls, scratch: Scratch, name: str = "") -> "Texts[Any]":
        """Return a column without texts: on disk where memory is scarce.

        Parameters
        ----------
        name : str
            By which a stage keeps it, where stages are kept.
        """
        names = (f"{name}-{part}" if name else "" for part in ("bytes", "ends"))
        return cls(scratch.column(np.uint8, next(names)), scratch.column(np.int64, next(names)))

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "Texts[Any]":
        """Return texts in memory."""
        found: Texts[Any] = cls(HeldArray(np.uint8), HeldArray(np.int64))
        found.extend(TextColumn.of(texts))
        return found

    @property
    def is_waiting(self) -> bool:
        """They are not in memory."""
        return not isinstance(self.encoded, HeldArray)

    def extend(self, texts: TextColumn[Text]) -> None:
        """Add texts at the end."""
        self.ends.append(texts.offsets[1:] + (len(self.encoded) - texts.offsets[0]))
        self.encoded.append(texts.encoded)

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, place: int) -> Text: ...
    @overload
    def __getitem__(self, place: slice) -> list[Text]: ...
    def __getitem__(self, place: int | slice) -> Text | list[Text]:
        """Return a text, or some of them."""
        if isinstance(place, slice):
            return self.many(np.arange(len(self))[place])
        i = range(len(self))[place]
        start, end = self.ends.read(i, i + 2).tolist()
        text: Any = _decoded(self.encoded.read(start, end).tobytes())
        return text  # type: ignore[no-any-return]  # what was put in

    def __iter__(self) -> Iterator[Text]:
        for start in range(0, len(self), _STRETCH):
            encoded, ends = self.stretch(start, min(start + _STRETCH, len(self)))
            yield from _split(encoded, ends)

    def many(self, places: NDArray[np.int64]) -> list[Text]:
        """Return some texts, in the order given."""
        starts, ends = self._bounds(places)
        encoded = self.encoded.gather(starts, ends - starts)
        return _split(encoded, np.concatenate(([0], np.cumsum(ends - starts))))

    def sizes(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many bytes some texts have in UTF-8, one where there is none."""
        starts, ends = self._bounds(places)
        return ends - starts

    def stretch(self, start: int, end: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return texts start to end in UTF-8, and where the first starts and each ends there."""
        ends = self.ends.read(start, end + 1)
        return self.encoded.read(int(ends[0]), int(ends[-1])), ends - ends[0]

    def _bounds(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where some texts start and end."""
        if isinstance(self.ends, HeldArray):
            return self.ends.items[places], self.ends.items[places + 1]
        # Neighbours share an end, and are read at once.
        firsts = np.flatnonzero(np.diff(places, prepend=-2) != 1)
        lengths = np.diff(firsts, append=len(places)) + 1
        found = self.ends.gather(places[firsts], lengths)
        is_start = np.ones(len(found), np.bool_)
        is_start[np.cumsum(lengths) - 1] = False
        at = np.flatnonzero(is_start)
        return found[at], found[at + 1]


def _decoded(encoded: bytes) -> str | None:
    return None if encoded == _NO_TEXT else encoded.decode("utf-8", "surrogatepass")


def _split(encoded: NDArray[np.uint8], ends: NDArray[np.int64]) -> list[Any]:
    """Return texts that stand one behind another."""
    data = encoded.tobytes()
    if data.isascii():
        text = data.decode("ascii")
        return [text[start:end] for start, end in pairwise(ends.tolist())]
    return [_decoded(data[start:end]) for start, end in pairwise(ends.tolist())]


def order_of(texts: Texts[str]) -> NDArray[np.int64]:
    """Return the places of all texts in the order of the texts, as Python has it.

    They are read in stretches, and compared some bytes at a time: time is that of sorting
    for each time that many are alike so far, memory is about 50 bytes a text.

    Parameters
    ----------
    texts : Texts
        n of them.

    Returns
    -------
    int64 of shape (n,)
    """
    # UTF-8 has the order of code points.
    keys, is_longer = _keys(texts, 0, None)
    order = np.argsort(keys, kind="stable")
    places = np.arange(len(texts))  # of those alike so far, in the order
    alike = np.zeros(len(texts), np.int64)  # the first place of each one's like
    depth = 0
    while True:
        its_keys = keys[order[places]]
        starts = np.flatnonzero(
            (np.diff(its_keys, prepend=its_keys[:1] + np.uint64(1)) != 0)
            | (np.diff(alike, prepend=-1) != 0)
        )
        sizes = np.diff(starts, append=len(places))
        is_several = sizes > 1
        chosen = np.repeat(is_several, sizes)
        alike = np.repeat(places[starts[is_several]], sizes[is_several])
        places = places[chosen]
        if not is_longer[order[places]].any():
            break
        depth += _KEY_BYTES
        is_wanted = np.zeros(len(texts), np.bool_)
        is_wanted[order[places]] = True
        keys, is_longer = _keys(texts, depth, is_wanted)
        order[places] = order[places][np.lexsort((keys[order[places]], alike))]
    if len(places):  # alike but for characters that are 0 at their ends
        lengths = np.diff(texts.ends.read(0, len(texts) + 1))
        order[places] = order[places][np.lexsort((lengths[order[places]], alike))]
    return order


def _keys(
    texts: Texts[Any], depth: int, is_wanted: NDArray[np.bool_] | None
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return some bytes of the wanted texts as numbers, and whether more follow."""
    keys, is_longer = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.bool_)
    for first in range(0, len(texts), _STRETCH):
        end = min(first + _STRETCH, len(texts))
        some = np.arange(end - first)
        if is_wanted is not None:
            some = np.flatnonzero(is_wanted[first:end])
            if len(some) == 0:
                continue
        encoded, ends = texts.stretch(first, end)
        starts = ends[some] + depth
        at = starts[:, None] + np.arange(_KEY_BYTES)
        padded = np.append(encoded, np.zeros(1, np.uint8))
        is_in = at < ends[some + 1][:, None]
        found = np.where(is_in, padded[np.minimum(at, len(encoded))], np.uint8(0))
        keys[first + some] = found.view(">u8").ravel().astype(np.uint64)
        is_longer[first + some] = starts + _KEY_BYTES < ends[some + 1]
    return keys, is_longer
