"""Who takes part: `dedup`, the floor under every run, the rivals with their packages."""

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import orjson

__all__ = ["FLOOR", "OURS", "RIVALS", "ROOT", "Program", "floor", "ours", "rival", "warm"]

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "rivals"
OURS, FLOOR = "dedup", "floor"

#: A rival's packages. All are pinned: a run can be repeated.
RIVALS: dict[str, list[str]] = {
    "gaoya": ["gaoya==0.2.2"],
    "rensa": ["rensa==0.5.0"],
    "datasketch": ["datasketch==2.0.0", "xxhash==3.5.0"],
    # Without its own requirements: they bring Spark, TensorFlow and an old urllib3 that
    # its MinHash command never imports.
    "text-dedup": [
        "--no-deps text-dedup==0.4.0",
        "bitarray", "click<9", "click-option-group<0.6", "datasets==3.6.0", "ftfy", "regex",
        "rich<14", "scipy", "tqdm", "xxhash==3.5.0",
    ],
    "datatrove": ["datatrove==0.10.1", "regex", "spacy>=3.8", "tokenizers", "xxhash==3.5.0"],
}  # fmt: skip
_ALONE = "--no-deps "
#: Of a rival's environment these versions are written down.
_LIST = """
import importlib.metadata as m, platform, json
print(json.dumps({"python": platform.python_version()} | {
    d.metadata["Name"]: d.version for d in m.distributions()}))
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program as it is started, and what it is made of.

    Attributes
    ----------
    name : str
    command : tuple of str
        With ``{source}``, ``{output}`` and ``{jobs}`` to be filled in.
    versions : tuple of (str, str)
        Packages of its environment, Python among them.
    """

    name: str
    command: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]

    def arguments(self, source: Path, output: Path, jobs: int) -> list[str]:
        """Return the command line."""
        return [part.format(source=source, output=output, jobs=jobs) for part in self.command]


def ours(folder: Path | None) -> Program:
    """Return `dedup batch` with all that it does by default, clusters written.

    Parameters
    ----------
    folder : Path or None
        For its environment: without what tools for development bring along. None for
        this interpreter's.
    """
    python = sys.executable
    if folder is not None:
        # Its requirements may change under the same name.
        stated = (ROOT / "pyproject.toml").read_text("utf-8")
        python = str(_installed(OURS, [f"--editable={ROOT}"], stated, folder))
    command = ("-m", "dedup", "batch", "{source}", "--clusters", "{output}", "--jobs", "{jobs}",
               "--quiet")  # fmt: skip
    return Program(OURS, (python, *command), _versions(python))


def warm(ours: Program) -> None:
    """Let `dedup` compile, as a user does once after installing; its modules, as pip does."""
    for module in (["compileall", "-q", str(ROOT / "dedup")], ["dedup", "warm"]):
        subprocess.run([ours.command[0], "-m", *module], check=True, cwd=ROOT, stdout=sys.stderr)


def floor(ours: Program) -> Program:
    """Return reading and parsing alone, in our environment."""
    return _script(FLOOR, ours.command[0])


def rival(name: str, folder: Path) -> Program:
    """Return a rival, installed into an environment of its own unless it is there.

    Raises
    ------
    subprocess.CalledProcessError
        It could not be installed.
    """
    return _script(name, str(_installed(name, ["orjson", *RIVALS[name]], "", folder)))


def _installed(name: str, packages: list[str], stated: str, folder: Path) -> Path:
    """Return the Python of an environment, made unless it is there and as wanted."""
    home = folder / "environments" / name
    python, done = home / "bin" / "python", home / "installed.json"
    wanted = orjson.dumps([packages, stated])
    if not done.exists() or done.read_bytes() != wanted:
        print(f"installing {name} into {home}", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        alone = [one.split()[1] for one in packages if one.startswith(_ALONE)]
        if alone:
            subprocess.run([*pip, "--no-deps", *alone], check=True)
        rest = [one for one in packages if not one.startswith(_ALONE)]
        subprocess.run([*pip, *rest], check=True)
        done.write_bytes(wanted)
    return python


def _script(name: str, python: str) -> Program:
    script = SCRIPTS / f"run_{name.replace('-', '_')}.py"
    return Program(name, (python, str(script), "{source}", "{output}", "{jobs}"), _versions(python))


def _versions(python: str) -> tuple[tuple[str, str], ...]:
    done = subprocess.run([python, "-c", _LIST], capture_output=True, check=True)
    return tuple(sorted(orjson.loads(done.stdout).items()))
