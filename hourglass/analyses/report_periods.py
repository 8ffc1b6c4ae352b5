"""Which time a report looks at: the period asked for, the one before, the weeks that are over."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hourglass.analyses.question import Question
from hourglass.calendar import (
    EARLIEST,
    Bucket,
    Unit,
    bucket_day,
    buckets,
    local_day,
    midnight,
    period_before,
)
from hourglass.result import InputFacts, Period

WEEKS = 13
"""Weeks that trends and cohorts look back over at least."""
_CLOSED_WEEKS = 8
"""Of these, weeks whose windows should be over."""
_MOST_WEEKS = 26
_WEEK = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


class Spans(NamedTuple):
    """The periods of one report."""

    asked: Period
    previous: Period | None
    """The period of equal length before; null where the one asked for is open."""
    long: Period
    """What takes weeks to be judged: the period, begun early enough to hold some."""
    weekly: Period
    """The same, for tables of weeks: no more of them than a reader takes in."""
    entries: Period
    """The same for the trend, whose last week is that of the last entry."""
    unit: Unit
    """What cohorts are made of: weeks, or months where they would be too many."""


def spans(
    question: Question, facts: InputFacts, as_of: datetime | None, entered: datetime | None = None
) -> Spans:
    """Settle the periods of a report from what was asked and from the first and last event.

    An open end is the last event up to `as_of`: one that is in the future ends nothing. `entered`
    is when somebody last did: later stages may go on for long after it.
    """
    asked = question.period
    last = min(filter(None, (facts.last, as_of)), default=None)
    end = asked.until or (last + _INSTANT if last else None)
    first = max(filter(None, (asked.since, facts.first)), default=None)
    if end is None or first is None:
        return Spans(asked, previous=None, long=asked, weekly=asked, entries=asked, unit="week")
    reach = question.reach or timedelta()
    back = max(WEEKS, _CLOSED_WEEKS + -(-reach // _WEEK))
    early = _weeks_before(end, back, question)
    long = asked if asked.since is None or asked.since <= early else asked._replace(since=early)
    begin = first if long.since is None else max(facts.first or first, long.since)
    over = _last_weeks(question, long, begin, end)
    came = min(end, entered + _INSTANT) if entered else end
    return Spans(
        asked=asked,
        previous=_before(asked),
        long=long,
        weekly=over or long,
        entries=_last_weeks(question, long, begin, came) or long,
        unit="month" if over else "week",
    )


def _last_weeks(question: Question, long: Period, begin: datetime, end: datetime) -> Period | None:
    """Return a period cut to its last weeks up to `end`; null where there are no more of them."""
    if end - begin <= _MOST_WEEKS * _WEEK:
        return None
    return long._replace(since=_weeks_before(end, _MOST_WEEKS, question))


def as_it_stood(question: Question, previous: Period, as_of: datetime | None) -> Question:
    """Ask about the period before as it stood when it was as old as the period is `as_of`.

    Without that the later period would have had less time, and every change would be a fall.
    """
    if as_of is None or question.period.until is None or previous.until is None:
        return question._replace(period=previous)
    past = question.period.until - previous.until
    then = as_of - past if past < as_of - EARLIEST else EARLIEST
    return question._replace(period=previous, as_of=then, read_until=then + _INSTANT)


def closed_weeks(
    question: Question, span: timedelta | None, facts: InputFacts, as_of: datetime | None
) -> tuple[Bucket | None, Bucket | None]:
    """Return the newest week of which everybody has had `span` since, and the week before it.

    Without a `span` it is the newest week that is over. Nulls where there is none.
    """
    zone, start = question.rules.timezone, question.rules.week_start
    if facts.first is None or facts.last is None or as_of is None:
        return None, None
    until = question.period.until
    last = min(facts.last, until - _INSTANT) if until else facts.last
    if last < facts.first:
        return None, None
    # a week is over with its last day, however early the last event of that day
    seen = midnight(local_day(as_of, zone) + timedelta(days=1), zone) if span is None else as_of
    found = [
        week
        for week in buckets(facts.first, last, "week", zone, start)
        if week.end - _INSTANT + (span or timedelta()) <= seen
        and (until is None or week.end <= until)
    ]
    if not found:
        return None, None
    return found[-1], found[-2] if len(found) > 1 else None


def of_week(week: Bucket, question: Question) -> Question:
    """Ask the same about one week."""
    return question._replace(period=question.period._replace(since=week.start, until=week.end))


def _before(asked: Period) -> Period | None:
    if asked.since is None or asked.until is None:
        return None
    since, until = period_before(asked.since, asked.until, asked.timezone)
    return asked._replace(since=since, until=until)


def _weeks_before(end: datetime, weeks: int, question: Question) -> datetime:
    zone = question.rules.timezone
    day = bucket_day(local_day(end - _INSTANT, zone), "week", question.rules.week_start)
    return midnight(day - (weeks - 1) * _WEEK, zone)
