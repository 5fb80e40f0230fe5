"""Counts of chrome found, missed and wrongly called."""

from dataclasses import dataclass

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """Counts by weight."""

    found: float = 0
    missed: float = 0
    wrong: float = 0

    def add(self, weight: float, *, is_chrome: bool, is_called: bool) -> None:
        """Count one unit."""
        if is_chrome and is_called:
            self.found += weight
        elif is_chrome:
            self.missed += weight
        elif is_called:
            self.wrong += weight

    @property
    def recall(self) -> float:
        """Share of the chrome that was called so; 1 where there is none."""
        chrome = self.found + self.missed
        return self.found / chrome if chrome else 1.0

    @property
    def precision(self) -> float:
        """Share of what was called chrome that is; 1 where nothing was."""
        called = self.found + self.wrong
        return self.found / called if called else 1.0

    def __str__(self) -> str:
        f1 = 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)
        return f"recall {self.recall:.4f}  precision {self.precision:.4f}  F1 {f1:.4f}"
