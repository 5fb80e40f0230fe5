"""``dedup warm``: compile ahead."""

import sys

__all__ = ["say_if_cold", "warm"]


def warm() -> None:
    """Compile the loops over whole batches now, not during the first run.

    \b
    dedup warm

    It takes up to a minute, once for each version of dedup, numba and
    Python, and each kind of processor; later runs load what was compiled.
    """  # noqa: D301 - click's mark for lines to be left alone
    from time import perf_counter

    from dedup.kernels import library
    from dedup.kernels.compiled import compile_all

    start = perf_counter()
    verb = "Compiled" if library.kept() is None else "Loaded"
    compile_all()
    kept = library.kept()
    where = f"kept in {kept}" if kept else "not kept: no folder for it can be written to"
    print(f"{verb} in {perf_counter() - start:.1f} s, {where}", file=sys.stderr)


def say_if_cold() -> None:
    """Tell a person in front of a run what it is waiting for."""
    from dedup.kernels import library

    if not sys.stderr.isatty():
        return
    if not library.can_compile():
        print("numba is not installed: the same results, some hundred times slower "
              "(pip install numba)", file=sys.stderr)  # fmt: skip
    elif library.kept() is None:
        print("Compiling, once: up to a minute (`dedup warm` does it ahead) ...",
              file=sys.stderr)  # fmt: skip
