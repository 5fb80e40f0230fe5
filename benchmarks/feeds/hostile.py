"""What hostile files cost: CPU seconds and memory of a process that reads one.

The seconds are beyond loading the libraries and reading the bytes.
"""

import gzip
import json
import lzma
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.floors import Figure

__all__ = ["hostile"]

_READING = Path(__file__).with_name("reading.py")
_SHOWN = 70


def hostile() -> tuple[list[str], list[Figure]]:
    """Return a line for each file, and the worst of them."""
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
        "headings.html": f"<html><body><article>{'<h2>Rain fell</h2>' * 99_000}".encode,
        "breaks.html": f"<html><body><article>{'rain fell<br>' * 19_000}".encode,
        "nested-rss.xml": (
            f"<rss><channel><item><description><![CDATA[{'<div>' * 200_000}{prose}]]>"
            "</description></item></channel></rss>"
        ).encode,
        "line.jsonl": lambda: json.dumps({"id": "1", "text": "rain " * 20_000_000}).encode(),
        "line.json": lambda: json.dumps([{"id": "1", "text": "rain " * 20_000_000}]).encode(),
        "line.csv": lambda: b'id,text\n1,"' + b"rain " * 20_000_000,
        "nul.jsonl": lambda: bytes(100_000_000),
    }
    lines = ["hostile files: CPU seconds beyond reading the bytes, peak memory"]
    seconds, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.write_bytes(content())
            command = [sys.executable, str(_READING), json.dumps([str(path)]), "best"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            outcome = json.loads(done.stdout)
            seconds.append(outcome["cpu_seconds"])
            peaks.append(outcome["peak_bytes"] / 1e6)
            said = (outcome["error"] or "").partition(": ")[2] or "; ".join(outcome["skipped"])
            lines.append(
                f"  {name:16} {seconds[-1]:5.2f} s {peaks[-1]:5.0f} MB  {(said or 'read')[:_SHOWN]}"
            )
            path.unlink()
    return lines, [
        Figure("hostile files", "most CPU seconds beyond reading", max(seconds)),
        Figure("hostile files", "most memory, MB", max(peaks)),
    ]
