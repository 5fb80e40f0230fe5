"""Which language an article is in, by script and by its smallest words."""

import re
from collections import Counter

__all__ = ["guess_language"]

_LOOKED_AT = 3000
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("ru", re.compile(r"[\u0430-\u044f]")),
)
#: Characters of a script that an article in it has at least.
_ENOUGH = 20
_WORDS = {
    "en": "the and of to in that for with was said is on",
    "de": "der die das und den von mit dem nicht ist für auf",
    "es": "el la los las que del una con por para según en",
    "pt": "o os que não uma com para do da em são pelo",
    "fr": "le les des et une dans pour qui sur est du la",
    "it": "il gli che di della per una con non sono del nel",
}
_LANGUAGE_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGE_OF_WORD.setdefault(_word, []).append(_language)


def guess_language(text: str) -> str:
    """Return a two-letter code, or ``other``."""
    start = text[:_LOOKED_AT]
    for language, script in _SCRIPTS:
        if len(script.findall(start)) >= _ENOUGH:
            return language
    found: Counter[str] = Counter()
    for word in start.lower().split():
        found.update(_LANGUAGE_OF_WORD.get(word, ()))
    return found.most_common(1)[0][0] if found else "other"
