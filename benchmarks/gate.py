"""Figures against the floors of a benchmark, row by row, and the exit status."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from benchmarks.floors import Figure, lowered_in_silence, parse_floors, past_floors

__all__ = ["Gate"]


class Gate:
    """What holds the figures above the floors of one file.

    Parameters
    ----------
    file : Path
        A benchmark's ``floors.toml``.
    is_json : bool
        One JSON object a row in place of a table's line.
    """

    def __init__(self, file: Path, *, is_json: bool = False) -> None:
        self._floors = parse_floors(file.read_text("utf-8"))
        self._is_json = is_json
        self._wrong = lowered_in_silence(self._floors, past_floors(file))

    def show(self, figures: Iterable[Figure]) -> None:
        """Print each figure beside its floor."""
        for figure in figures:
            floor = self._floors.of(figure)
            ok = None if floor is None or figure.value is None else floor.holds(figure.value)
            row = {
                "corpus": figure.corpus,
                "metric": figure.metric,
                "language": figure.language,
                "value": figure.value,
                "floor": None if floor is None else str(floor),
                "ok": ok,
            }
            print(orjson.dumps(row).decode() if self._is_json else _line(figure, row), flush=True)
            if ok is False:
                self._wrong.append(f"{figure.corpus}, {figure.metric}: {figure.value}, not {floor}")

    def show_unmeasured(self, corpus: str) -> None:
        """Print the gated figures of a corpus that is not there, and of its parts."""
        keys = [key for key in self._floors.floors if key[0].split(",")[0] == corpus]
        self.show(Figure(*key, None) for key in keys)

    def check_digest(self, corpus: str, digest: str, *, is_own: bool = False) -> None:
        """Say that a corpus is another than the one the floors were set on.

        An error for a corpus that is part of the project, else a note.
        """
        expected = self._floors.digests.get(corpus)
        if digest != expected:
            said = f"{corpus}: digest {digest}, the floors were set on {expected}"
            self._wrong += [said] if is_own else []
            print(f"note: {said}", file=sys.stderr)

    def close(self) -> int:
        """Print what is wrong; return the exit status, 1 for anything."""
        for said in self._wrong:
            print(f"error: {said}", file=sys.stderr)
        return 1 if self._wrong else 0


def _line(figure: Figure, row: Mapping[str, object]) -> str:
    metric = f"{figure.metric} [{figure.language}]" if figure.language else figure.metric
    value = "not measured" if figure.value is None else figure.value
    shown = f"{value:.4g}" if isinstance(value, float) else str(value)
    ok = "-" if row["ok"] is None else "ok" if row["ok"] else "FAIL"
    return f"{figure.corpus:<32}{metric:<44}{shown:>14}  {row['floor'] or '-':<10}{ok}"
