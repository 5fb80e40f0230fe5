"""What threads free, and who keeps it."""

import ctypes

__all__ = ["share_heaps"]

#: ``M_ARENA_MAX`` of glibc's ``malloc.h``.
_ARENA_MAX = -8
_HEAPS = 2


def share_heaps() -> None:
    """Have all threads to come share two heaps, where the C library is glibc.

    It gives each thread one of its own, which keeps what the thread freed: a hundred
    megabytes at two jobs. Two are as fast as one a thread.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_ARENA_MAX, _HEAPS)
