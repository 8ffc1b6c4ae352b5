"""How the instants of a column are written, judged by all of its values."""

import json
from collections.abc import Callable, Sequence
from functools import partial

from hourglass.engines.sqltext import literal
from hourglass.errors import DataError
from hourglass.formats import Format
from hourglass.nouns import many
from hourglass.reading import Reading
from hourglass.sources import date_order, times, written
from hourglass.sources.day_times import are
from hourglass.sources.inference import sample
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.times import Clock
from hourglass.sources.types import is_number

Place = Callable[[str, str], str]
"""The first row whose value in a column satisfies a condition on it, for people; "" if none."""

_UTC = "UTC"
_INSTANTS = {"TIMESTAMP WITH TIME ZONE": "zoned", "TIMESTAMPTZ_NS": "nanoseconds"}
_TIMES = {"DATE": "date", "TIMESTAMP": "timestamp", "TIMESTAMP_S": "date", "TIMESTAMP_MS": "date",
          "TIMESTAMP_NS": "nanoseconds"}  # fmt: skip
"""Types of times, and the form of a clock that reads each."""
AS_UTC = "times without an offset are read as UTC"
"""What is said where nobody told the zone of times that have none."""
_FIRST = 1000
"""So many rows are looked at first: most columns that are not plain show it there."""
_EARLY = (
    "all times are before 1980: years, and days as a spreadsheet counts them, are no seconds"
    " since 1970"
)


def find_clock(
    staging: Staging,
    source: Relation,
    column: str,
    reading: Reading,
    place: Place,
    *,
    form: Format | None = None,
) -> tuple[Clock, list[str]]:
    """Say how the instants of a column are written, and what was assumed.

    `form` is the export format, as far as it says it. DataError if none is understood, or if the
    order of day and month is not to be known.
    """
    if form and form.timezone and reading.timezone == _UTC:
        reading = reading._replace(timezone=form.timezone)
    if column in source.instants:
        clock, notes = _alike("timestamp", reading.timezone, utc=source.instants[column])
    else:
        clock, notes = _form(staging, source, column, reading, place)
    if form and (form.unit or form.local_epochs) and clock.form == "epoch":
        clock = clock._replace(
            unit=form.unit or clock.unit, zone=reading.timezone if form.local_epochs else _UTC
        )
        notes = _units(clock)
    if clock.form == "written" or clock.zone != _UTC:
        for definition in written.DEFINITIONS:
            staging.run(definition)
    return clock, [*notes, *_changes_of_clocks(staging, source, column, clock)]


def _form(
    staging: Staging, source: Relation, column: str, reading: Reading, place: Place
) -> tuple[Clock, list[str]]:
    kind, zone = source.columns[column], reading.timezone
    if kind in _INSTANTS:
        return Clock(_INSTANTS[kind]), []
    if kind in _TIMES:
        return Clock(_TIMES[kind], zone=zone), _in_zone(zone)
    if kind != "VARCHAR" and not is_number(kind):
        day = f'; where another has the day: timestamp = "DAY + {column}"'
        is_clock = kind.startswith("TIME")
        what = "holds times of day, without a day" if is_clock else f"is a {kind}, not a time"
        more = 'name another: timestamp = "COLUMN"' + (day if is_clock else "")
        raise DataError(f'the column "{column}" {what}', more)
    if kind == "VARCHAR" and (found := _plain(staging, source, column, zone)):
        return found
    counts = _counted(staging, times.profile(source.ref(column), source.text))
    text = kind.startswith(("VARCHAR", "FLOAT", "DOUBLE", "DECIMAL"))
    clock = times.chosen(counts, text=text, zone=zone)
    if kind == "VARCHAR" and times.unexplained(counts):
        styles = _written(staging, source, column)
        if styles.understood > sum(counts[5:]):
            title = source.title(column)
            clock, told = _by_people(styles, reading, title, partial(place, column))
            some = styles.naive, styles.understood
            return clock, [*told, *_offsets(staging, source, column, clock, some)]
    if clock is None and counts[0]:
        raise _not_understood(staging, source, column)
    notes = _notes(clock, counts)
    if clock and clock.form.endswith(" text"):
        notes = _offsets(staging, source, column, clock, (counts[2], counts[1]))
    return clock or Clock("zoned text"), notes


def _plain(
    staging: Staging, source: Relation, column: str, zone: str
) -> tuple[Clock, list[str]] | None:
    """Look whether all values are plain ISO texts, all with a Z or all without an offset.

    Most columns are, and telling that takes a quarter of the time that other ways of writing take.
    """
    value = source.ref(column)
    for relation in (f"(FROM {source.text} LIMIT {_FIRST})", source.text):
        naive, utc, others = _counted(staging, times.plain(value, relation))
        if others or bool(naive) == bool(utc):
            return None
    return _alike("plain text", zone, utc=not naive)


def _alike(form: str, zone: str, *, utc: bool) -> tuple[Clock, list[str]]:
    """Take times that have a Z, all of them, or no offset, none of them."""
    clock = Clock(form, zone=_UTC if utc else zone)
    return clock, _without_offset(int(not utc), int(not utc), clock)


def _counted(staging: Staging, query: str) -> list[int]:
    return [int(str(one)) for one in staging.rows(query)[0]]


def _written(staging: Staging, source: Relation, column: str) -> date_order.Styles:
    _define(staging)
    return date_order.Styles(*_counted(staging, date_order.styles(source.ref(column), source.text)))


def _define(staging: Staging) -> None:
    for definition in written.DEFINITIONS:
        staging.rows(definition)


def _by_people(
    found: date_order.Styles, reading: Reading, title: str, place: Callable[[str], str]
) -> tuple[Clock, list[str]]:
    """Choose the order of day and month, if there is any to choose."""
    order: str = reading.date_order or "dmy"
    notes: list[str] = []
    decided = found.day_first or found.month_first
    if decided or found.undecided:
        examples = [
            place(date_order.day_first("t")) if found.day_first else "",
            place(date_order.month_first("t")) if found.month_first else "",
            "" if decided else place(date_order.either("t")),
        ]
        order, told = date_order.chosen_order(found, reading.date_order, title, examples)
        notes += told
    return Clock("written", zone=reading.timezone, order=order), notes


def _notes(clock: Clock | None, counts: Sequence[int]) -> list[str]:
    if clock is None:
        return []
    if clock.form == "epoch":
        return [*_units(clock), *([] if counts[4] else [_EARLY])]
    if clock.form == "compact date":
        return _without_offset(1, 1, clock)
    return []


def _units(clock: Clock) -> list[str]:
    where = "" if clock.zone == _UTC else f" by the clock of {clock.zone}"
    return [f"times are {times.UNIT_NAMES[clock.unit]} since 1970{where}"]


def _offsets(
    staging: Staging, source: Relation, column: str, clock: Clock, some: tuple[int, int]
) -> list[str]:
    """Say how many times have no offset: `some` of all, by how they look alone.

    Where only a part has none, it is counted again among the times that are accepted.
    """
    if 0 < some[0] < some[1]:
        _define(staging)
        naive, all_of_them = _counted(
            staging, times.accepted(source.ref(column), source.text, clock)
        )
        return _without_offset(naive, all_of_them, clock)
    return _without_offset(*some, clock)


def _without_offset(naive: int, all_of_them: int, clock: Clock) -> list[str]:
    if not naive:
        return []
    where = "as UTC" if clock.zone == _UTC else f"in {clock.zone}"
    if naive == all_of_them:
        return [AS_UTC if clock.zone == _UTC else f"times without an offset are read {where}"]
    return [f"{naive:,} of {all_of_them:,} times have no offset: these are read {where}"]


def _in_zone(zone: str) -> list[str]:
    return [] if zone == _UTC else [f"times without an offset are read in {zone}"]


def _changes_of_clocks(staging: Staging, source: Relation, column: str, clock: Clock) -> list[str]:
    """Count the times that a zone skips, and those that it has twice."""
    local = times.local(source.ref(column), clock)
    if clock.zone == _UTC or local is None:
        return []
    zone = literal(clock.zone)
    before, after = f"hourglass_before(t, {zone})", f"hourglass_after(t, {zone})"
    known = (f"hourglass_wall({one}, {zone}) = t" for one in (before, after))
    first, second = known
    skipped, twice = _counted(
        staging,
        f"SELECT count(*) FILTER (NOT {first} AND NOT {second}),"
        f" count(*) FILTER ({before} <> {after} AND {first} AND {second})"
        f" FROM (SELECT {local} AS t FROM {source.text} AS s)"
        " WHERE t BETWEEN TIMESTAMP '1800-01-01' AND TIMESTAMP '2300-01-01'",
    )
    notes = []
    if skipped:
        notes.append(
            f"{many(skipped, 'time')} that {clock.zone} skipped, where the clocks went forward:"
            " moved forward as far"
        )
    if twice:
        notes.append(
            f"{many(twice, 'time')} that {clock.zone} had twice, where the clocks went back:"
            " taken for the first"
        )
    return notes


def _not_understood(staging: Staging, source: Relation, column: str) -> DataError:
    values = sample(staging, source, column)[:3]
    shown = ", ".join(f'"{value}"' for value in values)
    how = "write times as 2026-01-31 09:30:00 or 2026-01-31T09:30:00Z, or as seconds since 1970"
    if key := _key_inside(values):
        how = f'a path leads into the column: timestamp = "{column}.{key}" under [columns]'
    elif are("clock", values):
        how = f'where another column has the day: timestamp = "DAY + {column}" under [columns]'
    return DataError(
        f"no time in {source.title(column)} is understood: {shown}",
        f'{how}; another column is named by timestamp = "COLUMN" under [columns]',
    )


def _key_inside(values: Sequence[str]) -> str:
    """Return the first key of the first value, if that is a JSON object; else nothing."""
    try:
        value = json.loads(values[0]) if values else None
    except ValueError:
        return ""
    return next(iter(value), "") if isinstance(value, dict) else ""
