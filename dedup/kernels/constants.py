"""Numbers that the compiled loops and the plain reference share."""

__all__ = [
    "DIGIT",
    "GOLDEN",
    "MIX_MULTIPLIER",
    "NUMBER",
    "POWER_BASE",
    "TOKEN_MULTIPLIER",
    "UNSPACED",
]

#: Multipliers with good avalanche (Steele et al., splitmix64; Evensen, rrmxmx).
TOKEN_MULTIPLIER = 0xD6E8FEB86659FD93
MIX_MULTIPLIER = 0xBF58476D1CE4E5B9
GOLDEN = 0x9E3779B97F4A7C15

#: The two lowest bits of a token hash.
DIGIT, UNSPACED = 1, 2

#: What every token with a digit counts as in a unit's hash, and the base of
#: the powers by which a unit's tokens are weighed.
NUMBER = 0x2545F4914F6CDD1D
POWER_BASE = GOLDEN | 1
