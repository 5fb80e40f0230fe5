"""Numbers of the prose cues that their compiled loops and their plain path share."""

__all__ = [
    "COSTS",
    "CREDIT_UNITS",
    "GAP_COST",
    "KINDS",
    "LABEL_WORDS",
    "LOOKED_AT",
    "MAX_BOX_LINES",
    "MAX_COUNTED_WORDS",
    "MAX_CUE_WORDS",
    "MAX_HEADING_WORDS",
    "MAX_STANDFIRST_WORDS",
    "MAX_TINY_WORDS",
    "MAX_WORDS_AFTER_CREDIT",
    "MIN_BOX_LINES",
    "MIN_BYLINE_RUN",
    "MIN_CHARACTERS",
    "MIN_GROUP_LINES",
    "MIN_LONG_WORDS",
    "MIN_MENU_LINES",
    "MIN_NOTICE_HITS",
    "MIN_PROSE_WORDS",
    "MIN_SHARED",
    "MIN_SURE_SHARE",
    "MIN_SURE_WORDS",
    "MIN_WORDS_ABOVE_COMMENTS",
    "PART_SHARED",
    "REACH",
    "STANDFIRST_PART",
    "TEASER_RUN",
    "TEASER_SHARE",
    "UNSPACED_TOKENS",
    "WORDS_PER_HIT",
]

# --- lines ---
#: Kinds of tell-tale phrases.
KINDS = ("prompt", "legal", "credit", "related", "comment", "social", "date", "by")
#: How far beside a line's words its marks may stand, in code points.
REACH = 8
#: Tokens a word in a script whose characters are tokens by themselves; more than one
#: token in so many code points tells such a script.
UNSPACED_TOKENS = 2
#: Phrases are looked for among this many first tokens of a line: chrome says what
#: it is at once, and a line of a megabyte costs no more than any other.
LOOKED_AT = 40
#: A label (``Disclaimer: ...``) has at most so many words.
LABEL_WORDS = 3

# --- the body ---
#: A line of prose ends as a sentence does and has at least this many words.
MIN_PROSE_WORDS = 8
#: A line without a final mark is prose from here on.
MIN_LONG_WORDS = 30
#: What a line that is no prose costs a stretch at most, in words (a tiny one its
#: own words and one more).
GAP_COST = 5
#: A line this short with a tell-tale phrase heads or fills a box.
MAX_HEADING_WORDS = 6
#: What such a line costs, in words: comments follow a body, boxes break one.
COSTS = {"comment": 40, "related": 25, "legal": 20, "prompt": 12, "social": 20, "date": 10}
#: Prose between so many lines of none on both sides is a teaser in a list, and
#: counts for this part of its words.
TEASER_RUN = 2
TEASER_SHARE = 3
#: So many tell-tale phrases, and one in so many words, make a notice of a paragraph.
MIN_NOTICE_HITS = 2
WORDS_PER_HIT = 14
#: A box that the body goes round has at most so many lines, and as many paragraphs
#: of prose or more beyond it.
MAX_BOX_LINES = 15
MIN_GROUP_LINES = 2
#: So much prose stands above a "Comments" line that is no button.
MIN_WORDS_ABOVE_COMMENTS = 60
#: "12 thoughts on" and the headline again: a counted heading is at most so long.
MAX_COUNTED_WORDS = 30
#: A standfirst is at most so long, and at most a third of the prose.
MAX_STANDFIRST_WORDS = 90
STANDFIRST_PART = 3
#: So many lines of byline, date and buttons in a row part it from the lead.
MIN_BYLINE_RUN = 3
#: Less prose than this, or a smaller share of all words, is no sure body.
MIN_SURE_WORDS = 180
MIN_SURE_SHARE = 0.3

# --- what the lines around it are ---
#: A line longer than this needs more than one tell-tale phrase.
MAX_CUE_WORDS = 12
#: A run of short lines inside the body is a box from here on, if a line says so.
MIN_BOX_LINES = 3
#: A longer run is one as soon as any line says so, unless it is a list of facts.
MIN_MENU_LINES = 6
#: A line this short is no text of its own.
MAX_TINY_WORDS = 3
#: Credits stand among the last units.
CREDIT_UNITS = 6
#: More text than this does not follow the credits of its own article.
MAX_WORDS_AFTER_CREDIT = 80
#: A word with so many characters is seldom a function word.
MIN_CHARACTERS = 5
#: So many of a line's long words, and one in so many, are in the body too.
MIN_SHARED = 2
PART_SHARED = 2
