"""The same page over a server: nothing is left out, everything is asked for when looked at."""

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.errors import IndexCorruptError, IndexFormatError
from dedup.reports.report import write_result
from dedup.reports.stored_result import SORTS, StoredResult, is_result_file
from dedup.reports.words import cluster_route, pair_route
from tests.browser.conftest import Made, Open


@pytest.fixture(scope="module")
def stored(newsroom: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explore") / "result.dedup"
    write_result(newsroom.result, newsroom.articles.__getitem__, path)
    return path


@pytest.fixture(scope="module")
def address(stored: Path) -> Iterator[str]:
    code = "from dedup.cli.explore import explore; import sys; explore(sys.argv[1], 0, False, True)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(stored)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().decode().strip()
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def test_the_page_asks_for_what_is_looked_at(newsroom: Made, address: str, open_page: Open) -> None:
    """List, search, cluster, pair and review work over the server."""
    with open_page(address, "/clusters") as visit:
        page = visit.page
        page.wait_for_selector("#clusters tbody tr")
        assert page.locator("#clusters tbody tr").count() == len(newsroom.result.clusters)
        page.fill("#search", "budapest post")
        page.wait_for_function(
            "() => document.getElementById('found').textContent.startsWith('1 ')"
        )
        visit.click("#clusters tbody a")
        page.wait_for_selector("#detail .timeline")
        visit.click("#detail .timeline a")
        page.wait_for_selector("#detail .diff .row.added")
        visit.click("text=Review")
        page.wait_for_selector("#review-pair .diff")
        visit.shoot("explore-review")


def test_filters_and_sorting_are_those_of_the_report(newsroom: Made, stored: Path) -> None:
    """A page of the list holds what was asked for, in order."""
    result = StoredResult(stored)
    sizes = [row["size"] for row in result.listed(is_down=False)["rows"]]  # type: ignore[attr-defined]
    assert sizes == sorted(len(cluster.members) for cluster in newsroom.result.clusters)
    for sort in SORTS:
        ways = [result.listed(sort=sort, is_down=is_down)["rows"] for is_down in (True, False)]
        assert ways[0] == list(reversed(ways[1]))  # type: ignore[call-overload]
    names = result.index["sources"]
    assert isinstance(names, list)
    source = names.index("The Budapest Post")
    assert result.listed(source=source)["total"] == 1
    assert result.listed(words=["no", "such", "words"])["total"] == 0
    result.close()


def test_fragments_are_those_of_the_report(newsroom: Made, stored: Path) -> None:
    """Every cluster and every pair of a kept article and a copy opens."""
    result = StoredResult(stored)
    for cluster in newsroom.result.clusters:
        found = result.fragment(cluster_route(cluster.id))
        assert found is not None
        for copy in cluster.members[1:]:
            route = pair_route(cluster.representative, copy)
            assert route in found
            pair = result.fragment(route)
            assert pair is not None
            assert cluster_route(cluster.id) in pair
    for unknown in ("", "/", "/cluster/nobody", "/pair/a/b", "/pair/a", "/../../etc/passwd"):
        assert result.fragment(unknown) is None
    result.close()


def test_only_loopback_under_its_own_name_is_answered(address: str) -> None:
    """A page elsewhere that rebinds its name to this machine reads nothing."""
    host = address.removeprefix("http://").strip("/")
    for name, status in ((host, 200), ("evil.example", 403), (f"evil.example:{host[-5:]}", 403)):
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request("GET", "/api/clusters", headers={"Host": name})
        assert connection.getresponse().status == status
        connection.close()
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", "/api/clusters?sort=size;drop&page=-1&source=x&words=%27%25")
    assert connection.getresponse().status == 200
    connection.close()


def test_the_articles_of_an_index_can_be_explored(newsroom: Made, tmp_path: Path) -> None:
    """All of them, rejected ones too; an id that came twice is told apart."""
    from dedup.cli.explore_index import write_index_result
    from dedup.cli.progress import ProgressLine
    from dedup.index import open_index
    from dedup.stream import DuplicateFilter

    index, path = str(tmp_path / "seen.db"), tmp_path / "result.dedup"
    assert not is_result_file(index)
    with open_index(index) as opened:
        gate = DuplicateFilter(opened)
        for article in newsroom.articles.values():
            gate.admit(article)
        again = next(iter(newsroom.articles.values()))
        gate.admit(replace(again, text=again.text + " One line more, added an hour later."))
    assert not is_result_file(index)
    write_index_result(index, str(path), ProgressLine(quiet=True))
    assert is_result_file(path)
    result = StoredResult(path)
    assert result.listed()["total"] >= len(newsroom.result.clusters)
    assert result.fragment(pair_route(again.id, f"{again.id}#2")) is not None
    assert f"of {len(newsroom.articles) + 1:,} articles pass" in result.shell
    result.close()


def test_another_file_and_a_damaged_one_are_refused(stored: Path, tmp_path: Path) -> None:
    """The error says what to do."""
    other = tmp_path / "other.dedup"
    other.write_text("no database")
    with pytest.raises(IndexFormatError):
        StoredResult(other)
    sqlite3.connect(tmp_path / "empty.dedup").close()
    with pytest.raises(IndexFormatError, match="--result"):
        StoredResult(tmp_path / "empty.dedup")
    damaged = tmp_path / "damaged.dedup"
    damaged.write_bytes(stored.read_bytes())
    connection = sqlite3.connect(damaged)
    with connection:
        connection.execute("UPDATE meta SET value = x'00' WHERE key = 'policy'")
    connection.close()
    with pytest.raises(IndexCorruptError, match="policy"):
        StoredResult(damaged)
