"""What was bounded to stay fast, in plain words."""

__all__ = ["say_frequent", "say_gap"]


def say_frequent(sentences: int) -> str:
    """Say that sentences were compared at their place only."""
    return (
        f"{sentences} sentences of frequent words only were compared at their place, "
        "not wherever they may have moved"
    )


def say_gap(in_a: int, in_b: int) -> str:
    """Say that sentences between two links were not compared one by one."""
    return (
        f"{in_a} and {in_b} sentences between two alike ones were "
        "compared by their rarer words only"
    )
