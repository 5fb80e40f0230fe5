"""Work on several chunks at once, with the results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["map_in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int,
    *,
    is_one_by_one: bool = False,
) -> Iterator[Result]:
    """Yield ``function(item)`` of each item, in their order; what fails does so in its turn.

    Compiled loops let go of the interpreter, so threads are enough. The caller's
    thread makes the items; no more than two a thread wait at a time.

    Parameters
    ----------
    jobs : int
        Threads besides the caller's; with 1 the caller does everything.
    is_one_by_one : bool
        One thread calls the function, in the items' order.
    """
    if jobs == 1:
        yield from map(function, items)
        return
    waiting: deque[Future[Result]] = deque()
    threads = 1 if is_one_by_one else jobs
    failure: Exception | None = None
    source = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                try:
                    item = next(source)
                except StopIteration:
                    break
                except Exception as error:  # noqa: BLE001 - raised behind what came before it
                    failure = error
                    break
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
    if failure is not None:
        raise failure
