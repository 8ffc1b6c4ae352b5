"""Paths agree with a plain walk through each person's events."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.analyses.paths import LONGEST, paths
from hourglass.analyses.question import Question
from hourglass.result import Result
from hourglass.stages import Model, Stage, Step
from tests.property import oracle_paths as oracle
from tests.property import product
from tests.property.oracle import Event
from tests.property.oracle_paths import Buying
from tests.property.strategies import (
    LIMIT,
    START,
    Case,
    StageSpec,
    StepSpec,
    cases,
    crowd,
)

GAPS = (0, 1, LIMIT, LIMIT + 1)


def about(rows: product.Rows) -> list[Any]:
    """Bounds of intervals may differ in their last digits."""
    return [pytest.approx(row, abs=1e-12) for row in rows]


def answer(case: Case, **more: Any) -> Result:
    return paths(product.fill(case.log), product.question(case)._replace(**more))


def renamed(question: Question, names: dict[int, str]) -> Model:
    """The model of a question with other names of stages."""
    stages = [
        stage._replace(name=names.get(position, stage.name))
        for position, stage in enumerate(question.model.stages, 1)
    ]
    return question.model._replace(stages=tuple(stages))


def as_walked(
    found: Result, case: Case, buying: Buying | None, names: dict[str, str], top: int
) -> None:
    walked = oracle.paths(case.log, case.ask(), buying)
    moves = said(oracle.moves(walked), names)
    assert found.table("moves").frame.to_dicts() == about(moves)
    if top >= 20:  # the order of equal routes is that of their names
        routes = said(oracle.routes(walked, top), names)
        rows = found.table("routes").frame.to_dicts()
        assert sorted(rows, key=repr_of) == about(sorted(routes, key=repr_of))
    if buying is None:
        assert "passes" not in [table.name for table in found.tables]
    else:
        expected = oracle.passes(case.log, case.ask(), buying)
        assert found.table("passes").frame.to_dicts() == about(expected)


def repr_of(row: dict[str, Any]) -> str:
    return str(row["route"])


def said(rows: product.Rows, names: dict[str, str]) -> product.Rows:
    """The same rows with the stages as they are called."""
    return [
        {
            name: " > ".join(names.get(word, word) for word in value.split(" > "))
            if isinstance(value, str)
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


@given(cases(), st.sampled_from([1, 3, 20]))
def test_a_model_of_ones_own_is_walked_event_by_event(case: Case, top: int) -> None:
    found = answer(case, top=top)
    as_walked(found, case, None, {}, top)
    rows = oracle.routes(oracle.paths(case.log, case.ask(), None), top)
    assert found.table("routes").frame.to_dicts() == about(rows)


@st.composite
def buyings(draw: st.DrawFn, case: Case) -> tuple[Case, int, int]:
    """A case whose last stages are buy and repeat, and the gap that purchases keep."""
    last = len(case.stages)
    first_at = draw(st.integers(1, last))
    further_at = draw(st.integers(1, last))
    gap = draw(st.sampled_from(GAPS))
    stages = list(case.stages)
    if first_at != further_at and further_at > 1:
        stages[further_at - 1] = replace(stages[further_at - 1], min_gap=gap, within=None)
    else:
        gap = 0
    if draw(st.booleans()):  # most often both have the very events
        stages[further_at - 1] = replace(stages[further_at - 1], steps=stages[first_at - 1].steps)
    return replace(case, stages=tuple(stages)), first_at, further_at if gap or further_at > 1 else 0


@given(st.data())
def test_purchases_are_at_buy_and_then_at_repeat(data: st.DataObject) -> None:
    case, first_at, further_at = data.draw(buyings(data.draw(cases())))
    further_at = further_at if further_at != first_at else 0
    names = {first_at: "buy"} | ({further_at: "repeat"} if further_at else {})
    ask, at = case.ask(), [first_at, *([further_at] if further_at else [])]
    buying = Buying(
        matches=lambda event: any(ask.stages[one - 1].matches(event) for one in at),
        min_gap=case.stages[further_at - 1].min_gap if further_at else 0,
        first_at=first_at,
        further_at=further_at or first_at,
    )
    steps = [step for one in at for step in case.stages[one - 1].steps]
    if case.log and not lives(case, steps):
        return
    found = answer(case, model=renamed(product.question(case), names))
    words = {f"s{position}": name for position, name in names.items()}
    as_walked(found, case, buying, words, 20)


def lives(case: Case, steps: list[StepSpec]) -> bool:
    """Whether the log has an event that purchases name at all."""
    wanted = {name for step in steps for name in step.names}
    return "*" in wanted or any(event.name in wanted for event in case.log)


@given(cases(), st.sampled_from(GAPS))
def test_the_hourglass_says_what_a_purchase_is_where_the_model_does_not(
    case: Case, gap: int
) -> None:
    where = "amount >= 2"
    step = Step(events=("c",), where=where)
    hourglass = Model(
        name="hourglass",
        stages=(
            Stage(name="buy", steps=(step,)),
            Stage(name="repeat", steps=(step,), min_gap=timedelta(microseconds=gap)),
        ),
    )
    if case.log and not any(event.name == "c" for event in case.log):
        return
    found = answer(case, hourglass=hourglass)
    matches = StepSpec(("c",), where).matches
    as_walked(found, case, Buying(matches, gap), {}, 20)


@pytest.mark.parametrize("last", [("x",), ("x", "b")])
@pytest.mark.parametrize("gap", GAPS)
def test_a_crowd_of_buyers_goes_back_before_and_after(gap: int, last: tuple[str, ...]) -> None:
    """Stages before buy, between it and repeat, and after both: people do them in any order."""
    shapes = (("a",), ("b",), ("c",), ("b",), last)
    stages = tuple(StageSpec((StepSpec(names),)) for names in shapes)
    stages = (*stages[:3], replace(stages[3], min_gap=gap), stages[4])
    names, back = {2: "buy", 4: "repeat"}, 0
    words = {f"s{position}": name for position, name in names.items()}
    for seed in range(5):
        case = Case(wanderers(seed), stages)
        buying = Buying(lambda event: event.name == "b", gap, first_at=2, further_at=4)
        found = answer(case, model=renamed(product.question(case), names), top=10_000)
        as_walked(found, case, buying, words, 10_000)
        back += sum(row["passes"] * row["people"] for row in found.table("passes").frame.to_dicts())
    assert back > 20


def wanderers(seed: int) -> tuple[Event, ...]:
    """People with up to nine events at eight instants, in no order."""
    dice = random.Random(seed)
    return tuple(
        Event(f"u{person}", dice.choice("abccx"), START + LIMIT * dice.randint(0, 7), {})
        for person in range(100)
        for _ in range(dice.randint(0, 9))
    )


def test_a_crowd_is_walked_in_either_way() -> None:
    moved = set()
    for seed in range(10):
        case = crowd(seed, 150)
        for row in answer(case).table("moves").frame.to_dicts():
            moved.add((row["backward"], row["moves"] > row["people"], row["median_seconds"] == 0))
        as_walked(answer(case), case, None, {}, 20)
    assert {True, False} == {one for one, *_ in moved}
    assert any(again for _, again, _ in moved)


def test_stages_that_share_no_event_are_walked_the_short_way() -> None:
    """The two ways of finding the stage of an event agree."""
    stages = tuple(StageSpec((StepSpec((name,)),)) for name in "abc")
    shared = (StageSpec((StepSpec(("a", "x"), None),)), *stages[1:], StageSpec((StepSpec(("x",)),)))
    for seed in range(5):
        case = crowd(seed, 100)
        for those in (stages, shared):
            as_walked(
                answer(replace(case, stages=those)), replace(case, stages=those), None, {}, 20
            )


def test_a_stage_takes_only_some_of_its_events() -> None:
    """What is left of an event that a stage does not take is of a later one, or of none."""
    for seed in range(5):
        case = crowd(seed, 80)
        stages = (
            StageSpec((StepSpec(("a",)),), first_time="matching"),
            StageSpec((StepSpec(("a", "b")),)),
        )
        firsts: dict[str | None, int] = {}
        for event in case.log:
            if event.name == "a":
                firsts[event.user] = min(firsts.get(event.user, event.ts), event.ts)
        log = tuple(
            event._replace(name="b")
            if event.name == "a" and event.ts > firsts[event.user]
            else event
            for event in case.log
        )
        plain = (stages[1], StageSpec((StepSpec(("b",)),)))
        plain = (StageSpec((StepSpec(("a",)),)), plain[1])
        found = answer(replace(case, stages=stages))
        walked = oracle.paths(log, replace(case, stages=plain).ask(), None)
        assert found.table("moves").frame.to_dicts() == about(oracle.moves(walked))


def test_long_routes_are_told_by_their_beginning() -> None:
    log = tuple(Event("u", "ab"[place % 2], START + place, {}) for place in range(LONGEST + 5))
    case = Case(log, tuple(StageSpec((StepSpec((name,)),)) for name in "ab"))
    (row,) = answer(case).table("routes").frame.to_dicts()
    assert row["route"].count("s1") + row["route"].count("s2") == LONGEST
    assert row["route"].endswith(" > …")
    assert row["median_seconds"] == (LONGEST + 4) / 1e6


def test_a_breakdown_is_the_walk_of_the_people_of_each_value() -> None:
    for seed in range(4):
        case = replace(crowd(seed, 60), since=None, until=None)
        found = answer(case, by=("session_id",))
        firsts: dict[str | None, tuple[int, str]] = {}
        for event in case.log:
            session = event.properties["session_id"]
            if session and any(stage.matches(event) for stage in case.stages):
                here = event.ts, session
                firsts[event.user] = min(firsts.get(event.user, here), here)
        for (value,), _, rows in product.groups(found):
            log = [one for one in case.log if firsts.get(one.user, (0, None))[1] == value]
            assert rows == about(oracle.moves(oracle.paths(log, case.ask(), None)))
