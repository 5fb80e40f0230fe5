"""What tests of several rooms share."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No clock in a test's verdict: the first example may compile a kernel.
settings.register_profile("dedup", deadline=None)
settings.load_profile("dedup")

# A shell has what it starts in the background ignore this, and its children's children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Return the folder of articles written for the purpose."""
    return Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def run_dedup() -> Run:
    """Run the command line as a real process, with bytes in and out."""

    def run(
        *arguments: str | os.PathLike[str],
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "dedup", *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            check=False,
        )

    return run


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], Path]]:
    """Return what mounts a disk of so many bytes, or gives it so many.

    Not within `tmp_path`: what a killed run leaves mounted would keep pytest from cleaning up.
    """
    folder = Path(tempfile.mkdtemp(prefix="dedup-small-disk-"))

    def mount(size_bytes: int) -> Path:
        how = f"remount,size={size_bytes}" if folder.is_mount() else f"size={size_bytes}"
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", folder], check=False)
        if made.returncode:
            pytest.skip("may not mount a small disk here")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()
