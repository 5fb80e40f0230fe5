"""What a filter says of an article."""

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.match import Match, Relation

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a filter says of an article.

    Attributes
    ----------
    id : str
        Of the article.
    is_new : bool
        The gate lets it pass.
    matches : Sequence[Match]
        Every verified pair with an article seen before, strongest first; ``a`` is
        this article, ``b`` the one seen before. Each is made when it is looked at.
    decisive : Match | None
        For a rejected article the match that it was rejected for, else the
        strongest, if any.
    relation : Relation
        What the article is to that one: another version of the same page is a
        revision, however much of it is the same; ``distinct`` if nothing matched.
    original : str | None
        Id of the accepted article at the head of the chain of copies.
    updates : str | None
        Id of an earlier version of the same page (the same id or URL, other words).
    has_words : bool
        Without a single word there is nothing to compare: it matches nothing, and passes.
    has_body, is_too_short : bool
        Without a body, or too short to judge, it matches its identical twin only.
    boilerplate : str
        Digest of what was held for its site's boilerplate; 16 hexadecimal digits.
    boilerplate_version : int
        How often the index had learned when the article was judged.
    cut_keys : int
        Posting keys that so many articles share that only the newest were compared.
    unlisted : int
        Articles with the very words of a match that ``matches`` does not list.
    """

    id: str
    is_new: bool
    matches: Sequence[Match]
    decisive: Match | None
    relation: Relation
    original: str | None
    updates: str | None
    has_words: bool
    has_body: bool
    is_too_short: bool
    boilerplate: str
    boilerplate_version: int
    cut_keys: int
    unlisted: int

    @property
    def why(self) -> str:
        """The reason in a sentence."""
        match = self.decisive
        if match is None:
            if not self.has_words:
                return "no words: nothing to compare"
            if not self.has_body:
                return "no body, and no page like it was seen"
            return "nothing like it was seen"
        if self.updates is not None and self.is_new:
            return f"another version of {self.updates}"
        rerun = ", published again by its site" if match.is_rerun else ""
        if self.relation is Relation.IDENTICAL:
            return f"identical to {match.b}, word for word{rerun}"
        shared = f"shares {match.shared_words:g} of {match.evidence.weight_a / 2:g} words"
        return f"{self.relation} of {match.b}: {shared}{rerun}"

    def as_row(self) -> dict[str, object]:
        """Return what goes into a tagged or rejected record as ``_dedup``."""
        match = self.decisive
        row: dict[str, object] = {
            "is_new": self.is_new,
            "relation": str(self.relation),
            "match": None if match is None else match.b,
            "original": self.original,
            "updates": self.updates,
            "why": self.why,
            "resemblance": None if match is None else round(match.resemblance, 4),
            "containment_ab": None if match is None else round(match.containment_ab, 4),
            "containment_ba": None if match is None else round(match.containment_ba, 4),
            "shared_words": None if match is None else match.shared_words,
            "rerun": match is not None and match.is_rerun,
            "matches": len(self.matches) + self.unlisted,
            "has_words": self.has_words,
            "has_body": self.has_body,
            "too_short": self.is_too_short,
            "boilerplate": self.boilerplate,
            "boilerplate_version": self.boilerplate_version,
            "cut_keys": self.cut_keys,
        }
        return row
