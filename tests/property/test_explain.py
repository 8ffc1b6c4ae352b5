"""What explain says of each event is true, and the events that count are the person's journey."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings

from hourglass.analyses.explain import explain
from hourglass.analyses.people import Wanted
from tests.property import oracle, product
from tests.property.oracle import EPOCH, Ask, Person, Times
from tests.property.strategies import TWISTS, Case, cases, crowd
from tests.property.test_people import NOBODY, RULES, TOGETHER, held_values, listed, spread

Row = dict[str, Any]


def told(case: Case, user: str) -> list[Row]:
    found = explain(product.fill(case.log), product.question(case), user, most=1000)
    return found.table("events").frame.to_dicts()


def instant(row: Row) -> int:
    return round((row["ts"].replace(tzinfo=EPOCH.tzinfo) - EPOCH).total_seconds() * 1e6)


def agrees(case: Case, user: str) -> set[str]:
    """Compare one person with the oracle; the rules that were named."""
    ask = oracle.judged(case.log, case.ask())
    log = [event for event in case.log if oracle.key_of(event, ask.rules) == user]
    person = oracle.people(log, ask).get(user, NOBODY)
    times = oracle.journey(person, ask)
    rows = told(case, user)
    mine = [event for event in log if ask.rules.where(event)]
    assert Counter((instant(row), row["event"]) for row in rows) == Counter(
        (event.ts, event.name) for event in mine
    )
    counted(ask, rows, oracle.taken(times))
    for row in rows:
        if not row["used"]:
            holds(ask, person, times, row)
    return {row["rule"] for row in rows}


def counted(ask: Ask, rows: list[Row], times: list[int]) -> None:
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


def holds(ask: Ask, person: Person, times: Times, row: Row) -> None:
    """The reason given is true of the event, by the definition."""
    rule, ts = row["rule"], instant(row)
    matched = [int(name[1:]) for name in (row["stages"] or "").split(", ") if name]
    same = [number for number, e in person.events if e.ts == ts and e.name == row["event"]]
    filled = [p for p in matched if any(n in person.fills[p - 1] for n in same)]
    if rule is None:
        assert not matched
    elif rule == "exclusion":
        holds_of_exclusions(ask, person, times, row)
    elif rule in ("nth", "first_time"):
        assert not filled
        assert any(getattr(ask.stages[p - 1], rule) for p in matched)
    elif rule == "hold":
        values = {oracle.value_of(e, ask.rules.hold) for n, e in person.events if n in same}
        holding = held_values(person, times, ask) if times else set()
        assert values - {min(holding, default=None)} if times else None in values
    elif ask.rules.order == "any":
        holds_in_any_order(ask, person, times, row)
    else:
        holds_in_order(ask, person, times, row, filled)


def holds_in_order(ask: Ask, person: Person, times: Times, row: Row, filled: list[int]) -> None:
    ts, reason, rules = instant(row), row["reason"], ask.rules
    at = {place: one for place, one in enumerate(times, 1) if one is not None}
    first, deepest = min(at, default=0), len(times)
    awaited = oracle.next_positions(ask, frozenset({deepest}))
    inside = [p for p in filled if first < p]

    def before(position: int) -> int:
        return next((at[p] for p in range(position - 1, 0, -1) if p in at), -inf)

    start = times[-1] if rules.window_from == "previous" and times else at.get(first, 0)
    if row["rule"] == "window":
        assert rules.window is not None
        assert ts - start > rules.window
    elif row["rule"] == "range":
        assert not oracle.in_period(ask, ts)
    elif row["rule"] == "min_gap":
        assert any(0 <= ts - before(p) < ask.stages[p - 1].min_gap for p in inside)
    elif row["rule"] == "within" and "later" in reason:
        assert any(ts - times[-1] > (ask.stages[p - 1].within or inf) for p in awaited)
    elif row["rule"] == "within":
        assert any(before(p) <= ts < at[p] for p in inside if p in at)
    elif row["rule"] == "optional":
        assert any(ask.stages[p - 1].optional for p in range(1, len(ask.stages) + 1))
        assert any(before(p) <= ts < at.get(p, inf) for p in inside if p < deepest or p in at)
    elif row["rule"] == "closed":
        assert min(filled) < first
        starts = [one for one in oracle.entries(person, ask) if one.position in filled]
        ways = [oracle.attempt_from(person, ask, one) for one in starts if one.event.ts == ts]
        assert all(len(way) < deepest for way in ways if oracle.taken(way)[0] == ts)
    elif "lay between" in reason:
        lies_between(ask, person, times, row)
    elif reason.startswith("too early: "):
        assert not any(
            oracle.nothing_between(person, ask, p, ts, at[p + 1]) for p in inside if p + 1 in at
        )
    elif "in an earlier line" in reason:
        assert ask.rules.ties == "row"
        assert any(ts == before(p) for p in inside)
    elif "by another event" in reason:
        assert any(0 < before(p) - ts <= rules.tie_tolerance for p in inside if p in at)
    elif "reached already" in reason:
        assert any(ts >= at[p] for p in inside if p in at)
    elif reason.startswith("too late for"):
        assert any(ts > min(at[q] for q in at if q > p) for p in inside if p not in at)
    elif "before its turn" in reason:
        assert any(p > max(awaited, default=inf) or not times or ts < before(p) for p in filled)
    else:
        assert row["rule"] in ("entry", "ties")
        if "not chosen because" in reason:
            entry_lost(ask, person, times, ts, reason)


def tries(ask: Ask, person: Person) -> dict[int, list[tuple[Times, int | None]]]:
    """The attempts of every entry by their instants, each with the instant of its strike."""
    found: dict[int, list[tuple[Times, int | None]]] = {}
    for start in oracle.entries(person, ask):
        way = oracle.attempt_from(person, ask, start)
        found.setdefault(start.event.ts, []).append((way, oracle.strike(person, ask, way)))
    return found


def holds_of_exclusions(ask: Ask, person: Person, times: Times, row: Row) -> None:
    """The same of what is said of exclusions."""
    ts, reason, found = instant(row), row["reason"], tries(ask, person)
    strikes = {at for some in found.values() for _, at in some if at is not None}
    names = sorted(
        e.name for _, e in person.events for one in ask.exclusions if e.ts == ts and one.matches(e)
    )
    if reason.startswith("excludes: "):
        assert ts in strikes
        assert row["event"] in names
    elif reason.startswith("strikes no attempt"):
        assert ts not in strikes or names[0] != row["event"]
    elif reason.startswith("after "):
        assert ask.rules.exclusion == "keep"
        assert any(at is not None and at < ts for _, at in found[times[0]])
    elif "struck by" in reason:
        assert ask.rules.exclusion != "keep"
        assert all(at is not None for _, at in found[ts])
    elif reason == "no attempt of this person counts":
        assert strikes
        assert not times
    else:
        assert reason == "an attempt that came further is struck"
        assert not times
        assert any(at is None for _, at in found[ts])


def lies_between(ask: Ask, person: Person, times: Times, row: Row) -> None:
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


def holds_in_any_order(ask: Ask, person: Person, times: Times, row: Row) -> None:
    """The same where windows are opened by any stage."""
    ts, reason = instant(row), row["reason"]
    if row["rule"] == "range":
        assert not oracle.in_period(ask, ts)
    elif row["rule"] == "window":
        assert ts - times[0] > oracle.reach(ask)
    elif "came already" in reason:
        for name in row["stages"].split(", "):
            rows = person.fills[int(name[1:]) - 1]
            assert min(e.ts for n, e in person.events if n in rows and e.ts >= times[0]) <= ts
    elif times:
        assert ts < times[0]
        if "comes only to" in reason:
            found = oracle.journey(person, replace(ask, may_enter=lambda entered: entered == ts))
            assert reason.endswith(f"any {len(found)}")
            assert len(found) < len(times)


def entry_lost(ask: Ask, person: Person, times: Times, ts: int, reason: str) -> None:
    """The attempt from this entry alone is what the reason says of it."""
    entered = oracle.taken(times)[0]
    assert ("earlier entry" in reason) == (ts < entered)
    if "the better one" in reason:
        assert ask.rules.hold or ask.rules.ties == "row"
        return
    first = times.index(entered)
    alone = oracle.journey(
        person,
        replace(
            ask,
            may_enter=lambda at: at == ts,
            may_fill=lambda position, event: position > first,
        ),
    )
    if "comes only to" in reason:
        assert reason.endswith(f"comes only to s{len(alone)}")
        assert len(alone) < len(times)
    elif reason.endswith("later"):
        assert len(alone) == len(times)
        assert alone[-1] > times[-1]
    else:
        assert reason.endswith("a later entry leads to the same")
        assert (len(alone), alone[-1]) == (len(times), times[-1])
        assert ts < entered


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
        for user in sorted({event.user for event in case.log if event.user})[:6]:
            named |= agrees(case, user)
    assert named >= {None, "entry", "order", "range", "window", "within", "min_gap", "reuse"}


def everybody(case: Case) -> None:
    """Compare each person of a small log."""
    keys = {oracle.key_of(event, case.ask().rules) for event in case.log}
    for user in sorted(key for key in keys if key is not None):
        agrees(case, user)


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_is_told_truly(twist: str) -> None:
    everybody(TWISTS[twist](crowd(0, 2)))
    everybody(TWISTS[twist](spread(crowd(1, 3))))


@pytest.mark.parametrize("pair", TOGETHER, ids=" & ".join)
def test_rules_that_are_explained_are_told_truly_together(pair: tuple[str, str]) -> None:
    for seed in range(2):
        everybody(TWISTS[pair[1]](TWISTS[pair[0]](spread(crowd(seed, 2)))))


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
