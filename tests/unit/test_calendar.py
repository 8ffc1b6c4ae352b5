"""Days, weeks and months in a time zone, also where clocks change."""

from datetime import date, datetime, timedelta

import pytest

from hourglass.calendar import (
    bucket_day,
    buckets,
    last_week,
    local_day,
    midnight,
    moment,
    period_before,
)
from hourglass.errors import UsageError

HELSINKI = "Europe/Helsinki"


def test_a_day_begins_at_midnight_of_its_zone():
    assert midnight(date(2026, 1, 5), "UTC") == datetime(2026, 1, 5)
    assert midnight(date(2026, 1, 5), HELSINKI) == datetime(2026, 1, 4, 22)
    assert midnight(date(2026, 7, 5), HELSINKI) == datetime(2026, 7, 4, 21)


def test_a_midnight_that_clocks_skip_is_the_moment_of_the_skip():
    # Beirut put its clocks forward at midnight of 31 March 2024
    assert midnight(date(2024, 3, 31), "Asia/Beirut") == datetime(2024, 3, 30, 22)


def test_the_week_in_which_clocks_change_has_another_length():
    zone = list(buckets(datetime(2026, 3, 23), datetime(2026, 3, 30), "week", HELSINKI, "monday"))
    assert [one.day for one in zone] == [date(2026, 3, 23), date(2026, 3, 30)]
    assert zone[0].end - zone[0].start == timedelta(days=7, hours=-1)
    assert zone[0].end == zone[1].start


def test_buckets_hold_the_first_and_the_last_moment():
    first, last = datetime(2026, 1, 31, 23), datetime(2026, 4, 1)
    months = list(buckets(first, last, "month", "UTC", "monday"))
    assert [one.day.month for one in months] == [1, 2, 3, 4]
    assert months[0].start <= first
    assert months[-1].start == last


@pytest.mark.parametrize(
    ("start", "day"),
    [("monday", 5), ("tuesday", 6), ("sunday", 4), ("saturday", 10), ("friday", 9)],
)
def test_weeks_begin_on_the_day_asked_for(start, day):
    assert bucket_day(date(2026, 1, 10), "week", start) == date(2026, 1, day)


def test_last_week_is_the_last_complete_one():
    assert last_week(datetime(2026, 1, 12), "UTC", "monday") == (
        datetime(2026, 1, 5),
        datetime(2026, 1, 12),
    )
    assert last_week(datetime(2026, 1, 11, 23, 59), "UTC", "monday")[1] == datetime(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "until", "expected"),
    [
        ("2026-01-31", False, datetime(2026, 1, 30, 22)),
        ("2026-01-31", True, datetime(2026, 1, 31, 22)),
        ("2026-01-31T09:30", True, datetime(2026, 1, 31, 7, 30)),
        ("2026-01-31 09:30+05:30", False, datetime(2026, 1, 31, 4)),
        ("2026-01-31T09:30:00Z", False, datetime(2026, 1, 31, 9, 30)),
    ],
)
def test_dates_and_moments_are_read_in_the_zone(text, until, expected):
    assert moment(text, HELSINKI, until=until) == expected


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "31.1.2026", ""])
def test_what_is_no_date_is_said(text):
    with pytest.raises(UsageError, match="is not a date or a moment"):
        moment(text, "UTC", until=True)


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-31T23:30-02:00", "0001-01-01T00:30+02:00"])
def test_what_lies_beyond_all_days_is_said(text):
    with pytest.raises(UsageError, match="lies beyond what can be counted"):
        moment(text, "UTC", until=True)


@pytest.mark.parametrize("day", [datetime(1, 1, 1), datetime(1, 1, 5), datetime(1, 1, 7)])
@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Asia/Tokyo"])
def test_before_the_first_week_of_all_there_is_none(day, zone):
    with pytest.raises(UsageError, match="no complete week"):
        last_week(day, zone, "monday")


@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Asia/Tokyo"])
@pytest.mark.parametrize("since", ["0001-01-02", "0900-01-01", "0900-01-01T10:30"])
def test_before_the_first_day_of_all_there_is_no_period(since: str, zone: str) -> None:
    begins, ends = moment(since, zone), moment("2026-12-31", zone, until=True)
    before, until = period_before(begins, ends, zone)
    assert before <= until == begins
    assert local_day(before, zone).year == 1
