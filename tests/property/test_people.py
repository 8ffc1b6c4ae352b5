"""Every person of a list: as far as the funnel says, for the reason that the definition says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from hourglass.analyses.people import Wanted, people
from hourglass.analyses.reasons import _EXPLAINED, REASONS
from hourglass.errors import UsageError
from hourglass.result import Result
from tests.property import oracle, product
from tests.property.oracle import SECOND, Ask, Event, Person, Times
from tests.property.product import builds
from tests.property.strategies import (
    DAY,
    HOUR,
    START,
    TWISTS,
    Case,
    StageSpec,
    StepSpec,
    cases,
    crowd,
    moment,
)
from tests.property.test_oracle_rules import PLAIN, rule_of

RULES = (
    *("count = session", "window_from = previous", "entry = first", "entry = last"),
    *("ties = later", "ties = row", "reuse", "tie_tolerance", "tie_tolerance, long"),
    *("order = strict", "order = strict, pass", "order = any", "order = any, shared"),
    *("exclusion = drop", "exclusion = drop, all along", "exclusion = void", "exclusion = keep"),
    *("first_time = event", "first_time = matching", "nth = 1", "nth = 2"),
    *("optional", "optional, third", "closed = false", "hold"),
)
"""Rules under which people are explained: all of them."""

TOGETHER = (
    ("order = strict", "ties = later"),
    ("order = strict, pass", "entry = first"),
    ("order = strict", "window_from = previous"),
    ("order = strict, pass", "reuse"),
    ("order = any", "entry = first"),
    ("order = any, shared", "entry = last"),
    ("tie_tolerance, long", "entry = last"),
    ("tie_tolerance, long", "reuse"),
    ("exclusion = keep", "entry = last"),
    ("exclusion = drop", "order = strict, pass"),
    ("tie_tolerance, long", "exclusion = drop, all along"),
    ("exclusion = void", "window_from = previous"),
    ("order = any", "exclusion = void"),
    ("order = any, shared", "hold"),
    ("optional", "ties = later"),
    ("optional", "ties = row"),
    ("ties = row", "reuse"),
    ("ties = row", "entry = last"),
    ("ties = row", "window_from = previous"),
    ("optional, third", "reuse"),
    ("optional", "nth = 2"),
    ("closed = false", "entry = first"),
    ("closed = false", "order = strict"),
    ("hold", "closed = false"),
    ("hold", "order = strict, pass"),
    ("tie_tolerance, long", "hold"),
    ("hold", "nth = 1"),
)
"""Pairs of them that meet in what a reason is made of."""


NOBODY = Person([], ())


def listed(case: Case, wanted: Wanted) -> Result:
    return people(product.fill(case.log), product.question(case), wanted)


def reason(person: Person, times: Times, ask: Ask) -> str:
    """Why a person came no further: docs/people.md, sentence by sentence."""
    if not times:
        return "excluded" if struck(person, times, ask) else "not entered"
    if len(times) == len(ask.stages):
        return "completed"
    entered = oracle.taken(times)[0]
    if not oracle.window_over(ask, entered):
        return "still open"
    if struck(person, times, ask):
        return "excluded"
    if ask.rules.order == "any":
        return reason_in_any_order(person, times, ask)
    return next((one for one in reasons(person, times, ask)), "before")


def reasons(person: Person, times: Times, ask: Ask) -> Iterator[str]:
    """Every reason that holds, in the order in which they count."""
    rules, last = ask.rules, times[-1]
    start = oracle.taken(times)[0] if rules.window_from == "entry" else last
    came = [
        (ask.stages[position - 1], event)
        for position in oracle.next_positions(ask, frozenset({len(times)}))
        for row, event in person.events
        if row in person.fills[position - 1]
    ]

    def late(stage: oracle.Stage, ts: int) -> bool:
        return (rules.window is not None and ts - start > rules.window) or (
            stage.within is not None and ts - last > stage.within
        )

    def alone(ts: int) -> bool:
        return rules.order != "strict" or oracle.nothing_between(person, ask, len(times), last, ts)

    if not came:
        yield "never"
    after = [(s, e.ts) for s, e in came if e.ts >= last and e.ts - last >= s.min_gap]
    if any(not late(stage, ts) and not alone(ts) for stage, ts in after):
        yield "interrupted"
    if any(
        other_value(event, person, times, ask) and not late(stage, event.ts) and alone(event.ts)
        for stage, event in came
        if event.ts - last >= (stage.min_gap or -rules.tie_tolerance)
        and (rules.ties == "helpful" or event.ts > last)
    ):
        yield "other value"
    if any(ts > last for _, ts in after):
        assert all(late(stage, ts) for stage, ts in after if ts > last)
        yield "too late"
    if any(last <= event.ts < last + stage.min_gap for stage, event in came):
        yield "too soon"
    if any(last == event.ts for _, event in came):
        used = rules.ties == "helpful" or (rules.ties == "row" and only_used(person, times, ask))
        yield "reused" if used else "tie"
    tolerated = rules.tie_tolerance
    assert all(e.ts < last - (0 if stage.min_gap else tolerated) for stage, e in came)


def only_used(person: Person, times: Times, ask: Ask) -> bool:
    """Whether of the next stage nothing came at the last instant but the event that is used there.

    That is the first of the file that ends an attempt of just these times.
    """

    def ends_it(row: int) -> bool:
        before, after = person.fills[: len(times) - 1], person.fills[len(times) :]
        alone = Person(person.events, (*before, frozenset({row}), *after))
        return oracle.journey(alone, ask) == times

    those = [row for row, event in person.events if event.ts == times[-1]]
    own = next(row for row in sorted(those) if row in person.fills[len(times) - 1] and ends_it(row))
    further = oracle.next_positions(ask, frozenset({len(times)}))
    return not any(row in person.fills[p - 1] for p in further for row in those if row != own)


def held_values(person: Person, times: Times, ask: Ask) -> set[str]:
    """The values with which an attempt of just these times can be made."""
    column = ask.rules.hold or ""
    values = {oracle.value_of(event, column) for _, event in person.events} - {None}
    return {one for one in values if oracle.journey(person, holding(ask, one)) == times}


def holding(ask: Ask, value: str | None) -> Ask:
    column = ask.rules.hold or ""
    return replace(ask, may_fill=lambda _, event: oracle.value_of(event, column) == value)


def other_value(event: Event, person: Person, times: Times, ask: Ask) -> bool:
    """Whether an event carries another value than the attempt that counts, or none."""
    if ask.rules.hold is None:
        return False
    return oracle.value_of(event, ask.rules.hold) != min(held_values(person, times, ask))


def struck(person: Person, times: Times, ask: Ask) -> list[tuple[int, str]]:
    """The strikes, each with the name of its event, of attempts that would have come further."""
    found = []
    for start in oracle.entries(person, ask):
        whole = oracle.attempt_from(person, ask, start)
        at = oracle.strike(person, ask, whole)
        if at is not None and len(whole) > len(times):
            found += [
                (at, event.name)
                for _, event in person.events
                for exclusion in ask.exclusions
                if event.ts == at
                and exclusion.matches(event)
                and oracle.runs_into(ask, exclusion, whole, at)
            ]
    return found


def missing(person: Person, times: Times, ask: Ask) -> list[int]:
    """The positions of the stages that never came inside the window of an opening."""
    return [
        position
        for position in range(1, len(ask.stages) + 1)
        if not any(
            row in person.fills[position - 1]
            and 0 <= event.ts - times[0] <= oracle.reach(ask)
            and not other_value(event, person, times, ask)
            for row, event in person.events
        )
    ]


def reason_in_any_order(person: Person, times: Times, ask: Ask) -> str:
    rows = [person.fills[position - 1] for position in missing(person, times, ask)]
    came = [event for row, event in person.events if any(row in some for some in rows)]
    if not came:
        return "never"
    after = [event for event in came if event.ts >= times[0]]
    if any(event.ts <= times[0] + oracle.reach(ask) for event in after):
        assert ask.rules.hold
        return "other value"
    return "too late" if after else "before"


def as_defined(case: Case) -> product.Rows:
    """Compare everybody with the oracle; the rows of all."""
    ask = oracle.judged(case.log, case.ask())
    unordered = ask.rules.order == "any"
    readable = oracle.people(case.log, ask)
    journeys = oracle.journeys(case.log, ask)
    # `where` filters events before anything else
    keys = {oracle.key_of(event, ask.rules) for event in case.log if ask.rules.where(event)}
    everybody = sorted(key for key in keys if key is not None)
    expected = []
    strikes: dict[str, list[tuple[int, str]]] = {}
    for user in everybody:
        times = journeys.get(user, ())
        person = readable.get(user, NOBODY)
        why = reason(person, times, ask)
        instants = [*times, *[None] * (len(ask.stages) - len(times))]
        expected.append(
            {
                "user_id": user,
                "reached": len(times),
                "stage": f"{_stem(ask)}{len(times)}" if times else None,
                "reason": why,
                "entered": moment(oracle.taken(times)[0]) if times else None,
                **({"missing": _missing(person, times, ask)} if unordered else {}),
                **dict(zip(_names("t_", 1, ask), map(moment, instants), strict=True)),
                **dict(zip(_names("seconds_to_", 2, ask), _gaps(instants), strict=True)),
            }
        )
        if ask.exclusions:
            strikes[user] = struck(person, times, ask) if why == "excluded" else []
    found = listed(case, Wanted(everybody=True)).table("people").frame.to_dicts()
    for row in found if ask.exclusions else ():
        strike = row.pop("excluded"), row.pop("excluded_by")
        allowed = [(moment(at), name) for at, name in strikes[row["user_id"]]]
        assert strike in (allowed or [(None, None)])
    assert found == expected
    return found


def _gaps(instants: Sequence[int | None]) -> Iterator[float | None]:
    """Seconds from the stage before that the attempt has, for all stages but the first."""
    before = instants[0]
    for ts in instants[1:]:
        yield None if ts is None or before is None else (ts - before) / SECOND
        before = before if ts is None else ts


def _names(stem: str, first: int, ask: Ask) -> list[str]:
    return [f"{stem}{_stem(ask)}{position}" for position in range(first, len(ask.stages) + 1)]


def _stem(ask: Ask) -> str:
    return "any " if ask.rules.order == "any" else "s"


def _missing(person: Person, times: Times, ask: Ask) -> str | None:
    return ", ".join(f"s{p}" for p in missing(person, times, ask)) or None if times else None


def as_in_the_funnel(case: Case, found: product.Rows) -> None:
    """Those who reached a stage, dropped there or are still inside the window, as counted."""
    ask = case.ask()
    names = [None, *_names("t_", 1, ask)]
    for row in product.stages(case):
        position = row["position"]
        after = oracle.nearest_needed(ask, range(position + 1, len(ask.stages) + 1))
        here = [one for one in found if one[names[position]] is not None]
        gone = [one for one in here if after and one[names[after]] is not None]
        stopped = [one for one in found if one["reached"] == position]
        assert len(here) == row["users"]
        assert row["dropped"] == (None if after is None else len(here) - len(gone))
        assert sum(one["reason"] == "still open" for one in stopped) == row["immature"]


@settings(max_examples=settings().max_examples // 2)
@given(cases())
def test_everybody_is_listed_as_the_definition_and_the_funnel_say(case: Case) -> None:
    as_in_the_funnel(case, as_defined(case))


def test_thousands_of_people_are_listed_as_the_definition_and_the_funnel_say() -> None:
    given = set()
    for seed in range(6):
        case = crowd(seed, 300)
        found = as_defined(case)
        as_in_the_funnel(case, found)
        given |= {row["reason"] for row in found}
    assert given >= {*REASONS} - {"tie", "interrupted", "excluded", "other value"}


@pytest.mark.parametrize("twist", RULES)
def test_lists_of_a_stage_are_whom_the_funnel_counts_there(twist: str) -> None:
    case = TWISTS[twist](crowd(0, 60))
    ask = oracle.judged(case.log, case.ask())
    journeys = oracle.journeys(case.log, ask)
    names = [one.removeprefix("t_") for one in _names("t_", 1, ask)]
    for row in product.stages(case):
        position = row["position"]
        here = sorted(key for key, times in journeys.items() if oracle.has(times, position))
        assert _ids(case, Wanted(stage=names[position - 1])) == here
        assert len(here) == row["users"]
        after = oracle.nearest_needed(ask, range(position + 1, len(names) + 1))
        dropped = Wanted(dropped=names[position - 1])
        if after is None:
            with pytest.raises(UsageError, match="nobody drops after it"):
                listed(case, dropped)
            continue
        lost = [key for key in here if not oracle.has(journeys[key], after)]
        assert _ids(case, dropped) == lost
        assert len(lost) == row["dropped"]


def _ids(case: Case, wanted: Wanted) -> list[str]:
    return listed(case, wanted).table("people").column("user_id")


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_agrees_too(twist: str) -> None:
    for seed in range(2):
        case = TWISTS[twist](crowd(seed, 100))
        as_in_the_funnel(case, as_defined(case))


@pytest.mark.parametrize("pair", TOGETHER, ids=" & ".join)
def test_rules_that_are_explained_agree_together(pair: tuple[str, str]) -> None:
    for seed in range(2):
        case = TWISTS[pair[1]](TWISTS[pair[0]](crowd(seed, 60)))
        as_in_the_funnel(case, as_defined(case))


@pytest.mark.parametrize("order", ["order = strict", "order = strict, pass", "order = any"])
@settings(max_examples=settings().max_examples // 4)
@given(case=cases())
def test_everybody_is_listed_in_every_order(order: str, case: Case) -> None:
    case = TWISTS[order](case)
    assume(case.answerable())
    as_in_the_funnel(case, as_defined(case))


def spread(case: Case) -> Case:
    """The same events a few seconds apart, so that one may lie between two others."""
    log = (one._replace(ts=one.ts + row % 11 * SECOND) for row, one in enumerate(case.log))
    return replace(case, log=tuple(log))


@pytest.mark.parametrize("order", ["order = strict", "order = strict, pass"])
def test_in_strict_order_people_are_interrupted(order: str) -> None:
    given = set()
    for seed in range(4):
        case = TWISTS[order](spread(crowd(seed, 200)))
        found = as_defined(case)
        as_in_the_funnel(case, found)
        given |= {row["reason"] for row in found}
    assert given >= {"completed", "interrupted", "reused", "never", "before"}


@pytest.mark.parametrize(
    ("twist", "expected"), [("exclusion = void", "excluded"), ("hold", "other value")]
)
def test_rules_of_their_own_give_reasons_of_their_own(twist: str, expected: str) -> None:
    found = [row for seed in range(4) for row in as_defined(TWISTS[twist](crowd(seed, 40)))]
    assert sum(row["reason"] == expected for row in found) > 1


def test_a_rule_that_is_not_explained_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(_EXPLAINED, "ties", ("helpful",))
    with pytest.raises(UsageError, match="not known under ties = row"):
        listed(TWISTS["ties = row"](PLAIN), Wanted())


def test_every_rule_is_explained() -> None:
    built = {name for name, twist in TWISTS.items() if builds(twist(PLAIN))}
    assert {
        one for one in built - {*RULES} if rule_of(one) not in ("count", "attribution")
    } == set()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_asked_for_is_part_of_the_whole_list(seed: int) -> None:
    case = crowd(seed, 100)
    whole = listed(case, Wanted(everybody=True)).table("people").frame.to_dicts()
    for wanted, fits in [
        (Wanted(), lambda row: row["reached"] > 0),
        (Wanted(stage="s2"), lambda row: row["reached"] >= 2),
        (Wanted(dropped="s1"), lambda row: row["reached"] == 1),
        (Wanted(reason="never"), lambda row: row["reason"] == "never"),
        (Wanted(reason="not entered"), lambda row: row["reached"] == 0),
    ]:
        found = listed(case, wanted)
        rows = [row for row in whole if fits(row)]
        assert found.table("people").frame.to_dicts() == rows
        assert found.table("reasons").frame["people"].sum() == len(rows)
    first = listed(case, Wanted(everybody=True, most=7))
    assert first.table("people").frame.to_dicts() == whole[:7]
    assert first.table("reasons").frame["people"].sum() == len(whole)


@pytest.mark.parametrize(("late", "expected"), [(0, "interrupted"), (1, "too late")])
def test_what_comes_at_the_very_end_of_the_window_was_interrupted(late: int, expected: str) -> None:
    log = tuple(
        Event("u1", name, START + at, {}) for name, at in [("a", 0), ("x", 1), ("b", HOUR + late)]
    )
    stages = tuple(StageSpec((StepSpec((name,)),)) for name in "ab")
    case = Case(log, stages, window=HOUR, as_of=START + DAY, rules={"order": "strict"})
    assert [row["reason"] for row in as_defined(case)] == [expected]


@pytest.mark.parametrize(("late", "expected"), [(0, "other value"), (1, "too late")])
def test_another_value_at_the_very_end_of_the_window_was_in_time(late: int, expected: str) -> None:
    values = [("a", 0, "s1"), ("b", HOUR + late, "s2")]
    log = tuple(Event("u1", name, START + at, {"session_id": one}) for name, at, one in values)
    stages = tuple(StageSpec((StepSpec((name,)),)) for name in "ab")
    case = Case(log, stages, window=HOUR, as_of=START + DAY, rules={"hold": "session_id"})
    assert [row["reason"] for row in as_defined(case)] == [expected]
