"""Which time a report looks at."""

import datetime as dt

import pytest

from hourglass.analyses.report_periods import as_it_stood, closed_weeks, of_week, spans
from hourglass.result import InputFacts, Period
from hourglass.rules import Rules
from tests.browser.whole import asked

DAY = dt.timedelta(days=1)


def facts(first: str, last: str) -> InputFacts:
    return InputFacts(
        rows=1, users=1, rejected=0, duplicates=0, unmapped_events=0,
        first=dt.datetime.fromisoformat(first), last=dt.datetime.fromisoformat(last),
    )  # fmt: skip


USUAL = facts("2025-06-01 09:00", "2026-04-05 23:00")


def test_a_week_is_compared_with_the_week_before_and_looks_back_over_thirteen() -> None:
    found = spans(asked(), USUAL, USUAL.last)
    assert found.previous == Period(since=dt.datetime(2026, 3, 23), until=dt.datetime(2026, 3, 30))
    assert found.long == Period(since=dt.datetime(2026, 1, 5), until=dt.datetime(2026, 4, 6))
    assert (found.weekly, found.unit) == (found.long, "week")


def test_a_long_window_looks_back_further() -> None:
    question = asked(rules=Rules(window=90 * DAY))
    assert spans(question, USUAL, USUAL.last).long.since == dt.datetime(2026, 4, 6) - 21 * 7 * DAY


def test_a_long_period_is_kept_whole_but_for_tables_of_weeks() -> None:
    year = Period(since=dt.datetime(2025, 6, 1), until=dt.datetime(2026, 4, 6))
    found = spans(asked(period=year), USUAL, USUAL.last)
    assert found.long == year
    assert found.weekly.since == dt.datetime(2026, 4, 6) - 26 * 7 * DAY
    assert found.unit == "month"


def test_all_data_have_no_period_before() -> None:
    seen = facts("2026-01-05 10:00", "2026-04-05 23:00")
    found = spans(asked(period=Period()), seen, seen.last)
    assert found.previous is None
    assert found.long == found.weekly == Period()


def test_the_trend_ends_with_the_last_entry_however_long_people_go_on() -> None:
    seen = facts("2025-01-06 10:00", "2026-04-05 23:00")
    entered = dt.datetime(2025, 10, 1, 12)
    found = spans(asked(period=Period()), seen, seen.last, entered)
    assert found.entries.since == dt.datetime(2025, 9, 29) - 25 * 7 * DAY
    assert found.weekly.since == dt.datetime(2026, 3, 30) - 25 * 7 * DAY
    soon = spans(asked(period=Period()), seen, seen.last, dt.datetime(2025, 3, 1))
    assert soon.entries == Period()


def test_an_event_in_the_future_ends_no_weeks() -> None:
    seen = facts("2026-01-05 10:00", "2099-04-05 23:00")
    found = spans(asked(period=Period()), seen, dt.datetime(2026, 4, 5, 23))
    assert found.long == found.weekly == Period()
    assert found.unit == "week"


def test_weeks_begin_in_the_time_zone() -> None:
    zone = "Europe/Helsinki"  # clocks went forward on 29 March
    week = Period(
        since=dt.datetime(2026, 3, 29, 21), until=dt.datetime(2026, 4, 5, 21), timezone=zone
    )
    question = asked(period=week, rules=Rules(window=30 * DAY, timezone=zone))
    found = spans(question, USUAL, USUAL.last)
    assert found.previous is not None
    assert found.previous.since == dt.datetime(2026, 3, 22, 22)
    assert found.long.since == dt.datetime(2026, 1, 4, 22)


def test_the_period_before_stands_as_it_did_when_it_was_as_old() -> None:
    previous = spans(asked(), USUAL, USUAL.last).previous
    assert previous is not None
    found = as_it_stood(asked(), previous, dt.datetime(2026, 4, 6))
    assert found.as_of == dt.datetime(2026, 3, 30)
    assert found.read_until == dt.datetime(2026, 3, 30) + dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("span", "as_of", "newest"),
    [
        (30 * DAY, "2026-03-31 23:59:59.999999", "2026-02-23"),  # its last instant is 30 days old
        (30 * DAY, "2026-03-31 23:59:59.999998", "2026-02-16"),
        (None, "2026-04-05 18:00", "2026-03-30"),  # over with its last day
        (None, "2026-04-04 18:00", "2026-03-23"),
        (400 * DAY, "2026-04-05 18:00", None),
    ],
)
def test_the_newest_week_whose_window_is_over(
    span: dt.timedelta | None, as_of: str, newest: str | None
) -> None:
    week, before = closed_weeks(asked(), span, USUAL, dt.datetime.fromisoformat(as_of))
    assert (week and week.day.isoformat()) == newest
    if week is not None:
        assert before is not None
        assert before.end == week.start
        assert of_week(week, asked()).period == Period(since=week.start, until=week.end)


def test_no_week_is_past_the_period_and_none_before_the_data() -> None:
    early = asked(period=asked().period._replace(until=dt.datetime(2026, 2, 4)))
    week, _ = closed_weeks(early, None, USUAL, dt.datetime(2026, 4, 5))
    assert week is not None
    assert week.day == dt.date(2026, 1, 26)
    only = facts("2026-03-30 01:00", "2026-04-05 23:00")
    assert closed_weeks(asked(), None, only, only.last)[1] is None
