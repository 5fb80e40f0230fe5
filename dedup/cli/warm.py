"""``dedup warm``: compile ahead."""

import sys

__all__ = ["is_warm", "say_if_cold", "warm"]


def warm() -> None:
    """Compile the loops over whole batches now, not during the first run.

    \b
    dedup warm

    It takes about half a minute, once for each version of dedup, numba and
    Python; later runs load what was compiled.
    """  # noqa: D301 - click's mark for lines to be left alone
    from time import perf_counter

    from dedup.article import Article
    from dedup.batch import deduplicate
    from dedup.index import open_index
    from dedup.stream import DuplicateFilter

    start = perf_counter()
    story = "The town council voted on Monday to close the old bridge, No. {}, for repairs. "
    page = "Menu\n{}\nRead more: 5 things to know today.\n東京で会議。\n"
    articles = [
        Article(str(i), page.format(story.format(i) * 9), url="https://example.org/")
        for i in range(20)
    ]
    deduplicate([*articles, Article("twin", articles[0].text)])
    with open_index("memory:") as index:
        DuplicateFilter(index).admit(articles[0])
    print(f"Compiled or loaded in {perf_counter() - start:.1f} s", file=sys.stderr)


def is_warm() -> bool:
    """Say whether compiled loops lie ready beside the package or in numba's own cache."""
    import os
    from importlib.util import find_spec
    from pathlib import Path

    if os.environ.get("NUMBA_CACHE_DIR"):
        return any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"))
    spec = find_spec("dedup.kernels")
    places = (
        [Path(place, "__pycache__") for place in (spec.submodule_search_locations or ())]
        if spec
        else []
    )
    return any(next(place.glob("*.nbi"), None) for place in places)


def say_if_cold() -> None:
    """Tell a person in front of a first run what it is waiting for."""
    if sys.stderr.isatty() and not is_warm():
        print("Compiling, once: about half a minute (`dedup warm` does it ahead) ...",
              file=sys.stderr)  # fmt: skip
