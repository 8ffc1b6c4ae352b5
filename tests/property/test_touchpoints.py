"""Touchpoints agree with a plain count, event by event and person by person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.analyses.touchpoints import touchpoints
from hourglass.errors import UsageError
from hourglass.result import Result
from hourglass.settings.touchpoints import Touchpoints
from hourglass.stages import Model, Stage, Step
from tests.property import oracle_touchpoints as oracle
from tests.property import product
from tests.property.oracle import Event, value_of
from tests.property.strategies import Case, StageSpec, StepSpec, cases, crowd, rule

PHYSICAL = (None, ["ads"], ["Web", "ärzte", "fair"])
TWISTS = [lambda case: case, rule(ties="later"), rule(reuse=True)]


def answer(case: Case, physical: Sequence[str] | None, **more: Any) -> Result:
    settings = None if physical is None else Touchpoints(physical=list(physical))
    return touchpoints(product.fill(case.log), product.question(case, **more), settings)


def about(rows: product.Rows) -> list[Any]:
    """Bounds of intervals may differ in their last digits."""
    return [pytest.approx(row, abs=1e-12) for row in rows]


def agrees(case: Case, physical: Sequence[str] | None, top: int = 20) -> product.Rows:
    found = answer(case, physical, top=top)
    rows = found.table("touchpoints").frame.to_dicts()
    assert rows == about(oracle.by_channel(case.log, case.ask(), physical, top))
    kinds = found.table("kinds").frame.to_dicts()
    assert kinds == about(oracle.by_kind(case.log, case.ask(), physical))
    return rows


@given(cases(), st.sampled_from(PHYSICAL), st.sampled_from(TWISTS), st.sampled_from([1, 2, 20]))
def test_every_stage_and_channel_is_as_the_definition_says(
    case: Case, physical: Sequence[str] | None, twist: Any, top: int
) -> None:
    agrees(twist(case), physical, top)


def test_a_crowd_is_counted_as_the_definition_says() -> None:
    fates = set()
    for seed in range(15):
        for row in agrees(TWISTS[seed % 3](crowd(seed, 120)), ["ads"], 1 + seed % 3):
            fates |= {name for name, value in row.items() if value}
    assert fates >= {"onward", "immature", "mature_onward", "channel_other"}


def test_a_stage_that_may_be_left_out_is_not_waited_for() -> None:
    for seed in range(4):
        stages = tuple(StageSpec((StepSpec((name,)),), optional=name == "b") for name in "abcx")
        agrees(replace(crowd(seed, 60), stages=stages), None)


def test_events_that_a_stage_does_not_take_are_no_touches() -> None:
    for seed in range(4):
        case = crowd(seed, 60)
        case = replace(case, as_of=_last(case))
        plain = tuple(StageSpec((StepSpec((name,)),)) for name in "abc")
        narrowed = (replace(plain[0], first_time="matching"), *plain[1:])
        firsts: dict[str | None, int] = {}
        for event in case.log:
            if event.name == "a":
                firsts[event.user] = min(firsts.get(event.user, event.ts), event.ts)
        log = [one for one in case.log if one.name != "a" or one.ts == firsts[one.user]]
        found = answer(replace(case, stages=narrowed), None).table("touchpoints").frame.to_dicts()
        ask = replace(case, stages=plain).ask()
        assert found == about(oracle.by_channel(log, ask, None))


def _last(case: Case) -> int:
    return case.as_of if case.as_of is not None else max(event.ts for event in case.log)


def buyers_agree(case: Case, physical: Sequence[str] | None, top: int) -> product.Rows:
    buys = Stage(name="buy", steps=(Step(events=("c",), where="amount >= 2"),))
    question = product.question(case, top=top)
    settings = None if physical is None else Touchpoints(physical=list(physical))
    hourglass = Model(name="hourglass", stages=(Stage(name="know", steps=buys.steps), buys))
    found = touchpoints(product.fill(case.log), question._replace(hourglass=hourglass), settings)
    if not any(event.name == "c" for event in case.log) and case.log:
        assert "buyers" not in [table.name for table in found.tables]
        assert any(note.startswith("no first and last touch of buyers") for note in found.notes)
        return []
    rows = found.table("buyers").frame.to_dicts()
    known = buys.steps[0].where in question.model.predicates
    buying = paid if known else lambda event: event.name == "c"
    ends = oracle.ends(case.log, case.ask(), paid, buying)
    assert rows == about(oracle.buyers(ends, physical, top))
    return rows


@given(cases(), st.sampled_from(PHYSICAL), st.sampled_from([1, 20]))
def test_buyers_are_counted_by_their_first_and_their_last_touch(
    case: Case, physical: Sequence[str] | None, top: int
) -> None:
    buyers_agree(case, physical, top)


def test_a_crowd_of_buyers_is_counted_so_too() -> None:
    differ = 0
    for seed in range(12):
        case = crowd(seed, 150)
        log = tuple(
            event._replace(properties={**event.properties, "amount": 1 + place % 3})
            for place, event in enumerate(case.log)
        )
        for row in buyers_agree(replace(case, log=log), ["ads"], 1 + seed % 3):
            differ += row["first_touch"] != row["last_touch"]
    assert differ > 5


def paid(event: Event) -> bool:
    return event.name == "c" and (value_of(event, "amount") or 0) >= 2


def test_a_breakdown_is_the_answer_over_the_people_of_each_value() -> None:
    for seed in range(4):
        case = replace(crowd(seed, 60), since=None, until=None)
        case = replace(case, as_of=_last(case))
        found = answer(case, ["ads"], by=("session_id",))
        values = _sessions(case)
        for (value,), _, rows in product.groups(found):
            log = [event for event in case.log if values.get(event.user) == value]
            expected = oracle.by_channel(log, case.ask(), ["ads"])
            assert sorted(rows, key=_place) == about(sorted(expected, key=_place))


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["position"], row["channel"] or ""


def _sessions(case: Case) -> dict[str | None, str | None]:
    """The first session of each person on an event of a stage; at one instant the lowest."""
    found: dict[str | None, tuple[int, str]] = {}
    for event in case.log:
        session = value_of(event, "session_id")
        if session is not None and any(stage.matches(event) for stage in case.stages):
            here = event.ts, session
            found[event.user] = min(found.get(event.user, here), here)
    return {user: session for user, (_, session) in found.items()}


def test_the_order_of_the_file_is_refused() -> None:
    case = crowd(0, 5)
    asked = product.question(case)
    asked = asked._replace(rules=replace(asked.rules, ties="row"))
    with pytest.raises(UsageError, match="ties = row: what goes on from a channel"):
        touchpoints(product.fill(case.log), asked)
