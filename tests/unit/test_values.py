"""Values become text in one place, and never say more or less than they hold."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.render import values
from hourglass.result import Period


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0, "0.0 %"),
        (-0.0, "0.0 %"),
        (0.00004, "<0.01 %"),
        (0.00131, "0.13 %"),
        (0.413, "41.3 %"),
        (0.9949, "99.49 %"),
        (0.9997, "99.97 %"),
        (0.999_999, ">99.99 %"),
        (1, "100.0 %"),
        (1.43, "143.0 %"),
        (-0.021, "-2.1 %"),
        (-0.00001, ">-0.01 %"),
    ],
)
def test_rates_never_look_like_nothing_or_all_unless_they_are(value, text):
    assert values.rate(value) == text


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_only_nothing_and_all_are_written_so(value):
    text = values.rate(value)
    assert "-0" not in text
    assert text not in {"0.0 %", "0.00 %", "100.0 %", "100.00 %"}


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.409, 0.417, "40.9–41.7 %"),
        (0.0, 0.354, "0.0–35.4 %"),
        (0.0, 0.000_01, "0.00–0.01 %"),
        (0.99997, 1.0, "99.99–100.00 %"),
        (0.0012, 0.0014, "0.12–0.14 %"),
        (None, None, "–"),
    ],
)
def test_bounds_of_intervals_are_rounded_outwards_at_the_ends(low, high, text):
    assert values.interval(low, high) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0.0, "0.0"),
        (1e-17, "0.0"),
        (0.012, "+1.2"),
        (-0.0004, "-0.04"),
        (-0.000_01, "-0.00"),
        (1, "+100.0"),
    ],
)
def test_points_have_a_sign_unless_there_is_no_difference(value, text):
    assert values.points(value) == text
    assert values.cell(value, "points") == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.0381, 0.1926, "-3.8 to +19.3"),
        (-0.0072, 0.0063, "-0.72 to +0.63"),
        (0.000_01, 0.05, "+0.0 to +5.0"),
        (None, None, "–"),
    ],
)
def test_bounds_of_differences_say_on_which_side_of_nothing_they_lie(low, high, text):
    assert values.points_interval(low, high) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0.0, "<0.001"),
        (0.0004, "<0.001"),
        (0.034, "0.034"),
        (0.9997, ">0.999"),
        (1.0, "1.000"),
    ],
)
def test_a_p_is_never_nothing(value, text):
    assert values.p_value(value) == text
    assert values.cell(value, "p") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.01, "<0.1 s"),
        (1.2, "1.2 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (65, "1 min 5 s"),
        (2100, "35 min"),
        (3599.7, "1 h"),
        (86_399, "1 d"),
        (187_200, "2 d 4 h"),
        (-65, "-1 min 5 s"),
    ],
)
def test_durations_have_two_units_at_most_and_carry_over(value, text):
    assert values.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (3, "3"), (3.0, "3"), (1234.567, "1,234.57"), (-0.001, "0.00")]
)
def test_numbers_have_two_decimals_where_they_are_not_whole(value, text):
    assert values.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0.00"),
        (0.0412, "0.0412"),
        (0.4123, "0.412"),
        (1.2567, "1.26"),
        (-41.26, "-41.3"),
        (1234.5, "1,234"),
        (0.0000412, "0.000041"),
        (0.0000004, "<0.000001"),
        (-0.0000004, ">-0.000001"),
    ],
)
def test_means_have_three_digits(value, text):
    assert values.mean(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, None, "–"),
        (0.0213, 0.0631, "0.0213–0.0631"),
        (-3.14, 24.9, "-3.1 to 24.9"),
        (-0.00001, 1.5, "0.00 to 1.50"),
        (0.00091, 0.00099, "0.000910–0.000990"),
        (0.0, 0.0, "0.00–0.00"),
    ],
)
def test_bounds_of_a_mean_share_their_decimals(low, high, text):
    assert values.mean_interval(low, high) == text


def test_instants_are_iso_in_the_zone_asked_for():
    instant = dt.datetime(2026, 3, 1, 22, 30)
    assert values.moment(instant) == "2026-03-01T22:30:00Z"
    assert values.moment(instant, "Europe/Helsinki") == "2026-03-02T00:30:00+02:00"
    assert values.date(instant) == values.date(dt.date(2026, 3, 1)) == "2026-03-01"


@pytest.mark.parametrize(
    ("since", "until", "timezone", "text"),
    [
        (None, None, "UTC", "all data"),
        (dt.datetime(2026, 1, 1), dt.datetime(2026, 4, 1), "UTC", "2026-01-01 to 2026-03-31"),
        (dt.datetime(2026, 1, 1), None, "UTC", "from 2026-01-01"),
        (None, dt.datetime(2026, 1, 8), "UTC", "the beginning to 2026-01-07"),
        # Midnight in Helsinki, on both sides of the change to summer time.
        (
            dt.datetime(2026, 3, 1, 22),
            dt.datetime(2026, 3, 31, 21),
            "Europe/Helsinki",
            "2026-03-02 to 2026-03-31",
        ),
    ],
)
def test_periods_name_their_last_day(since, until, timezone, text):
    period = Period(since=since, until=until, timezone=timezone)
    assert values.period(period) == text


def test_a_period_that_ends_within_a_day_says_so():
    period = Period(until=dt.datetime(2026, 1, 1, 12))
    assert values.period(period) == "the beginning until 2026-01-01T12:00:00Z"


@pytest.mark.parametrize("char", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200f", "\udcff"])
def test_characters_that_act_on_a_terminal_are_shown(char):
    shown = values.visible(f"a{char}b")
    assert char not in shown
    assert shown.startswith("a\\")
    assert values.cell(f"a{char}b", "text") == shown


def test_ordinary_text_stays_as_it_is():
    assert values.visible("推荐 é–ü 👩‍👩‍👧") == "推荐 é–ü 👩‍👩‍👧"


def test_every_kind_writes_null_as_a_dash():
    for kind in ("text", "count", "rate", "seconds", "moment", "date", "flag", "number", "mean"):
        assert values.cell(None, kind) == "–"


def test_ascii_stands_in_for_every_sign():
    assert values.in_ascii("▐█▌ ▕▏ – · ÷ 99 %").isascii()
