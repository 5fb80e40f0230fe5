"""Without numba everything works, slowly, with the same answers."""

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
    files = [f"tests/kernels/test_{name}.py" for name in ("bodies", "pairing", "tokenise")]
    short = "not code_points and not telling and not drawn"
    done = run_plain("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", short, *files)
    assert done.returncode == 0, done.stdout.decode()


def test_warm_says_what_is_missing(run_plain: Plain) -> None:
    """And how to mend it."""
    done = run_plain("-m", "dedup", "warm")
    assert (done.returncode, b"pip install numba" in done.stderr) == (2, True)
