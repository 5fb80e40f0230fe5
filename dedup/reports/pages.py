"""The templates, and the fragments of the report: a cluster, a pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.diff import Op
from dedup.reports import words
from dedup.reports.diff_html import render_html_rows
from dedup.reports.pair_view import OPS, PairView, reasons
from dedup.reports.survey import ClusterView, Copy, source_name
from dedup.reports.svg import share_bar, step_bar, track

__all__ = ["Change", "Known", "asset", "cluster_fragment", "pair_fragment", "render"]

#: Rows of a cluster's table, and of a pair's table of facts; more are counted.
MOST_ROWS, MOST_FACTS = 400, 24
_KEPT_BECAUSE = {
    "earliest": "Kept because it was published first (unknown dates come last).",
    "longest": "Kept because its body has the most words.",
    "cleanest": "Kept because the least of its page is site chrome.",
    "first": "Kept because it came first in the input.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of a compared pair without opening it."""

    shares: Mapping[Op, float]
    kinds: tuple[str, ...]


#: By the ids of the kept article and the copy.
Known = Mapping[tuple[str, str], Change]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("dedup.reports"),
        autoescape=True,  # for every template, whatever its name ends with
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        name: getattr(words, name)
        for name in ("clip", "cluster_route", "duration", "live_url", "moment", "percent", "plain")
    }
    made.filters["source_name"] = source_name
    return made


def render(template: str, **values: object) -> Markup:
    """Return a template filled in; what is not markup is escaped."""
    return Markup(_environment().get_template(template).render(**values))  # noqa: S704


@cache
def asset(name: str) -> str:
    """Return a style sheet or a script of the page."""
    return resources.files("dedup.reports").joinpath("web", name).read_text("utf-8")


def cluster_fragment(
    view: ClusterView, result: Deduplication, known: Known, *, weakest_route: str | None = None
) -> Markup:
    """Return a cluster's page: its timeline, the kept article and why, each copy's share.

    Parameters
    ----------
    known : Known
        Compared pairs; their rows have a bar and a link.
    weakest_route : str | None
        Of the page that compares the two of the weakest link, if there is one.
    """
    timed = sorted((Copy(view.kept, None, None, _lag(view)), *view.copies), key=_by_lag)
    rows = [_timeline_row(copy, view, known) for copy in timed[:MOST_ROWS]]
    unopened = sum(not row["is_kept"] and not row["route"] for row in rows)
    return render(
        "cluster.html",
        view=view,
        lede=_cluster_lede(view),
        why_kept=why_kept(result.keep, view),
        weakest_route=weakest_route,
        rows=rows,
        more=f"{len(timed) - MOST_ROWS:,} more copies are not listed; --clusters FILE has them all."
        if len(timed) > MOST_ROWS
        else None,
        unopened=f"The texts of {words.plural(unopened, 'copy', 'copies')} are not in this file "
        "(--report-size); dedup diff and dedup explore open them."
        if unopened
        else None,
    )


def why_kept(keep: str, view: ClusterView) -> str:
    """Say in a sentence why an article is the one to keep."""
    kept = view.kept
    if kept.article.id in view.cluster.archived:
        return "Kept because the archive has it already."
    if keep.startswith("prefer:"):
        return f"Kept by --keep {words.clip(keep, 80)}: the first of those that carries it."
    why = _KEPT_BECAUSE[keep]
    share = words.percent(kept.chrome_share)
    return f"{why} Body: {kept.body_words:,.0f} words; {share} of its page is site chrome."


def _lag(view: ClusterView) -> float | None:
    from dedup.reports.survey import lag_minutes

    return lag_minutes(view.first.article, view.kept.article)


def _by_lag(copy: Copy) -> tuple[bool, float]:
    return copy.lag_minutes is None, copy.lag_minutes or 0.0


def _cluster_lede(view: ClusterView) -> str:
    outlets = words.plural(len(view.sources), "outlet")
    said = f"{view.size:,} articles in {outlets}"
    first = words.clip(source_name(view.first.article), 60)
    if view.lag_minutes is None:
        return f"{said}; too few dates to say who was first."
    return (
        f"{said}. {first} was first; the last copy came {words.duration(view.lag_minutes)} later."
    )


def _timeline_row(copy: Copy, view: ClusterView, known: Known) -> dict[str, object]:
    kept = view.kept.article
    is_kept = copy.article.id == kept.id
    change = known.get((kept.id, copy.article.id))
    lag, span = copy.lag_minutes, view.lag_minutes
    is_first = lag == 0 and copy.article.id == view.first.article.id
    return {
        "article": copy.article,
        "is_kept": is_kept,
        "is_first": is_first,
        "is_archived": copy.article.id in view.cluster.archived,
        "lag": lag,
        "track": track(None if lag is None else lag / (span or 1), is_first=is_first),
        "word": "" if is_kept else _word(copy),
        "route": words.pair_route(kept.id, copy.article.id) if change else None,
        "bar": "" if is_kept else _bar(copy, change),
        "said": "" if is_kept else _said(copy, change),
        "kinds": [kind for kind in change.kinds if kind in _FACTS] if change else (),
    }


_FACTS = ("number", "name", "quotation")


def _word(copy: Copy) -> str:
    if copy.match is not None:
        return words.copy_word(copy.match.relation)
    return "through another copy"


def _bar(copy: Copy, change: Change | None) -> Markup:
    if change is not None:
        return bar_of(change.shares)
    match = copy.match or copy.via
    if match is None:
        return Markup()
    share = match.evidence.coverage_ba
    said = f"{words.percent(share)} in shared passages"
    return share_bar((("kept", share), ("unknown", 1 - share)), said)


def bar_of(shares: Mapping[Op, float]) -> Markup:
    """Return the bar of what became of a text."""
    said = ", ".join(f"{words.percent(shares[op])} {op}" for op in OPS if shares[op])
    return share_bar(tuple((op.value, shares[op]) for op in OPS), said)


def _said(copy: Copy, change: Change | None) -> str:
    if change is not None:
        parts = [op for op in OPS if change.shares[op]]
        return ", ".join(f"{words.percent(change.shares[op])} {op}" for op in parts)
    if copy.via is not None:
        return f"{words.percent(copy.via.evidence.coverage_ba)} shared with another copy"
    share = copy.match.evidence.coverage_ba if copy.match else 0.0
    return f"{words.percent(share)} in shared passages"


def pair_fragment(
    pair: PairView, result: Deduplication, prefix: str, view: ClusterView | None
) -> Markup:
    """Return a pair's page: what changed, why it matched, the diff side by side.

    Parameters
    ----------
    prefix : str
        Put before the ids of its rows; letters, digits and hyphens.
    view : ClusterView | None
        The cluster that holds both.
    """
    is_of_kept = view is not None and view.kept.article.id == pair.a.id
    facts = pair.summary.facts
    return render(
        "pair.html",
        pair=pair,
        route=words.pair_route(pair.a.id, pair.b.id),
        cluster_route=words.cluster_route(view.cluster.id) if view is not None else None,
        roles=("kept", "copy") if is_of_kept else ("one", "other"),
        lede=_pair_lede(pair),
        bar=bar_of(pair.shares),
        legend=[{"name": op.value, "share": pair.shares[op]} for op in OPS],
        facts=facts[:MOST_FACTS],
        more_facts=f"and {len(facts) - MOST_FACTS} more, marked below"
        if len(facts) > MOST_FACTS
        else None,
        lines=_lines(pair),
        reasons=reasons(pair.match, result.policy),
        waterfalls=[(side, article, _steps(pair, side)) for side, article in _sides(pair)],
        passages=pair.passages(),
        filters=[("all", None), *((op.value, len(pair.diff.of(op))) for op in OPS)],
        diff_rows=Markup(render_html_rows(pair.diff, prefix=prefix)),  # noqa: S704 - escaped there
    )


def _sides(pair: PairView) -> tuple[tuple[str, Article], ...]:
    return ("a", pair.a), ("b", pair.b)


def _pair_lede(pair: PairView) -> str:
    copier, origin = (words.clip(source_name(one), 60) for one in (pair.b, pair.a))
    word = words.copy_word(pair.match.relation)
    if pair.match.is_duplicate:
        said = (
            f"{origin} published its own article again: {word}."
            if copier == origin
            else f"{copier} carries {origin}’s article: {word}."
        )
    else:
        said = f"{copier} and {origin}: {word}; not counted as a copy."
    if pair.a.published and pair.b.published:
        minutes = (pair.b.published - pair.a.published).total_seconds() / 60
        when = "later" if minutes >= 0 else "earlier"
        is_same = round(minutes) == 0
        lag = "in the same minute" if is_same else f"{words.duration(abs(minutes))} {when}"
        said += f" Published {lag}."
    return said


def _lines(pair: PairView) -> list[str]:
    # The verdict, the changed facts are told by the page itself.
    return [line for line in pair.summary.lines()[1:] if not line.startswith("changed: ")]


def _steps(pair: PairView, side: str) -> list[dict[str, object]]:
    steps = pair.steps(side)
    whole = steps[0].words
    return [
        {
            "name": step.name,
            "words": step.words,
            "is_sum": step.is_sum,
            "bar": step_bar(step.start, step.words, whole, "sum" if step.is_sum else "less"),
        }
        for step in steps
    ]
