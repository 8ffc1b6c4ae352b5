"""Referrals against a plain-Python oracle, on small logs full of ties, cycles and odd referrers."""

from datetime import UTC, datetime, timedelta
from math import isclose, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.analyses.question import Question
from hourglass.analyses.referrals import referrals
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.result import Period, Result
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step
from tests.property import oracle_referrals as oracle
from tests.property.oracle_referrals import Answer, Ask, Event

HOUR = 3_600_000_000
WINDOW = 4 * HOUR
START = 1_711_836_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = ("a", "b", "c", "d", "e", "f")
REFERRERS = (None, None, "", *PEOPLE, "nobody")
OFFSETS = (0, 0, 1, HOUR - 1, HOUR, HOUR + 1, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 9 * HOUR)
STAGES = ("visit", "order")
"""Names of events that are stages; the others have no value for a breakdown."""

instants = st.sampled_from([START + offset for offset in OFFSETS])
events = st.builds(
    Event,
    user=st.sampled_from((*PEOPLE, *PEOPLE, None)),
    name=st.sampled_from(("visit", "order", "order", "noise")),
    ts=instants,
    referrer=st.sampled_from(REFERRERS),
    revenue=st.sampled_from((None, 0.0, 1.25, 30.5, -2.0)),
    channel=st.sampled_from((None, "", "ads", "web")),
)
buying = st.builds(
    Event,
    user=st.sampled_from(PEOPLE),
    name=st.just("order"),
    ts=instants,
    referrer=st.sampled_from(REFERRERS),
)
"""Without enough buyers no referral counts."""
logs = st.builds(
    lambda some, more: [Event("a", "order", START), *some, *more],
    st.lists(events, max_size=16),
    st.lists(buying, max_size=8),
)
asks = st.builds(
    Ask,
    window=st.just(WINDOW),
    min_gap=st.sampled_from((0, 0, HOUR)),
    since=st.sampled_from((None, None, START, START + 1, START + HOUR)),
    until=st.sampled_from((None, None, START + WINDOW, START + 2 * WINDOW)),
    as_of=st.sampled_from((None, START + 2 * WINDOW, START + 100 * HOUR, START + 100 * HOUR)),
)


def moment(ts: int | None) -> datetime | None:
    return None if ts is None else (EPOCH + timedelta(microseconds=ts)).replace(tzinfo=None)


def fill(log: list[Event]) -> DuckDBEngine:
    engine = DuckDBEngine.in_memory()  # no question finds a table that another one made
    connection = engine.connection
    connection.execute(
        "create table events (user_id varchar, event varchar, ts timestamp,"
        " channel varchar, revenue double, referrer_id varchar)"
    )
    rows = [
        (one.user, one.name, moment(one.ts), one.channel, one.revenue, one.referrer) for one in log
    ]
    connection.execute(
        f"insert into events values {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(rows))}",
        [value for row in rows for value in row],
    )
    return engine


def question(ask: Ask, **more: Any) -> Question:
    stages = (
        Stage(name="know", steps=(Step(events=("visit",)),)),
        Stage(name="buy", steps=(Step(events=("order",)),)),
        Stage(
            name="repeat",
            steps=(Step(events=("order",)),),
            min_gap=timedelta(microseconds=ask.min_gap),
        ),
    )
    return Question(
        model=Model(name="hourglass", stages=stages),
        rules=Rules(window=timedelta(microseconds=ask.window)),
        period=Period(since=moment(ask.since), until=moment(ask.until)),
        as_of=moment(ask.as_of),
        **more,
    )


def counted(log: list[Event], ask: Ask, **more: Any) -> Result:
    return referrals(fill(log), question(ask, **more), show_ids=True)


def rows(result: Result, name: str) -> list[dict[str, Any]]:
    return result.table(name).frame.to_dicts()


def as_of(log: list[Event], ask: Ask) -> int:
    return ask.as_of if ask.as_of is not None else max(one.ts for one in log)


@given(logs, asks)
def test_all_figures_are_as_defined(log: list[Event], ask: Ask) -> None:
    found, result = oracle.answer(log, ask), counted(log, ask)
    named = {row["fate"]: row["people"] for row in rows(result, "named")}
    assert {fate: people for fate, people in named.items() if people} == found.fates()
    k_and_its_parts(found, result)
    cycle_times(found, result)
    trees_and_champions(found, result, ask)
    the_referred_against_others(found, result, ask, as_of(log, ask))


def k_and_its_parts(found: Answer, result: Result) -> None:
    customers, referred, bought = found.parts(found.customers)
    (row,) = rows(result, "referrals")
    assert (row["customers"], row["referred"], row["bought"]) == (
        customers,
        sum(referred),
        sum(bought),
    )
    if not customers:
        assert row["i"] is row["k"] is row["i_low"] is row["k_high"] is None
        return
    assert row["i"] == sum(referred) / customers
    assert row["k"] == sum(bought) / customers
    assert (row["c"] is None) == (sum(referred) == 0)
    if row["c"] is not None:
        assert isclose(row["k"], row["i"] * row["c"], abs_tol=1e-12)
    for name, values in (("i", referred), ("k", bought)):
        as_student_says(row[f"{name}_low"], row[f"{name}_high"], values)


def as_student_says(low: float | None, high: float | None, values: list[int]) -> None:
    """Compare an interval with the textbook's: mean, t and the spread of the sample."""
    if len(values) < 2 or len(set(values)) == 1:
        assert low is high is None
        return
    t = (12.706, 4.303, 3.182, 2.776, 2.571)[len(values) - 2]  # 97.5 % points of 1 to 5 degrees
    half = t * sqrt(oracle.variance(values) / len(values))
    middle = sum(values) / len(values)
    assert low is not None
    assert isclose(low, max(0.0, middle - half), abs_tol=2e-3)
    assert high is not None
    assert isclose(high, middle + half, abs_tol=2e-3)


def cycle_times(found: Answer, result: Result) -> None:
    times = {
        row["until_event"]: (row["people"], row["median_seconds"], row["p90_seconds"])
        for row in rows(result, "cycle_times")
    }
    for name, (people, median, p90) in found.cycle_times().items():
        assert times[name][0] == people
        assert times[name][1:] == pytest.approx((median, p90), abs=1e-6)


def trees_and_champions(found: Answer, result: Result, ask: Ask) -> None:
    chains = found.chains()
    trees: dict[str, int] = {}
    for line in chains.values():
        trees[line[-1]] = trees.get(line[-1], 1) + 1
    assert rows(result, "tree") == [
        {
            "trees": len(trees),
            "people": sum(trees.values()),
            "generations": max(map(len, chains.values()), default=0),
            "largest": max(trees.values(), default=0),
        }
    ]
    lengths = [len(line) for line in chains.values()]
    assert [(row["generation"], row["people"]) for row in rows(result, "generations")] == [
        (length, lengths.count(length)) for length in sorted(set(lengths))
    ]
    brought: dict[str, list[bool]] = {}
    for one in found.people.values():
        if one.valid and oracle.in_period(one.came, ask):
            brought.setdefault(str(one.referrer), []).append(one.bought is not None)
    champions = sorted((-sum(some), -len(some), user) for user, some in brought.items())
    assert [
        (-row["bought"], -row["referred"], row["user_id"]) for row in rows(result, "champions")
    ] == champions


def the_referred_against_others(
    found: Answer, result: Result, ask: Ask, observed_until: int
) -> None:
    came = oracle.came(found, ask, observed_until)
    buyers = oracle.buyers(found, ask)
    buy, repeat = rows(result, "rates")
    revenue, made = rows(result, "means")
    (times,) = rows(result, "times")
    for side, name in ((True, "referred"), (False, "others")):
        people, bought, median = came[side]
        assert (buy[f"{name}_people"], times[f"{name}_people"]) == (people, bought)
        assert buy[f"{name}_rate"] == (bought / people if people else None)
        assert times[f"{name}_median_seconds"] == pytest.approx(median)
        some = buyers[side]
        assert repeat[f"{name}_people"] == revenue[f"{name}_people"] == some.count
        if some.count:
            assert repeat[f"{name}_rate"] == some.again / some.count
            assert isclose(revenue[f"{name}_mean"], sum(some.revenue) / some.count, abs_tol=1e-9)
            assert made[f"{name}_mean"] == sum(some.brought) / some.count
    new = [one for one in found.people.values() if oracle.in_period(one.bought, ask)]
    (share,) = rows(result, "new_buyers")
    assert share["new_buyers"] == len(new)
    assert share["referred"] == sum(one.valid for one in new)


@given(logs, asks)
def test_k_by_a_value_of_the_customer(log: list[Event], ask: Ask) -> None:
    read = [one for one in log if ask.until is None or one.ts < ask.until]
    touched = [
        one if one in read and one.name in STAGES else Event(one.user, one.name, one.ts,
                                                               one.referrer, one.revenue)
        for one in log
    ]  # fmt: skip
    found = oracle.answer(touched, ask)
    expected = {
        value: (count, sum(referred), sum(bought))
        for value, some in oracle.groups(found.customers).items()
        for count, referred, bought in [found.parts(some)]
    }
    result = counted(log, ask, by=("channel",))
    assert {
        row["channel"]: (row["customers"], row["referred"], row["bought"])
        for row in rows(result, "breakdown")
    } == expected


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 12)), max_size=14, unique_by=lambda edge: edge[0]))  # fmt: skip  # noqa: E501
def test_cycles_of_any_length_and_trees_that_hang_from_them(edges: list[tuple[int, int]]) -> None:
    log = [Event(f"p{number}", "order", START) for number in range(12)]
    log += [Event(f"p{one}", "visit", START, referrer=f"p{other}") for one, other in edges]
    ask = Ask(window=WINDOW, as_of=START + 100 * HOUR)
    named = {row["fate"]: row["people"] for row in rows(counted(log, ask), "named")}
    found = oracle.answer(log, ask)
    assert {fate: people for fate, people in named.items() if people} == found.fates()
    (tree,) = rows(counted(log, ask), "tree")
    assert tree["generations"] == max(map(len, found.chains().values()), default=0)
