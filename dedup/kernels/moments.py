"""Publication dates in the commonest spellings, as :mod:`dedup.formats.dates` reads them."""

import numpy as np

from dedup.kernels.arrays import I64, U8, Bools
from dedup.kernels.compiled import compiled
from dedup.kernels.gathering import NO_VALUE

__all__ = ["read_moments"]

_ODD = -1
_DIGIT_0, _DIGIT_9, _LETTER_T, _LETTER_Z, _SPACE = map(ord, "09TZ ")
_HYPHEN, _COLON, _STOP, _PLUS = map(ord, "-:.+")
_FIRST_SAFE_YEAR, _LAST_SAFE_YEAR = 2, 9998
_FEBRUARY, _MARCH, _DECEMBER = 2, 3, 12
#: Days from March 1st of the year 0 to January 1st, 1970, and in 400 years.
_DAYS_TO_1970, _DAYS_AN_ERA = 719_468, 146_097
_SECOND, _DAY_SECONDS, _HOUR_SECONDS, _MINUTE_SECONDS = 1_000_000, 86_400, 3600, 60
_DATE, _MINUTES, _SECONDS, _MILLIS, _MICROS = 10, 16, 19, 23, 26


@compiled
def read_moments(
    buffer: U8, ends: I64, undated: int, microseconds: I64, offsets: I64, is_unclear: Bools
) -> None:
    """Read a column of dates.

    Parameters
    ----------
    undated : int
        What no date becomes.
    microseconds, offsets : int64 of shape (n,)
        Filled: since 1970, and the zone's from UTC.
    is_unclear : bool of shape (n,)
        False; set where there is anything else.
    """
    for row in range(len(ends) - 1):
        start, end = ends[row], ends[row + 1]
        microseconds[row], offsets[row] = undated, 0
        if end - start == 1 and buffer[start] == NO_VALUE:
            continue
        day = _read_day(buffer, start, end)
        clock, stop = _read_clock(buffer, start, end)
        zone = _read_zone(buffer, stop, end)
        if day == _ODD or clock == _ODD or zone == _ODD:
            is_unclear[row] = True
            continue
        zone -= _DAY_SECONDS * _SECOND
        microseconds[row] = (day - _DAYS_TO_1970) * _DAY_SECONDS * _SECOND + clock - zone
        offsets[row] = zone


@compiled
def _read_day(buffer, at, end):
    """Return the day of ``2026-08-22``, counted from March 1st of the year 0, or -1."""
    if end - at < _DATE or buffer[at + 4] != _HYPHEN or buffer[at + 7] != _HYPHEN:
        return np.int64(_ODD)
    year, month = _number(buffer, at, 4), _number(buffer, at + 5, 2)
    day = _number(buffer, at + 8, 2)
    if not _FIRST_SAFE_YEAR <= year <= _LAST_SAFE_YEAR or not 1 <= month <= _DECEMBER:
        return np.int64(_ODD)
    days = 31
    if month == 4 or month == 6 or month == 9 or month == 11:
        days = 30
    elif month == _FEBRUARY:
        is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        days = 29 if is_leap else 28
    if not 1 <= day <= days:
        return np.int64(_ODD)
    # Years that begin in March end with the day that some of them have more.
    year -= month < _MARCH
    since_march = (month + 9) % 12
    of_year = (153 * since_march + 2) // 5 + day - 1
    era = year // 400
    of_era = year - era * 400
    return era * _DAYS_AN_ERA + of_era * 365 + of_era // 4 - of_era // 100 + of_year


@compiled
def _read_clock(buffer, start, end):
    """Return the microseconds of ``T21:47:35.123``, or -1, and where it ends."""
    at = start + _DATE
    if end - start <= _DATE:
        return np.int64(0), end
    is_there = buffer[at] == _LETTER_T or buffer[at] == _SPACE
    if not is_there or end - start < _MINUTES or buffer[start + 13] != _COLON:
        return np.int64(_ODD), end
    hour, minute = _number(buffer, at + 1, 2), _number(buffer, at + 4, 2)
    second, micros = np.int64(0), np.int64(0)
    at = start + _MINUTES
    if end - start >= _SECONDS and buffer[at] == _COLON:
        second = _number(buffer, at + 1, 2)
        at = start + _SECONDS
        if at < end and buffer[at] == _STOP:
            stop = at + 1
            while stop < end and _DIGIT_0 <= buffer[stop] <= _DIGIT_9:
                stop += 1
            if stop - start == _MILLIS:
                micros = _number(buffer, at + 1, 3) * 1000
            elif stop - start == _MICROS:
                micros = _number(buffer, at + 1, 6)
            else:
                return np.int64(_ODD), end
            at = stop
    if not 0 <= hour < 24 or not 0 <= minute < 60 or not 0 <= second < 60:
        return np.int64(_ODD), end
    seconds = hour * _HOUR_SECONDS + minute * _MINUTE_SECONDS + second
    return seconds * _SECOND + micros, at


@compiled
def _read_zone(buffer, at, end):
    """Return a day and the offset of ``Z``, ``+02:00`` or nothing, in microseconds, or -1."""
    seconds = np.int64(_DAY_SECONDS)
    if at == end or (end - at == 1 and buffer[at] == _LETTER_Z):
        return seconds * _SECOND
    is_plus = buffer[at] == _PLUS
    if end - at != 6 or not (is_plus or buffer[at] == _HYPHEN) or buffer[at + 3] != _COLON:
        return np.int64(_ODD)
    hour, minute = _number(buffer, at + 1, 2), _number(buffer, at + 4, 2)
    if not 0 <= hour < 24 or not 0 <= minute < 60:
        return np.int64(_ODD)
    offset = hour * _HOUR_SECONDS + minute * _MINUTE_SECONDS
    return (seconds + offset if is_plus else seconds - offset) * _SECOND


@compiled
def _number(buffer, at, count):
    """Return the number of so many digits, or -1."""
    number = np.int64(0)
    for place in range(at, at + count):
        if not _DIGIT_0 <= buffer[place] <= _DIGIT_9:
            return np.int64(_ODD)
        number = number * 10 + np.int64(buffer[place]) - _DIGIT_0
    return number
