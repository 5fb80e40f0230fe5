"""Show long output through a pager, as git does."""

import os
import shlex
import subprocess
import sys

from dedup.cli.terminal import is_terminal

__all__ = ["show"]


def show(text: str, *, is_paged: bool) -> None:
    """Print a text on stdout; on a terminal through a pager.

    ``DEDUP_PAGER``, then ``PAGER``, else ``less`` is used; empty or ``cat`` means
    none. ``less`` gets ``LESS=FRX`` unless ``LESS`` is set: it quits if one screen
    holds everything, and passes colours through.
    """
    command = os.environ.get("DEDUP_PAGER", os.environ.get("PAGER", "less")).strip()
    if not is_paged or not is_terminal() or command in ("", "cat"):
        _print(text)
        return
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        pager = subprocess.Popen(  # noqa: S603 - the user's own choice of program
            shlex.split(command), stdin=subprocess.PIPE, env=environment
        )
    except (OSError, ValueError):
        _print(text)
        return
    try:
        pager.communicate(text.encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        pager.wait()  # the reader has seen enough
    except KeyboardInterrupt:
        pager.wait()


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
