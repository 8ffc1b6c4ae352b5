"""Where the column that would be taken for the time has no instants, and another tells the day."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from hourglass.sources.inference import sample
from hourglass.sources.roles import called_times, candidates
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.times import COMPACT, YEAR_1980
from hourglass.sources.types import is_number

_CLOCK = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|[+-]\d\d:?\d\d))?"
_DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{4}"
_NUMBER = r"-?\d+([.,]\d+)?"
_WRITTEN = {
    "clock": re.compile(_CLOCK),
    "day": re.compile(_DAY),
    "instant": re.compile(f"({_DAY})[T ]{_CLOCK}"),
    "compact": re.compile(COMPACT),
    "number": re.compile(_NUMBER),
}
_TYPED = {"TIME": "clock", "DATE": "day", "TIMESTAMP": "instant"}
"""What columns of types for it hold, by the first word of the type."""
_TELL_DAY = ("day", "instant", "compact", "number")
_MOST = 0.9
"""How many of the values have to be written so: rows of others are told as what they are."""


def day_and_time(staging: Staging, source: Relation, found: Sequence[str]) -> str | None:
    """Return the place of the time where the column that would be taken has no instants.

    Of one with times of day it is another column of times that has whole instants, or else one of
    days and that one together; of one with small numbers, as hours and durations are, another that
    tells the day. Null where there is none, and where the column has more than that.
    """
    usual = candidates(found, "timestamp")
    likely = [one for one in usual or called_times(found) if one in source.columns]
    if len(likely) < 2:
        return None

    @cache
    def held(column: str) -> str:
        return _held(staging, source, column)

    def first(columns: Iterable[str], *what: str) -> str | None:
        return next((one for one in columns if held(one) in what), None)

    if usual and held(likely[0]) == "small":
        return first(likely[1:], *_TELL_DAY)
    clock = first(likely[:1] if usual else likely, "clock")
    if clock is None:
        return None
    others = [one for one in likely if one != clock]
    if whole := first(others, "instant"):
        return whole
    day = first(others, "day")
    return f"{day} + {clock}" if day else None


def are(what: str, values: Sequence[str]) -> bool:
    """Say whether values, if there are any, are written as a `clock`, a `day`, or an `instant`."""
    fitting = sum(bool(_WRITTEN[what].fullmatch(value.strip())) for value in values)
    return bool(values) and fitting >= _MOST * len(values)


def _held(staging: Staging, source: Relation, column: str) -> str:
    """Say what a column holds: one of `_WRITTEN`, `small` numbers, or nothing of that."""
    kind = source.columns[column]
    if kind != "VARCHAR" and not is_number(kind):
        return _TYPED.get(kind.split()[0].partition("_")[0], "")
    values = sample(staging, source, column)
    if _are_small(values):
        return "small"
    return next((what for what in _WRITTEN if are(what, values)), "")


def _are_small(values: Sequence[str]) -> bool:
    """Say whether values are numbers that would be seconds before 1980."""
    number, compact = _WRITTEN["number"], _WRITTEN["compact"]
    small = sum(
        bool(number.fullmatch(value) and not compact.fullmatch(value))
        and abs(float(value.replace(",", "."))) < YEAR_1980
        for value in map(str.strip, values)
    )
    return bool(values) and small >= _MOST * len(values)
