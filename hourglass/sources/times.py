"""Instants as sources write them, and the SQL that reads them as naive UTC.

Text with an offset must be cast to TIMESTAMPTZ: a cast to TIMESTAMP drops the offset silently.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hourglass.sources.written import NO_BREAK, zoned

EARLIEST, LATEST = "1900-01-01", "2201-01-01"
"""Instants of events lie from here to before there."""

MOMENT = "hourglass moment"
"""The column of instants of rows that were read file by file."""

_NAIVE = (
    "{0}[-1] BETWEEN '0' AND '9' AND NOT contains({0}[12:], '+') AND NOT contains({0}[12:], '-')"
)
"""Whether an ISO text has no offset: searching for one is ten times as fast as a pattern."""

COMPACT = (
    r"(19|20|21)\d{6}(\d{6})?"
    r"|20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d)?"
)
"""A day, with seconds, or with the hour or the minute: numbers that are hardly epochs."""
_PLAIN = r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d{1,6})?(Z?)"
"""What a cast reads as it is, whatever else a column may hold."""
YEAR_1980 = 315_532_800
"""Seconds since 1970."""
_FEW = 10
"""Where no more than one value in so many, or one alone, is before 1980, it is no time."""
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 0}
_BOUNDS = {"s": (0.0, 1e11), "ms": (1e11, 1e14), "us": (1e14, 1e17), "ns": (1e17, 1e20)}
UNIT_NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


def _micros(nanos: str) -> str:
    """Write nanoseconds as microseconds, cut off before 1970 too, where division rounds up."""
    return f"({nanos} // 1000 - ({nanos} % 1000 < 0)::BIGINT)"


_ISO = "CASE WHEN trim({0})[5] IN ('-', '/') THEN "
_FORMS = {
    "timestamp": "{0}",
    "read": f's."{MOMENT}"',
    "zoned": "({0} AT TIME ZONE 'UTC')",
    "date": "{0}::TIMESTAMP",
    "nanoseconds": f"make_timestamp({_micros('epoch_ns({0})')})",  # a cast would round
    "plain text": "TRY_CAST({0} AS TIMESTAMP)",
    "naive text": _ISO + "TRY_CAST({0} AS TIMESTAMP) END",
    "zoned text": _ISO + "{1} END",
    "compact date": "try_strptime(trim({0}::VARCHAR),"
    " ['%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%d%H'])",
}


class Clock(NamedTuple):
    """How instants are written.

    `form` is `timestamp`, `zoned`, `date`, `nanoseconds`, `plain text` (all with an offset of
    Z, or all with none), `naive text`, `zoned text`, `compact date`, `written` (any way, with the
    `order` of day and month), `epoch` with its `unit` (s, ms, us, ns), or `read` where the instant
    already stands beside the value;
    `text` says that an epoch is written as text, or as a fraction, `late` that all but a few are
    later than 1980, and those no times; `zone` where times without an offset are, and
    the clock by which an epoch counts.
    """

    form: str
    unit: str = ""
    text: bool = True
    zone: str = "UTC"
    order: str = ""
    late: bool = False


class Layout(NamedTuple):
    """How all instants of a column are written: for the engine, and whether with a Z."""

    pattern: str
    utc: bool


def layout(values: Iterable[str]) -> Layout | None:
    """Say how texts are written, if all of them are plain ISO texts written alike."""
    found = {
        (match[1], bool(match[2]), match[3]) if (match := re.fullmatch(_PLAIN, value)) else None
        for value in values
    }
    if len(found) != 1 or (one := found.pop()) is None:
        return None
    separator, fraction, zulu = one
    places = ".%f" if fraction else ""
    return Layout(f"%Y-%m-%d{separator}%H:%M:%S{places}{zulu}", utc=bool(zulu))


def instant(value: str, clock: Clock) -> str:
    """Write the naive UTC instant of a value, null where it is not understood."""
    if clock.form == "epoch":
        return _epoch(value, clock) if clock.zone == "UTC" else _to_utc(_epoch(value, clock), clock)
    if clock.form == "written":
        return f"hourglass_instant({value}, '{clock.order}', '{clock.zone}')"
    plain = _FORMS[clock.form].format(value, zoned(value))
    if clock.zone == "UTC" or clock.form == "zoned":
        return plain
    if clock.form != "zoned text":
        return _to_utc(plain, clock)
    text = f"trim({value})"
    naive = _to_utc(_FORMS["naive text"].format(value), clock)
    return f"CASE WHEN {_NAIVE.format(text)} THEN {naive} ELSE {plain} END"


def local(value: str, clock: Clock) -> str | None:
    """Write what the clock of the zone showed; null where there is an offset, or for all."""
    if clock.form == "epoch" and clock.zone != "UTC":
        return _epoch(value, clock)
    if clock.form in ("epoch", "zoned"):
        return None
    if clock.form == "written":
        text = f"[hourglass_written({value}, '{clock.order}')]"
        naive = "CASE WHEN hourglass_naive(t) THEN TRY_CAST(t AS TIMESTAMP) END"
        return f"list_transform({text}, lambda t: {naive})[1]"
    if clock.form != "zoned text":
        return _FORMS[clock.form].format(value)
    text = f"trim({value})"
    return f"CASE WHEN {_NAIVE.format(text)} THEN {_FORMS['naive text'].format(value)} END"


def accepted(value: str, relation: str, clock: Clock) -> str:
    """Write the query that counts the times without an offset, and all, that events may have."""
    return (
        f"SELECT count(l), count(*) FROM (SELECT {instant(value, clock)} AS t,"
        f" {local(value, clock)} AS l FROM {relation} AS s)"
        f" WHERE t >= TIMESTAMP '{EARLIEST}' AND t < TIMESTAMP '{LATEST}'"
    )


def _to_utc(moment: str, clock: Clock) -> str:
    return f"hourglass_utc({moment}, '{clock.zone}')"


def _epoch(value: str, clock: Clock) -> str:
    number = f"TRY_CAST({value} AS DECIMAL(28, 6))"
    low, high = (int(bound) for bound in _BOUNDS[clock.unit])
    low = YEAR_1980 if clock.late and clock.unit == "s" else low
    scale = _UNITS[clock.unit]
    micros = f"{number} * {scale}" if scale else f"floor({number} / 1000)"
    if not clock.text:
        whole = f"{value}::HUGEINT"
        micros = f"{whole} * {scale}" if scale else _micros(whole)
        number = value
    return (
        f"CASE WHEN abs({number}) >= {low} AND abs({number}) < {high}"
        f" THEN make_timestamp(({micros})::BIGINT) END"
    )


def plain(value: str, relation: str) -> str:
    """Write the query that says how many texts of a column need no look at how they are written.

    One row: plain ISO texts without an offset, with a Z, and values that are anything else.
    """
    return (
        "SELECT count(*) FILTER (how = 'local'), count(*) FILTER (how = 'utc'),"
        " count(*) FILTER (how = 'other') FROM (SELECT CASE"
        f" WHEN regexp_full_match(t, '{_PLAIN}') THEN if(ends_with(t, 'Z'), 'utc', 'local')"
        f" WHEN trim(t) <> '' THEN 'other' END AS how FROM (SELECT {value} AS t"
        f" FROM {relation} AS s))"
    )


def profile(value: str, relation: str) -> str:
    """Write the query that says in how many ways a column of texts or numbers holds instants.

    One row: values, ISO texts, ISO texts without offset, days without punctuation (with the time
    of day or not), numbers that are no seconds before 1980, then epochs in s, ms, us, ns.
    """
    text = f"trim({value}::VARCHAR)"
    epochs = ", ".join(
        f"count(*) FILTER (abs(n) >= {low:.0f} AND abs(n) < {high:.0f})"
        for low, high in _BOUNDS.values()
    )
    spaced = "".join(f" AND NOT contains(t, '{sign}')" for sign in NO_BREAK)
    return (
        f"SELECT count(t), count(*) FILTER (iso), count(*) FILTER (iso AND {_NAIVE.format('t')}),"
        f" count(*) FILTER (NOT iso AND regexp_full_match(t, '{COMPACT}')),"
        f" count(*) FILTER (abs(n) >= {YEAR_1980}),"
        f" {epochs} FROM (SELECT *, CASE WHEN NOT iso AND NOT contains(t, ':')"  # a try takes long
        " THEN TRY_CAST(t AS DECIMAL(28, 6)) END AS n"
        " FROM (SELECT t, coalesce(t[5] IN ('-', '/') AND t[1] BETWEEN '0' AND '9'"
        " AND t[2] BETWEEN '0' AND '9' AND t[3] BETWEEN '0' AND '9'"
        f" AND t[-1] NOT IN ('M', 'm', '.') AND NOT contains(t, ','){spaced}, false) AS iso"
        f" FROM (SELECT nullif({text}, '') AS t FROM {relation} AS s)))"
    )


def unexplained(counts: Sequence[int]) -> bool:
    """Say by the counts of `profile` whether values are neither ISO texts nor numbers."""
    values, iso, _, _, _, *epochs = counts
    return values > iso + sum(epochs)


def chosen(counts: Sequence[int], *, text: bool, zone: str = "UTC") -> Clock | None:
    """Choose by the counts of `profile`: what most values are; null if nothing is understood."""
    _, iso, naive, days, later, *epochs = counts
    units = list(_UNITS)
    most = max(range(len(units)), key=lambda index: epochs[index])
    if iso and iso >= epochs[most]:
        return Clock("naive text" if naive == iso else "zoned text", zone=zone)
    if days and days == sum(epochs):
        return Clock("compact date", zone=zone)
    early = sum(epochs) - later
    late = early < later and early <= max(1, sum(epochs) // _FEW)
    return Clock("epoch", units[most], text, late=late) if epochs[most] else None
