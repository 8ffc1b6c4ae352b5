"""Days, weeks and months in a time zone; moments as people type them. All results are naive UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from hourglass.errors import UsageError

Unit = Literal["day", "week", "month"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EARLIEST = datetime(1, 1, 2)
"""The earliest instant that has a day in every zone."""


class Bucket(NamedTuple):
    """A day, week or month: its first day in the zone, and its bounds (the end is outside)."""

    day: date
    start: datetime
    end: datetime


def midnight(day: date, zone: str) -> datetime:
    """Return the instant a day begins in a zone; where clocks skip midnight, the skip."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def local_day(moment: datetime, zone: str) -> date:
    """Return the day that an instant falls on in a zone."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def bucket_day(day: date, unit: Unit, week_start: str) -> date:
    """Return the first day of the bucket that a day is in."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - WEEKDAYS.index(week_start)) % 7)
    return day.replace(day=1) if unit == "month" else day


def buckets(
    first: datetime, last: datetime, unit: Unit, zone: str, week_start: str
) -> Iterator[Bucket]:
    """Yield the buckets from the one that holds `first` to the one that holds `last`."""
    day = bucket_day(local_day(first, zone), unit, week_start)
    while (start := midnight(day, zone)) <= last:
        following = _next(day, unit)
        yield Bucket(day=day, start=start, end=midnight(following, zone))
        day = following


def last_week(now: datetime, zone: str, week_start: str) -> tuple[datetime, datetime]:
    """Return the last complete week before an instant; UsageError if there is none."""
    try:
        this = bucket_day(local_day(now, zone), "week", week_start)
        return midnight(this - timedelta(days=7), zone), midnight(this, zone)
    except OverflowError as problem:
        raise UsageError(
            "no complete week lies before the clock: its first day is beyond what can be counted",
            "name a later one: --as-of 2026-01-31",
        ) from problem


def period_before(since: datetime, until: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the bounds of the period of equal length that ends where this one begins.

    Whole days in the zone are counted as days, however long clocks make them; anything else is
    elapsed time. There is none before the first day of the calendar: it is as long as can be.
    """
    first, after = local_day(since, zone), local_day(until, zone)
    try:
        if midnight(first, zone) == since and midnight(after, zone) == until:
            return midnight(first - (after - first), zone), since
        return since - (until - since), since
    except OverflowError:
        return min(EARLIEST, since), since


def moment(text: str, zone: str, *, until: bool = False) -> datetime:
    """Read a date or an ISO moment; without an offset it is in `zone`.

    A date is its first instant or, with `until`, the end of that day. Raises UsageError.
    """
    try:
        if len(text.strip()) == len("2026-01-31"):
            day = date.fromisoformat(text.strip())
            return midnight(day + timedelta(days=1) if until else day, zone)
        parsed = datetime.fromisoformat(text.strip())
        local = parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as problem:
        raise UsageError(
            f'"{text}" lies beyond what can be counted', "write a moment from year 2 to year 9998"
        ) from problem
    except ValueError as problem:
        raise UsageError(
            f'"{text}" is not a date or a moment',
            "write 2026-01-31, 2026-01-31T09:30 or 2026-01-31T09:30+02:00",
        ) from problem


def _next(day: date, unit: Unit) -> date:
    if unit == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if unit == "week" else 1)
