"""A package of somebody else's adds a format: built, installed and used as theirs would be."""

import re
import subprocess
import sys
import sysconfig
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
CONTRACT = """
from pathlib import Path

from dedup.testing import FormatContract
from shouting import Shouted


class TestShouted(FormatContract):
    format = Shouted()
    sample = Path(__file__).parent / "feeds" / "a.shout"
    articles = [("a.shout", "rain fell.")]
"""
METADATA = "Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n"
TAG = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

Execute = Callable[..., str]


def documented() -> tuple[str, tuple[str, str]]:
    """Return the class and the entry point as the page on formats shows them."""
    page = DOCS.read_text("utf-8").partition("## Adding a format")[2]
    blocks = [
        textwrap.dedent(found) for found in re.findall(r"(?:^    .*\n|^\n)+", page, re.MULTILINE)
    ]
    (code,) = (block for block in blocks if "class Shouted" in block)
    (entry,) = (block for block in blocks if "dedup.formats" in block and "[project" in block)
    return code.strip() + "\n", re.findall(r'^(\w+) = "(.+)"$', entry, re.MULTILINE)[0]


@pytest.fixture(scope="module")
def execute(tmp_path_factory: pytest.TempPathFactory) -> Execute:
    """Install the documented package into an environment of its own; return its Python."""
    pytest.importorskip("pip")
    folder = tmp_path_factory.mktemp("shouting")
    code, (name, target) = documented()
    wheel = folder / "shouting-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("shouting.py", code)
        archive.writestr("shouting-1.0.dist-info/METADATA", METADATA)
        archive.writestr("shouting-1.0.dist-info/WHEEL", TAG)
        points = f"[dedup.formats]\n{name} = {target}\n"
        archive.writestr("shouting-1.0.dist-info/entry_points.txt", points)
        archive.writestr("shouting-1.0.dist-info/RECORD", "")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    # This project and what it needs are there already, and not installed again.
    (site,) = (folder / "env").rglob("site-packages")
    shared = sysconfig.get_path("purelib")
    (site / "shared.pth").write_text(f"import site; site.addsitedir({shared!r})\n", "utf-8")
    install = ["install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "--python", python, *install, wheel]
    subprocess.run(command, check=True)

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            [python, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (folder / "feeds").mkdir()
    (folder / "feeds" / "a.shout").write_bytes(b"SHOUT!RAIN FELL.")
    (folder / "test_shouting.py").write_text(CONTRACT, "utf-8")
    return run


def test_its_files_are_read_from_folders(execute: Execute) -> None:
    """By their suffix, with nothing said in the code that reads."""
    code = "from dedup import read_articles; print([a.text for a in read_articles('feeds')])"
    assert execute("-c", code) == "['rain fell.']\n"


def test_the_command_names_its_format(execute: Execute) -> None:
    """As it names its own."""
    shown = execute("-m", "dedup", "batch", "feeds", "--explain-input")
    assert '"format":"shouted (.shout)"' in shown


def test_it_holds_the_public_contract(execute: Execute) -> None:
    """Which it runs as a test of its own."""
    shown = execute("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shouting.py")
    assert "passed" in shown
    assert "failed" not in shown
