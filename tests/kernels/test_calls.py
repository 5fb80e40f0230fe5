"""How Python calls machine code: whatever loaded it, a call is safe and threads run beside it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from dedup.kernels.arrays import U64, Bools, U32Rows
from dedup.kernels.build import link
from dedup.kernels.generate import object_code
from dedup.kernels.loading import load_object, load_shared


def triple(value):
    return value * np.uint64(3)


def everything(
    numbers: U64, rows: U32Rows, flags: Bools, count: int, added: np.uint64
) -> tuple[int, bool, int]:
    """Take every kind of argument, make an array, call another loop, return several results."""
    made = np.empty(count, np.uint64)
    for i in range(count):
        made[i] = triple(numbers[i] + added)
        rows[i, 1] = i
        flags[i] = made[i] > np.uint64(9)
    numbers[:count] = np.uint64(0)
    for i in range(count):
        numbers[i] = made[i]
    return -count, count > 2, len(rows)


def nothing(numbers: U64) -> None:
    numbers[0] = 7


def number(numbers: U64) -> np.uint64:
    return numbers[0]


def wait_for(flag: U64, turns: U64) -> bool:
    while flag[0] == np.uint64(0) and turns[0] < np.uint64(1 << 34):
        turns[0] += np.uint64(1)
    return flag[0] != np.uint64(0)


def sorting(numbers: U64) -> None:
    numbers.sort()


def wrong_result(numbers: U64) -> int:
    return numbers[0]


LOOPS = {loop.__name__: loop for loop in (everything, nothing, number, wait_for)}


@pytest.fixture(scope="module", params=["shared library", "object file"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Callable[..., Any]]:
    code = object_code(LOOPS)
    if request.param == "object file":
        return load_object(code)
    linked = link(code)
    if linked is None:
        pytest.skip("no C compiler")
    path = tmp_path_factory.mktemp("loaded") / "loops.so"
    path.write_bytes(linked)
    return load_shared(path)


def test_results_are_those_of_the_plain_function(loaded: dict[str, Callable[..., Any]]) -> None:
    """Numbers, tuples, nothing, and what is written into the caller's arrays."""
    results = []
    for loop in (everything, loaded["everything"]):
        arrays = np.arange(5, dtype=np.uint64), np.zeros((3, 2), np.uint32), np.zeros(4, np.bool_)
        with np.errstate(over="ignore"):
            found = loop(*arrays, 3, np.uint64(2**64 - 1))
        results.append((found, [array.tolist() for array in arrays]))
    assert results[0] == results[1]
    assert results[0][0] == (-3, True, 3)
    numbers = np.array([2**64 - 1], np.uint64)
    assert loaded["number"](numbers) == 2**64 - 1
    assert loaded["nothing"](numbers) is None
    assert numbers[0] == 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), r"the arguments of everything are \(numbers, rows, flags, count, added\)"),
        (([1], "rows", "flags", 0, 0), "numbers has to be .* array of uint64 with 1 axis"),
        (("signed", "rows", "flags", 0, 0), "numbers has to be"),
        (("swapped", "rows", "flags", 0, 0), "numbers has to be"),
        (("strided", "rows", "flags", 0, 0), "numbers has to be"),
        (("unaligned", "rows", "flags", 0, 0), "numbers has to be"),
        (("numbers", "flat", "flags", 0, 0), "rows has to be .* array of uint32 with 2 axes"),
        (("numbers", "rows", "flags", 0.5, 0), "'float' object"),
        (("numbers", "rows", "flags", None, 0), "'NoneType' object"),
    ],
)
def test_what_does_not_fit_is_refused(
    loaded: dict[str, Callable[..., Any]], arguments: tuple[Any, ...], message: str
) -> None:
    """A wrong argument is a TypeError that names it, never memory read as something else."""
    arrays = {
        "numbers": np.zeros(4, np.uint64),
        "rows": np.zeros((3, 2), np.uint32),
        "flags": np.zeros(4, np.bool_),
        "signed": np.zeros(4, np.int64),
        "swapped": np.zeros(4, ">u8"),
        "strided": np.zeros(8, np.uint64)[::2],
        "unaligned": np.frombuffer(bytes(33), np.uint64, 4, 1),
        "flat": np.zeros(6, np.uint32),
    }
    given = [arrays.get(one, one) if isinstance(one, str) else one for one in arguments]
    with pytest.raises(TypeError, match=message):
        loaded["everything"](*given)


def test_a_kind_of_array_is_an_array(loaded: dict[str, Callable[..., Any]], tmp_path: Path) -> None:
    """As one that is mapped from a file."""
    mapped = np.memmap(tmp_path / "mapped", np.uint64, "w+", shape=2)
    loaded["nothing"](mapped)
    assert mapped[0] == 7


def test_memory_that_is_not_there_is_an_error(loaded: dict[str, Callable[..., Any]]) -> None:
    """A loop that gets none ends, and says so."""
    arrays = np.zeros(1, np.uint64), np.zeros((1, 2), np.uint32), np.zeros(1, np.bool_)
    with pytest.raises(MemoryError):
        loaded["everything"](*arrays, 1 << 55, 0)


def test_threads_run_beside_a_loop(loaded: dict[str, Callable[..., Any]]) -> None:
    """A loop that waits for a thread sees what that one does."""
    flag, turns, may_start = np.zeros(1, np.uint64), np.zeros(1, np.uint64), Event()

    def end_it() -> None:
        may_start.wait()
        while not turns[0]:
            pass
        flag[0] = 1

    thread = Thread(target=end_it)
    thread.start()
    may_start.set()
    assert loaded["wait_for"](flag, turns)
    thread.join()


def test_what_needs_numba_to_run_is_refused() -> None:
    """NumPy's sorting, and a result of another type than the annotation says."""
    with pytest.raises(TypeError, match=r"needs numba's library: .*NRT_"):
        object_code({"sorting": sorting})
    with pytest.raises(TypeError, match="wrong_result is annotated to return int64, not uint64"):
        object_code({"wrong_result": wrong_result})
