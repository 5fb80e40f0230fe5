"""Numbers of the diff that its compiled loops and its plain path share."""

__all__ = [
    "CANDIDATE_SHARE",
    "CROSSING_PAIRS",
    "FIGURE_WEIGHT",
    "HOLDERS_PART",
    "INSIDE",
    "INSIDE_IN_GAP",
    "LIKE_CROSSING",
    "LIKE_CROSSING_PASSAGE",
    "LIKE_DOUBTFUL",
    "LIKE_IN_GAP",
    "LIKE_IN_GAP_PHRASE",
    "LIKE_IN_ORDER",
    "LIKE_NEIGHBOUR",
    "MAX_CANDIDATES",
    "MAX_CONFETTI_WORDS",
    "MAX_GAP_PAIRS",
    "MAX_HOLDERS",
    "MAX_LOOSE_WORDS",
    "MAX_WORDS",
    "MERGED",
    "MERGED_PAIRS",
    "MIN_CLAUSE_WORDS",
    "MIN_DOUBTFUL_MASS",
    "MIN_HOLDERS",
    "MIN_MOVE_MASS",
    "MIN_SHARED_WORDS",
    "MIN_VERBATIM_MASS",
    "PHRASE_PAIRS",
    "SHORT_WORD",
    "UNSPACED_FROM",
    "WEIGHT_SCALE",
    "WORDLESS_MASS",
    "WORD_SHARE",
]

# --- sentences ---
#: Longer "sentences" are lists or text without marks; 400 words is ten of the
#: longest sentences in wire copy.
MAX_WORDS = 400
#: What a sentence without a word is worth, in words.
WORDLESS_MASS = 0.1
#: Chrome that is in both texts is the article's after all, from so many words on.
MIN_DOUBTFUL_MASS = 3.0
#: The first code point of scripts in which a letter alone may be a word: Thai, ideographs.
UNSPACED_FROM = 0x0E00

# --- likeness ---
#: Weights are whole numbers, so that a sum is the same in any order.
WEIGHT_SCALE = 1000
FIGURE_WEIGHT = 0.5
#: Dice over words against Dice over pairs of words, which know their order.
WORD_SHARE = 0.7
#: Likeness a pair needs wherever it stands, if it fits the order found so far.
LIKE_IN_ORDER = 0.42
#: Likeness a pair needs that crosses it: a move that is also edited.
LIKE_CROSSING = 0.6
#: Likeness between two links, where position speaks for the pair already.
LIKE_IN_GAP = 0.24
#: The same for a pair with a phrase in common: so many pairs of words.
LIKE_IN_GAP_PHRASE = 0.2
PHRASE_PAIRS = 4
#: Share of the lesser sentence inside the greater, for one cut short.
INSIDE = 0.8
INSIDE_IN_GAP = 0.55
#: Likeness of two sentences whose neighbours are linked, on the move or not.
LIKE_NEIGHBOUR = 0.3
#: Likeness that makes text of both sides of what looks like chrome.
LIKE_DOUBTFUL = 0.6
#: Words in common below which likeness is chance.
MIN_SHARED_WORDS = 3
#: Pairs of words in common that make a pair with some likeness a move.
CROSSING_PAIRS = 8
LIKE_CROSSING_PASSAGE = 0.32

# --- what is compared at all ---
#: A word in more sentences than this proposes no pairs; others of the sentence do.
MAX_HOLDERS = 40
#: In a short text one in so many sentences is frequent already.
HOLDERS_PART = 5
MIN_HOLDERS = 6
#: Pairs looked at closely for a sentence.
MAX_CANDIDATES = 12
#: A pair that shares less than this of what the best pair shares is not looked at.
CANDIDATE_SHARE = 0.4
#: Sentence pairs compared one by one between two links.
MAX_GAP_PAIRS = 2500

# --- merges, clauses and moves ---
#: Share of a sentence, or of what its neighbour's partner has left over, that
#: the two have in common when one was merged into the other.
MERGED = 0.6
#: Pairs of words, likewise: a passage of five words.
MERGED_PAIRS = 4
#: Words in a row that a clause has in common with the sentence it came from.
MIN_CLAUSE_WORDS = 10
#: Words that may stand outside it at its end of the sentence.
MAX_LOOSE_WORDS = 2
#: Words on the lesser side of a block that count as a move.
MIN_MOVE_MASS = 8.0
#: The same for a block that moved word for word, which is less likely chance.
MIN_VERBATIM_MASS = 5.0

# --- word edits ---
#: Kept words that may be swallowed by the changes on both sides of them.
MAX_CONFETTI_WORDS = 3
#: A word this short says nothing by itself.
SHORT_WORD = 4
