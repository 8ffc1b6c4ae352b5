"""Where the column that would be taken for the time has no instants, and another tells the day."""

import re
from collections.abc import Sequence

from hourglass.sources.inference import sample
from hourglass.sources.roles import called_times, candidates
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.times import COMPACT, YEAR_1980
from hourglass.sources.types import is_number

_CLOCK = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|[+-]\d\d:?\d\d))?"
_DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{4}"
_COMPACT, _NUMBER = re.compile(COMPACT), re.compile(r"-?\d+([.,]\d+)?")
_WRITTEN = {
    "clock": re.compile(_CLOCK),
    "day": re.compile(_DAY),
    "instant": re.compile(f"({_DAY})[T ]{_CLOCK}"),
    "compact": _COMPACT,
    "number": _NUMBER,
}
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
    if usual and _is_small(staging, source, likely[0]):
        return next((one for one in likely[1:] if _tells_day(staging, source, one)), None)
    clock = next(
        (one for one in (likely[:1] if usual else likely) if _has(staging, source, one, "clock")),
        None,
    )
    if clock is None:
        return None
    others = [one for one in likely if one != clock]
    whole = next((one for one in others if _has(staging, source, one, "instant")), None)
    day = next((one for one in others if _has(staging, source, one, "day")), None)
    return whole or (f"{day} + {clock}" if day else None)


def are(what: str, values: Sequence[str]) -> bool:
    """Say whether values, if there are any, are written as a `clock`, a `day`, or an `instant`."""
    fitting = sum(bool(_WRITTEN[what].fullmatch(value.strip())) for value in values)
    return bool(values) and fitting >= _MOST * len(values)


def _is_small(staging: Staging, source: Relation, column: str) -> bool:
    """Say whether a column has numbers that would be seconds before 1980."""
    kind = source.columns[column]
    if kind != "VARCHAR" and not is_number(kind):
        return False
    values = [value.strip() for value in sample(staging, source, column)]
    small = sum(
        bool(_NUMBER.fullmatch(value) and not _COMPACT.fullmatch(value))
        and abs(float(value.replace(",", "."))) < YEAR_1980
        for value in values
    )
    return bool(values) and small >= _MOST * len(values)


def _tells_day(staging: Staging, source: Relation, column: str) -> bool:
    """Say whether a column has days, alone or with the time, or seconds later than 1980."""
    kind = source.columns[column]
    if kind == "VARCHAR" or is_number(kind):
        values = sample(staging, source, column)
        if any(are(what, values) for what in ("day", "instant", "compact")):
            return True
        return are("number", values) and not _is_small(staging, source, column)
    return _has(staging, source, column, "day") or _has(staging, source, column, "instant")


def _has(staging: Staging, source: Relation, column: str, what: str) -> bool:
    """Say whether a column has days, times of day, or both in one."""
    kind = source.columns[column]
    if kind != "VARCHAR":
        kinds = {"clock": "TIME", "day": "DATE", "instant": "TIMESTAMP"}
        return kind.split()[0].partition("_")[0] == kinds[what]
    return are(what, sample(staging, source, column))
