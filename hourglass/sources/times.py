"""Instants as sources write them, and the SQL that reads them as naive UTC.

Text with an offset must be cast to TIMESTAMPTZ: a cast to TIMESTAMP drops the offset silently.
"""

from collections.abc import Sequence
from typing import NamedTuple

_NAIVE = "t[-1] BETWEEN '0' AND '9' AND NOT contains(t[12:], '+') AND NOT contains(t[12:], '-')"
"""Whether an ISO text has no offset: searching for one is ten times as fast as a pattern."""

_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 0}
_BOUNDS = {"s": (0.0, 1e11), "ms": (1e11, 1e14), "us": (1e14, 1e17), "ns": (1e17, 1e20)}
UNIT_NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


_ISO = "CASE WHEN trim({0})[5] IN ('-', '/') THEN "
_FORMS = {
    "timestamp": "{0}",
    "zoned": "({0} AT TIME ZONE 'UTC')",
    "date": "{0}::TIMESTAMP",
    "naive text": _ISO + "TRY_CAST({0} AS TIMESTAMP) END",
    "zoned text": _ISO + "TRY_CAST({1} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END",
    "compact date": "TRY_CAST(try_strptime(trim({0}::VARCHAR), '%Y%m%d') AS TIMESTAMP)",
}


class Clock(NamedTuple):
    """How instants are written.

    `form` is `timestamp`, `zoned`, `date`, `naive text`, `zoned text`, `compact date`, or
    `epoch` with its `unit` (s, ms, us, ns); `text` says that an epoch is written as text.
    """

    form: str
    unit: str = ""
    text: bool = True


def instant(value: str, clock: Clock) -> str:
    """Write the naive UTC instant of a value, null where it is not understood."""
    if clock.form == "epoch":
        return _epoch(value, clock)
    return _FORMS[clock.form].format(value, _plain_offset(value))


def _plain_offset(value: str) -> str:
    """Bring `+0200`, ` +02:00`, ` UTC` into the one form that the cast knows."""
    named = rf"regexp_replace(trim({value}), ' ?(UTC|GMT)$', 'Z')"
    return rf"regexp_replace({named}, '(:\d\d(\.\d+)?) ?([+-]\d\d):?(\d\d)$', '\1\3:\4')"


def _epoch(value: str, clock: Clock) -> str:
    number = f"TRY_CAST({value} AS DECIMAL(28, 6))"
    low, high = (int(bound) for bound in _BOUNDS[clock.unit])
    scale = _UNITS[clock.unit]
    micros = f"{number} * {scale}" if scale else f"floor({number} / 1000)"
    if not clock.text:
        whole = f"{value}::HUGEINT"
        micros = f"{whole} * {scale}" if scale else f"{whole} // 1000"
        number = value
    return (
        f"CASE WHEN abs({number}) >= {low} AND abs({number}) < {high}"
        f" THEN make_timestamp(({micros})::BIGINT) END"
    )


def profile(value: str, relation: str) -> str:
    """Write the query that says in how many ways a column of texts or numbers holds instants.

    One row: values, ISO texts, ISO texts without offset, days without punctuation, then epochs
    in s, ms, us, ns.
    """
    text = f"trim({value}::VARCHAR)"
    epochs = ", ".join(
        f"count(*) FILTER (abs(n) >= {low:.0f} AND abs(n) < {high:.0f})"
        for low, high in _BOUNDS.values()
    )
    return (
        f"SELECT count(t), count(*) FILTER (iso), count(*) FILTER (iso AND {_NAIVE}),"
        r" count(*) FILTER (NOT iso AND regexp_full_match(t, '(19|20|21)\d{6}')),"
        f" {epochs} FROM (SELECT *, CASE WHEN NOT iso THEN TRY_CAST(t AS DECIMAL(28, 6)) END AS n"
        " FROM (SELECT t, coalesce(t[5] IN ('-', '/') AND t[1] BETWEEN '0' AND '9', false) AS iso"
        f" FROM (SELECT nullif({text}, '') AS t FROM {relation} AS s)))"
    )


def chosen(counts: Sequence[int], *, text: bool) -> Clock | None:
    """Choose by the counts of `profile`: what most values are; null if nothing is understood."""
    _, iso, naive, days, *epochs = counts
    units = list(_UNITS)
    most = max(range(len(units)), key=lambda index: epochs[index])
    if iso and iso >= epochs[most]:
        return Clock("naive text" if naive == iso else "zoned text")
    if days and days == sum(epochs):
        return Clock("compact date")
    return Clock("epoch", units[most], text) if epochs[most] else None
