"""The outputs of whole diffs, kept in ``golden/``.

``DEDUP_UPDATE_GOLDEN=1 pytest tests/diff/test_golden.py`` writes them anew; read
what changed before committing it.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.diff import Diff, diff
from dedup.reports.diff_html import render_html
from dedup.reports.diff_json import diff_to_dict
from dedup.reports.diff_markdown import render_markdown
from dedup.reports.diff_table import Pair
from dedup.reports.diff_text import TextStyle, render_text

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())
RENDERERS: dict[str, Callable[[Diff], str]] = {
    "stacked.txt": lambda found: render_text(found, TextStyle(width=80)),
    "side-by-side.txt": lambda found: render_text(
        found, TextStyle(width=120, is_side_by_side=True, is_typography_shown=True)
    ),
    "colour.txt": lambda found: render_text(
        found, TextStyle(width=80, is_colour=True, context=0, is_chrome_shown=True)
    ),
    "sentences.txt": lambda found: render_text(found, TextStyle(width=80, is_by_words=False)),
    "diff.json": lambda found: json.dumps(diff_to_dict(found), indent=1) + "\n",
    "diff.md": render_markdown,
    "diff.html": lambda found: render_html([Pair("a.txt", "b.txt", found)]),
}


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("case", CASES)
def test_an_output_is_as_kept(case: str, name: str) -> None:
    """Outputs change only on purpose."""
    texts = [(GOLDEN / case / f"{side}.txt").read_bytes().decode() for side in "ab"]
    output = RENDERERS[name](diff(*texts))
    path = GOLDEN / case / name
    if os.environ.get("DEDUP_UPDATE_GOLDEN"):
        path.write_bytes(output.encode())
    assert output == path.read_bytes().decode()


@pytest.mark.parametrize("name", ["stacked.txt", "side-by-side.txt", "diff.md", "diff.html"])
def test_hostile_text_is_made_harmless(name: str) -> None:
    """No control or reordering character of an article reaches an output."""
    output = (GOLDEN / "hostile" / name).read_bytes().decode()
    assert not {char for char in output if ord(char) < 32 or 127 <= ord(char) < 160} - {"\n"}
    assert "\u202e" not in output
    if name == "diff.html":
        assert "<script" not in output
        assert "<img" not in output
        assert 'href="' not in output.replace('href="#', "")
    if name == "diff.md":
        assert not re.search(r"(?<!\\)(\]\(|<)", output)
