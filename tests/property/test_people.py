"""Every person of a list: as far as the funnel says, for the reason that the definition says."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from hourglass.analyses.people import Wanted, people
from hourglass.analyses.reasons import REASONS
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
    *("ties = later", "reuse", "tie_tolerance", "tie_tolerance, long"),
    *("order = strict", "order = strict, pass", "order = any", "order = any, shared"),
)
"""Rules under which people are explained; under the others the list is refused."""

TOGETHER = (
    ("order = strict", "ties = later"),
    ("order = strict, pass", "entry = first"),
    ("order = strict", "window_from = previous"),
    ("order = strict, pass", "reuse"),
    ("order = any", "entry = first"),
    ("order = any, shared", "entry = last"),
    ("tie_tolerance, long", "entry = last"),
    ("tie_tolerance, long", "reuse"),
)
"""Pairs of them that meet in what a reason is made of."""


NOBODY = Person([], ())


def listed(case: Case, wanted: Wanted) -> Result:
    return people(product.fill(case.log), product.question(case), wanted)


def reason(person: Person, times: Times, ask: Ask) -> str:
    """Why a person came no further: docs/people.md, sentence by sentence."""
    if not times:
        return "not entered"
    if len(times) == len(ask.stages):
        return "completed"
    entered, last = times[0], times[-1]
    if not oracle.window_over(ask, entered):
        return "still open"
    if ask.rules.order == "any":
        return reason_in_any_order(person, times, ask)
    stage, rules = ask.stages[len(times)], ask.rules
    came = [event.ts for _, event in person.events if stage.matches(event)]
    if not came:
        return "never"
    start = entered if rules.window_from == "entry" else last

    def late(ts: int) -> bool:
        return (rules.window is not None and ts - start > rules.window) or (
            stage.within is not None and ts - last > stage.within
        )

    after = [ts for ts in came if ts >= last and ts - last >= stage.min_gap]
    if rules.order == "strict" and any(
        not late(ts) and not oracle.nothing_between(person, ask, len(times), last, ts)
        for ts in after
    ):
        return "interrupted"
    if any(late(ts) for ts in after):
        return "too late"
    if any(last <= ts < last + stage.min_gap for ts in came):
        return "too soon"
    if last in came:
        return "tie" if rules.ties == "later" else "reused"
    assert all(ts < last - (0 if stage.min_gap else rules.tie_tolerance) for ts in came)
    return "before"


def missing(person: Person, times: Times, ask: Ask) -> list[int]:
    """The positions of the stages that never came inside the window of an opening."""
    return [
        position
        for position, stage in enumerate(ask.stages, 1)
        if not any(
            stage.matches(event) and 0 <= event.ts - times[0] <= oracle.reach(ask)
            for _, event in person.events
        )
    ]


def reason_in_any_order(person: Person, times: Times, ask: Ask) -> str:
    stages = [ask.stages[position - 1] for position in missing(person, times, ask)]
    came = [e.ts for _, e in person.events if any(stage.matches(e) for stage in stages)]
    if not came:
        return "never"
    if any(ts > times[0] for ts in came):
        assert all(ts > times[0] + oracle.reach(ask) for ts in came if ts > times[0])
        return "too late"
    return "before"


def as_defined(case: Case) -> product.Rows:
    """Compare everybody with the oracle; the rows of all."""
    ask = oracle.judged(case.log, case.ask())
    unordered = ask.rules.order == "any"
    readable = oracle.people(case.log, ask)
    journeys = oracle.journeys(case.log, ask)
    keys = {oracle.key_of(event, ask.rules) for event in case.log}
    everybody = sorted(key for key in keys if key is not None)
    expected = []
    for user in everybody:
        times = journeys.get(user, ())
        empty = [None] * (len(ask.stages) - len(times))
        gaps = [(b - a) / SECOND for a, b in pairwise(times)]
        expected.append(
            {
                "user_id": user,
                "reached": len(times),
                "stage": f"{_stem(ask)}{len(times)}" if times else None,
                "reason": reason(readable.get(user, NOBODY), times, ask),
                "entered": moment(times[0]) if times else None,
                **({"missing": _missing(readable.get(user, NOBODY), times, ask)}
                   if unordered else {}),
                **dict(zip(_names("t_", 1, ask), [*map(moment, times), *empty], strict=True)),
                **dict(
                    zip(_names("seconds_to_", 2, ask), ([*gaps, *empty])[: len(ask.stages) - 1],
                        strict=True)
                ),
            }
        )  # fmt: skip
    found = listed(case, Wanted(everybody=True)).table("people").frame.to_dicts()
    assert found == expected
    return found


def _names(stem: str, first: int, ask: Ask) -> list[str]:
    return [f"{stem}{_stem(ask)}{position}" for position in range(first, len(ask.stages) + 1)]


def _stem(ask: Ask) -> str:
    return "any " if ask.rules.order == "any" else "s"


def _missing(person: Person, times: Times, ask: Ask) -> str | None:
    return ", ".join(f"s{p}" for p in missing(person, times, ask)) or None if times else None


def as_in_the_funnel(case: Case, found: product.Rows) -> None:
    """Those who reached a stage, dropped there or are still inside the window, as counted."""
    for row in product.stages(case):
        position = row["position"]
        stopped = [one for one in found if one["reached"] == position]
        assert sum(one["reached"] >= position for one in found) == row["users"]
        assert row["dropped"] in (None, len(stopped))
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
    assert given >= {*REASONS} - {"tie", "interrupted"}


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_agrees_too(twist: str) -> None:
    for seed in range(4):
        case = TWISTS[twist](crowd(seed, 100))
        as_in_the_funnel(case, as_defined(case))


@pytest.mark.parametrize("pair", TOGETHER, ids=" & ".join)
def test_rules_that_are_explained_agree_together(pair: tuple[str, str]) -> None:
    for seed in range(4):
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


REFUSED = [
    name
    for name, twist in TWISTS.items()
    if name not in RULES and rule_of(name) not in ("count", "attribution") and builds(twist(PLAIN))
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_that_is_not_explained_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(UsageError, match=f"not known under {rule_of(name)}"):
        listed(TWISTS[name](PLAIN), Wanted())


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
