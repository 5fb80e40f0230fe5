"""A pair as a reader looks at it: shares of text, changed facts, why it matched."""

from collections.abc import Iterable
from dataclasses import dataclass

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.detector import Explanation, explain
from dedup.diff import Diff, Op, diff
from dedup.diff.summary import Summary
from dedup.match import Evidence, Match, Policy, Relation

__all__ = ["OPS", "PairView", "Step", "reasons", "view_pair"]

#: What becomes of a body's text, in the order of a bar.
OPS = (Op.KEPT, Op.EDITED, Op.MOVED, Op.ADDED, Op.DROPPED)
_SHOWN_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way from a page's words to those that matched.

    Attributes
    ----------
    name : str
    words : float
        What is taken away, or (``is_sum``) what is left.
    start : float
        Where its bar begins.
    is_sum : bool
    """

    name: str
    words: float
    start: float
    is_sum: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """Two articles, their diff, and why they matched.

    Attributes
    ----------
    a, b : Article
    diff : Diff
    summary : Summary
    explanation : Explanation
    shares : dict[Op, float]
        Of the two bodies' text taken together, what was kept, edited, moved,
        added and dropped; they add up to 1, or are all 0 where there is no body.
    """

    a: Article
    b: Article
    diff: Diff
    summary: Summary
    explanation: Explanation
    shares: dict[Op, float]

    @property
    def match(self) -> Match:
        """The verdict."""
        return self.explanation.match

    @property
    def kinds(self) -> tuple[str, ...]:
        """What sort of change there is: of a number, a name, a quotation; ops."""
        facts = dict.fromkeys(fact.kind.value for fact in self.summary.facts)
        ops = [op.value for op in OPS[1:] if self.diff.of(op)]
        return (*facts, *ops)

    def steps(self, side: str) -> tuple[Step, ...]:
        """Return how the words of a page (``"a"`` or ``"b"``) become its shared passages."""
        found, is_a = self.explanation, side == "a"
        whole, body = found.with_chrome.evidence, found.match.evidence
        text = (whole.weight_a if is_a else whole.weight_b) / 2
        counted = (body.weight_a if is_a else body.weight_b) / 2
        shared = (body.shared_a if is_a else body.shared_b) / 2
        formulas = found.formula_words_a if is_a else found.formula_words_b
        # An article without a body is judged by its whole text: nothing is taken away.
        chrome = max(text - counted - formulas, 0.0)
        return (
            Step("words on the page", text, 0, is_sum=True),
            Step("site chrome, not counted", chrome, text - chrome, is_sum=False),
            Step("set phrases of the site", formulas, counted, is_sum=False),
            Step("body that counts", counted, 0, is_sum=True),
            Step("not in the other", counted - shared, shared, is_sum=False),
            Step("in shared passages", shared, 0, is_sum=True),
        )

    def passages(self) -> list[tuple[float, str]]:
        """Return the longest shared passages: words, and the text as a has it."""
        longest = sorted(self.explanation.passages, key=lambda one: (-one.words, one.a))
        return [(one.words, self.a.text[slice(*one.a)]) for one in longest[:_SHOWN_PASSAGES]]


def view_pair(a: Article, b: Article, result: Deduplication) -> PairView:
    """Compare two articles as the run judged them; about 20 ms for two of 3 kB."""
    found = diff(a, b, boilerplate=result.boilerplate)
    explanation = explain(
        a, b, boilerplate=result.boilerplate, policy=result.policy, recipe=result.recipe
    )
    return PairView(a, b, found, found.summary(), explanation, _shares(found))


def _shares(found: Diff) -> dict[Op, float]:
    sizes = dict.fromkeys(OPS, 0)
    for segment in found.segments:
        if segment.op != Op.CHROME:
            span, text = (
                (segment.b, found.text_b) if segment.b is not None else (segment.a, found.text_a)
            )
            sizes[segment.op] += len("".join(text[slice(*span)].split())) if span else 0
    total = sum(sizes.values())
    return {op: size / total if total else 0.0 for op, size in sizes.items()}


def reasons(match: Match, policy: Policy) -> list[str]:
    """Say in sentences which lines of the policy a pair is over, and by how much."""
    evidence = match.evidence
    a, b = f"{evidence.coverage_ab:.0%}", f"{evidence.coverage_ba:.0%}"
    need_copy, need_part = f"{policy.copy_coverage:.0%}", f"{policy.part_coverage:.0%}"
    said = {
        Relation.IDENTICAL: (
            "Without chrome, both bodies are the same word for word "
            "(case, accents, punctuation and spacing apart)."
        ),
        Relation.COPY: (
            f"{a} of a and {b} of b stand in passages that both have; "
            f"a copy needs {need_copy} of each."
        ),
        Relation.EXCERPT: (
            f"{a} of a stands in passages of b, which has more text; an excerpt needs {need_part}."
        ),
        Relation.EXPANSION: (
            f"{b} of b stands in passages of a, which has more text; an excerpt needs {need_part}."
        ),
        Relation.REVISION: (
            f"Both have notable text of their own, but {a} of a and {b} of b stand in shared "
            f"passages; a revision needs {policy.coverage:.0%} of one."
        ),
        Relation.OVERLAP: (
            f"They share passages, but only {a} of a and {b} of b: too little for a duplicate."
        ),
        Relation.DISTINCT: "They have nothing but chrome, formula or topic in common.",
    }[match.relation]
    return [said, *_further(match, evidence, policy)]


def _further(match: Match, evidence: Evidence, policy: Policy) -> Iterable[str]:
    if match.relation not in (Relation.IDENTICAL, Relation.DISTINCT):
        yield (
            f"The longest shared passage has {evidence.longest / 2:,.0f} words; "
            f"a template's formulas stay under {policy.passage_words}."
        )
    if match.relation not in (Relation.IDENTICAL, Relation.DISTINCT):
        yield from _numbers(evidence, policy)
    if match.is_rerun and match.days_apart is not None:
        yield (
            f"One site published both {match.days_apart:.0f} days apart: a rerun, "
            "reported but not counted as a copy."
        )


def _numbers(evidence: Evidence, policy: Policy) -> Iterable[str]:
    fewer = min(evidence.numbers_a, evidence.numbers_b)
    if fewer < policy.min_numbers:
        return
    said = f"{evidence.shared_numbers} of {fewer} numbers ({evidence.number_agreement:.0%})"
    if evidence.number_agreement >= policy.number_agreement:
        yield (
            f"They agree on {said}; one form filled in twice agrees on under "
            f"{policy.number_agreement:.0%}."
        )
    else:
        yield (
            f"They agree on {said} only, but differ in stretches of "
            f"{max(evidence.gap_a, evidence.gap_b) / 2:,.0f} words; one form filled in twice "
            f"differs in fewer than {policy.gap_words:g}."
        )
