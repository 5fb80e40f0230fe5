"""Disks that fill up, files cut short, bits that flip: said, and nothing lost.

    python -m benchmarks.filter.faults --flips 1000

A fault that `verify` does not tell counts as harmless when every article, text and site
reads back as it was; there should be none. The full disk is a small tmpfs, which only
root can mount.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.filter.stories import make_story
from dedup.errors import DedupError
from dedup.index import Index, open_index
from dedup.index.names import id_key
from dedup.stream import DuplicateFilter

_DISK_BYTES = 3 << 20


def make_index(path: Path, articles: int = 60) -> None:
    """Make an index of a few sites that were learned."""
    with open_index(str(path)) as index:
        DuplicateFilter(index).admit_many(make_story(n, sentences=4) for n in range(articles))


def content(index: Index) -> str:
    """Digest everything that can be read of an index."""
    state = hashlib.sha256()
    with index.snapshot():
        for row in index.scan():
            state.update(row.raw + (index.text_of(row.number) or b""))
        for site in index.sites():
            state.update(repr((site.name, site.learned_from)).encode() + site.units.tobytes())
            state.update(site.shingles.tobytes())
        state.update(repr(list(index.site_counts())).encode())
        for number in range(60):
            state.update(repr(index.numbers_of(id_key(f"0/{number}"), 9)).encode())
    return state.hexdigest()


def flip_bits(folder: Path, flips: int, seed: int) -> dict[str, int]:
    """Flip one bit at a time, anywhere in the index's files."""
    draw = random.Random(seed)
    sound = folder / "sound"
    sound.mkdir()
    make_index(sound / "seen.db")
    with open_index(str(sound / "seen.db"), create=False) as index:
        whole = content(index)
    sizes = {file.name: file.stat().st_size for file in sound.iterdir()}
    tally: Counter[str] = Counter()
    for number in range(flips):
        here = folder / "flipped"
        shutil.copytree(sound, here)
        place = draw.randrange(sum(sizes.values()))
        for name, size in sorted(sizes.items()):
            if place < size:
                with (here / name).open("r+b") as file:
                    file.seek(place)
                    byte = file.read(1)[0]
                    file.seek(place)
                    file.write(bytes([byte ^ 1 << draw.randrange(8)]))
                break
            place -= size
        tally[_noticed(here / "seen.db", whole)] += 1
        shutil.rmtree(here)
        if sys.stderr.isatty():
            print(f"\r{number + 1} flips", end="", file=sys.stderr)
    return dict(tally)


def _noticed(path: Path, whole: str) -> str:
    try:
        with open_index(str(path), create=False) as index:
            if any(True for _ in index.problems()):
                return "found by verify"
            return "harmless" if content(index) == whole else "NOT NOTICED"
    except DedupError:
        return "refused to open"


def cut_short(folder: Path) -> dict[str, int]:
    """Cut the files at many places."""
    make_index(folder / "seen.db")
    tally: Counter[str] = Counter()
    with open_index(str(folder / "seen.db"), create=False) as index:
        whole = content(index)
    for file in sorted(folder.glob("seen.db*")):
        size = file.stat().st_size
        for part in range(1, 20):
            here = folder / "cut"
            here.mkdir()
            for one in folder.glob("seen.db*"):
                shutil.copy(one, here)
            os.truncate(here / file.name, size * part // 20)
            tally[_noticed(here / "seen.db", whole)] += 1
            shutil.rmtree(here)
    return dict(tally)


def fill_disk(folder: Path) -> dict[str, object]:
    """Admit articles until the disk is full; look for what was acknowledged."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        return {"not measured": "only root can mount a small disk"}
    try:
        acknowledged, message = _admit_until_full(folder / "seen.db")
        with open_index(str(folder / "seen.db"), create=False) as index, index.snapshot():
            lost = sum(not index.rows(index.numbers_of(id_key(one), 9)) for one in acknowledged)
            problems = list(index.problems())
        return {
            "acknowledged": len(acknowledged),
            "lost": lost,
            "inconsistent": len(problems),
            "said": message,
        }
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _admit_until_full(path: Path) -> tuple[list[str], str]:
    acknowledged: list[str] = []
    with open_index(str(path)) as index:
        gate = DuplicateFilter(index)
        for number in range(100_000):
            try:
                acknowledged.append(gate.admit(make_story(number)).id)
            except DedupError as error:
                return acknowledged, str(error)
    raise SystemExit("the disk did not fill up")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("flip", "cut", "full"):
            (folder / part).mkdir()
        tally = {
            "flips": flip_bits(folder / "flip", options.flips, options.seed),
            "cuts": cut_short(folder / "cut"),
            "full disk": fill_disk(folder / "full"),
        }
    print(json.dumps(tally))
    full = tally["full disk"]
    sys.exit(
        "NOT NOTICED" in tally["flips"] or "NOT NOTICED" in tally["cuts"] or bool(full.get("lost"))
    )


if __name__ == "__main__":
    main()
