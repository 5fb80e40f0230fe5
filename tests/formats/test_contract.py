"""The public contract, held by every format of this package."""

from pathlib import Path

import pytest

from dedup.formats.registry import known_formats
from dedup.testing import FormatContract

SAMPLES = Path(__file__).parents[2] / "fixtures" / "formats"
TEXTS = {
    "port-strike": "PORT CALDER, Aug 3",
    "almendra": "VILLA SERENA",
    "romen-densha": "［港南",
    "dam@1": "SENN",
    "dam@2": "SENN",
}
SLUGS = ("port-strike", "almendra", "romen-densha")
URLS = [
    f"https://meridianwire.example/{path}"
    for path in ("en/port-strike", "es/almendra", "ja/romen-densha")
]
GUIDS = [f"meridian/{slug}" for slug in SLUGS]
WIRED = [*(f"{slug}@1" for slug in SLUGS), "dam@1", "dam@2"]
NINJS = [f"http://meridianwire.example/id/{name}" for name in WIRED]
G2 = [f"urn:newsml:meridianwire.example:20260809:{name}" for name in WIRED]
CRAWLED = [f"urn:uuid:fixture-r{number}" for number in range(3)]
#: For each sample the format that reads it, and its ids.
CASES = {
    "articles.jsonl": ("JsonLines", GUIDS),
    "trafilatura.jsonl": ("JsonLines", URLS),
    "ninjs1.jsonl": ("JsonLines", NINJS),
    "array.json": ("JsonDocument", GUIDS),
    "answer.json": ("JsonDocument", GUIDS),
    "jsonfeed.json": ("JsonDocument", GUIDS),
    "newspaper4k.json": ("JsonDocument", URLS),
    "newsplease/almendra.json": ("JsonDocument", URLS[1:2]),
    "ninjs2.json": ("JsonDocument", NINJS),
    "ninjs3.json": ("JsonDocument", NINJS),
    "table.csv": ("Delimited", GUIDS),
    "table.tsv": ("Delimited", GUIDS),
    "articles.parquet": ("Parquet", GUIDS),
    "articles.feather": ("Arrow", GUIDS),
    "stream.arrow": ("Arrow", GUIDS),
    "articles.db": ("SqliteTable", GUIDS),
    "rss.xml": ("Syndication", GUIDS),
    "atom.xml": ("Syndication", GUIDS),
    "rdf.xml": ("Syndication", URLS),
    "nitf.xml": ("Nitf", GUIDS[:1]),
    "newsmlg2.xml": ("NewsML", G2),
    "pages/port-strike.html": ("WebPage", ["port-strike.html"]),
    "archive.warc.gz": ("Warc", CRAWLED),
    "collection.wacz": ("Wacz", CRAWLED),
    "releases.mbox": ("Mailbox", [f"{name}@meridianwire.example" for name in GUIDS]),
    "mail/port-strike.eml": ("Mail", ["meridian/port-strike@meridianwire.example"]),
}
BY_CLASS = {type(one).__name__: one for one in known_formats()}


def text_of(identity: str, position: int) -> str:
    known = [text for slug, text in TEXTS.items() if slug in identity]
    return known[0] if known else TEXTS[SLUGS[position]]


@pytest.fixture(params=CASES, autouse=True)
def case(request: pytest.FixtureRequest) -> None:
    """Point the contract at one sample after the other."""
    kind, ids = CASES[request.param]
    TestOwnFormats.format = BY_CLASS[kind]
    TestOwnFormats.sample = SAMPLES / request.param
    TestOwnFormats.articles = [(name, text_of(name, at)) for at, name in enumerate(ids)]


class TestOwnFormats(FormatContract):
    """Each sample in turn."""


class TestEveryFormat:
    """The list above."""

    @pytest.fixture(autouse=True)
    def case(self) -> None:
        """Need no sample."""

    def test_every_format_has_a_sample(self) -> None:
        """A format without one would be held to nothing."""
        assert {kind for kind, _ in CASES.values()} == set(BY_CLASS) - {"PlainText"}

    def test_every_sample_is_read(self) -> None:
        """A file in the folder that no case names would be."""
        there = {
            path.relative_to(SAMPLES).as_posix()
            for path in SAMPLES.rglob("*.*")
            if path.is_file() and path.name not in ("build.py", "README.md")
            and "__pycache__" not in path.parts
        }  # fmt: skip
        in_folders = {name for name in there if "/" in name}
        assert there - in_folders == {name for name in CASES if "/" not in name}
