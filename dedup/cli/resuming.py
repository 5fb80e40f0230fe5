"""Where a batch run keeps what its stages leave."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dedup import __version__
from dedup.cli.batch_output import Input
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from dedup.detector import MemoryBudget, Scratch

__all__ = ["open_scratch", "state_of_file"]


def open_scratch(
    read: Input,
    resume: str | None,
    extract: str,
    budget: "MemoryBudget | None" = None,
    against: str | None = None,
) -> "Scratch":
    """Return a folder to continue in, or where temporary files go if none is given.

    Parameters
    ----------
    extract : str
        How the main text of web pages is found.
    budget : MemoryBudget | None
        What the run may take.
    against : str | None
        What the articles are matched with: of an index it is checked when it is opened
        whether it is still the same, of a result here.

    Raises
    ------
    ArgumentError
        Standard input is to be read, which cannot be read again.
    ResumeError
        The folder cannot be used.
    """
    from dedup.detector import RunFolder, Scratch

    if resume is None:
        return Scratch(budget=budget)
    from dedup.reports.stored_result import is_result_file

    if read.paths != read.feeds:
        raise ArgumentError(
            "standard input, or a pipe, cannot be read again after an interruption: "
            "save it to a file to use --resume"
        )
    facts = _facts(read, extract)
    if against is not None and is_result_file(against):
        facts["--against"] = f"{against}, {state_of_file(against)}"
    return RunFolder(Path(resume), facts, budget)


def _facts(read: Input, extract: str) -> dict[str, str]:
    """Return what the articles depend on."""
    from dedup.formats.feeds import read_records

    return {
        "dedup": __version__,
        "--extract": extract,
        "--skip-invalid": str(read.skip_invalid),
        **{f"--field {name}": path for name, path in read.fields.items()},
        "feeds": " ".join(read.feeds),
        **{source.path: state_of_file(source.file) for source in read_records(read.paths).sources},
    }


def state_of_file(file: str) -> str:
    """Return what changes when a file does."""
    state = Path(file).stat()
    changed = datetime.fromtimestamp(state.st_mtime, UTC).isoformat()
    return f"{state.st_size:,} bytes of {changed}"
