"""What ``dedup explain`` shows."""

from itertools import groupby
from typing import TYPE_CHECKING

from dedup.boilerplate.learned import ENOUGH_ARTICLES
from dedup.cli.terminal import print_table, printable
from dedup.match import Match, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.article import Article
    from dedup.boilerplate.chrome import ChromeSpan
    from dedup.detector import Explanation

__all__ = ["explanation_row", "print_explanation"]

_SHOWN_PASSAGES = 5
_SHOWN_CHROME = 6
_EXCERPT = 160
_MEANING = {
    Relation.IDENTICAL: "their bodies are word for word the same",
    Relation.COPY: "the same article up to small edits",
    Relation.EXCERPT: "A is inside B",
    Relation.EXPANSION: "B is inside A",
    Relation.REVISION: "the same running story, both with text of their own",
    Relation.OVERLAP: "different articles that share passages",
    Relation.DISTINCT: "nothing but chrome, formula or topic in common",
}


def explanation_row(found: "Explanation", a: "Article", b: "Article") -> dict[str, object]:
    """Return everything as one JSON object; spans are code points of the originals."""
    return {
        **found.match.as_row(),
        "with_chrome": found.with_chrome.as_row(),
        "found_by": [family.name.lower() for family in found.found_by],
        "shared_keys": {family.name.lower(): n for family, n in found.shared_keys.items()},
        "passages": [
            {"a": list(p.a), "b": list(p.b), "words": p.words, "text": a.text[slice(*p.a)]}
            for p in found.passages
        ],
        "chrome_a": list(_chrome_rows(found.chrome_a, a)),
        "chrome_b": list(_chrome_rows(found.chrome_b, b)),
        "formula_words_a": found.formula_words_a,
        "formula_words_b": found.formula_words_b,
        "learned_from_a": found.articles_learned_from[0],
        "learned_from_b": found.articles_learned_from[1],
    }


def _chrome_rows(
    spans: "Sequence[ChromeSpan]", article: "Article"
) -> "Iterator[dict[str, object]]":
    for start, end, reason in spans:
        yield {"span": [start, end], "reason": reason, "text": article.text[start:end]}


def print_explanation(found: "Explanation", a: "Article", b: "Article") -> None:
    """Print the verdict and what it rests on."""
    match = found.match
    verdict = f"{match.relation}: {_MEANING[match.relation]}"
    if match.is_rerun:
        verdict += f"; published {match.days_apart:.0f} days apart by one site: a rerun"
    print(f"A  {_name(a)}\nB  {_name(b)}\n\n{printable(verdict)}\n")
    print_table("Shared", ["", "bodies", "with chrome"], _figures(match, found.with_chrome))
    _print_candidates(found)
    _print_passages(found, a)
    for letter, article, spans, learned in (
        ("A", a, found.chrome_a, found.articles_learned_from[0]),
        ("B", b, found.chrome_b, found.articles_learned_from[1]),
    ):
        _print_chrome(letter, article, spans, learned)
    formula = {"A": found.formula_words_a, "B": found.formula_words_b}
    if any(formula.values()):
        said = " and ".join(
            f"{words:g} words of {name}" for name, words in formula.items() if words
        )
        print(f"Not counted in the bodies: {said}, in phrases that the site repeats.\n")


def _name(article: "Article") -> str:
    parts = (article.id, article.source or article.site, article.title)
    return "  ".join(printable(" ".join(part.split())) for part in parts if part)


def _figures(body: Match, whole: Match) -> list[list[str]]:
    columns = [
        (
            str(match.relation),
            _part(match.evidence.shared_a, match.evidence.weight_a),
            _part(match.evidence.shared_b, match.evidence.weight_b),
            f"{match.containment_ab:.3f}",
            f"{match.containment_ba:.3f}",
            f"{match.resemblance:.3f}",
            f"{match.evidence.longest / 2:g} words",
            f"{match.evidence.shared_numbers}",
        )
        for match in (body, whole)
    ]
    names = (
        "relation",
        "words of A in B",
        "words of B in A",
        "containment of A in B",
        "containment of B in A",
        "resemblance",
        "longest shared passage",
        "shared numbers",
    )
    return [list(row) for row in zip(names, *columns, strict=True)]


def _part(shared: int, weight: int) -> str:
    share = f" ({shared / weight:.0%})" if weight else ""
    return f"{shared / 2:g} of {weight / 2:g}{share}"


def _print_candidates(found: "Explanation") -> None:
    rows = [
        [family.name.lower(), f"{count:,}", "yes" if family in found.found_by else "no"]
        for family, count in found.shared_keys.items()
    ]
    print_table("Posting keys in common", ["family", "keys", "makes them candidates"], rows)


def _print_passages(found: "Explanation", a: "Article") -> None:
    if not found.passages:
        print("No shared passages.\n")
        return
    longest = sorted(found.passages, key=lambda p: (-p.words, p.a))[:_SHOWN_PASSAGES]
    more = len(found.passages) - len(longest)
    title = f"Shared passages, longest first{f' ({more} more in the JSON)' if more else ''}"
    rows = [[_short(a.text[slice(*p.a)]), f"{p.words:g}"] for p in longest]
    print_table(title, ["text of A", "words"], rows)


def _print_chrome(
    letter: str, article: "Article", spans: "Sequence[ChromeSpan]", learned: int
) -> None:
    way = (
        f"learned from {learned:,} articles of {article.site}"
        if learned >= ENOUGH_ARTICLES
        else "told by cues: too few articles of its site to learn from"
    )
    if not spans:
        print(f"Nothing of {letter} was ignored as chrome ({printable(way)}).\n")
        return
    rows = []
    for reason, group in groupby(spans, key=lambda span: span[2]):
        stretch = list(group)
        text = article.text[stretch[0][0] : stretch[-1][1]]
        rows.append([reason, str(len(stretch)), _short(text)])
    more = len(rows) - _SHOWN_CHROME
    title = f"Ignored in {letter} as chrome, {way}"
    if more > 0:
        title += f" ({more} more in the JSON)"
    print_table(title, ["why", "units", "text"], rows[:_SHOWN_CHROME], numbers_from=9)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 2]} …"
