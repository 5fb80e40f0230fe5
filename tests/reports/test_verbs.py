"""``dedup plot`` and ``dedup explore``: files and messages."""

import subprocess
import sys
from pathlib import Path

import pytest

from dedup import Article, deduplicate, read_articles
from dedup.cli.explore_index import write_index_result
from dedup.cli.plot import plot
from dedup.cli.progress import ProgressLine
from dedup.errors import ArgumentError, IndexFormatError, InputError
from dedup.index import Settings, open_index
from dedup.reports.plots import PLOTS
from dedup.reports.report import write_result
from dedup.reports.stored_result import StoredResult


@pytest.fixture(scope="module")
def stored(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    articles = {article.id: article for article in read_articles([fixtures / "feeds"])}
    path = tmp_path_factory.mktemp("plots") / "result.dedup"
    write_result(deduplicate(articles.values()), articles.__getitem__, path)
    return str(path)


def test_a_result_has_every_article_with_its_text(stored: str, fixtures: Path) -> None:
    """Those in no pair, too; and which of them are kept."""
    articles = {article.id: article for article in read_articles([fixtures / "feeds"])}
    kept = set(deduplicate(articles.values()).kept)
    result = StoredResult(stored)
    found = list(result.articles())
    result.close()
    assert [article.id for article, _ in found] == list(articles)
    assert {article.id for article, is_kept in found if is_kept} == kept
    for article, _ in found:
        assert article.text == articles[article.id].text
        assert article.published == articles[article.id].published


def test_one_plot_goes_to_stdout(stored: str) -> None:
    """As a real process; without a name for the file."""
    code = "import typer; from dedup.cli.plot import plot; typer.run(plot)"
    done = subprocess.run(
        [sys.executable, "-c", code, "flow", stored, "--title", "Flow <of> copies"],
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"<svg ")
    assert b"Flow &lt;of&gt; copies" in done.stdout


def test_all_plots_go_to_a_folder(stored: str, tmp_path: Path) -> None:
    """One file each; PNG where the name says so."""
    plot("all", stored, f"{tmp_path}/plots/", None)
    assert sorted(path.stem for path in (tmp_path / "plots").iterdir()) == sorted(PLOTS)
    pytest.importorskip("resvg_py")
    plot("days", stored, str(tmp_path / "days.png"), None)
    assert (tmp_path / "days.png").read_bytes().startswith(b"\x89PNG")


def test_a_wrong_name_says_what_to_write(stored: str, tmp_path: Path) -> None:
    """Of a plot, of a file, of a folder, of a result."""
    with pytest.raises(ArgumentError, match="name one of"):
        plot("pie", stored, "-", None)
    with pytest.raises(ArgumentError, match=r"\.svg or \.png"):
        plot("flow", stored, str(tmp_path / "flow.pdf"), None)
    with pytest.raises(ArgumentError, match="folder"):
        plot("all", stored, str(tmp_path / "x.svg"), None)
    (tmp_path / "no.dedup").write_text("nothing")
    with pytest.raises(IndexFormatError):
        plot("flow", str(tmp_path / "no.dedup"), "-", None)
    with pytest.raises(InputError, match="no such file"):
        StoredResult(tmp_path / "missing.dedup")


def test_an_index_without_texts_cannot_be_explored(tmp_path: Path) -> None:
    """There is nothing to show; the message says so."""
    url = str(tmp_path / "seen.db")
    open_index(url, settings=Settings(keeps_text=False)).close()
    with pytest.raises(InputError, match="keeps no texts"):
        write_index_result(url, str(tmp_path / "r.dedup"), ProgressLine(quiet=True))


def test_a_result_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """A run that breaks leaves nothing behind."""
    text = "The town council voted on Monday to close the old bridge for repairs. " * 3
    result = deduplicate([Article("a", text), Article("b", text)])

    def broken(_: str) -> Article:
        raise RuntimeError("the feed went away")

    with pytest.raises(RuntimeError):
        write_result(result, broken, tmp_path / "r.dedup")
    assert not list(tmp_path.iterdir())
