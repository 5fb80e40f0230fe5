"""The documentation names what there is, and links to what is there."""

import re
from pathlib import Path

import pytest

from dedup.cli import app
from dedup.formats.names import PATHS, squash

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("fixtures/*.md")])
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Each is a file, relative to its page."""
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_verb_is_documented() -> None:
    """By a page, not only by its own help."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"dedup {name}" in text, name


def test_every_field_name_is_documented() -> None:
    """In the order in which they are tried."""
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for target, paths in PATHS.items():
        row = re.search(rf"^\| {target} \| (`.*) \|$", page, re.MULTILINE)
        assert row is not None, target
        named = [name.strip("`") for name in row[1].split(", ")]
        assert [
            (squash(first), *rest) for first, *rest in (name.split(".") for name in named)
        ] == list(paths)


def test_every_dependency_is_documented() -> None:
    """With a row that says why."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = project["optional-dependencies"]
    for requirement in [*project["dependencies"], *(r for rows in extras.values() for r in rows)]:
        name = re.match(r"[A-Za-z0-9_-]+", requirement)
        assert name is not None
        assert name[0] == "dedup" or re.search(rf"\b{name[0]}\b", page), name[0]
