"""The house: which room may import which, and what must not be loaded early."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "dedup"

#: What each room may import, besides what those rooms may, `errors` and `article`.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "errors": (),
    "article": (),
    # The design had articles as objects alone.
    "columns": ("article",),
    "output": (),
    "text": (),
    # The design gave kernels nothing: they compile the rules over text's code-point table,
    # and keep what they compiled.
    "kernels": ("text", "output"),
    # The design gave it text alone: what a site repeats is counted by hashes of its units.
    "boilerplate": ("text", "shingles"),
    "shingles": ("text", "kernels"),
    "fingerprint": ("article", "shingles", "kernels"),
    "match": ("shingles", "boilerplate"),
    "cluster": ("match",),
    "evaluate": ("cluster",),
    "index": ("fingerprint",),
    "detector": ("fingerprint", "match", "index", "output", "columns"),
    "batch": ("detector", "cluster"),
    "stream": ("detector",),
    "daily": ("batch", "stream"),
    "diff": ("match", "text", "boilerplate", "kernels"),
    "formats": ("article", "errors", "output", "columns", "kernels"),
    "reports": ("batch", "diff", "output"),
    "engines": ("index", "match", "cluster"),
    "estimators": ("batch",),
    "integrations": ("stream",),
}
#: Besides the rooms: the command line may import them all, the front door names them.
FACES = ("cli", "__init__", "__main__", "testing")
#: The only rooms that import these, and inside a function; `kernels` has files for numba
#: that only its functions import.
HEAVY = {
    "numba": {"kernels"},
    "llvmlite": {"kernels"},
    "datasketch": {"fingerprint", "index"},
    "sklearn": {"estimators", "evaluate"},
    "pandas": {"estimators", "integrations", "engines"},
    "pyarrow": {"formats", "engines", "integrations"},
    "trafilatura": {"formats"},
    "redis": {"index"},
    "psycopg": {"index"},
    "resvg_py": {"reports"},
    "pyspark": {"engines"},
    "typer": {"cli"},
}

FILES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the modules and the names in them that `tree` imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_at_once(tree: ast.Module) -> Iterator[str]:
    """Yield what is imported when the module is: not in functions, not for types only."""
    for node in tree.body:
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not is_for_types and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from imported(node)


def rooms_in(names: Iterator[str]) -> set[str]:
    found = {name.split(".")[1] for name in names if name.startswith("dedup.")}
    return {room for room in found if room in MAY_IMPORT or room in FACES}


def reach(room: str) -> set[str]:
    """Return every room that `room` may import."""
    direct = {"errors", "article", *MAY_IMPORT[room]} - {room}
    return direct | {far for near in direct if near in MAY_IMPORT[room] for far in reach(near)}


def test_every_file_lives_in_a_room_of_the_design() -> None:
    """No room appears that the table does not name."""
    assert {room_of(path) for path in FILES} <= {*MAY_IMPORT, *FACES}


def test_the_table_has_no_circle() -> None:
    """The rooms form a staircase."""
    assert list(TopologicalSorter(MAY_IMPORT).static_order())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    """Imports run downward, those inside functions included."""
    room = room_of(path)
    if room in FACES:
        return
    found = rooms_in(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert found - {room} <= reach(room)


def test_files_import_each_other_without_circles() -> None:
    """Inside the rooms, too, imports run one way."""
    trees = {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    graph: dict[str, set[str]] = {}
    for module, tree in trees.items():
        names = list(imported_at_once(tree))
        exact = {name if name in trees else name.rpartition(".")[0] for name in names}
        # A package's front door imports its own files; they do not look back.
        graph[module] = {name for name in exact if name in trees and name != module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_packages_are_imported_in_their_room_when_needed(path: Path) -> None:
    """Each heavy package has its rooms, and is loaded by a function there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    room = room_of(path)
    for name in {name.split(".")[0] for name in imported(tree)} & set(HEAVY):
        assert room in HEAVY[name], f"{name} belongs into {', '.join(sorted(HEAVY[name]))}"
    early = {name.split(".")[0] for name in imported_at_once(tree)} & set(HEAVY)
    assert early <= {"numba", "llvmlite", "typer"}


@pytest.mark.parametrize("arguments", [["--help"], ["diff", "--help"], ["evaluate", "--help"]])
def test_help_loads_no_heavy_package(arguments: list[str]) -> None:
    """``--help`` starts at once."""
    loaded = _loaded_by(f"from dedup.cli import app\napp({arguments!r}, standalone_mode=False)")
    assert not loaded & {"numba", "numpy", "sklearn", "datasketch", "pyarrow", "pandas", "rich"}


def test_the_diff_of_two_files_loads_no_heavy_package(fixtures: Path) -> None:
    """Machine code is loaded without numba; where there is none, plain Python serves."""
    seeds = [str(path) for path in sorted((fixtures / "seeds").glob("*.txt"))[1:3]]
    loaded = _loaded_by(
        f"from dedup.cli import app\napp({['diff', *seeds]!r}, standalone_mode=False)"
    )
    assert "dedup.diff" in loaded
    assert not loaded & {"numba", "sklearn", "datasketch", "pyarrow", "pandas"}


def test_a_batch_without_pages_loads_nothing_of_them(fixtures: Path, tmp_path: Path) -> None:
    """Nor what compares two texts, nor what else other outputs need."""
    feed, clusters = tmp_path / "feed.jsonl", tmp_path / "clusters.jsonl"
    texts = [path.read_text("utf-8") for path in sorted((fixtures / "seeds").glob("*.txt"))]
    feed.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    arguments = ["batch", str(feed), "--quiet", "--clusters", str(clusters)]
    loaded = _loaded_by(f"from dedup.cli import app\napp({arguments!r}, standalone_mode=False)")
    assert "dedup.detector" in loaded
    late = {"dedup.reports", "dedup.diff", "rich", "numba", "pyarrow"}
    assert not loaded & late, sorted(loaded & late)


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    """``import dedup`` is cheap; its names are loaded when first used."""
    assert not _loaded_by("import dedup") & {"numpy", "numba", "orjson", "typer"}


def _loaded_by(code: str) -> set[str]:
    """Return the modules that are loaded once `code` has run in a fresh process."""
    tell = "import sys, atexit\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    done = subprocess.run(
        [sys.executable, "-c", tell + code], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return set(done.stderr.split())


def test_every_package_that_is_imported_is_declared() -> None:
    """As a dependency, or as one of an extra that says what needs it."""
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(r for name in extras for r in extras[name])]
    declared = {re.split(r"[^A-Za-z0-9_-]", requirement)[0] for requirement in wanted}
    names = {name for path in FILES for name in imported(ast.parse(path.read_text("utf-8")))}
    packages = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"dedup"}
    renamed = {"sklearn": "scikit-learn", "resvg_py": "resvg-py"}
    assert {renamed.get(name, name) for name in packages} - {"_typeshed"} <= declared
