"""The one place where two articles are judged."""

from dedup.match.body import Body, make_body
from dedup.match.columns import RankedIds
from dedup.match.compare import body_of, body_without, compare, days_apart
from dedup.match.evidence import MIN_RUN_WEIGHT, Evidence, measure, shared_tokens
from dedup.match.match import Match, judge_pair, match_of
from dedup.match.matches import Matches
from dedup.match.relation import DUPLICATES, RELATIONS, Policy, Relation

__all__ = [
    "DUPLICATES",
    "MIN_RUN_WEIGHT",
    "RELATIONS",
    "Body",
    "Evidence",
    "Match",
    "Matches",
    "Policy",
    "RankedIds",
    "Relation",
    "body_of",
    "body_without",
    "compare",
    "days_apart",
    "judge_pair",
    "make_body",
    "match_of",
    "measure",
    "shared_tokens",
]
