"""What becomes of a story on its way to another site: edits, cuts, another order."""

from collections.abc import Sequence
from random import Random

from benchmarks.corpus.story import Story

__all__ = ["KINDS", "abridge", "can_be_abridged", "edit", "reorder"]

#: Kinds of copies and how often they are made.
KINDS = {"exact": 35, "edited": 25, "abridged": 25, "reordered": 15}
#: One place in so many characters is edited; as many in a text without spaces.
CHARACTERS_AN_EDIT = 240
#: Share of the parts that an abridged copy keeps, and the least characters.
KEPT_SHARE = (0.4, 0.7)
MIN_KEPT_CHARACTERS = {True: 400, False: 160}
#: Parts that a story needs for a part of it to be taken out or moved.
MIN_PARTS = 4
_HOUSE_STYLE = (
    ("\"", "“"), (" percent", " per cent"), ("%", " percent"), ("U.S.", "US"), (" - ", " — "),
    ("'", "’"), (" said on ", " told reporters on "),
)  # fmt: skip


def edit(story: Story, random: Random) -> Story:
    """Edit lightly: one house style, a few words lost or doubled, one figure changed."""
    text = story.text
    for old, new in random.sample(_HOUSE_STYLE, 3):
        text = text.replace(old, new)
    places = sorted(
        random.randrange(len(text)) for _ in range(max(1, len(text) // CHARACTERS_AN_EDIT))
    )
    drop = _drop_words if is_spaced(story) else _drop_characters
    parts = drop(text, places, random).split(story.joint)
    return Story(story.title, tuple(parts), story.joint, story.language)


def _drop_words(text: str, places: Sequence[int], random: Random) -> str:
    pieces, at = [], 0
    for place in places:
        start = text.find(" ", max(place, at))
        end = text.find(" ", start + 1)
        if start < 0 or end < 0:
            break
        word = text[start:end]
        if "\n" in word:
            continue
        pieces.append(text[at:start])
        if word[1:].isdecimal():
            pieces.append(f" {int(word) + 1}")
        elif random.random() < 0.5:
            pieces.append(word + word[:1] + word[1:][::-1])  # another word in its place
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _drop_characters(text: str, places: Sequence[int], _random: Random) -> str:
    pieces, at = [], 0
    for place in places:
        if place > at and "\n" not in text[place - 1 : place + 1]:
            pieces.append(text[at:place])
            at = place + 1
    return "".join((*pieces, text[at:]))


def can_be_abridged(story: Story) -> bool:
    """Say whether enough is left of a story when half of it is cut."""
    least = MIN_KEPT_CHARACTERS[is_spaced(story)]
    return len(story.parts) >= MIN_PARTS and sum(map(len, story.parts)) * KEPT_SHARE[0] >= least


def abridge(story: Story, random: Random) -> Story:
    """Keep some of the parts, in order; the first one mostly."""
    least = max(
        MIN_KEPT_CHARACTERS[is_spaced(story)],
        int(sum(map(len, story.parts)) * random.uniform(*KEPT_SHARE)),
    )
    order = list(range(1, len(story.parts)))
    random.shuffle(order)
    if random.random() < 0.8:
        order.insert(0, 0)
    kept, length = [], 0
    for place in order:
        if length >= least:
            break
        kept.append(place)
        length += len(story.parts[place])
    parts = tuple(story.parts[place] for place in sorted(kept))
    return Story(story.title, parts, story.joint, story.language)


def reorder(story: Story, random: Random) -> Story:
    """Move the lead down and turn two more parts round."""
    parts = list(story.parts)
    parts.insert(random.randrange(2, len(parts)), parts.pop(0))
    place = random.randrange(len(parts) - 1)
    parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return Story(story.title, tuple(parts), story.joint, story.language)


def is_spaced(story: Story) -> bool:
    """Say whether the language puts spaces between words."""
    return story.language != "ja"
