"""Without numba everything works, slowly, with the same answers."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.kernels.conftest import Plain


def test_numba_is_not_there(run_plain: Plain) -> None:
    """Or the other tests here would show nothing."""
    done = run_plain("-c", "import dedup.kernels.tokenise\nimport numba")
    assert b"ModuleNotFoundError: No module named 'numba'" in done.stderr


@pytest.mark.parametrize("verb", ["batch", "filter"])
def test_outputs_are_the_same(run_plain: Plain, run_dedup: Run, fixtures: Path, verb: str) -> None:
    """To the byte, with what is said on the side."""
    feeds = sorted((fixtures / "feeds").glob("*.jsonl"))
    if verb == "batch":
        arguments, stdin = ["batch", *map(str, feeds)], b""
    else:
        arguments, stdin = ["filter", "--index", "memory:"], feeds[0].read_bytes()
    plain = run_plain("-m", "dedup", *arguments, stdin=stdin)
    compiled = run_dedup(*arguments, stdin=stdin)
    assert plain.stdout
    assert (plain.returncode, plain.stdout) == (compiled.returncode, compiled.stdout)
    assert plain.stderr == compiled.stderr


def test_loops_are_the_reference(run_plain: Plain) -> None:
    """Law 4 in plain Python: what is tested of the compiled loops holds, but for long sweeps."""
    names = (
        "against",
        "ahead",
        "bodies",
        "outlining",
        "pairing",
        "places",
        "reading",
        "records",
        "tokenise",
    )
    files = [f"tests/kernels/test_{name}.py" for name in names] + ["tests/diff/test_compiled.py"]
    short = "not code_points and not telling and not drawn and not repeats"
    done = run_plain("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", short, *files)
    assert done.returncode == 0, done.stdout.decode()


def test_warm_says_what_is_missing(run_plain: Plain) -> None:
    """And how to mend it."""
    done = run_plain("-m", "dedup", "warm")
    assert done.returncode == 2
    assert b"nothing to compile with: No module named" in done.stderr
    assert b"mend it by pip install -U numba" in done.stderr


def test_a_numba_that_cannot_be_imported_is_said(tmp_path: Path) -> None:
    """As one that is too old for the NumPy beside it; nothing goes on slowly in silence."""
    (tmp_path / "numba").mkdir()
    (tmp_path / "numba" / "__init__.py").write_text("raise ImportError('too old')")
    (tmp_path / "numba" / "_version.py").write_text("0.0")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from dedup.cli import main\nsys.argv[1:] = ['warm']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"nothing to compile with: too old; mend it by" in done.stderr
