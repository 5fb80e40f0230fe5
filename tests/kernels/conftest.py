"""A Python that has everything but numba."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
Plain = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def run_plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """Run Python where numba and llvmlite are not installed."""
    installed = tmp_path_factory.mktemp("installed")
    for path in Path(np.__file__).parent.parent.iterdir():
        if not path.name.startswith(("numba", "llvmlite")) and path.suffix != ".pth":
            (installed / path.name).symlink_to(path)

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        # Without `site`, the packages are those of the path alone.
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{installed}"},
            cwd=ROOT,
            check=False,
        )

    return run
