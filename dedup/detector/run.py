r"""The folder of a run that can be interrupted: what its finished stages left.

The folder has a file for each array of a finished stage (``STAGE.NAME``: the items one
behind another, in the byte order that the manifest names) and ``manifest``, which is
written last and takes its old one's place in one step::

    dedup-run-3 CRC32\n      of all that follows, eight hexadecimal digits
    {"facts": {...},         what the run was asked: inputs, recipe, policy, versions
     "stages": {STAGE: {"facts": {...}, "arrays": {NAME: [dtype, items, CRC-32]}}}}

What the manifest does not name belongs to an unfinished stage, and is done again.
"""

import fcntl
import json
import os
import re
import shutil
import sys
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Column, HeldArray, Item, Scratch
from dedup.detector.memory import MemoryBudget
from dedup.errors import ResumeError
from dedup.output import open_output

__all__ = ["RunFolder", "Stage"]

_FAMILY, _MAGIC = b"dedup-run-", b"dedup-run-3 "
_MANIFEST, _LOCK, _ARCHIVE = "manifest", "lock", "archive"
#: What a file or folder of a folder's own is called, whole or not.
_OWN_NAMES = re.compile(
    r"(read|learn|compare|search|search-all)\.[a-z_-]+|lock|\.?manifest(\..*)?|archive(\.new)?"
)
_ANOTHER = "name another folder, or remove this one to begin anew"


@dataclass(frozen=True, slots=True)
class Stage:
    """A finished stage.

    Attributes
    ----------
    files : Mapping[str, ArrayFile]
        Its arrays on disk.
    facts : Mapping[str, object]
        What else it left, as JSON has it.
    """

    files: Mapping[str, ArrayFile[Any]]
    facts: Mapping[str, Any]

    def array(self, name: str) -> NDArray[Any]:
        """Return an array in memory."""
        file = self.files[name]
        return file.read(0, len(file))


class RunFolder(Scratch):
    """A folder in which a run continues where it was interrupted.

    Parameters
    ----------
    folder : Path
        Made if it is not there; one process at a time may use it.
    facts : Mapping[str, str]
        What the articles are read from, and how: with others they are not the same.
    budget : MemoryBudget | None
        What the run may take of memory, if there is a bound.

    Raises
    ------
    ResumeError
        It holds something else, is damaged, or in use.
    """

    _mend = "make room there; the same command then continues"

    def __init__(
        self, folder: Path, facts: Mapping[str, str], budget: MemoryBudget | None = None
    ) -> None:
        super().__init__(folder, budget)
        self._facts = {"byte order": sys.byteorder, **facts}
        self._stages: dict[str, dict[str, Any]] = {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self._check_own()
        self._lock = (self.folder / _LOCK).open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise self._error("another run uses this folder now; name another") from error
        if (known := self._known()) is not None:
            self._check_facts(known["facts"], self._facts)  # said before anything is done

    @property
    def archive(self) -> Path:
        """Where the run may keep a folder of what its articles are matched with."""
        return self.folder / _ARCHIVE

    def close(self) -> None:
        """Let another process use the folder."""
        self._lock.close()

    def begin(self, facts: Mapping[str, str]) -> None:
        """Begin a run, or continue the same.

        Parameters
        ----------
        facts : Mapping[str, str]
            What else the stages depend on.

        Raises
        ------
        ResumeError
            The folder is of a run that was asked something else.
        """
        self._facts |= facts
        known = self._known()
        if known is None:
            self._write_manifest()
            return
        self._check_facts(known["facts"], {**known["facts"], **self._facts})
        self._stages = known["stages"]

    def array(self, dtype: type[Item], name: str = "") -> ArrayFile[Item]:
        """Return a new array; with a name of a stage's (``STAGE.NAME``) it can be kept."""
        return ArrayFile(dtype, self, self.folder / name if name else None)

    def load(self, stage: str) -> Stage | None:
        """Return a finished stage, checked; None if it is not finished.

        Raises
        ------
        ResumeError
            What it left is damaged.
        """
        if stage not in self._stages:
            return None
        files = {}
        for name, (dtype, length, checksum) in self._stages[stage]["arrays"].items():
            path = self.folder / f"{stage}.{name}"
            is_whole = path.exists() and path.stat().st_size == length * np.dtype(dtype).itemsize
            if is_whole:
                files[name] = ArrayFile(np.dtype(dtype).type, self, path, length)
                is_whole = files[name].checksum() == checksum
            if not is_whole:
                raise self.damaged(path.name)
        self.resumed = (*self.resumed, stage)
        return Stage(files, self._stages[stage]["facts"])

    def save(
        self,
        stage: str,
        arrays: Mapping[str, NDArray[Any] | Column[Any]],
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Keep a finished stage.

        Parameters
        ----------
        arrays : Mapping[str, array or ArrayFile]
            A file is one of this folder's, with the name of the stage and its own.
        facts : Mapping[str, object] | None
            As JSON can have it.
        """
        kept = {}
        for name, array in arrays.items():
            if isinstance(array, ArrayFile):
                kept[name] = (array.dtype.str, len(array), array.settle())
                continue
            items = array.items if isinstance(array, HeldArray) else array
            with self.array(items.dtype.type, f"{stage}.{name}") as file:
                file.append(items.ravel())
                kept[name] = (file.dtype.str, len(file), file.settle())
        self._stages[stage] = {"facts": dict(facts or {}), "arrays": kept}
        self._write_manifest()

    def remove(self) -> None:
        """Remove what the run left, and the folder if it holds nothing else."""
        for path in self.folder.iterdir():
            if _OWN_NAMES.fullmatch(path.name):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        with suppress(OSError):
            self.folder.rmdir()

    def _known(self) -> dict[str, Any] | None:
        """Return what the manifest says, if there is one."""
        path = self.folder / _MANIFEST
        return self._read_manifest(path.read_bytes()) if path.exists() else None

    def _check_facts(self, then: Mapping[str, str], names: Iterable[str]) -> None:
        """Refuse a run for which some fact is another than it was."""
        now = self._facts
        changed = [name for name in names if then.get(name) != now.get(name)]
        if changed:
            name = changed[0]
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            raise self._error(
                f"is of a run with {name}: {then.get(name, 'none')}, "
                f"now {now.get(name, 'none')}{more}; {_ANOTHER}"
            )

    def _write_manifest(self) -> None:
        content = json.dumps({"facts": self._facts, "stages": self._stages}).encode()
        with open_output(self.folder / _MANIFEST) as stream:
            stream.write(_MAGIC + b"%08x\n" % zlib.crc32(content) + content)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)  # the name too
        finally:
            os.close(handle)

    def _read_manifest(self, raw: bytes) -> dict[str, Any]:
        if not raw.startswith(_MAGIC):
            what = "of another version" if raw.startswith(_FAMILY) else "no run's"
            raise self._error(f"its manifest is {what}; {_ANOTHER}")
        head, _, content = raw.partition(b"\n")
        if head != _MAGIC + b"%08x" % zlib.crc32(content):
            raise self._error(f"its manifest is damaged; {_ANOTHER}")
        known: dict[str, Any] = json.loads(content)
        return known

    def _check_own(self) -> None:
        names = [path.name for path in self.folder.iterdir()]
        if not all(map(_OWN_NAMES.fullmatch, names)):
            raise self._error("holds other files than a run's; name a new or an empty folder")

    def damaged(self, name: str) -> ResumeError:
        """Return what to raise where a file of the folder does not hold."""
        return self._error(f"{name} is damaged: its checksum fails; {_ANOTHER}")

    def _error(self, reason: str) -> ResumeError:
        return ResumeError(str(self.folder), reason)
