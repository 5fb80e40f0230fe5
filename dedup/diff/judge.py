"""What a is to b: asked of ``match``, so that no diff has a second opinion."""

import numpy as np

from dedup.article import Article
from dedup.diff.chrome import Chrome
from dedup.diff.source import Source
from dedup.match import Body, Match, Policy, days_apart, judge_pair, make_body, measure

__all__ = ["judge"]


def judge(a: Article, b: Article, source_a: Source, source_b: Source) -> Match:
    """Return what ``match.compare(a, b)`` returns, without reading the texts again."""
    bodies = _body(source_a, source_a.judged), _body(source_b, source_b.judged)
    return judge_pair(a.id, b.id, measure(*bodies), Policy(), days_apart(a, b))


def _body(source: Source, chrome: Chrome) -> Body:
    units = np.array(source.tokens.units, np.uint32)
    is_chrome = np.array(chrome.is_by_cues, bool)
    return make_body(chrome.hashes, units, is_chrome, chrome.learned)
