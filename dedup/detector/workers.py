"""Work on several chunks at once, with the results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

__all__ = ["map_in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int,
) -> Iterator[Result]:
    """Yield ``function(item)`` of each item, in their order; what fails does so in its turn.

    Compiled loops let go of the interpreter, so threads are enough. The caller's
    thread makes the items; rather than wait for a result it takes an item that nobody
    has begun, so that no more threads are busy than were asked for: more would take
    turns at the interpreter, and wake each other for it.

    Parameters
    ----------
    jobs : int
        Threads, the caller's among them; two items wait for each at the most.
    """
    if jobs == 1:
        yield from map(function, items)
        return
    waiting: deque[_Task[Item, Result]] = deque()
    failures: list[Exception] = []
    with ThreadPoolExecutor(jobs - 1) as pool:
        try:
            for item in _until_failure(items, failures):
                waiting.append(_Task(function, item, pool))
                if len(waiting) > 2 * jobs:
                    yield _first_result(waiting)
            while waiting:
                yield _first_result(waiting)
        finally:
            for task in waiting:
                task.future.cancel()
    for failure in failures:  # behind what came before it
        raise failure


class _Task(Generic[Item, Result]):
    """An item that a thread of the pool works on, unless it is taken before."""

    def __init__(
        self, function: Callable[[Item], Result], item: Item, pool: ThreadPoolExecutor
    ) -> None:
        self._function, self._item = function, item
        self.future: Future[Result] = pool.submit(function, item)

    def take(self) -> None:
        """Work on the item in this thread, if nobody has begun to."""
        if not self.future.cancel():
            return
        self.future = Future()
        try:
            self.future.set_result(self._function(self._item))
        except Exception as error:  # noqa: BLE001 - raised when it is asked for
            self.future.set_exception(error)


def _first_result(waiting: deque[_Task[Item, Result]]) -> Result:
    """Return the result first in line; until it is there, work on what waits."""
    first = waiting.popleft()
    for task in (first, *waiting):
        if first.future.done():
            break
        task.take()
    return first.future.result()


def _until_failure(items: Iterable[Item], failures: list[Exception]) -> Iterator[Item]:
    """Yield items until one cannot be made, and note why."""
    try:
        yield from items
    except Exception as error:  # noqa: BLE001 - raised by the caller
        failures.append(error)
