"""Figures, the floors under them, and the refusal to lower one in silence.

A benchmark's ``floors.toml`` holds for each gated figure ``at_least`` or ``at_most``, and the
digest of the corpus that it was set on. A floor may only be lowered with a
``lowered`` key beside it that says why; the file's own history is looked through.
"""

import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Figure", "Floor", "Floors", "lowered_in_silence", "parse_floors", "past_floors"]

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes
    ----------
    corpus, metric : str
        The two name the figure's floor.
    value : float or None
        ``None``: not measured.
    language : str or None
        For a part of the corpus; such a figure has no floor.
    """

    corpus: str
    metric: str
    value: float | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """The bound of one figure.

    Attributes
    ----------
    at_least, at_most : float or None
        One of the two is set.
    lowered : str or None
        Why it is lower than it once was.
    """

    at_least: float | None = None
    at_most: float | None = None
    lowered: str | None = None

    def holds(self, value: float) -> bool:
        """Say whether a value is on the right side."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is None or value <= self.at_most

    def is_laxer(self, other: "Floor") -> bool:
        """Say whether some value passes here that would not pass there."""
        if other.at_least is not None:
            return self.at_least is None or self.at_least < other.at_least
        return other.at_most is not None and (self.at_most is None or self.at_most > other.at_most)

    def __str__(self) -> str:
        return f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Floors:
    """The file's content: floors by (corpus, metric), digests by corpus."""

    floors: Mapping[Key, Floor]
    digests: Mapping[str, str]

    def of(self, figure: Figure) -> Floor | None:
        """Return the floor of a figure."""
        if figure.language is not None:
            return None
        return self.floors.get((figure.corpus, figure.metric))


def parse_floors(content: str) -> Floors:
    """Read the file's content."""
    tables = tomllib.loads(content)
    floors = {
        (corpus, metric): Floor(**bound)
        for corpus, metrics in tables.get("floors", {}).items()
        for metric, bound in metrics.items()
    }
    return Floors(floors, tables.get("digests", {}))


def past_floors(file: Path) -> list[Floors]:
    """Return what the file held in each commit there is; nothing outside a repository."""
    commits = _git(file, "log", "--format=%H", "--", file.name)
    contents = [_git(file, "show", f"{commit}:./{file.name}") for commit in commits.split()]
    return [parse_floors(content) for content in contents if content]


def _git(file: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(file.parent), *arguments], capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def lowered_in_silence(now: Floors, past: list[Floors]) -> list[str]:
    """Return a sentence for each floor that is lower than it was, without saying why."""
    found: dict[Key, str] = {}
    for before in past:
        for key, floor in before.floors.items():
            current = now.floors.get(key)
            name = ", ".join(key)
            if current is None:
                found[key] = f"{name}: the floor {floor} is gone"
            elif current.is_laxer(floor) and not current.lowered:
                found[key] = f'{name}: {floor} became {current}; say why: lowered = "..."'
    return [found[key] for key in sorted(found)]
