"""The collector is held back for a while, and goes on behind it."""

import gc
from collections.abc import Iterator

import pytest

from dedup.stream.resting import collector_at_rest


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


def test_it_rests_and_goes_on() -> None:
    """Whether what is done succeeds or not."""
    gc.enable()
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="no"), collector_at_rest():
        raise ValueError("no")
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    """It was the caller's choice."""
    gc.disable()
    with collector_at_rest():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_one_inside_another_leaves_it_on() -> None:
    """As a thread's does that comes while another is at it."""
    gc.enable()
    with collector_at_rest(), collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()
