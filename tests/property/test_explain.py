"""What explain says of each event is true, and the events that count are the person's journey."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from hourglass.analyses.explain import explain
from tests.property import oracle, product
from tests.property.oracle import EPOCH, Ask, Event
from tests.property.strategies import TWISTS, Case, cases, crowd
from tests.property.test_people import RULES

Row = dict[str, Any]


def told(case: Case, user: str) -> list[Row]:
    found = explain(product.fill(case.log), product.question(case), user, most=1000)
    return found.table("events").frame.to_dicts()


def instant(row: Row) -> int:
    return round((row["ts"].replace(tzinfo=EPOCH.tzinfo) - EPOCH).total_seconds() * 1e6)


def agrees(case: Case, user: str) -> set[str]:
    """Compare one person with the oracle; the rules that were named."""
    ask = oracle.judged(case.log, case.ask())
    times = oracle.journeys(case.log, ask).get(user, ())
    rows = told(case, user)
    mine = [
        event
        for event in case.log
        if oracle.key_of(event, ask.rules) == user and ask.rules.where(event)
    ]
    assert Counter((instant(row), row["event"]) for row in rows) == Counter(
        (event.ts, event.name) for event in mine
    )
    used = [instant(row) for row in rows if row["used"]]
    assert set(used) == set(times) if ask.rules.reuse else sorted(used) == sorted(times)
    for row in rows:
        if not row["used"]:
            holds(case, ask, user, times, row)
    return {row["rule"] for row in rows}


def holds(case: Case, ask: Ask, user: str, times: oracle.Times, row: Row) -> None:
    """The reason given is true of the event, by the definition."""
    ts, reason, rules = instant(row), row["reason"], ask.rules
    positions = [int(name[1:]) for name in (row["stages"] or "").split(", ") if name]
    after = len(times) + 1
    start = times[0] if rules.window_from == "entry" and times else times[-1] if times else 0
    if row["rule"] is None:
        assert not positions
    elif row["rule"] == "window":
        assert rules.window is not None
        assert ts - start > rules.window
    elif row["rule"] == "range":
        event = Event(user, row["event"], ts, {})
        outside = not oracle.readable(
            replace(ask, rules=replace(rules, where=lambda _: True)), event
        )
        assert outside or (positions[0] == 1 and not oracle.in_period(ask, ts))
    elif row["rule"] == "min_gap":
        assert any(
            0 <= ts - times[p - 2] < ask.stages[p - 1].min_gap for p in positions if 1 < p <= after
        )
    elif row["rule"] == "within" and "later" in reason:
        within = ask.stages[after - 1].within
        assert within is not None
        assert ts - times[-1] > within
    elif row["rule"] == "within":
        assert any(times[p - 2] <= ts < times[p - 1] for p in positions if 1 < p < after)
    elif "reached already" in reason:
        assert any(ts >= times[p - 1] for p in positions if 1 < p < after)
    elif "before its turn" in reason:
        assert any(p > after or not times or ts < times[p - 2] for p in positions)
    else:
        assert row["rule"] in ("entry", "ties")
        if "not chosen because" in reason:
            entry_lost(case, ask, user, times, ts, reason)


def entry_lost(case: Case, ask: Ask, user: str, times: oracle.Times, ts: int, reason: str) -> None:
    """The attempt from this entry alone is what the reason says of it."""
    alone = oracle.journeys(case.log, replace(ask, may_enter=lambda entered: entered == ts))[user]
    assert ("earlier entry" in reason) == (ts < times[0])
    if "comes only to" in reason:
        assert reason.endswith(f"comes only to s{len(alone)}")
        assert len(alone) < len(times)
    elif reason.endswith("later"):
        assert len(alone) == len(times)
        assert alone[-1] > times[-1]
    else:
        assert reason.endswith("a later entry leads to the same")
        assert (len(alone), alone[-1]) == (len(times), times[-1])
        assert ts < times[0]


@settings(max_examples=settings().max_examples // 2)
@given(cases())
def test_every_reason_is_true_of_its_event(case: Case) -> None:
    users = [event.user for event in case.log if event.user is not None]
    if users:
        agrees(case, users[0])


def test_every_rule_is_named_for_somebody() -> None:
    named: set[str | None] = set()
    for seed in range(8):
        case = crowd(seed, 60)
        for user in sorted({event.user for event in case.log if event.user})[:8]:
            named |= agrees(case, user)
    assert named >= {None, "entry", "order", "range", "window", "within", "min_gap", "reuse"}


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_is_told_truly(twist: str) -> None:
    for seed in range(2):
        case = TWISTS[twist](crowd(seed, 60))
        keys = {oracle.key_of(event, case.ask().rules) for event in case.log}
        for user in sorted(key for key in keys if key is not None)[:4]:
            agrees(case, user)


@pytest.mark.parametrize("most", [0, 3])
def test_the_events_that_count_are_shown_however_few_others_are(most: int) -> None:
    case = crowd(3, 60)
    for user in sorted({event.user for event in case.log if event.user})[:8]:
        found = explain(product.fill(case.log), product.question(case), user, most=most)
        rows = found.table("events").frame.to_dicts()
        times = product.times(case).get(user, ())
        assert sorted(instant(row) for row in rows if row["used"]) == sorted(times)
        whole = told(case, user)
        assert [row for row in whole if row["n"] in {one["n"] for one in rows}] == rows
        said = any("are not shown" in note for note in found.notes)
        assert said == (len(rows) < len(whole))
