"""A match: two articles, what one is to the other, and the evidence."""

from dataclasses import dataclass

from dedup.match.evidence import Evidence
from dedup.match.relation import Policy, Relation

__all__ = ["LINK_KEYS", "ROW_KEYS", "Match", "judge_pair", "match_of"]

#: The keys of a link: who, what one is to the other, how alike.
LINK_KEYS = ("a", "b", "relation", "resemblance", "containment_ab", "containment_ba")
#: The keys of a row of a pairs file, in their order.
ROW_KEYS = (
    *LINK_KEYS,
    "shared_words",
    "coverage_ab",
    "coverage_ba",
    "longest_passage_words",
    "words_a",
    "words_b",
    "shared_numbers",
    "numbers_a",
    "numbers_b",
    "days_apart",
    "rerun",
    "duplicate",
)


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair.

    Attributes
    ----------
    a, b : str
        Ids of the articles.
    relation : Relation
        What a is to b.
    evidence : Evidence
        What it was judged by.
    days_apart : float | None
        Between their publications, if both are known and the site is the same.
    is_duplicate : bool
        The policy counts the pair as duplicates of each other.
    is_rerun : bool
        It does not, because the site published the text again too long after.
    """

    a: str
    b: str
    relation: Relation
    evidence: Evidence
    days_apart: float | None = None
    is_duplicate: bool = False
    is_rerun: bool = False

    @property
    def resemblance(self) -> float:
        """Jaccard of the bodies' shingles, 0 to 1, exact."""
        return self.evidence.resemblance

    @property
    def containment_ab(self) -> float:
        """Share of a's shingles that b has, 0 to 1, exact."""
        return self.evidence.containment_ab

    @property
    def containment_ba(self) -> float:
        """Share of b's shingles that a has, 0 to 1, exact."""
        return self.evidence.containment_ba

    @property
    def shared_words(self) -> float:
        """Words of a in passages that b has too (an unspaced character is half a word)."""
        return self.evidence.shared_a / 2

    @property
    def strength(self) -> float:
        """Coverage of the body that is covered more, 0 to 1: 1 for an excerpt word for word."""
        if self.relation is Relation.IDENTICAL:
            return 1.0
        return max(self.evidence.coverage_ab, self.evidence.coverage_ba)

    def judged_by(self, policy: Policy) -> "Match":
        """Return the same pair judged by another policy."""
        return judge_pair(self.a, self.b, self.evidence, policy, self.days_apart)

    def as_link(self) -> dict[str, object]:
        """Return the first of a row's keys: who, what one is to the other, how alike."""
        return {
            "a": self.a,
            "b": self.b,
            "relation": str(self.relation),
            "resemblance": round(self.resemblance, 4),
            "containment_ab": round(self.containment_ab, 4),
            "containment_ba": round(self.containment_ba, 4),
        }

    def as_row(self) -> dict[str, object]:
        """Return the row of a pairs file; keys are fixed."""
        evidence = self.evidence
        values = (
            *self.as_link().values(),
            self.shared_words,
            round(evidence.coverage_ab, 4),
            round(evidence.coverage_ba, 4),
            evidence.longest / 2,
            evidence.weight_a / 2,
            evidence.weight_b / 2,
            evidence.shared_numbers,
            evidence.numbers_a,
            evidence.numbers_b,
            self.days_apart,
            self.is_rerun,
            self.is_duplicate,
        )
        return dict(zip(ROW_KEYS, values, strict=True))


def judge_pair(
    a: str, b: str, evidence: Evidence, policy: Policy, days_apart: float | None = None
) -> Match:
    """Judge a measured pair.

    Parameters
    ----------
    days_apart : float | None
        Between two publications by one site; ``None`` for two sites, for one
        page's versions, and where a date is unknown.
    """
    return match_of(a, b, policy.judge(evidence), evidence, policy, days_apart)


def match_of(
    a: str,
    b: str,
    relation: Relation,
    evidence: Evidence,
    policy: Policy,
    days_apart: float | None = None,
) -> Match:
    """Return the match of a pair that a policy has judged.

    Parameters
    ----------
    relation : Relation
        As judged.
    days_apart : float | None
        As of :func:`judge_pair`.
    """
    is_match = relation in policy.duplicates and evidence.resemblance >= policy.resemblance
    is_late = (
        policy.rerun_days is not None and days_apart is not None and days_apart >= policy.rerun_days
    )
    return Match(
        a, b, relation, evidence, days_apart, is_match and not is_late, is_match and is_late
    )
