"""The input without the duplicates, byte for byte."""

import os
from collections.abc import Container, Mapping
from pathlib import Path

from dedup.errors import InputError
from dedup.formats.output import open_output
from dedup.formats.reader import Paths, read_records

__all__ = ["write_kept"]


def write_kept(
    path: str,
    feeds: Paths,
    dropped: Container[str],
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
) -> int:
    """Write the records whose ids are not dropped, as they came in.

    Parameters
    ----------
    path : str
        A file for records of lines; a folder (with a final ``/``) for .txt files.
    feeds, fields, skip_invalid
        As they were read.

    Returns
    -------
    int
        How many were written.

    Raises
    ------
    InputError
        If whole files would go into one file, or lines into a folder.
    """
    is_folder = path.endswith(("/", os.sep)) or Path(path).is_dir()
    records = (
        record
        for record in read_records(feeds, fields=fields, skip_invalid=skip_invalid)
        if record.article.id not in dropped
    )
    count = 0
    if is_folder:
        for record in records:
            if record.line is not None:
                raise InputError(f"{path}: is a folder, but {record.path} has lines: name a file")
            target = Path(path, record.article.id.lstrip("/"))
            if not target.resolve().is_relative_to(Path(path).resolve()):
                raise InputError(f"{record.path}: would be written outside {path}")
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_output(target) as stream:
                stream.write(record.raw)
            count += 1
        return count
    with open_output(path) as stream:
        for record in records:
            if record.line is None:
                raise InputError(f"{path}: {record.path} is a whole file: name a folder, as kept/")
            stream.write(record.raw)
            stream.write(b"\n")
            count += 1
    return count
