"""``dedup batch --against`` as real processes."""

import csv
import json
import sqlite3
import zlib
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.stories import paragraphs, story

Row = dict[str, object]


def feed(path: Path, **texts: str) -> Path:
    lines = [json.dumps({"id": one, "text": text}) for one, text in texts.items()]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ids(path: Path) -> list[object]:
    return [row["id"] for row in rows(path)]


@pytest.fixture
def days(tmp_path: Path) -> list[Path]:
    """Return the feeds of three days; later copies have smaller ids."""
    first, second = paragraphs(1), paragraphs(2)
    return [
        feed(tmp_path / "1.jsonl", m1="\n\n".join(first), m2="\n\n".join(first[1:]), m3=story(3)),
        feed(tmp_path / "2.jsonl", f1="\n\n".join(second), f2="\n\n".join(first), f3=story(2)),
        feed(
            tmp_path / "3.jsonl",
            a1="\n\n".join(first[:-1]),
            a2="\n\n".join((*first, *second)),
            a3=story(4),
            m3=story(3),
        ),
    ]


def test_three_days_over_one_index(run_dedup: Run, tmp_path: Path, days: list[Path]) -> None:
    """Ids last, what was seen is dropped, a merge is said; the index stays as it is."""
    found: list[list[Row]] = []
    kept: list[list[object]] = []
    assert run_dedup("index", "create", "seen.db", cwd=tmp_path).returncode == 0
    for number, day in enumerate(days, 1):
        options = ["--clusters", f"{number}.clusters.jsonl", "--pairs", f"{number}.pairs.jsonl"]
        options += ["--kept", f"{number}.kept.jsonl"]
        done = run_dedup("batch", day, "--against", "seen.db", *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert b"stays as it is: `dedup index import seen.db FEED...` adds" in done.stderr
        before = json.loads(run_dedup("index", "info", "seen.db", cwd=tmp_path).stdout)
        assert before["articles"] == sum(len(rows(one)) for one in days[: number - 1])
        done = run_dedup("index", "import", "seen.db", day, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        found.append(rows(tmp_path / f"{number}.clusters.jsonl"))
        kept.append(ids(tmp_path / f"{number}.kept.jsonl"))
    keys = ["cluster", "representative", "members", "weakest", "archived", "merged"]
    assert all(list(row) == keys for day in found for row in day)
    assert [{row["cluster"]: (row["archived"], row["merged"]) for row in day} for day in found] == [
        {"m1": ([], [])},
        {"m1": (["m1", "m2"], []), "f1": ([], [])},
        {"m1": (["f1", "f2", "f3", "m1", "m2"], ["f1"]), "m3": (["m3#1"], [])},
    ]
    assert kept == [["m1", "m3"], ["f1"], ["a3"]]
    pairs = [(row["a"], row["b"]) for row in rows(tmp_path / "2.pairs.jsonl")]
    assert pairs == [("f1", "f3"), ("f2", "m1"), ("f2", "m2")]


def test_the_feeds_order_is_no_matter(run_dedup: Run, tmp_path: Path, days: list[Path]) -> None:
    """Neither on the day, nor on the days after it."""
    outputs = []
    for turned in (False, True):
        name = f"seen-{turned}.db"
        for number, day in enumerate(days):
            lines = day.read_bytes().splitlines(keepends=True)
            way = tmp_path / f"{turned}-{number}.jsonl"
            way.write_bytes(b"".join(reversed(lines) if turned else lines))
            if number == 2:
                done = run_dedup("batch", way, "--against", name, cwd=tmp_path)
                assert done.returncode == 0, done.stderr
                outputs.append([json.loads(line) for line in done.stdout.splitlines()])
            else:
                verb = "import" if number else "create"
                assert run_dedup("index", verb, name, way, cwd=tmp_path).returncode == 0
    for day_rows in outputs:
        for row in day_rows:
            # Which of a day's copies the index accepted is up to their order.
            del row["representative"]
            row["members"] = sorted(row["members"])
    assert outputs[0] == outputs[1]


def test_clusters_as_a_table_have_the_same_columns(
    run_dedup: Run, tmp_path: Path, days: list[Path]
) -> None:
    """CSV as JSON Lines."""
    run_dedup("index", "create", "seen.db", days[0], cwd=tmp_path)
    done = run_dedup(
        "batch", days[1], "--against", "seen.db", "--clusters", "found.csv", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    assert header[-2:] == ["archived", "merged"]


def test_an_archive_with_a_seed_is_matched_by_its_recipe(
    run_dedup: Run, tmp_path: Path, days: list[Path]
) -> None:
    """The run has the recipe of the index."""
    run_dedup("index", "create", "seen.db", days[0], "--seed", "7", cwd=tmp_path)
    done = run_dedup("batch", days[1], "--against", "seen.db", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["cluster"] for line in done.stdout.splitlines()} == {"m1", "f1"}


def test_an_archive_of_another_recipe_says_what_to_do(
    run_dedup: Run, tmp_path: Path, days: list[Path]
) -> None:
    """A release whose normal form differs exports it, this one imports."""
    run_dedup("index", "create", "seen.db", days[0], cwd=tmp_path)
    with sqlite3.connect(tmp_path / "seen.db") as database:
        (raw,) = database.execute("SELECT value FROM meta WHERE name = 'settings'").fetchone()
        settings = json.loads(raw)
        settings["recipe_digest"] = "0" * len(settings["recipe_digest"])
        changed = json.dumps(settings)
        row = "settings", changed, zlib.crc32(f"settings\0{changed}".encode())
        database.execute("REPLACE INTO meta VALUES (?, ?, ?)", row)
    done = run_dedup("batch", days[1], "--against", "seen.db", cwd=tmp_path)
    assert done.returncode == 2
    assert b"export it with that release, then `dedup index import`" in done.stderr


def test_a_result_is_an_archive_too(run_dedup: Run, tmp_path: Path, days: list[Path]) -> None:
    """What it was told of its sites holds: the day is as with an index that was told the same."""
    done = run_dedup(
        "batch", days[0], "--result", "monday.dedup", "--clusters", "monday.jsonl",
        "--boilerplate-out", "monday.bin", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = ["--boilerplate", "monday.bin"]
    done = run_dedup("index", "create", "seen.db", days[0], *told, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = []
    for archive in ("monday.dedup", "seen.db"):
        outputs = {"--pairs": "pairs.jsonl", "--clusters": "clusters.jsonl", "--kept": "kept.jsonl"}
        options = [f"{archive}-{one}" if "." in one else one for pair in outputs.items()
                   for one in pair]  # fmt: skip
        done = run_dedup("batch", days[2], "--against", archive, *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert f"clusters of {archive}, which stays as it is".encode() in done.stderr
        written.append([(tmp_path / f"{archive}-{name}").read_bytes() for name in outputs.values()])
    assert written[0] == written[1]
    (monday,) = rows(tmp_path / "monday.jsonl")
    found = {row["cluster"]: row for row in rows(tmp_path / "monday.dedup-clusters.jsonl")}
    assert found[str(monday["cluster"])]["representative"] == monday["representative"]
    assert found["m3"]["archived"] == ["m3#1"]  # alone on Monday, so in no pair of that run


def test_the_report_of_a_day_shows_the_archive(
    run_dedup: Run, tmp_path: Path, days: list[Path]
) -> None:
    """Its articles are marked, why it keeps them is said; the day's result is no archive."""
    run_dedup("index", "create", "seen.db", days[0], cwd=tmp_path)
    options = ["--report", "day.html", "--result", "day.dedup"]
    done = run_dedup("batch", days[2], "--against", "seen.db", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "day.html").read_text(encoding="utf-8")
    assert "3 articles of the archive are shown beside the 4 new ones" in page
    assert page.count("in the archive</span>") == 3
    assert "Kept because the archive has it already." in page
    done = run_dedup("batch", days[1], "--against", "day.dedup", cwd=tmp_path)
    assert done.returncode == 2
    assert b"give the index, or the result, that it was made against" in done.stderr
    run_dedup("index", "create", "bare.db", days[0], "--no-text", cwd=tmp_path)
    done = run_dedup("batch", days[2], "--against", "bare.db", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert b"bare.db: keeps no texts" in done.stderr


def test_what_is_no_index_is_refused_with_what_to_do(
    run_dedup: Run, tmp_path: Path, days: list[Path]
) -> None:
    """A feed, a folder, nothing; a damaged result."""
    run_dedup("batch", days[0], "--result", "monday.dedup", cwd=tmp_path)
    with sqlite3.connect(tmp_path / "monday.dedup") as database:
        (packed,) = database.execute("SELECT text FROM article WHERE id = 'm2'").fetchone()
        broken = packed[:-1] + bytes([packed[-1] ^ 1])
        database.execute("UPDATE article SET text = ? WHERE id = 'm2'", (broken,))
    (tmp_path / "folder").mkdir()
    said = {
        "monday.dedup": b"the text of 'm2' does not match its checksum; run the batch again",
        "1.jsonl": b"make one of the articles seen before, `dedup index create seen.db FEED...`",
        "folder": b"make one of the articles seen before",
        "missing.db": b"there is no such index",
    }
    for name, message in said.items():
        done = run_dedup("batch", days[1], "--against", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert name.encode() in done.stderr
        assert message in done.stderr
