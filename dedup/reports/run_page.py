"""What a run was told and what it met: the last page of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of

from dedup.batch import Deduplication
from dedup.boilerplate.learned import ENOUGH_ARTICLES
from dedup.reports.words import plural

__all__ = ["run_values"]


def run_values(
    result: Deduplication, inputs: Sequence[str], fields: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return titles and rows: inputs, what the run met, recipe and policy."""
    tally = result.tally
    policy = [
        (one.name.replace("_", " "), _said(getattr(result.policy, one.name)))
        for one in fields_of(result.policy)
    ]
    recipe = [(one.name, str(getattr(result.recipe, one.name))) for one in fields_of(result.recipe)]
    reruns = int(result.matches.is_rerun.sum())
    return [
        {"title": "Input", "rows": [
            ("read", ", ".join(inputs) or "given by the caller"),
            ("fields", ", ".join(f"{name}={path}" for name, path in fields.items())
             or "found by their usual names"),
        ]},
        {"title": "Counts", "rows": [
            ("articles", f"{tally.articles:,}"),
            ("without a body", (f"{tally.no_body - tally.no_words:,} "
             "(match only the very same page)")),
            ("without words", f"{tally.no_words:,} (match nothing)"),
            ("too short to judge", f"{tally.too_short:,} (match only their identical twin)"),
            ("pairs compared", f"{tally.candidates:,}"),
            ("pairs found", f"{len(result.matches):,}"),
            ("reruns", f"{reruns:,} (one site published the text again; not dropped)"),
            ("passages in too many articles", (f"{tally.oversize_keys:,} "
             "(each was compared with its neighbours there)")),
            ("pairs not listed", (f"{tally.unlisted_pairs:,} "
             "(of word-for-word copies; each is listed with the first of its kind)")),
        ]},
        {"title": "Clusters", "rows": [
            ("kept", result.keep), ("linkage", result.linkage),
            ("site chrome", ("learned from every site with at least "
             f"{plural(ENOUGH_ARTICLES, 'article')}, told by cues on the others")),
        ]},
        {"title": "Policy", "rows": policy},
        {"title": f"Recipe {result.recipe.digest}", "rows": recipe},
    ]  # fmt: skip


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return "never" if value is None else str(value)
