"""The product agrees with the oracle, person by person and number by number."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property import oracle, product
from tests.property.oracle import Event
from tests.property.strategies import START, Case, StageSpec, StepSpec, cases, crowd

Rows = Sequence[dict[str, Any]]

IN_TREND = (
    *("position", "users"),
    *("step_rate", "step_low", "step_high"),
    *("total_rate", "total_low", "total_high"),
)


def same(found: Rows, expected: Rows, *, but: Sequence[str] = ()) -> None:
    """Every figure of the oracle is in the product's row: counts equal, fractions to 1e-9."""
    assert [row["position"] for row in found] == [row["position"] for row in expected]
    for here, there in zip(found, expected, strict=True):
        for name, value in there.items():
            if name in but:
                continue
            close = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            assert here[name] == close, f"{name} of stage {there['position']}"


@given(cases())
def test_everybody_comes_as_far_and_at_the_same_times(case: Case) -> None:
    assert product.times(case) == oracle.journeys(case.log, case.ask())


@given(cases())
def test_every_figure_is_the_same_whole_and_broken_down(case: Case) -> None:
    whole_and_broken_down(case)


@pytest.mark.parametrize("seed", range(12))
def test_a_thousand_people_come_as_far_and_at_the_same_times(seed: int) -> None:
    case = crowd(seed)
    assert product.times(case) == oracle.journeys(case.log, case.ask())
    whole_and_broken_down(case)


def whole_and_broken_down(case: Case) -> None:
    found = product.result(case, by=("channel",))
    same(product.stage_rows(found), oracle.stage_rows(case.log, case.ask()))
    expected = oracle.breakdown(case.log, case.ask(), "channel")
    parts = {values[0]: rows for values, _, rows in product.groups(found)}
    assert parts.keys() == expected.keys()
    for value, rows in expected.items():
        same(parts[value], rows)


@pytest.mark.parametrize("top", [1, 2, 3])
def test_the_largest_values_keep_a_row_and_the_rest_is_one(top: int) -> None:
    case = replace(crowd(0, 100), since=None, until=None)
    parts = product.groups(product.result(case, by=("channel",), top=top))
    own, rest = oracle.folded(case.log, case.ask(), "channel", top)
    assert {values[0] for values, other, _ in parts if not other} == own
    others = [rows for _, other, rows in parts if other]
    assert len(others) == (rest is not None)
    for rows in others:
        same(rows, rest or [])
    assert (rest is None) == (top == 3)


@given(cases(), st.sampled_from(["day", "week", "month"]))
def test_every_bucket_of_a_trend_is_the_same(case: Case, unit: str) -> None:
    same_trend(case, unit)


@pytest.mark.parametrize("seed", range(8))
def test_every_bucket_of_a_crowd_is_the_same(seed: int) -> None:
    same_trend(crowd(seed, 200), "day")


def same_trend(case: Case, unit: str) -> None:
    expected = oracle.trend(case.log, case.ask(), unit)
    found = product.trends(case, unit)
    peopled = {start for start, rows in found.items() if any(row["users"] for row in rows)}
    assert peopled == {*expected}
    for start, rows in expected.items():
        same(found[start], [{name: row[name] for name in IN_TREND} for row in rows])
        # a row knows of no entry that has nothing to hold, nor of people who were dropped
        if not case.rules.get("hold") and not case.exclusions:
            assert {row["mature"] for row in found[start]} == {is_mature(case, start, unit)}
        if found[start][0]["mature"]:
            assert [row["mature_users"] for row in rows] == [row["users"] for row in rows]


def is_mature(case: Case, start: date, unit: str) -> bool | None:
    """Whether a bucket is over, and the window of each entry in it; null without a window."""
    ask = oracle.judged(case.log, case.ask())
    if case.window is None:
        return None
    since, until = bounds_of(ask, start, unit)
    return is_over(ask, oracle.people(case.log, ask).values(), since, until)


def bounds_of(ask: oracle.Ask, start: date, unit: str) -> tuple[float, float]:
    """The instants of a bucket, in the period."""
    since = oracle.instant_of(start, ask.rules)
    until = oracle.instant_of(oracle.bucket_end(start, unit), ask.rules)
    return max(ask.since, since), min(ask.until, until)


def is_over(ask: oracle.Ask, people: Iterable[oracle.Person], since: float, until: float) -> bool:
    """Whether nobody can enter any more, or go on from an entry between these instants."""
    inside = replace(ask, may_enter=lambda ts: since <= ts < until)
    entries = [one.event.ts for person in people for one in oracle.entries(person, inside)]
    assert ask.as_of is not None
    return until - 1 <= ask.as_of and all(oracle.window_over(ask, ts) for ts in entries)


def test_the_largest_value_has_most_people_at_the_last_stage_not_at_the_first() -> None:
    came = [("u1", "a", "ads"), ("u2", "a", "ads"), ("u3", "a", "web"), ("u3", "b", "web")]
    log = tuple(Event(user, name, START, {"channel": channel}) for user, name, channel in came)
    case = Case(log, tuple(StageSpec((StepSpec((name,)),)) for name in "ab"))
    parts = product.groups(product.result(case, by=("channel",), top=1))
    assert [(values, other) for values, other, _ in parts] == [(("web",), False), ((None,), True)]
