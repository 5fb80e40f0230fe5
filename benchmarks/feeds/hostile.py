"""What hostile files cost: seconds and memory of a process of its own, beside plain reading."""

import gzip
import json
import lzma
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["hostile"]

_READ = """
import sys, time
from dedup.errors import DedupError
from dedup.formats import read_records
from dedup.formats.page import extract_page
import trafilatura, feedparser, lxml.etree
extract_page("", b"<html><body><p>Rain fell.</p></body></html>")
began = time.perf_counter()
size = 0
with open(sys.argv[1], "rb") as file:
    while block := file.read(1 << 20):
        size += len(block)
read = time.perf_counter() - began
began = time.perf_counter()
said = "read"
try:
    reader = read_records(sys.argv[1], skip_invalid=True)
    for record in reader:
        pass
    said = "; ".join(reader.skipped) or said
except DedupError as error:
    said = str(error).partition(": ")[2]
took = time.perf_counter() - began
# Not getrusage: what the process that started this one once used counts there.
status = open("/proc/self/status").read()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1000
print(f"{took:6.2f} s ({took - read:5.2f} beyond reading) {peak:5.0f} MB  {said[:70]}")
"""


def hostile() -> list[str]:
    """Return a line for each file."""
    prose = "Rain fell on the town. "
    files: dict[str, Callable[[], bytes]] = {
        "gzip-bomb.jsonl": lambda: gzip.compress(b'{"text": "' + bytes(1 << 30), 1),
        "xz-bomb.jsonl": lambda: lzma.compress(b'{"text": "' + bytes(1 << 28), preset=0),
        "laughs.xml": (
            "<!DOCTYPE nitf [<!ENTITY a 'ha'>"
            + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
            + "]><nitf><body><body.content>&j;</body.content></body></nitf>"
        ).encode,
        "nested.html": f"<html><body>{'<div>' * 200_000}{prose}".encode,
        "nested-rss.xml": (
            f"<rss><channel><item><description><![CDATA[{'<div>' * 200_000}{prose}]]>"
            "</description></item></channel></rss>"
        ).encode,
        "line.jsonl": lambda: json.dumps({"id": "1", "text": "rain " * 20_000_000}).encode(),
        "line.json": lambda: json.dumps([{"id": "1", "text": "rain " * 20_000_000}]).encode(),
        "line.csv": lambda: b'id,text\n1,"' + b"rain " * 20_000_000,
        "nul.jsonl": lambda: bytes(100_000_000),
    }
    lines = ["hostile files: seconds and peak memory of a process, libraries loaded before"]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.write_bytes(content())
            done = subprocess.run(
                [sys.executable, "-c", _READ, str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            lines.append(f"  {name:16} {done.stdout.strip() or done.stderr[-200:]}")
            path.unlink()
    return lines
