"""Every figure of retention is the one that an independent count gives, whatever the log."""

import math
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.analyses.question import Question
from hourglass.analyses.retention import retention
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.result import Period, Result
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step
from tests.property import oracle_purchases as oracle
from tests.property.oracle_purchases import Event

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
START = 1_711_836_000 * SECOND
"""Saturday 2024-03-30 22:00 UTC, hours before clocks in Europe go forward."""
GAPS = (0, 1, HOUR - 1, HOUR, HOUR + 1, 3 * HOUR, DAY - 1, DAY, DAY + 1, 5 * DAY, 31 * DAY)
NAMES = ("view", "order", "upgrade")
AMOUNTS = (None, 0.0, 5.0, 20.0, 2.5)
ZONES = ("UTC", "Europe/Helsinki", "America/New_York")
REPEATS = {
    None: lambda event: False,
    "order": lambda event: event.name == "order",
    "upgrade": lambda event: event.name == "upgrade",
    "*": lambda event: True,
    "upgrade where revenue >= 5": lambda event: (
        event.name == "upgrade" and (event.revenue or 0) >= 5
    ),
}
"""What may be a further purchase, beside any order: in words, and what it means."""
TOLD = {
    "window": None, "since": None, "until": None, "as_of": None, "min_gap": 0,
    "timezone": "UTC", "week_start": "monday",
}  # fmt: skip
"""What the product is told where nothing is asked but the purchases; `repeat` is missing."""


def moment(ts: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(microseconds=ts)


def filled(log: list[Event]) -> DuckDBEngine:
    engine = DuckDBEngine.in_memory()  # no question finds a table that another one made
    connection = engine.connection
    connection.execute(
        "create table events (user_id varchar, event varchar, ts timestamp,"
        " revenue double, channel varchar)"
    )
    values = [
        one
        for event in log
        for one in (event.user, event.name, moment(event.ts), event.revenue, event.channel)
    ]
    connection.execute(
        f"insert into events values {', '.join(['(?, ?, ?, ?, ?)'] * len(log))}", values
    )
    return engine


def without_money(log: list[Event]) -> DuckDBEngine:
    engine = filled(log)
    engine.connection.execute("alter table events drop column revenue")
    return engine


@st.composite
def logs(draw: st.DrawFn, most: int = 14) -> list[Event]:
    users = draw(st.sampled_from((("a",), ("a", "b", None), ("a", "b", "c", "d", "e"))))
    log, now = [], dict.fromkeys(users, START)
    for _ in range(draw(st.integers(1, most))):
        user = draw(st.sampled_from(users))
        now[user] += draw(st.sampled_from(GAPS))
        name = draw(st.sampled_from(NAMES if log else ("order",)))
        channel = draw(st.sampled_from((None, "", "ads", "mail", "shop")))
        log.append(Event(user, name, now[user], draw(st.sampled_from(AMOUNTS)), channel))
    return log


@st.composite
def asks(draw: st.DrawFn, log: list[Event]) -> tuple[oracle.Ask, dict[str, Any]]:
    """A question as the oracle takes it, and what the product is told."""
    instants = sorted({event.ts for event in log})
    bounds = st.none() | st.sampled_from([ts + off for ts in instants for off in (0, 1)])
    since, until, as_of = draw(bounds), draw(bounds), draw(bounds)
    if since is not None and until is not None and since >= until:
        since = None
    repeat = draw(st.sampled_from(list(REPEATS)))
    min_gap = draw(st.sampled_from((0, HOUR, DAY))) if repeat else 0
    window = draw(st.sampled_from((None, HOUR, DAY, 5 * DAY)))
    told = {
        "repeat": repeat, "min_gap": min_gap, "window": window, "since": since, "until": until,
        "as_of": as_of, "unit": draw(st.sampled_from(("day", "week", "month"))),
        "timezone": draw(st.sampled_from(ZONES)),
        "week_start": draw(st.sampled_from(("monday", "sunday"))),
    }  # fmt: skip
    return (
        oracle.Ask(
            buys=lambda event: event.name == "order" or REPEATS[repeat](event),
            min_gap=min_gap,
            window=window or 30 * DAY,
            as_of=instants[-1] if as_of is None else as_of,
            since=-math.inf if since is None else since,
            until=math.inf if until is None else until,
            unit=told["unit"],
            timezone=told["timezone"],
            week_start=told["week_start"],
        ),
        told,
    )


def question(told: dict[str, Any], **more: Any) -> Question:
    stages = [
        Stage(name="know", steps=(Step(events=("view",)),)),
        Stage(name="buy", steps=(Step(events=("order",)),)),
    ]
    if told["repeat"]:
        name, _, where = told["repeat"].partition(" where ")
        step = Step(events=(name,), where=where or None)
        gap = timedelta(microseconds=told["min_gap"])
        stages.append(Stage(name="repeat", steps=(step,), min_gap=gap))
    window = None if told["window"] is None else timedelta(microseconds=told["window"])
    since, until, as_of = (
        None if told[name] is None else moment(told[name]) for name in ("since", "until", "as_of")
    )
    rules = Rules(window=window, timezone=told["timezone"], week_start=told["week_start"])
    return Question(
        model=Model(name="hourglass", stages=tuple(stages)),
        rules=rules,
        period=Period(since=since, until=until, timezone=told["timezone"]),
        as_of=as_of,
        **more,
    )


def same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted)
    for row, right in zip(found, wanted, strict=True):
        for name, value in row.items():
            expected = right[name]
            if isinstance(value, float) and expected is not None:
                expected = pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert value == expected, (name, row, right)


def rows(result: Result, table: str) -> list[dict[str, Any]]:
    return result.table(table).frame.to_dicts()


def asked(data: st.DataObject, most: int = 14) -> tuple[list[Event], oracle.Ask, dict[str, Any]]:
    log = data.draw(logs(most))
    ask, told = data.draw(asks(log))
    return log, ask, told


@given(data=st.data())
def test_the_curve_is_that_of_the_oracle(data: st.DataObject) -> None:
    log, ask, told = asked(data)
    found = retention(filled(log), question(told), unit=ask.unit, purchases=99)
    same(rows(found, "curve"), oracle.curve(oracle.cohort(log, ask), ask))


@given(data=st.data())
def test_the_summary_is_that_of_the_oracle(data: st.DataObject) -> None:
    log, ask, told = asked(data, most=60)  # who has lapsed takes 30 gaps
    people = oracle.cohort(log, ask)
    found = retention(filled(log), question(told), unit=ask.unit)
    wanted = oracle.summary(people, oracle.lapsed_after(people), ask)
    same(rows(found, "summary"), [wanted])
    paid = any(one.revenue is not None for bought in people.values() for one in bought)
    assert ("revenue" in rows(found, "summary")[0]) == paid


@given(data=st.data())
def test_without_money_it_is_that_of_the_oracle_too(data: st.DataObject) -> None:
    log, ask, told = asked(data)
    if "revenue" in (told["repeat"] or ""):
        return
    log = [event._replace(revenue=None) for event in log]
    found = retention(without_money(log), question(told), unit=ask.unit, purchases=99)
    people = oracle.cohort(log, ask)
    same(rows(found, "curve"), oracle.curve(people, ask))
    same(rows(found, "summary"), [oracle.summary(people, oracle.lapsed_after(people), ask)])


def test_both_stages_tell_purchases_without_money() -> None:
    log = [Event("a", "order", START), Event("a", "upgrade", START + DAY)]
    found = retention(without_money(log), question({**TOLD, "repeat": "upgrade"}))
    (summary,) = rows(found, "summary")
    assert (summary["buyers"], summary["purchases"]) == (1, 2)


@given(data=st.data())
def test_the_grid_is_that_of_the_oracle(data: st.DataObject) -> None:
    log, ask, told = asked(data)
    found = retention(filled(log), question(told), unit=ask.unit)
    same(rows(found, "cohorts"), oracle.grid(oracle.cohort(log, ask), ask))


@pytest.mark.parametrize("seed", range(6))
def test_a_crowd_whose_windows_end_with_the_data_is_that_of_the_oracle(seed: int) -> None:
    drawn = random.Random(seed)
    log = [
        Event(f"u{drawn.randrange(12)}", "order", START + drawn.randrange(9) * DAY,
              drawn.choice(AMOUNTS), None)
        for _ in range(60)
    ]  # fmt: skip
    told = {**TOLD, "repeat": "order", "window": drawn.choice((DAY, 5 * DAY))}
    ask = oracle.Ask(
        buys=lambda event: True, min_gap=0, window=told["window"],
        as_of=max(event.ts for event in log), since=-math.inf, until=math.inf,
        unit=drawn.choice(("day", "week")), timezone="UTC", week_start="monday",
    )  # fmt: skip
    people = oracle.cohort(log, ask)
    found = retention(filled(log), question(told), unit=ask.unit, purchases=99)
    same(rows(found, "cohorts"), oracle.grid(people, ask))
    same(rows(found, "curve"), oracle.curve(people, ask))
    same(rows(found, "summary"), [oracle.summary(people, oracle.lapsed_after(people), ask)])


@given(data=st.data(), last=st.booleans())
def test_each_row_of_a_breakdown_is_the_summary_of_its_people(
    data: st.DataObject, last: bool
) -> None:
    log, ask, told = asked(data)
    asking = question(told, by=("channel",), top=1)
    touch = "last_touch" if last else "first_touch"
    rules = {name: getattr(asking.rules, name) for name in ("window", "timezone", "week_start")}
    asking = Question(
        model=asking.model, rules=Rules(attribution=touch, **rules), period=asking.period,
        as_of=asking.as_of, by=asking.by, top=asking.top,
    )  # fmt: skip
    people = oracle.cohort(log, ask)
    groups: dict[str | None, list[str]] = {}
    for user in people:
        groups.setdefault(_touch(log, user, ask, last=last), []).append(user)
    ranked = sorted(filter(None, groups), key=lambda value: (-len(groups[value]), value))
    wanted = [(ranked[0], False, groups[ranked[0]])] if ranked else []
    if len(ranked) > 1:
        wanted.append((None, True, [user for one in ranked[1:] for user in groups[one]]))
    if None in groups:
        wanted.append((None, False, groups[None]))
    found = rows(retention(filled(log), asking, unit=ask.unit), "breakdown")
    assert [(row["channel"], row["other"]) for row in found] == [one[:2] for one in wanted]
    threshold = oracle.lapsed_after(people)
    for row, (_, _, users) in zip(found, wanted, strict=True):
        del row["channel"], row["other"]
        same([row], [oracle.summary({one: people[one] for one in users}, threshold, ask)])


def _touch(log: list[Event], user: str, ask: oracle.Ask, *, last: bool) -> str | None:
    """The channel of a person's first (or last) event of any stage that has one."""
    shown = [
        (-event.ts if last else event.ts, event.channel)
        for event in log
        if event.user == user
        and event.channel
        and (event.name == "view" or ask.buys(event))
        and event.ts <= ask.as_of
    ]
    return min(shown)[1] if shown else None


@given(log=logs(most=30), gap=st.sampled_from((1, HOUR, DAY)))
def test_purchases_keep_their_gap_and_lose_no_money(log: list[Event], gap: int) -> None:
    told = dict.fromkeys(("window", "since", "until", "as_of"))
    told |= {"repeat": "order", "min_gap": gap, "timezone": "UTC", "week_start": "monday"}
    made = filled(log)
    retention(made, question(told), unit="month")
    found: dict[str, list[tuple[int, float | None]]] = {}
    made.make("named", "map/people")
    query = (
        "select user_id, ts_us, revenue from purchases join named using (person_key)"
        " order by user_id, number"
    )
    for user, ts, revenue in made.connection.execute(query).fetchall():
        found.setdefault(user, []).append((ts, revenue))
    wanted = oracle.histories(log, lambda event: event.name == "order", gap)
    assert found == {user: [tuple(one) for one in bought] for user, bought in wanted.items()}
