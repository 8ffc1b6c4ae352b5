"""What explain says of each event is true, and the events that count are the person's journey."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings

from hourglass.analyses.explain import explain
from hourglass.analyses.people import Wanted
from tests.property import oracle, product
from tests.property.oracle import EPOCH, Ask, Event
from tests.property.strategies import TWISTS, Case, cases, crowd
from tests.property.test_people import RULES, TOGETHER, listed, spread

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
    counted(ask, rows, times)
    for row in rows:
        if not row["used"]:
            holds(case, ask, user, times, row)
    return {row["rule"] for row in rows}


def counted(ask: Ask, rows: list[Row], times: oracle.Times) -> None:
    """The events that count are those of the journey, one a stage, each at its instant."""
    used = [row for row in rows if row["used"]]
    early = [row for row in used if row["rule"] == "tie_tolerance"]
    exact = Counter(instant(row) for row in used if row not in early)
    if ask.rules.reuse:
        assert not set(exact) - set(times)
    else:
        assert len(used) == len(times)
    for ts in set(times) - set(exact):
        raise AssertionError(f"nothing counts at {ts}")
    for row in early:
        assert any(0 < ts - instant(row) <= ask.rules.tie_tolerance for ts in times)
    if not ask.rules.reuse:
        assert sum((Counter(times) - exact).values()) == len(early)


def holds(case: Case, ask: Ask, user: str, times: oracle.Times, row: Row) -> None:
    """The reason given is true of the event, by the definition."""
    ts, reason, rules = instant(row), row["reason"], ask.rules
    positions = [int(name[1:]) for name in (row["stages"] or "").split(", ") if name]
    if rules.order == "any":
        holds_in_any_order(case, ask, user, times, row)
        return
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
    elif "lay between" in reason:
        lies_between(ask, oracle.people(case.log, ask)[user], times, row)
    elif reason.startswith("too early: what follows"):
        person = oracle.people(case.log, ask)[user]
        assert not any(
            oracle.nothing_between(person, ask, p, ts, times[p]) for p in positions if p < after - 1
        )
    elif "by another event" in reason:
        assert any(0 < times[p - 2] - ts <= rules.tie_tolerance for p in positions if 1 < p < after)
    elif "reached already" in reason:
        assert any(ts >= times[p - 1] for p in positions if 1 < p < after)
    elif "before its turn" in reason:
        assert any(p > after or not times or ts < times[p - 2] for p in positions)
    else:
        assert row["rule"] in ("entry", "ties")
        if "not chosen because" in reason:
            entry_lost(case, ask, user, times, ts, reason)


def lies_between(ask: Ask, person: oracle.Person, times: oracle.Times, row: Row) -> None:
    """The event that is named is one that strict order does not let pass."""
    name, when = re.fullmatch(r"(.+) at (.+) lay between \S+ and this", row["reason"]).groups()  # type: ignore[union-attr]
    assert not oracle.nothing_between(person, ask, len(times), times[-1], instant(row))
    zone = ZoneInfo(ask.rules.timezone)
    passing = person.fills[len(times) - 1] if ask.rules.strict_repeat == "pass" else ()
    assert any(
        event.name == name
        and times[-1] < event.ts < instant(row)
        and number not in passing
        and f"{(EPOCH + timedelta(microseconds=event.ts)).astimezone(zone):%F %T}" == when
        for number, event in person.events
    )


def holds_in_any_order(case: Case, ask: Ask, user: str, times: oracle.Times, row: Row) -> None:
    """The same where windows are opened by any stage."""
    ts, reason = instant(row), row["reason"]
    if row["rule"] is None:
        assert not row["stages"]
    elif row["rule"] == "range":
        event = Event(user, row["event"], ts, {})
        whole = replace(ask, rules=replace(ask.rules, where=lambda _: True))
        assert not oracle.readable(whole, event) or (not times and not oracle.in_period(ask, ts))
    elif row["rule"] == "window":
        assert ts - times[0] > oracle.reach(ask)
    elif "came already" in reason:
        person = oracle.people(case.log, ask)[user]
        for name in row["stages"].split(", "):
            rows = person.fills[int(name[1:]) - 1]
            assert min(e.ts for n, e in person.events if n in rows and e.ts >= times[0]) <= ts
    else:
        assert ts < times[0]
        if "comes only to" in reason:
            alone = replace(ask, may_enter=lambda entered: entered == ts)
            found = oracle.journeys(case.log, alone)[user]
            assert reason.endswith(f"any {len(found)}")
            assert len(found) < len(times)


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


def everybody(case: Case) -> None:
    """Compare each person of a small log."""
    keys = {oracle.key_of(event, case.ask().rules) for event in case.log}
    for user in sorted(key for key in keys if key is not None):
        agrees(case, user)


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_is_told_truly(twist: str) -> None:
    for seed in range(2):
        everybody(TWISTS[twist](crowd(seed, 3)))
        everybody(TWISTS[twist](spread(crowd(seed, 4))))


@pytest.mark.parametrize("pair", TOGETHER, ids=" & ".join)
def test_rules_that_are_explained_are_told_truly_together(pair: tuple[str, str]) -> None:
    for seed in range(2):
        everybody(TWISTS[pair[1]](TWISTS[pair[0]](spread(crowd(seed, 4)))))


@pytest.mark.parametrize("order", ["order = strict", "order = strict, pass", "order = any"])
@settings(max_examples=settings().max_examples // 4)
@given(case=cases())
def test_every_reason_is_true_in_every_order(order: str, case: Case) -> None:
    case = TWISTS[order](case)
    assume(case.answerable())
    everybody(case)


@pytest.mark.parametrize("order", ["order = strict", "order = strict, pass"])
def test_what_lay_between_is_named(order: str) -> None:
    case = TWISTS[order](spread(crowd(1, 60)))
    interrupted = listed(case, Wanted(reason="interrupted")).table("people").frame
    assert interrupted.height > 1
    for user, reached in interrupted.select("user_id", "reached").head(6).iter_rows():
        agrees(case, user)
        found = explain(product.fill(case.log), product.question(case), user)
        reasons = found.table("events").frame["reason"].to_list()
        assert any("lay between" in reason for reason in reasons)
        said = next(note for note in found.notes if note.startswith(f"{user} entered"))
        assert f"lay between s{reached} and s{reached + 1}" in said


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
