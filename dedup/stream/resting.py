"""Python's collector of circles, held back for a while."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest"]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Look for circles of objects behind what is done, not in the middle of it.

    What many articles need for the while is walked over again and again otherwise. If
    several threads are here, the first that leaves lets the collector go on.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
