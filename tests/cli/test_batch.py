"""``dedup batch`` and ``dedup explain`` as real processes."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.stories import story

FEEDS = Path(__file__).parents[2] / "fixtures" / "feeds"
SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds"
STORY = "The town council voted on Monday to close the old bridge for repairs until spring. " * 4
OTHER = "Nurses at the county hospital ended their strike after a new offer on night shifts. " * 4


def rows(raw: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in raw.splitlines()]


def feed(folder: Path, *lines: bytes) -> Path:
    path = folder / "feed.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def on_terminal(*arguments: str | Path, stderr: bool = False) -> bytes:
    """Return what a terminal gets of stdout, or of stderr."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "dedup", *map(str, arguments)]
    shown = b""
    streams = {"stdout": slave, "stderr": subprocess.DEVNULL}
    if stderr:
        streams = {"stdout": subprocess.DEVNULL, "stderr": slave}
    with subprocess.Popen(command, **streams) as process:
        os.close(slave)
        with contextlib.suppress(OSError):  # Linux says so when the other side is closed
            while block := os.read(master, 65536):
                shown += block
        os.close(master)
        assert process.wait() == 0
    return shown


def record(identity: str, text: str, **more: object) -> bytes:
    return json.dumps({"id": identity, "text": text, **more}).encode()


def test_the_fixtures_hold_the_copies_that_they_were_written_with(run_dedup: Run) -> None:
    """Piped, stdout has the clusters; each has the fixed keys."""
    done = run_dedup("batch", FEEDS, SEEDS)
    assert done.returncode == 0, done.stderr
    clusters = rows(done.stdout)
    assert all(list(row) == ["cluster", "representative", "members", "weakest"] for row in clusters)
    assert all(row["representative"] in row["members"] for row in clusters)
    seeds = {"001_e6be9fefc9270a9e.txt", "002_a6793bfcab7a48c0.txt"}
    assert seeds in [set(row["members"]) for row in clusters]


def test_pairs_have_the_fixed_keys_and_no_distinct_one(run_dedup: Run, tmp_path: Path) -> None:
    """Overlaps are written, distinct pairs never."""
    done = run_dedup("batch", FEEDS, "--pairs", tmp_path / "pairs.jsonl")
    assert done.returncode == 0
    assert f"Written: {tmp_path / 'pairs.jsonl'} (8.8 kB)\n".encode() in done.stderr
    pairs = rows((tmp_path / "pairs.jsonl").read_bytes())
    first = ["a", "b", "relation", "resemblance", "containment_ab", "containment_ba"]
    assert all(list(row)[:7] == [*first, "shared_words"] for row in pairs)
    relations = {row["relation"] for row in pairs}
    assert "overlap" in relations
    assert "distinct" not in relations
    assert pairs == sorted(pairs, key=lambda row: (row["a"], row["b"]))


def test_kept_and_dropped_are_the_input_byte_for_byte(run_dedup: Run, tmp_path: Path) -> None:
    """A line is kept as it came in, or its record is dropped with a cluster."""
    lines = [
        record("a", STORY, published="2026-01-02"),
        b'{ "text" : ' + json.dumps(STORY).encode() + b', "id": "b", "published":"2026-01-01" }\r',
        record("c", OTHER, extra={"kept": [1, 2.50]}),
    ]
    path = feed(tmp_path, *lines)
    done = run_dedup("batch", path, "--kept", tmp_path / "kept.jsonl")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept.jsonl").read_bytes() == b"\n".join(lines[1:]) + b"\n"
    (cluster,) = rows(done.stdout)
    assert cluster["representative"] == "b"
    assert cluster["members"] == ["b", "a"]


def test_a_folder_of_texts_is_kept_as_a_folder(run_dedup: Run, tmp_path: Path) -> None:
    """An id is the path inside the folder; whole files go into a folder, not into a file."""
    source = tmp_path / "pages"
    (source / "deep").mkdir(parents=True)
    for name, text in (("a.txt", STORY), ("deep/b.txt", STORY), ("deep/c.txt", OTHER)):
        (source / name).write_text(text)
    done = run_dedup("batch", source, "--kept", f"{tmp_path / 'kept'}/")
    assert done.returncode == 0, done.stderr
    kept = sorted(p.relative_to(tmp_path / "kept") for p in (tmp_path / "kept").rglob("*.txt"))
    assert kept == [Path("a.txt"), Path("deep/c.txt")]
    refused = run_dedup("batch", source, "--kept", tmp_path / "kept.jsonl")
    assert refused.returncode == 2
    assert b"name a folder" in refused.stderr


def test_standard_input_is_read_twice_where_it_must_be(run_dedup: Run, tmp_path: Path) -> None:
    """Kept lines of a pipe are those of the pipe; the disk that it takes is said."""
    stdin = b"\n".join([record("a", STORY), record("b", STORY), record("c", OTHER)])
    done = run_dedup("batch", "-", "--kept", tmp_path / "kept.jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept.jsonl").read_bytes().splitlines() == stdin.splitlines()[::2]
    assert f"{len(stdin):,} bytes" in done.stderr.decode()


def test_a_broken_line_stops_the_run_and_leaves_nothing(run_dedup: Run, tmp_path: Path) -> None:
    """The message names file and line; what was there before stays as it was."""
    path = feed(tmp_path, record("a", STORY), b"{nonsense")
    old = tmp_path / "clusters.jsonl"
    old.write_bytes(b"from the last run\n")
    done = run_dedup("batch", path, "--clusters", old, "--kept", tmp_path / "kept.jsonl")
    assert done.returncode == 2
    assert f"{path}:2".encode() in done.stderr
    assert old.read_bytes() == b"from the last run\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clusters.jsonl", "feed.jsonl"]


def test_broken_lines_can_be_left_out_and_are_counted(run_dedup: Run, tmp_path: Path) -> None:
    """``--skip-invalid`` says how many and why."""
    path = feed(tmp_path, record("a", STORY), b"{nonsense", record("a", OTHER), record("b", STORY))
    done = run_dedup("batch", path, "--skip-invalid")
    assert done.returncode == 0, done.stderr
    assert b"1 record skipped, broken JSON" in done.stderr
    assert b"1 record skipped, duplicate id" in done.stderr
    assert [row["members"] for row in rows(done.stdout)] == [["a", "b"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keep", "newest"], b"earliest, longest"),
        (["--linkage", "ward"], b"components"),
        (["--resemblance", "80"], b"0 to 1"),
        (["--rerun-days", "soon"], b"number of days"),
        (["--clusters", "out", "--pairs", "out"], b"same name"),
        (["--field", "text"], b"NAME=PATH"),
    ],
)
def test_a_wrong_option_is_said(
    run_dedup: Run, tmp_path: Path, arguments: list[str], words: bytes
) -> None:
    """What is wrong, and what would be right."""
    done = run_dedup("batch", feed(tmp_path, record("a", STORY)), *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_output_is_no_input(run_dedup: Run, tmp_path: Path) -> None:
    """The feed is not overwritten by what is kept of it."""
    path = feed(tmp_path, record("a", STORY))
    before = path.read_bytes()
    assert run_dedup("batch", path, "--kept", path).returncode == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("lines", [[], [record("a", STORY)], [record("a", "")]])
def test_hardly_any_input(run_dedup: Run, tmp_path: Path, lines: list[bytes]) -> None:
    """No article, one, and one without text have no clusters."""
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    done = run_dedup("batch", path)
    assert (done.returncode, done.stdout) == (0, b"")


def test_any_number_of_jobs_writes_the_same_bytes(run_dedup: Run, tmp_path: Path) -> None:
    """Threads do not show."""
    written = set()
    for jobs in ("1", "2", "5"):
        out = tmp_path / f"{jobs}.jsonl"
        done = run_dedup("batch", FEEDS, "--jobs", jobs, "--pairs", out)
        written.add((done.stdout, out.read_bytes()))
    assert len(written) == 1


def test_what_is_counted_is_said_as_one_or_many(run_dedup: Run, tmp_path: Path) -> None:
    """And a small file has a size."""
    clusters = tmp_path / "c.jsonl"
    for texts, said in (
        (["One."], b"1 article without a body"),
        (["One.", "Two."], b"2 articles without"),
    ):
        path = feed(tmp_path, *(record(text, text) for text in texts), record("long", STORY))
        done = run_dedup("batch", path, "--clusters", clusters)
        assert said in done.stderr
        assert f"Written: {clusters} (0 kB)\n".encode() in done.stderr


def test_reruns_are_reported_not_dropped(run_dedup: Run, tmp_path: Path) -> None:
    """The same text on the same site five days later, unless the user says never."""
    lines = [
        record("a", STORY, url="https://x.example/a", published="2026-01-01"),
        record("b", STORY, url="https://x.example/b", published="2026-01-06"),
    ]
    path = feed(tmp_path, *lines)
    done = run_dedup("batch", path)
    assert done.stdout == b""
    assert b"1 pair published again by one site" in done.stderr
    assert len(rows(run_dedup("batch", path, "--rerun-days", "never").stdout)) == 1


def test_a_terminal_gets_a_summary(tmp_path: Path) -> None:
    """A table, made harmless, instead of JSON."""
    path = feed(tmp_path, record("a", STORY, title="Evil \x1b[2J title"), record("b", STORY))
    shown = on_terminal("batch", path, "--quiet")
    assert b"in 1 cluster " in shown
    assert b"\x1b[2J" not in shown


def test_a_terminal_gets_the_progress_of_each_stage(tmp_path: Path) -> None:
    """How many articles and pairs are done; then the notes."""
    path = feed(tmp_path, *(record(str(i), f"{STORY} {OTHER} {i % 3} " * 3) for i in range(9)))
    shown = on_terminal("batch", path, stderr=True)
    stages = [
        b"Reading 9 articles",
        b"Learning what sites repeat in 9 articles",
        b"Finding candidates among 9 articles",
        b"Comparing pairs: 3 ",
        b"Writing 9 articles",
    ]
    places = [shown.find(stage) for stage in stages]
    assert -1 not in places
    assert places == sorted(places)


def test_explain_says_why_for_two_files(run_dedup: Run) -> None:
    """The seeds: an excerpt, its passages, the chrome with its reasons, the family."""
    names = sorted(SEEDS.glob("*.txt"))
    (row,) = rows(run_dedup("explain", names[1], names[2]).stdout)
    assert row["relation"] == "excerpt"
    assert float(str(row["containment_ab"])) >= 0.8
    assert row["found_by"] == ["sample"]
    chrome = row["chrome_b"]
    assert isinstance(chrome, list)
    assert any("Related Articles" in item["text"] for item in chrome)
    assert all(item["reason"] for item in chrome)
    (row,) = rows(run_dedup("explain", names[0], names[2]).stdout)
    assert row["relation"] == "distinct"


def test_explain_learns_from_the_feeds(run_dedup: Run) -> None:
    """Two pages of one site without a body: alike with chrome, nothing without."""
    ids = ("harbourpost/crane-secrets", "harbourpost/tram-plans")
    (row,) = rows(run_dedup("explain", *ids, FEEDS).stdout)
    assert row["relation"] == "distinct"
    assert row["with_chrome"]["shared_words"] > 50
    assert row["learned_from_a"] >= 8


def test_explain_names_what_it_does_not_find(run_dedup: Run) -> None:
    """A missing id and a missing file."""
    done = run_dedup("explain", "nobody", "noone", FEEDS)
    assert (done.returncode, b"nobody: no article" in done.stderr) == (2, True)
    done = run_dedup("explain", "nobody.txt", "noone.txt")
    assert (done.returncode, b"no such file" in done.stderr) == (2, True)


def test_warm_compiles(run_dedup: Run) -> None:
    """It ends, and says where what it compiled is."""
    done = run_dedup("warm")
    assert done.returncode == 0
    assert b"kept in " in done.stderr


def test_a_full_disk_is_said_and_nothing_is_left(
    run_dedup: Run, small_disk: Callable[[int], Path], tmp_path: Path
) -> None:
    """Outputs and temporary files: which, where, and how to mend it."""
    small = small_disk(1 << 16)
    path = feed(tmp_path, *(record(str(i), f"{STORY} {i} " * 9) for i in range(60)))
    done = run_dedup("batch", path, "--keep", "first", "--kept", small / "kept.jsonl")
    assert done.returncode == 0  # all but one are dropped
    done = run_dedup("batch", path, env={"TMPDIR": str(small)})
    assert done.returncode == 2
    assert f"{small}: No space left".encode() in done.stderr
    other = feed(tmp_path, *(record(str(i), f"{i} " + "x" * 2000) for i in range(60)))
    done = run_dedup("batch", other, "--kept", small / "more.jsonl")
    assert done.returncode == 2
    assert b"more.jsonl: No space left" in done.stderr
    assert [p.name for p in small.iterdir()] == ["kept.jsonl"]


def test_an_interrupted_run_is_quiet(tmp_path: Path) -> None:
    """Exit status 130, no traceback, nothing left."""
    command = [sys.executable, "-m", "dedup", "batch", "-", "--clusters", str(tmp_path / "out")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(record("a", STORY) + b"\n" * 100_000)  # more than a pipe holds
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []


FORMATS = Path(__file__).parents[2] / "fixtures" / "formats"


def test_explain_input_has_a_row_a_file_when_piped(run_dedup: Run) -> None:
    """With what was passed over, by kind."""
    done = run_dedup("batch", FORMATS / "archive.warc.gz", "--explain-input")
    (row,) = rows(done.stdout)
    assert row["records"] == 3
    assert row["asides"] == {
        "request record": 3,
        "response that is no page": 1,
        "response with status 404": 1,
        "warcinfo record": 1,
    }


def test_explain_input_shows_a_folder_of_pages_as_one() -> None:
    """A table for each page of a folder would be thousands."""
    shown = on_terminal("batch", FORMATS / "pages", FORMATS / "archive.warc.gz", "--explain-input")
    assert b"almendra.html and 2 more: web" in shown
    assert b"port-strike.html" not in shown
    assert b"response with status 404" in shown


def test_articles_are_written_without_what_their_site_repeats(
    tmp_path: Path, run_dedup: Run
) -> None:
    """Those that are kept, in their order, as rows."""
    menu = "Subscribe to our newsletter and never miss a story again, dear reader of ours."
    articles = [
        {"id": str(n), "url": f"https://paper.example/{n}", "text": f"{menu}\n\n{story(n)}"}
        for n in range(9)
    ]
    articles.append({**articles[4], "id": "again", "url": "https://other.example/4"})
    path = feed(tmp_path, *(json.dumps(article).encode() for article in articles))
    out = tmp_path / "articles.jsonl"
    done = run_dedup("batch", path, "--articles", out, "--keep", "first")
    assert done.returncode == 0, done.stderr
    found = rows(out.read_bytes())
    assert [row["id"] for row in found] == [str(n) for n in range(9)]
    assert [row["text"] for row in found] == [story(n) for n in range(9)]
    assert {*found[0]} == {"id", "title", "url", "source", "published", "text"}


def test_a_missing_folder_is_said_before_the_work(run_dedup: Run, tmp_path: Path) -> None:
    """Not behind it, when all is found and nothing can be written."""
    one = feed(tmp_path, record("a", STORY), b"{broken")  # reading it would be an error
    for option in ("--clusters", "--pairs", "--kept", "--report", "--result"):
        done = run_dedup("batch", one, option, tmp_path / "later" / "out.jsonl")
        assert done.returncode == 2
        assert f"there is no folder {tmp_path / 'later'}; make it first".encode() in done.stderr


def test_the_summary_fits_a_terminal_of_80_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids of 24 letters are whole, to be copied; titles of wide letters take one line."""
    monkeypatch.setenv("COLUMNS", "80")
    ids = [letter * 24 for letter in "qz"]
    records = [record(one, STORY, title="原油先物三週間" * 9) for one in ids]
    shown = on_terminal("batch", feed(tmp_path, *records)).decode()
    largest, _, weakest = shown.partition("The weakest links")
    assert all(one in weakest for one in ids)
    assert sum("原油" in line for line in largest.splitlines()) == 1
    assert "油先物三週間原" not in largest.partition("…")[2]


def test_ids_on_a_narrow_terminal_are_folded_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary says to look at the weakest pairs by their ids: all of each is there."""
    monkeypatch.setenv("COLUMNS", "60")
    ids = [letter * 40 for letter in "qz"]
    shown = on_terminal("batch", feed(tmp_path, *(record(one, STORY) for one in ids)))
    weakest = shown.decode().partition("The weakest links")[2]
    assert [weakest.count(one[0]) for one in ids] == [40, 40]
    assert "\u2026" not in weakest
