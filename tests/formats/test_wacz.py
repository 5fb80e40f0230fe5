"""A collection of which some is kept is a collection: its index and lists say what it holds."""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from dedup.formats import read_records
from dedup.formats.kept import write_kept

SAMPLE = Path(__file__).parents[2] / "fixtures" / "formats" / "collection.wacz"
DROPPED = "urn:uuid:fixture-r1"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[zipfile.ZipFile]:
    """Keep two of three pages."""
    assert write_kept(f"{tmp_path}/out/", SAMPLE, {DROPPED}) == 2
    (path,) = tmp_path.rglob(SAMPLE.name)
    with zipfile.ZipFile(path) as collection:
        yield collection


def test_the_kept_records_are_the_same_bytes(kept: zipfile.ZipFile) -> None:
    """In archives of the same name."""
    with zipfile.ZipFile(SAMPLE) as whole:
        before = gzip.decompress(whole.read("archive/data.warc.gz"))
    after = gzip.decompress(kept.read("archive/data.warc.gz"))
    raws = {r.article.id: r.raw for r in read_records(SAMPLE)}
    assert {name for name, raw in raws.items() if raw in after} == {*raws} - {DROPPED}
    assert after.startswith(before[: before.index(b"WARC/1.0", 8)])


def test_the_index_leads_to_each_kept_page(kept: zipfile.ZipFile) -> None:
    """Where it says, there is one record, and it is that of the address."""
    archive = kept.read("archive/data.warc.gz")
    entries = [
        json.loads(line.split(" ", 2)[2]) for line in kept.read("indexes/index.cdxj").splitlines()
        for line in [line.decode()]
    ]  # fmt: skip
    assert len(entries) == 2
    for entry in entries:
        start, length = int(entry["offset"]), int(entry["length"])
        (record,) = ArchiveIterator(io.BytesIO(archive[start : start + length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
        assert (entry["filename"], entry["status"]) == ("data.warc.gz", "200")


def test_the_list_of_pages_names_the_kept_ones(kept: zipfile.ZipFile) -> None:
    """Behind its head, in their order."""
    head, *pages = map(json.loads, kept.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [page["id"] for page in pages] == ["port-strike", "romen-densha"]


def test_the_package_has_the_digests_of_what_it_holds(kept: zipfile.ZipFile) -> None:
    """Of every file besides itself; and keeps what it said of the collection."""
    package = json.loads(kept.read("datapackage.json"))
    assert (package["title"], package["wacz_version"]) == ("Meridian", "1.1.1")
    digests = {r["path"]: (r["hash"], r["bytes"]) for r in package["resources"]}
    assert {*digests} == {*kept.namelist()} - {"datapackage.json", "datapackage-digest.json"}
    for name, (digest, size) in digests.items():
        content = kept.read(name)
        assert (digest, size) == (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
    said = json.loads(kept.read("datapackage-digest.json"))
    package_digest = hashlib.sha256(kept.read("datapackage.json")).hexdigest()
    assert said == {"path": "datapackage.json", "hash": f"sha256:{package_digest}"}


def test_keeping_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """No time of writing is stored."""
    for name in ("a.wacz", "b.wacz"):
        write_kept(str(tmp_path / name), SAMPLE, {DROPPED})
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_records_of_a_compressed_archive_can_be_looked_up(tmp_path: Path) -> None:
    """Each kept record is a gzip member, as programs that read archives at a place expect."""
    path = tmp_path / "kept.warc.gz"
    write_kept(str(path), SAMPLE.with_name("archive.warc.gz"), {DROPPED})
    with path.open("rb") as stream:
        archive = ArchiveIterator(stream)
        places = [archive.get_record_offset() for _ in archive]
    content = path.read_bytes()
    assert len(places) == 3
    assert all(content[at : at + 2] == b"\x1f\x8b" for at in places)
