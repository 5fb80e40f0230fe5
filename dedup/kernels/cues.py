"""Which units of a text are chrome by prose cues, as :mod:`dedup.boilerplate.cues`."""

import numpy as np

from dedup.kernels.arrays import I64, U16, U32, U64, I64Rows
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.cue_numbers import (
    COSTS,
    CREDIT_UNITS,
    GAP_COST,
    KINDS,
    MAX_BOX_LINES,
    MAX_COUNTED_WORDS,
    MAX_CUE_WORDS,
    MAX_HEADING_WORDS,
    MAX_STANDFIRST_WORDS,
    MAX_TINY_WORDS,
    MAX_WORDS_AFTER_CREDIT,
    MIN_BOX_LINES,
    MIN_BYLINE_RUN,
    MIN_CHARACTERS,
    MIN_GROUP_LINES,
    MIN_MENU_LINES,
    MIN_NOTICE_HITS,
    MIN_SHARED,
    MIN_SURE_SHARE,
    MIN_SURE_WORDS,
    MIN_WORDS_ABOVE_COMMENTS,
    PART_SHARED,
    STANDFIRST_PART,
    TEASER_RUN,
    TEASER_SHARE,
    WORDS_PER_HIT,
)
from dedup.kernels.lines import (
    BULLETED,
    COVERED,
    DIGITS,
    FIRST,
    HAS_COUNT,
    HAS_STOP,
    KIND,
    LABEL,
    LAST,
    LINE_COLUMNS,
    LOOKED,
    N_WORDS,
    PHRASES,
    PROSE,
    find_phrase,
    follows,
    read_lines,
)
from dedup.kernels.sorting import sort

__all__ = ["REASON_KINDS", "cue_units"]

_PROMPT, _LEGAL, _CREDIT, _RELATED, _COMMENT, _SOCIAL, _DATE, _BY = range(len(KINDS))
#: What a unit may be, as the caller names it: the kinds a line's phrases speak of, the
#: strongest first; then what stands above the lead.
REASON_KINDS = ("comment", "legal", "prompt", "credit", "related")
_IS_COMMENTS, _IS_LEGAL, _IS_PROMPT, _IS_CREDIT, _IS_LIST, _IS_ABOVE = range(6)
_NONE = -1
_COMMENT_COST, _RELATED_COST, _LEGAL_COST = COSTS["comment"], COSTS["related"], COSTS["legal"]
_PROMPT_COST, _SOCIAL_COST, _DATE_COST = COSTS["prompt"], COSTS["social"], COSTS["date"]


@compiled
def cue_units(
    points: U32, marks: U16, spans: I64Rows, tokens: U64, units: U32, block: U16, entry: U32,
    slots: U64, ranges: I64Rows, entries: I64Rows, rests: U64, codes: I64,
) -> None:  # fmt: skip
    """Write for each unit why it is chrome: its place in ``REASON_KINDS``, or -1.

    ``slots``, ``ranges``, ``entries``, ``rests``: the tell-tale phrases.
    """
    codes[:] = _NONE
    phrases = slots, ranges, entries, rests
    room = np.empty((len(units), LINE_COLUMNS), np.int64)
    n = read_lines(points, marks, spans, tokens, units, block, entry, phrases, room)
    lines = room[:n]
    first, last = _find_body(lines)
    if last == 0:
        return
    topic = np.empty(0, np.uint64)
    topic = _judge_outside(lines, first, last, spans, tokens, units, topic, codes)
    _judge_inside(lines, first, last, codes)
    _judge_credits(lines, first, last, spans, tokens, units, phrases, topic, codes)


@compiled
def _find_body(lines):
    """Return the first line of the body and one past its last; 0, 0 without prose."""
    n, words = len(lines), 0
    for number in range(n):
        words += lines[number, PROSE]
    if words == 0:
        return 0, 0
    gains = np.empty(n, np.int64)
    _weigh_gains(lines, gains)
    best, total, start = 0, 0, 0
    first, last = 0, n
    for number in range(n):
        if total <= 0:
            total, start = 0, number
        total += gains[number]
        if total > best:
            best, first, last = total, start, number + 1
    last = _across_boxes(lines, last)
    last = _before_comments(lines, first, last)
    return _find_lead(lines, first, last), last


@compiled
def _weigh_gains(lines, gains):
    """Write what each line adds to a stretch of body, in words."""
    n = len(lines)
    open_after = np.empty(n, np.int64)
    run = 0
    for number in range(n - 1, -1, -1):
        open_after[number] = run
        run = 0 if lines[number, PROSE] else run + 1
    run = 0
    for number in range(n):
        line, mass = lines[number], lines[number, PROSE]
        if mass and _is_notice(line):
            gains[number] = -mass
        elif mass and min(run, open_after[number]) >= TEASER_RUN:
            gains[number] = mass // TEASER_SHARE
        elif line[N_WORDS] <= MAX_HEADING_WORDS and line[PHRASES]:
            gains[number] = -_cost(line)
        elif mass:
            gains[number] = mass
        else:
            gains[number] = -min(GAP_COST, line[N_WORDS] + 1)
        run = 0 if mass else run + 1


@compiled
def _cost(line):
    """Return what a short line with tell-tale phrases costs, in words."""
    cost = 0
    if line[KIND + _COMMENT]:
        cost = _COMMENT_COST
    if line[KIND + _RELATED]:
        cost = max(cost, _RELATED_COST)
    if line[KIND + _LEGAL]:
        cost = max(cost, _LEGAL_COST)
    if line[KIND + _SOCIAL]:
        cost = max(cost, _SOCIAL_COST)
    if line[KIND + _PROMPT]:
        cost = max(cost, _PROMPT_COST)
    if line[KIND + _DATE]:
        cost = max(cost, _DATE_COST)
    return cost or GAP_COST


@compiled
def _is_notice(line):
    """Whether a paragraph's phrases leave no doubt that it is no article's."""
    if not line[PHRASES]:
        return False
    if line[LABEL] == _LEGAL:
        return True
    hits = line[KIND + _PROMPT] + line[KIND + _LEGAL]
    return hits >= MIN_NOTICE_HITS and hits * WORDS_PER_HIT >= line[LOOKED]


@compiled
def _is_comment_heading(line):
    """Whether a line may head reader comments."""
    longest = MAX_COUNTED_WORDS if line[HAS_COUNT] else MAX_HEADING_WORDS
    return line[KIND + _COMMENT] > 0 and not line[HAS_STOP] and line[N_WORDS] <= longest


@compiled
def _across_boxes(lines, last):
    """Return the end of a stretch that goes on behind boxes."""
    run, group = 0, 0
    for number in range(last, len(lines)):
        line = lines[number]
        if line[PROSE]:
            group += 1
            if group >= MIN_GROUP_LINES or run == 0:
                last, run = number + 1, 0
            continue
        if group < MIN_GROUP_LINES:
            run += group
        parts = line[KIND + _COMMENT] + line[KIND + _RELATED] + line[KIND + _LEGAL]
        parts += line[KIND + _CREDIT] + line[KIND + _DATE] + line[KIND + _SOCIAL]
        if parts or run == MAX_BOX_LINES:
            break
        run, group = run + 1, 0
    return last


@compiled
def _before_comments(lines, first, last):
    """Return where reader comments cut the stretch off, else its end."""
    above = 0
    for number in range(first, last):
        above += lines[number, PROSE]
        if above >= MIN_WORDS_ABOVE_COMMENTS and _is_comment_heading(lines[number]):
            return number
    return last


@compiled
def _find_lead(lines, first, last):
    """Return the first line after a standfirst and its byline, else the stretch's first."""
    total, above, start = 0, 0, first
    for number in range(first, last):
        total += lines[number, PROSE]
    for number in range(first, last):
        if not lines[number, PROSE]:
            continue
        if _is_byline(lines[start:number]):
            return number
        above += lines[number, PROSE]
        start = number + 1
        if above > MAX_STANDFIRST_WORDS or above * STANDFIRST_PART > total:
            break
    return first


@compiled
def _is_byline(run):
    """Whether lines between two paragraphs are who, when and where to share."""
    if len(run) < MIN_BYLINE_RUN:
        return False
    cues, has_date = 0, False
    for line in run:
        own = line[KIND + _BY] + line[KIND + _SOCIAL] + line[KIND + _PROMPT]
        has_date |= line[KIND + _DATE] > 0
        cues += own > 0
    return has_date or cues * 2 >= len(run)


@compiled
def _reason(line):
    """Return what a line's own phrases say it is."""
    if not line[PHRASES]:
        return _NONE
    if line[HAS_COUNT] and _is_comment_heading(line):
        return _IS_COMMENTS
    hits = line[PHRASES] - line[KIND + _DATE] - line[KIND + _BY]
    if hits == 1 and line[KIND + _SOCIAL] == 1 and line[N_WORDS] > MAX_TINY_WORDS:
        return _NONE
    if not hits or (line[N_WORDS] > MAX_CUE_WORDS and hits * MAX_CUE_WORDS < line[N_WORDS]):
        return _NONE
    if hits == line[KIND + _COMMENT] and not _is_comment_heading(line):
        return _NONE
    if line[KIND + _COMMENT]:
        return _IS_COMMENTS
    if line[KIND + _LEGAL]:
        return _IS_LEGAL
    if line[KIND + _PROMPT] or line[KIND + _SOCIAL]:
        return _IS_PROMPT
    return _IS_CREDIT if line[KIND + _CREDIT] else _IS_LIST


@compiled
def _mark(codes, line, reason):
    for unit in range(line[FIRST], line[LAST]):
        codes[unit] = reason


@inlined
def _is_listed(line):
    """Whether a line under the body may be the last of its facts: a list, a table."""
    return line[BULLETED] or line[DIGITS] * 5 >= line[LOOKED] or line[KIND + _DATE]


@compiled
def _judge_outside(lines, first, last, spans, tokens, units, topic, codes):
    """Judge what stands above and below the body; return its topic, if that was asked for."""
    n = len(lines)
    lead, tail = 0, n
    for number in range(first):
        if _reason(lines[number]) != _NONE:
            lead = number + 1
    for number in range(n - 1, last - 1, -1):
        if _reason(lines[number]) != _NONE:
            tail = number
    is_brief = tail == n and n - last < MIN_BOX_LINES
    mass, words = 0, 0
    for number in range(n):
        words += lines[number, N_WORDS]
        if first <= number < last:
            mass += lines[number, PROSE]
    is_sure = mass >= MIN_SURE_WORDS or mass >= MIN_SURE_SHARE * words
    for number in range(n):
        if first <= number < last:
            continue
        line, is_below = lines[number], number >= last
        reason = _reason(line)
        if reason == _NONE and lead <= number < tail:
            if not is_sure and line[N_WORDS] > MAX_TINY_WORDS:
                continue
            if not is_below and line[PROSE]:
                continue
            if is_below:
                if is_brief or _is_listed(line):
                    continue
                topic = _read_topic(lines, first, last, spans, tokens, units, topic)
                if _holds(topic, line, spans, tokens, units):
                    continue
        if reason == _NONE:
            reason = _IS_LIST if is_below else _IS_ABOVE
        _mark(codes, line, reason)
    return topic


@compiled
def _judge_inside(lines, first, last, codes):
    start = first
    for number in range(first, last):
        line = lines[number]
        if not line[PROSE]:
            continue
        _judge_run(lines[start:number], codes)
        start = number + 1
        if _is_notice(line):
            _mark(codes, line, _IS_LEGAL if line[KIND + _LEGAL] else _IS_PROMPT)
    _judge_run(lines[start:last], codes)


@compiled
def _judge_run(run, codes):
    """Judge short lines between two paragraphs."""
    n = len(run)
    if n == 0 or (n == 1 and _is_subheading(run[0])):
        return
    cues, listed = 0, 0
    for line in run:
        cues += _reason(line) != _NONE
        listed += 1 if _is_listed(line) else 0
    is_box = (n >= MIN_BOX_LINES and cues * 4 >= n) or (
        n >= MIN_MENU_LINES and cues > 0 and listed * 4 <= n
    )
    for line in run:
        reason = _reason(line)
        if reason != _NONE or is_box:
            _mark(codes, line, _IS_LIST if reason == _NONE else reason)


@compiled
def _is_subheading(line):
    """Whether a line alone between paragraphs merely happens to use a tell-tale word."""
    is_credit = line[KIND + _CREDIT] > 0 and line[COVERED] > 1 and not line[HAS_STOP]
    return not is_credit and line[LABEL] < 0 and line[COVERED] * 2 < line[N_WORDS]


@compiled
def _judge_credits(lines, first, last, spans, tokens, units, phrases, topic, codes):
    """Judge sentences at the end that say who wrote, and all that follows them."""
    slots, ranges, entries, rests = phrases
    end = lines[last - 1, LAST]
    for unit in range(max(0, end - CREDIT_UNITS), end):
        token = np.int64(units[unit])
        slot = find_phrase(slots, tokens[token])
        if slot < 0:
            continue
        for which in range(ranges[slot, 0], ranges[slot, 1]):
            is_credit = entries[which, 2] == _CREDIT and entries[which, 1] > 0
            if not (is_credit and follows(tokens, token + 1, entries, which, rests)):
                continue
            behind = len(tokens)
            if end < len(units):
                behind = np.int64(units[end])
            if behind - token > MAX_WORDS_AFTER_CREDIT:
                return
            below, has_story = -1, False
            for number in range(max(0, last - CREDIT_UNITS), last):
                line = lines[number]
                if line[FIRST] > unit:
                    below = number if below < 0 else below
                    if line[HAS_STOP]:
                        topic = _read_topic(lines, first, last, spans, tokens, units, topic)
                        has_story |= _holds(topic, line, spans, tokens, units)
            stop = lines[below, FIRST] if has_story else end
            for number in range(unit, stop):
                codes[number] = _IS_CREDIT
            return


@compiled
def _words_of(line, tokens, units):
    """Return the first token of a line and one past its last."""
    end = len(tokens)
    if line[LAST] < len(units):
        end = np.int64(units[line[LAST]])
    return np.int64(units[line[FIRST]]), end


@compiled
def _read_topic(lines, first, last, spans, tokens, units, topic):
    """Return the long words of the body's prose, sorted, if they are not read yet."""
    if len(topic):
        return topic
    size = 0
    for is_counted in (True, False):
        if not is_counted:
            topic = np.empty(size + 1, np.uint64)
            topic[size] = 0  # no word's hash: what was read is never empty
            size = 0
        for number in range(first, last):
            if lines[number, PROSE]:
                start, end = _words_of(lines[number], tokens, units)
                for at in range(start, end):
                    if spans[at, 2] >= MIN_CHARACTERS:
                        if not is_counted:
                            topic[size] = tokens[at]
                        size += 1
    sort(topic)
    return topic


@compiled
def _holds(topic, line, spans, tokens, units):
    """Whether the body has enough of a line's words."""
    start, end = _words_of(line, tokens, units)
    shared, count = 0, 0
    for at in range(start, end):
        if spans[at, 2] < MIN_CHARACTERS:
            continue
        count += 1
        low, high = 0, len(topic)
        while low < high:
            middle = (low + high) >> 1
            if topic[middle] < tokens[at]:
                low = middle + 1
            else:
                high = middle
        shared += low < len(topic) and topic[low] == tokens[at]
    return shared >= MIN_SHARED and shared * PART_SHARED >= count
