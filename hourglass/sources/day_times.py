"""Where the time of a row stands in two columns: the day in one, the time of day in another."""

import re
from collections.abc import Sequence

from hourglass.sources.inference import sample
from hourglass.sources.roles import called_times, candidates
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging

_CLOCK = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|[+-]\d\d:?\d\d))?"
_DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{4}"
_WRITTEN = {
    "clock": re.compile(_CLOCK),
    "day": re.compile(_DAY),
    "instant": re.compile(f"({_DAY})[T ]{_CLOCK}"),
}
_MOST = 0.9
"""How many of the values have to be written so: rows of others are told as what they are."""


def day_and_time(staging: Staging, source: Relation, found: Sequence[str]) -> str | None:
    """Return the place of the time where the column that would be taken has times of day alone.

    It is another column of times that has whole instants, or else one of days and that one
    together; null where there is neither, and where the column has more than times of day.
    """
    usual = candidates(found, "timestamp")
    likely = [one for one in usual or called_times(found) if one in source.columns]
    if len(likely) < 2:
        return None
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


def _has(staging: Staging, source: Relation, column: str, what: str) -> bool:
    """Say whether a column has days, times of day, or both in one."""
    kind = source.columns[column]
    if kind != "VARCHAR":
        kinds = {"clock": "TIME", "day": "DATE", "instant": "TIMESTAMP"}
        return kind.split()[0].partition("_")[0] == kinds[what]
    return are(what, sample(staging, source, column))
