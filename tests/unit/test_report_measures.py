"""The measures of a report, and values against the rest, on logs that can be counted by eye."""

import datetime as dt
from math import comb
from typing import Any

import pytest

from hourglass.analyses.funnel import funnel
from hourglass.analyses.lower import with_lower_half
from hourglass.analyses.referrals_tables import sample
from hourglass.analyses.report_changes import DOWN, UNCLEAR, of_k
from hourglass.analyses.report_measures import Seen, measures
from hourglass.analyses.report_periods import as_it_stood
from hourglass.analyses.report_rest import with_rest
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.result import Period
from hourglass.rules import Rules
from hourglass.stats import bounded_interval
from tests.browser.whole import MODEL, WEEK, Event, asked, engine_of

NONE = Rules()
STEPS = MODEL._replace(
    stages=tuple(one for one in MODEL.stages if one.name in ("know", "buy", "repeat"))
)
BEFORE = Period(since=dt.datetime(2026, 3, 23), until=dt.datetime(2026, 3, 30))


def person(user: str, day: str, *bought: str) -> list[Event]:
    """Who came on a day, and bought on others."""
    return [
        (user, "ad_impression", f"{day} 10:00"),
        *((user, "order_paid", f"{one} 10:00") for one in bought),
    ]


def people(how_many: int, name: str, day: str, *bought: str) -> list[Event]:
    return [event for at in range(how_many) for event in person(f"{name}{at}", day, *bought)]


def found(engine: DuckDBEngine, **changes: Any) -> dict[str, dict[str, Any]]:
    question = asked(model=STEPS, **changes)
    now = with_lower_half(engine, question, funnel(engine, question))
    then = None
    if question.period == WEEK:
        then = funnel(engine, as_it_stood(question, BEFORE, now.as_of))
    rows = measures(engine, question, Seen(funnel=now, previous=then)).table("measures")
    return {row["measure"]: row for row in rows.frame.to_dicts()}


def test_without_a_window_the_week_before_is_taken_as_it_was_when_as_old() -> None:
    events = [
        *people(10, "a", "2026-03-24"),
        *people(2, "b", "2026-03-24", "2026-03-25"),
        *people(6, "c", "2026-03-24", "2026-03-31"),  # a week later than anybody could by now
        *people(14, "d", "2026-03-31"),
        *people(4, "e", "2026-03-31", "2026-04-01"),
    ]
    row = found(engine_of(events), rules=NONE)["conversion"]
    assert (row["since"], row["until"]) == (WEEK.since, WEEK.until)
    assert (row["value"], row["people"]) == (4 / 18, 18)
    assert row["previous"] == 2 / 18
    assert row["verdict"] == "no clear change"


def test_rates_with_a_window_are_those_of_the_newest_week_that_is_over() -> None:
    events = [
        *people(60, "a", "2026-03-17", "2026-03-18"),
        *people(40, "b", "2026-03-17"),
        *people(20, "c", "2026-03-24", "2026-03-26"),
        *people(80, "d", "2026-03-24"),
        *people(5, "e", "2026-04-05"),
    ]
    rules = Rules(window=dt.timedelta(days=7))
    rows = found(engine_of(events), rules=rules)
    row = rows["conversion"]
    assert row["since"] == BEFORE.since
    assert (row["value"], row["previous"], row["change"]) == (0.2, 0.6, pytest.approx(-0.4))
    assert row["change_high"] < 0
    assert row["verdict"] == "down"
    time = rows["time"]
    assert (time["value"], time["previous"], time["change"]) == (172_800, 86_400, 86_400)
    assert (time["people"], time["p90"], time["verdict"]) == (20, 172_800, "not tested")


def test_new_buyers_are_first_purchases_and_repeaters_are_not() -> None:
    events = [
        *people(3, "a", "2026-03-01", "2026-03-02", "2026-03-24", "2026-04-01"),
        *people(10, "b", "2026-03-24", "2026-03-25"),
        *people(40, "c", "2026-03-24", "2026-03-31"),
    ]
    row = found(engine_of(events))["new_buyers"]
    assert (row["value"], row["previous"], row["change"]) == (40, 10, 3.0)
    assert row["change_low"] > 0
    assert row["verdict"] == "up"


def test_the_interval_of_a_change_of_counts_is_that_of_a_share() -> None:
    events = [
        *people(9, "a", "2026-03-24", "2026-03-25"),
        *people(27, "b", "2026-03-31", "2026-04-01"),
    ]
    row = found(engine_of(events))["new_buyers"]
    z, share, n = 1.959963984540054, 27 / 36, 36  # Wilson's interval of 27 of 36, as odds
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    low, high = middle - half, middle + half
    assert row["change_low"] == pytest.approx(low / (1 - low) - 1)
    assert row["change_high"] == pytest.approx(high / (1 - high) - 1)


def test_the_repeat_rate_and_k_are_of_first_buyers_whose_window_is_over() -> None:
    rules = Rules(window=dt.timedelta(days=7))
    events = [
        *people(4, "a", "2026-03-17", "2026-03-18"),
        *people(4, "b", "2026-03-17", "2026-03-18", "2026-03-20"),
        *people(9, "c", "2026-03-24", "2026-03-25"),
        *people(3, "d", "2026-03-24", "2026-03-25", "2026-03-31"),
        *people(1, "e", "2026-04-05"),
        *people(4, "f", "2026-03-26", "2026-03-28"),  # came by c0
        *people(4, "g", "2026-03-19"),  # came by a0
    ]
    brought = "CASE WHEN user_id LIKE 'f%' THEN 'c0' WHEN user_id LIKE 'g%' THEN 'a0' END"
    rows = found(engine_of(events, referrer_id=brought), rules=rules)
    repeat, k = rows["repeat_rate"], rows["k"]
    assert repeat["since"] == k["since"] == BEFORE.since
    assert (repeat["value"], repeat["people"], repeat["previous"]) == (3 / 16, 16, 0.5)
    assert (k["value"], k["people"], k["previous"]) == (4 / 16, 16, 0.0)
    assert k["low"] is not None
    assert k["verdict"] == "no clear change"


def of_customers(brought: int, customers: int) -> dict[str, Any]:
    """A row of `referrals`, whose customers brought one buyer each, or none."""
    k = brought / customers
    interval = bounded_interval(sample(brought, brought, customers))
    return {"customers": customers, "k": k, "k_low": interval[0], "k_high": interval[1]}


def test_a_k_of_none_is_no_surer_than_a_rate_of_none() -> None:
    change = of_k(of_customers(0, 46), of_customers(4, 54))  # p of Fisher's test: 0.12
    assert change["verdict"] == UNCLEAR
    assert change["change_low"] < -4 / 54 < 0 < change["change_high"]
    assert of_k(of_customers(0, 460), of_customers(40, 540))["verdict"] == DOWN
    assert of_k(of_customers(0, 46), of_customers(0, 54))["verdict"] == UNCLEAR


def test_nothing_before_nothing_to_compare_with() -> None:
    engine = engine_of(people(5, "a", "2026-03-31", "2026-04-01"))
    rows = found(engine, rules=NONE, period=Period(), as_of=None)
    assert {row["verdict"] for row in rows.values()} == {"no comparison"}
    assert rows["new_buyers"]["value"] == 5


def test_a_value_is_held_against_all_others() -> None:
    events = [
        *people(40, "m", "2026-03-31"),
        *people(20, "n", "2026-03-31", "2026-04-01"),
        *people(60, "s", "2026-03-31"),
        *people(2, "t", "2026-03-31", "2026-04-01"),
        *people(7, "x", "2026-03-31", "2026-04-01"),
    ]
    channel = "CASE WHEN user_id[1] IN ('m', 'n') THEN 'mail' WHEN user_id[1] = 'x' THEN 'fair' END"
    question = asked(model=STEPS, rules=NONE, by=("channel",))
    counted = funnel(engine_of(events, channel=channel), question)
    rows = {
        row["channel"]: row for row in with_rest(counted, 2).table("against_rest").frame.to_dicts()
    }
    mail, none, fair = rows["mail"], rows[None], rows["fair"]
    assert (mail["entrants"], mail["users"]) == (60, 20)
    assert (mail["rest_entrants"], mail["rest_users"]) == (69, 9)
    assert mail["difference"] == pytest.approx(20 / 60 - 9 / 69)
    assert (none["rest_entrants"], none["rest_users"]) == (67, 27)
    assert fair["difference_p"] is fair["difference_q"] is fair["difference_marked"] is None  # few
    p = {"mail": fisher(20, 60, 9, 69), None: fisher(2, 62, 27, 67)}
    assert mail["difference_p"] == pytest.approx(p["mail"])
    assert none["difference_p"] == pytest.approx(p[None])
    smaller, larger = sorted(p.values())
    assert none["difference_q"] == pytest.approx(min(2 * smaller, larger))
    assert mail["difference_q"] == pytest.approx(larger)
    assert none["difference_marked"] is True


def fisher(hits: int, of: int, others: int, rest: int) -> float:
    """Two-sided: all tables at most as likely as this one."""
    total = hits + others

    def weight(first: int) -> int:
        return comb(of, first) * comb(rest, total - first)

    seen = weight(hits)
    every = [weight(first) for first in range(max(0, total - rest), min(of, total) + 1)]
    return sum(one for one in every if one <= seen) / sum(every)


@pytest.mark.parametrize("attribution", ["all", "stage:buy"])
def test_rows_that_overlap_have_no_rest(attribution: str) -> None:
    engine = engine_of(people(90, "a", "2026-03-31", "2026-04-01"), channel="'mail'")
    question = asked(model=STEPS, rules=Rules(attribution=attribution), by=("channel",))
    (row,) = with_rest(funnel(engine, question), 2).table("against_rest").frame.to_dicts()
    assert row["users"] == 90
    assert row["rest_entrants"] is row["difference_q"] is None


def test_the_rates_of_an_open_funnel_are_of_all_who_entered_anywhere() -> None:
    two = MODEL._replace(
        stages=tuple(one for one in MODEL.stages if one.name in ("know", "try", "buy"))
    )
    events = [
        *people(2, "k", "2026-03-31"),
        *((f"t{at}", "trial_started", "2026-03-31 10:00") for at in range(40)),
        *((f"t{at}", "order_paid", "2026-03-31 11:00") for at in range(10)),
    ]
    question = asked(model=two, rules=Rules(closed=False), by=("channel",))
    engine = engine_of(events, channel="user_id[1]")
    counted = funnel(engine, question)
    found = measures(engine, question._replace(by=()), Seen(funnel=counted, previous=None))
    rows = found.table("measures").frame.to_dicts()
    (row,) = (one for one in rows if one["measure"] == "conversion")
    assert (row["label"], row["value"], row["people"]) == ("From entry to buy", 10 / 42, 42)
    rest = with_rest(counted, 3).table("against_rest").frame.to_dicts()
    assert {one["channel"]: one["entrants"] for one in rest} == {"k": 2, "t": 40}
