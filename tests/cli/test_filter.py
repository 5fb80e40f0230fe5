"""``dedup filter`` and ``dedup index`` as real processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories import story

Run = Callable[..., subprocess.CompletedProcess[bytes]]

TEXT = (
    "The harbour council voted on {} to repair the old stone bridge before the winter storms. " * 3
)


def line(identity: str, day: str, **more: str) -> bytes:
    return json.dumps({"id": identity, "text": TEXT.replace("{}", day), **more}).encode()


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    return tmp_path / "seen.db"


def rows(raw: bytes) -> list[dict[str, object]]:
    return [json.loads(one) for one in raw.splitlines()]


def test_new_lines_pass_byte_for_byte(run_dedup: Run, seen: Path, tmp_path: Path) -> None:
    """Odd spacing, escapes, carriage returns and a missing last line feed are left alone."""
    first = b'{ "id":"1" ,"text":"' + TEXT.replace("{}", "Monday").encode() + b'","n":1e400}\r'
    other = '{"id":"3","text":"Ein anderer Text über Äpfel und den \\u00fcbrigen Rest."}'.encode()
    done = run_dedup(
        "filter", "--index", seen, "--rejects", tmp_path / "rejects.jsonl",
        stdin=b"\n".join((first, line("2", "Monday"), b"", other)),
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout == first + b"\n" + other + b"\n"
    (reject,) = rows((tmp_path / "rejects.jsonl").read_bytes())
    verdict = reject["_dedup"]
    assert isinstance(verdict, dict)
    assert (reject["id"], verdict["match"], verdict["relation"]) == ("2", "1", "identical")
    assert b"3 lines: 2 new, 1 rejected (1 identical)" in done.stderr


def test_the_index_outlasts_the_run(run_dedup: Run, seen: Path) -> None:
    """What one run let pass the next one rejects, and says so by its exit status if asked."""
    assert run_dedup("filter", "--index", seen, stdin=line("1", "Monday")).stdout
    again = run_dedup(
        "filter", "--index", f"sqlite:///{seen}", "--fail-on-duplicate", stdin=line("9", "Monday")
    )
    assert (again.returncode, again.stdout) == (1, b"")


def test_lines_without_words_pass_and_are_counted(run_dedup: Run, seen: Path) -> None:
    """They are no versions of each other, whatever their id says."""
    lines = b"\n".join(b'{"id": "1", "text": "%b"}' % text for text in (b"", b"...", b""))
    done = run_dedup("filter", "--index", seen, stdin=lines)
    assert done.stdout == lines + b"\n"
    assert b"3 lines: 3 new, 0 rejected; 3 without words, passed: nothing" in done.stderr


def test_a_bad_line_is_set_aside_and_the_run_goes_on(
    run_dedup: Run, seen: Path, tmp_path: Path
) -> None:
    """With its number; without --errors the run ends in trouble, after all lines."""
    lines = b"\n".join((b"{broken", line("1", "Monday"), b'{"id": "2"}'))
    errors = tmp_path / "errors.jsonl"
    done = run_dedup("filter", "--index", seen, "--errors", errors, stdin=lines)
    assert done.returncode == 0
    assert [(row["line"], row["record"]) for row in rows(errors.read_bytes())] == [
        (1, "{broken"),
        (3, '{"id": "2"}'),
    ]
    loud = run_dedup("filter", "--index", "memory:", stdin=lines)
    assert (loud.returncode, loud.stdout) == (2, line("1", "Monday") + b"\n")
    assert b"-:1: broken JSON" in loud.stderr


def test_tag_passes_every_line(run_dedup: Run, seen: Path) -> None:
    """With the verdict behind the record's own fields."""
    done = run_dedup(
        "filter", "--index", seen, "--tag", stdin=line("1", "Monday") + b"\n" + line("2", "Monday")
    )
    tagged = rows(done.stdout)
    assert [row["_dedup"]["is_new"] for row in tagged] == [True, False]  # type: ignore[index]
    assert done.stdout.startswith(line("1", "Monday")[:-1] + b',"_dedup":')


def test_a_dry_run_leaves_nothing(run_dedup: Run, seen: Path) -> None:
    """Neither an index nor an article in one."""
    run_dedup("filter", "--index", seen, "--dry-run", stdin=line("1", "Monday"))
    assert not seen.exists()
    run_dedup("filter", "--index", seen, stdin=line("1", "Monday"))
    done = run_dedup("filter", "--index", seen, "--dry-run", stdin=line("2", "Monday"))
    assert done.stdout == b""
    info = run_dedup("index", "info", seen)
    assert json.loads(info.stdout)["articles"] == 1


def test_a_line_is_answered_before_the_next_comes(seen: Path) -> None:
    """In a pipe that stays open every line is flushed."""
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", "filter", "--index", seen, "--quiet"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            text = line(str(number), f"day {'x' * (number + 1)} " * 40)
            os.write(process.stdin.fileno(), text + b"\n")
            assert process.stdout.readline() == text + b"\n"
        process.stdin.close()
        assert process.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("filter", "--index", "ftp://x/y"), b"use memory:, sqlite:///PATH"),
        (("filter", "--index", "/no/such/folder/seen.db"), b"there is no folder /no/such/folder"),
        (("index", "info", "/no/such/index.db"), b"there is no such index"),
        (("filter", "--index", "memory:", "--reject", "fuzzy"), b"no such relation"),
        (("index", "forget", "x.db"), b"nothing to forget"),
    ],
)
def test_trouble_says_how_to_mend_it(
    run_dedup: Run, arguments: tuple[str, ...], message: bytes
) -> None:
    """Exit status 2 and one line, no traceback."""
    done = run_dedup(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_file_that_is_no_index_is_left_alone(run_dedup: Run, tmp_path: Path) -> None:
    """A text file and another program's database are named as such."""
    text = tmp_path / "notes.db"
    text.write_bytes(b"Not a database. " * 100)
    done = run_dedup("filter", "--index", text, stdin=line("1", "Monday"))
    assert done.returncode == 2
    assert text.read_bytes() == b"Not a database. " * 100


def test_an_index_is_looked_after(run_dedup: Run, seen: Path, tmp_path: Path) -> None:
    """Create, import, verify, forget, compact, export and merge, one after the other."""
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(line("1", "Monday", source="a") + b"\n" + line("2", "Monday", source="b"))
    assert run_dedup("index", "create", seen, feed).returncode == 0
    assert b"exists already" in run_dedup("index", "create", seen).stderr
    assert run_dedup("index", "forget", seen, "--source", "a").stderr.endswith(
        b"1 article forgotten\n"
    )
    compacted = run_dedup("index", "compact", seen)
    assert compacted.returncode == 0
    assert b": compacted" in compacted.stderr
    verified = run_dedup("index", "verify", seen)
    assert (verified.returncode, verified.stdout) == (0, b"")
    assert b"nothing is wrong" in verified.stderr
    exported = rows(run_dedup("index", "export", seen).stdout)
    assert [(row["id"], row["accepted"]) for row in exported] == [("2", False)]
    both = tmp_path / "both.db"
    assert run_dedup("index", "merge", both, seen, seen).returncode == 0
    assert json.loads(run_dedup("index", "info", both).stdout)["articles"] == 2
    assert b"into itself" in run_dedup("index", "merge", both, f"sqlite:///{both}").stderr
    assert run_dedup("filter", "--index", both, stdin=line("3", "Monday")).stdout == b""


def test_a_damaged_index_is_told_and_mended(run_dedup: Run, seen: Path) -> None:
    """A row with one flipped bit is ; repair saves the rest."""
    texts = b"\n".join(line(str(n), f"day {'abcdefghij'[n]}oday " * 30) for n in range(10))
    run_dedup("filter", "--index", seen, stdin=texts)
    raw = bytearray(seen.read_bytes())
    raw[raw.index(b"\x05\x00\x00\x00line-" if b"line-" in raw else b"\x01\x00\x00\x003") + 4] ^= 1
    seen.write_bytes(raw)
    found = run_dedup("index", "verify", seen)
    assert found.returncode == 1
    assert b"does not match its checksum" in found.stdout
    mended = run_dedup("index", "repair", seen)
    assert b"9 articles saved" in mended.stderr
    assert run_dedup("index", "verify", seen).returncode == 0
    assert seen.with_name("seen.db.damaged").exists()


def test_two_articles_of_an_index_are_explained(run_dedup: Run, seen: Path, tmp_path: Path) -> None:
    """With what the index knows; without texts it says what is missing."""
    lines = line("1", "Monday") + b"\n" + line("2", "Monday")
    run_dedup("filter", "--index", seen, stdin=lines)
    done = run_dedup("explain", "1", "2", "--index", seen)
    assert set(json.loads(done.stdout)["shared_keys"]) == {"exact", "sample"}
    assert json.loads(done.stdout)["relation"] == "identical"
    assert b"no article in" in run_dedup("explain", "1", "9", "--index", seen).stderr
    bare = tmp_path / "bare.db"
    run_dedup("filter", "--index", bare, "--no-text", stdin=lines)
    assert b"keeps no texts" in run_dedup("explain", "1", "2", "--index", bare).stderr


def test_articles_of_an_index_are_compared(run_dedup: Run, seen: Path, tmp_path: Path) -> None:
    """With the chrome that the filter has learned; without texts it says what is missing."""
    chrome = "Our correspondents are at the harbour every morning, with a coffee and a roll."
    texts = [f"{chrome}\n\n{story(n)}" for n in range(12)]
    texts.append(f"{chrome}\n\n{story(0)[:-40]}")
    rows = [{"id": str(n), "source": "site", "text": text} for n, text in enumerate(texts)]
    lines = "\n".join(map(json.dumps, rows)).encode()
    run_dedup("filter", "--index", seen, stdin=lines)
    done = run_dedup("diff", "0", "12", "--index", seen, "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert (found["ids"], found["summary"]["chrome_a"]) == (["0", "12"], 1)
    both = run_dedup("diff", "--base", "0", "1", "12", "--index", seen, "--summary")
    assert (both.returncode, both.stderr) == (1, b"")
    assert b"no article in" in run_dedup("diff", "0", "99", "--index", seen).stderr
    assert b"leave out --index" in run_dedup("diff", "--cluster", "0", "c", "--index", seen).stderr
    bare = tmp_path / "bare.db"
    run_dedup("filter", "--index", bare, "--no-text", stdin=lines)
    assert b"keeps no texts" in run_dedup("diff", "0", "1", "--index", bare).stderr


def test_no_text_is_for_a_new_index(run_dedup: Run, seen: Path) -> None:
    """One that keeps texts goes on to, and that is said."""
    run_dedup("filter", "--index", seen, stdin=line("1", "Monday"))
    done = run_dedup("filter", "--index", seen, "--no-text", stdin=line("2", "Monday"))
    assert b"was made to keep texts" in done.stderr
    assert b"--no-text" not in run_dedup("filter", "--index", seen, stdin=b"").stderr


def test_what_is_no_index_is_said(run_dedup: Run, tmp_path: Path) -> None:
    """Not that it could be repaired; it stays as it is."""
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(line("1", "Monday"))
    for verb in (["index", "verify"], ["index", "repair"], ["filter", "--index"]):
        done = run_dedup(*verb, feed)
        assert done.returncode == 2
        assert b"is no index, or damaged from its first page on" in done.stderr
    assert feed.read_bytes() == line("1", "Monday")
