"""Machine code that is kept is loaded only where it fits and can be trusted."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.kernels import library
from dedup.kernels.compiled import compile_all
from tests.kernels.conftest import ROOT

Change = Callable[[Path], object]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Install a copy of the package without machine code, for a user with another home."""
    compile_all()
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "dedup", tmp_path / "packages" / "dedup", ignore=ignored)
    return tmp_path / "packages" / "dedup" / "kernels"


def run(installed: Path, code: str) -> str:
    """Run code with the copy; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        cwd=installed,
        env={
            **os.environ,
            "PYTHONPATH": str(installed.parent.parent),
            "HOME": str(installed.parent.parent.parent),
        },
        check=True,
        text=True,
    )
    return done.stdout.strip()


def folder(installed: Path, place: int) -> Path:
    """Return where the copy may keep machine code: beside itself, or at the user's home."""
    code = "from dedup.kernels import library\nprint(*library.folders(), sep='\\n')"
    return Path(run(installed, code).splitlines()[place])


def put(into: Path) -> Path:
    """Put this process's machine code into a folder that others may not write to."""
    kept = library.kept()
    assert kept is not None
    into.mkdir(mode=0o700, parents=True)
    return Path(shutil.copy(kept, into))


def kept(installed: Path) -> str:
    """Return what the copy would load."""
    return run(installed, "from dedup.kernels import library\nprint(library.kept())")


@pytest.mark.parametrize("place", [0, 1])
def test_what_fits_is_loaded_without_numba(installed: Path, place: int) -> None:
    """From both folders; calling a loop imports neither numba nor llvmlite."""
    path = put(folder(installed, place))
    assert kept(installed) == str(path)
    code = """
import sys
from dedup.kernels.tokenise import tokenise_texts
print(len(tokenise_texts(["Two words"]).tokens), {"numba", "llvmlite"} & set(sys.modules))
"""
    assert run(installed, code) == "2 set()"


def test_a_run_imports_neither_numba_nor_llvmlite(fixtures: Path) -> None:
    """From feeds to clusters, once the loops are compiled."""
    compile_all()
    feed = str(fixtures / "feeds" / "meridian.jsonl")
    code = f"""
import sys
from dedup import deduplicate, read_articles
deduplicate(read_articles({feed!r}))
print(sorted({{"dedup.kernels.sketch", "numba", "llvmlite"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "['dedup.kernels.sketch']"


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def add_a_line(path: Path) -> None:
    path.write_text(path.read_text() + "# changed\n")


@pytest.mark.parametrize(
    "change",
    [
        change_a_byte,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.rename(path.with_name(path.name.replace("kernels-", "kernels-x"))),
        lambda path: add_a_line(path.parents[1] / "words.py"),
        lambda path: add_a_line(path.parents[2] / "text" / "tokens.py"),
    ],
    ids=["damaged", "cut short", "of another Python", "of another loop", "of another text rule"],
)
def test_what_does_not_fit_is_not_loaded(installed: Path, change: Change) -> None:
    """It is as if it were not there."""
    change(put(folder(installed, 0)))
    assert kept(installed) == "None"


def share(path: Path) -> None:
    path.parent.chmod(0o777)


def link_elsewhere(path: Path) -> None:
    path.parent.rename(path.parents[1] / "elsewhere")
    path.parent.symlink_to(path.parents[1] / "elsewhere")


@pytest.mark.parametrize("change", [share, link_elsewhere])
def test_a_folder_that_others_may_write_to_is_not_used(installed: Path, change: Change) -> None:
    """Neither to load from, nor to keep in."""
    path = put(folder(installed, 1))
    change(path)
    assert kept(installed) == "None"
    (installed / "__pycache__").write_text("no folder")
    assert keep(installed) == "None"
    assert path.exists()


def test_it_is_kept_at_home_where_the_package_cannot_be_written_to(installed: Path) -> None:
    """In a folder of the user's own; what an older version kept there goes."""
    (installed / "__pycache__").write_text("no folder")
    home = folder(installed, 1)
    older = home / put(home).name.replace(".so", "-older.so")
    path = Path(keep(installed))
    assert (path.parent, path.is_file(), older.exists()) == (home, True, False)
    assert home.stat().st_mode & 0o077 == 0
    assert [one.name for one in home.iterdir()] == [path.name]


def keep(installed: Path) -> str:
    """Let the copy keep something that no linker takes; return where."""
    return run(installed, "from dedup.kernels.build import _keep\nprint(_keep(b'no object file'))")
