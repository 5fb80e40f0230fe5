"""Main text of real pages against text copied out by hand, rivals in the same run."""

import gzip
import hashlib
import io
import json
import logging
import statistics
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.feeds.scoring import words_f1
from benchmarks.floors import Figure
from benchmarks.gate import Gate
from dedup.formats.page import extract_page

__all__ = ["Sample", "pages", "read_samples"]

Extract = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One page, its site and its main text by hand."""

    site: str
    raw: bytes
    text: str


def pages(data: Path, gate: Gate, *, is_verbose: bool = False) -> tuple[list[str], list[Figure]]:
    """Return a line for each way of finding the main text, and the figures."""
    logging.disable(logging.CRITICAL)
    path = data / "webpages" / "scrapinghub.tar.gz"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    gate.check_digest("webpages", digest)
    samples = read_samples(path)
    lines = [
        (
            f"main text: {len(samples)} pages of {len({s.site for s in samples})} sites, "
            f"digest {digest}; words F1, mean and worst tenth; CPU ms a page, mean and longest"
        )
    ]
    scores: dict[str, float] = {}
    took: dict[str, float] = {}
    for name, extract in _ways().items():
        extract(samples[0].raw)  # what is imported late is not timed
        texts, seconds = [], []
        for sample in samples:
            start = time.process_time()
            texts.append(extract(sample.raw))
            seconds.append(time.process_time() - start)
        scores[name] = statistics.mean(_scores(samples, texts))
        took[name] = 1000 * statistics.mean(seconds)
        lines.append(_line(name, samples, texts, seconds))
        if name.startswith("dedup"):
            shared = _without_shared_lines(samples, texts)
            lines.append(_line(f"{name}, lines of both pages of a site out", samples, shared, None))
        if is_verbose and name == "dedup, best":
            worst = sorted(zip(_scores(samples, texts), samples, strict=True),
                           key=lambda pair: pair[0])[:15]  # fmt: skip
            lines += [f"    {score:.3f} {sample.site}" for score, sample in worst]
    return lines, _figures(scores, took)


def _figures(scores: Mapping[str, float], took: Mapping[str, float]) -> list[Figure]:
    def beyond(own: str, rival: str) -> float:
        return scores[own] - max(scores[name] for name in scores if name.startswith(rival))

    best, fast = "dedup, best", "dedup, fast"
    values = {
        "best: words F1": scores[best],
        "best: words F1 beyond trafilatura's best": beyond(best, "trafilatura"),
        "fast: words F1": scores[fast],
        "fast: words F1 beyond resiliparse's best": beyond(fast, "resiliparse"),
        "fast: CPU ms a page": took[fast],
    }
    return [Figure("webpages", metric, value) for metric, value in values.items()]


def _scores(samples: list[Sample], texts: list[str]) -> list[float]:
    return [words_f1(text, sample.text) for text, sample in zip(texts, samples, strict=True)]


def read_samples(path: Path) -> list[Sample]:
    """Return the pages of an archive with their main text by hand."""
    with tarfile.open(path) as archive:
        content = {
            Path(member.name).as_posix(): file.read()
            for member in archive
            if (file := archive.extractfile(member)) is not None
        }
    found = []
    for line in io.BytesIO(content["docs.jsonl"]):
        row = json.loads(line)
        raw = gzip.decompress(content[row["html_file"]])
        found.append(Sample(urlsplit(row["url"]).hostname or "", raw, row["text"]))
    return found


def _ways() -> dict[str, Extract]:
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def resiliparse(raw: bytes, *, comments: bool) -> str:
        markup = bytes_to_str(raw, detect_encoding(raw) or "utf-8")
        return extract_plain_text(markup, main_content=True, comments=comments)

    def trafilatura_as(**options: bool) -> Extract:
        return lambda raw: trafilatura.extract(raw, include_comments=False, **options) or ""

    return {
        "dedup, best": lambda raw: extract_page("", raw, extract="best").text,
        "dedup, fast": lambda raw: extract_page("", raw, extract="fast").text,
        "trafilatura": trafilatura_as(),
        "trafilatura, precision": trafilatura_as(favor_precision=True),
        "trafilatura, fast": trafilatura_as(fast=True),
        "resiliparse": lambda raw: resiliparse(raw, comments=True),
        "resiliparse, no comments": lambda raw: resiliparse(raw, comments=False),
    }


def _line(name: str, samples: list[Sample], texts: list[str], seconds: list[float] | None) -> str:
    scores = sorted(_scores(samples, texts))
    tenth = scores[: max(1, len(scores) // 10)]
    took = ""
    if seconds is not None:
        took = f"{1000 * statistics.mean(seconds):7.1f} {1000 * max(seconds):6.0f} ms"
    return f"  {name:56} {statistics.mean(scores):.4f} {statistics.mean(tenth):.3f} {took}"


def _without_shared_lines(samples: list[Sample], texts: list[str]) -> list[str]:
    """Leave out the lines that several pages of a site have, as boilerplate would be."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for sample, text in zip(samples, texts, strict=True):
        seen[sample.site].update({" ".join(line.split()) for line in text.split("\n")})
    return [
        "\n".join(
            line for line in text.split("\n") if seen[sample.site][" ".join(line.split())] < 2
        )
        for sample, text in zip(samples, texts, strict=True)
    ]
