"""``dedup diff`` as a real process."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

GOLDEN = Path(__file__).parent / "golden" / "reprint"
A, B = GOLDEN / "a.txt", GOLDEN / "b.txt"


def test_no_difference_is_status_0(run_dedup: Run) -> None:
    """As diff(1); chrome does not count."""
    done = run_dedup("diff", A, A)
    assert done.returncode == 0
    assert done.stdout.startswith(b"a to b: identical")


def test_a_difference_is_status_1(run_dedup: Run) -> None:
    """As diff(1)."""
    assert run_dedup("diff", A, B).returncode == 1


def test_a_text_without_end_is_refused(run_dedup: Run, tmp_path: Path) -> None:
    """From a file, and from a pipe."""
    sparse = tmp_path / "sparse.txt"
    with sparse.open("wb") as stream:
        stream.truncate(1 << 31)
    said = "larger than 32 MiB: no single article\n"
    done = run_dedup("diff", A, sparse)
    assert (done.returncode, done.stderr) == (2, f"dedup: {sparse}: {said}".encode())
    done = run_dedup("diff", A, "-", stdin=b" " * (32 << 20) + b"a")
    assert (done.returncode, done.stderr) == (2, f"dedup: -: {said}".encode())


def test_typography_counts_with_strict_only(run_dedup: Run, tmp_path: Path) -> None:
    """A change of quotes is a difference only if asked."""
    (tmp_path / "a").write_text("The U.S. council met again on Monday.")
    (tmp_path / "b").write_text("The US council met again on Monday.")
    assert run_dedup("diff", tmp_path / "a", tmp_path / "b").returncode == 0
    strict = run_dedup("diff", tmp_path / "a", tmp_path / "b", "--strict")
    assert strict.returncode == 1
    assert b"[-U.S.-] {+US+}" in strict.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((A, "missing.txt"), b"missing.txt: no such file"),
        ((A,), b"two articles are compared, not 1"),
        ((A, B, A), b"--base A B C"),
        ((A, B, "--only", "changed"), b"no such operation"),
        (("-", "-"), b"give - once"),
        ((A, GOLDEN), b"a folder"),
        ((A, "--cluster", "x"), b"at least one FEED"),
    ],
)
def test_trouble_is_status_2_and_says_how_to_mend(
    run_dedup: Run, arguments: tuple[str | Path, ...], message: bytes
) -> None:
    """Errors go to stderr in plain words."""
    done = run_dedup("diff", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_invalid_utf8_names_the_byte(run_dedup: Run, tmp_path: Path) -> None:
    """Bytes are decoded at the edge."""
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    done = run_dedup("diff", A, tmp_path / "latin.txt")
    assert done.returncode == 2
    assert b"byte 3 is not UTF-8" in done.stderr


def test_standard_input(run_dedup: Run) -> None:
    """A dash is standard input."""
    assert run_dedup("diff", "-", A, stdin=A.read_bytes()).returncode == 0


def test_json_spans_are_code_points_of_the_originals(run_dedup: Run) -> None:
    """The spans of the JSON tile both files."""
    done = run_dedup("diff", A, B, "--format", "json")
    row = json.loads(done.stdout)
    assert {"relation", "summary", "segments"} <= row.keys()
    for side, path in (("a", A), ("b", B)):
        text = path.read_bytes().decode()
        spans = sorted(s[side] for s in row["segments"] if s[side])
        assert "".join(text[start:end] for start, end in spans) == text


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_record_of_a_feed(run_dedup: Run, tmp_path: Path, is_packed: bool) -> None:
    """FILE#ID names one record, also where ids hold a #."""
    rows = [
        {"id": "x#1", "text": A.read_bytes().decode(), "title": "Ferry plan"},
        {"id": "x#2", "text": B.read_bytes().decode()},
    ]
    raw = "".join(json.dumps(row) + "\n" for row in rows).encode()
    feed = tmp_path / ("feed.jsonl.gz" if is_packed else "feed.jsonl")
    feed.write_bytes(gzip.compress(raw) if is_packed else raw)
    assert run_dedup("diff", f"{feed}#x#1", A).returncode == 0
    assert b"a: Ferry plan" in run_dedup("diff", f"{feed}#x#1", f"{feed}#x#2").stdout
    missing = run_dedup("diff", f"{feed}#y", A)
    assert missing.returncode == 2
    assert b"its ids begin: x#1, x#2" in missing.stderr
    many = run_dedup("diff", feed, A)
    assert many.returncode == 2
    assert b"holds several records" in many.stderr


def test_base_compares_each_and_begins_with_a_table(run_dedup: Run) -> None:
    """One article against many: a table first, then each diff."""
    done = run_dedup("diff", "--base", A, B, A, env={"COLUMNS": "200"})
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("against ")
    assert done.stdout.count(b"a to b: ") == 2
    assert done.returncode == 1


def test_the_table_names_the_copies_on_a_narrow_terminal(run_dedup: Run, tmp_path: Path) -> None:
    """At 80 columns the counts leave room for a name, and each is whole."""
    copy = tmp_path / "northern-ferry-terminal-late.txt"
    copy.write_bytes(B.read_bytes())
    done = run_dedup(
        "diff", "--base", A, copy.name, "--summary", cwd=tmp_path, env={"COLUMNS": "80"}
    )
    _, _, headings, _, *rows = done.stdout.decode().partition("\n\n\n")[0].splitlines()
    name_width = headings.index("relation")
    assert "".join(row[:name_width].strip() for row in rows) == copy.name
    assert all(len(row) <= 80 for row in rows)


def test_a_cluster_against_its_representative(run_dedup: Run, tmp_path: Path) -> None:
    """Each copy of a cluster is compared with the article that is kept."""
    rows = [
        {"id": name, "text": path.read_bytes().decode(), "source": name}
        for name, path in (("first", A), ("copy", B))
    ]
    feed, clusters = tmp_path / "feed.jsonl", tmp_path / "clusters.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    row = {"cluster": "c1", "representative": "first", "members": ["copy", "first"]}
    clusters.write_text(json.dumps(row) + "\n")
    done = run_dedup("diff", "--cluster", "c1", clusters, feed, "--summary")
    assert done.returncode == 1
    assert b"against first" in done.stdout
    assert b"copy" in done.stdout
    unknown = run_dedup("diff", "--cluster", "c9", clusters, feed)
    assert unknown.returncode == 2
    assert b"no cluster 'c9'" in unknown.stderr


def test_only_shows_the_operations_asked_for(run_dedup: Run) -> None:
    """--only keeps the summary and hides the rest of the text."""
    text = run_dedup("diff", A, B, "--only", "added").stdout.decode()
    assert "+ The council will meet again" in text
    assert "Fishermen" not in text


def test_width_and_colour_follow_the_environment(run_dedup: Run) -> None:
    """Two columns from 120 columns; colour only where asked or on a terminal."""
    wide = run_dedup("diff", A, B, env={"COLUMNS": "130"}).stdout.decode()
    assert "  ~  " in wide
    assert "\x1b" not in wide
    coloured = run_dedup("diff", A, B, env={"FORCE_COLOR": "1"}).stdout.decode()
    assert "\x1b[" in coloured
    both = run_dedup("diff", A, B, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout.decode()
    assert "\x1b" not in both


def test_a_terminal_is_paged(tmp_path: Path) -> None:
    """On a terminal the text goes through the pager, in colour, as git's does."""
    import pty  # not on every system

    seen = tmp_path / "paged"
    pager = (
        f"{sys.executable} -c \"import sys; open('{seen}','wb').write(sys.stdin.buffer.read())\""
    )
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dedup", "diff", str(A), str(B)],
            stdout=slave,
            stderr=subprocess.PIPE,
            env={**os.environ, "DEDUP_PAGER": pager, "TERM": "xterm"},
            check=False,
        )
    finally:
        os.close(slave)
        os.close(master)
    assert done.returncode == 1
    assert b"\x1b[" in seen.read_bytes()


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """A reader that has seen enough is no error."""
    big = tmp_path / "big.txt"
    big.write_text("\n".join(f"Line {n} of a very long list of lines." for n in range(20000)))
    command = f"'{sys.executable}' -m dedup diff '{A}' '{big}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""


def test_a_web_page_is_read_or_the_extra_is_named(run_dedup: Run, tmp_path: Path) -> None:
    """With the extra installed; without it the message says how."""
    paragraphs = "".join(f"<p>{line}</p>" for line in A.read_text("utf-8").splitlines() if line)
    page = tmp_path / "page.html"
    page.write_text(
        f"<!doctype html><html><body><article><h1>Ferry</h1>{paragraphs}</article></body></html>"
    )
    done = run_dedup("diff", page, A, "--summary")
    if b"pip install 'dedup[web]'" in done.stderr:
        assert done.returncode == 2
    else:
        assert done.returncode in (0, 1)
        assert b"identical" in done.stdout or b"copy" in done.stdout


def test_of_two_saved_pages_the_chrome_is_set_apart(run_dedup: Run, tmp_path: Path) -> None:
    """All their text is shown or folded: what the pages have around their article is chrome."""
    pytest.importorskip("resiliparse")
    paragraphs = "".join(f"<p>{line}</p>" for line in A.read_text("utf-8").splitlines() if line)
    names = []
    for number in (1, 2):
        names.append(tmp_path / f"page{number}.html")
        names[-1].write_text(
            f"<!doctype html><html><body><nav><ul><li>Issue {number}<li>Sport</ul></nav>"
            f"<article>{paragraphs}</article><aside><p>Our readers wrote {number} letters to "
            "the editor about the new market hall this week.</p></aside>"
            f"<footer>The Post, volume {number}</footer></body></html>"
        )
    done = run_dedup("diff", *names, "--format", "json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert {segment["op"] for segment in found["segments"]} == {"kept", "chrome"}
    chrome = [segment["note"] for segment in found["segments"] if segment["op"] == "chrome"]
    assert "outside the main text" in chrome
