"""Each value of a bucket is the row that a funnel over this bucket has for it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hourglass.analyses.trend import trend
from hourglass.calendar import Unit
from hourglass.result import Result
from tests.property import oracle, product
from tests.property.oracle import Ask, Event
from tests.property.strategies import (
    HOUR,
    START,
    TWISTS,
    Case,
    StageSpec,
    StepSpec,
    cases,
    crowd,
)
from tests.property.test_oracle_funnel import IN_TREND, bounds_of, is_over, same

Rows = list[dict[str, Any]]
EMPTY = {"users": 0, "step_rate": None, "total_rate": None}


def asked(case: Case, unit: Unit, top: int = 20) -> Result:
    question = product.question(case, by=("channel",), top=top)
    return trend(product.fill(case.log), question, unit=unit)


def by_bucket(found: Result) -> dict[tuple[Any, bool, date], Rows]:
    rows: dict[tuple[Any, bool, date], Rows] = {}
    for row in found.table("breakdown").frame.to_dicts():
        rows.setdefault((row["channel"], row["other"], row["bucket"]), []).append(row)
    return rows


def one_bucket(ask: Ask, start: date, unit: str) -> Ask:
    since = max(ask.since, oracle.instant_of(start, ask.rules))
    until = min(ask.until, oracle.instant_of(oracle.bucket_end(start, unit), ask.rules))
    if ask.rules.range == "entry":
        return replace(ask, since=since, until=until)
    return replace(ask, may_enter=lambda ts: since <= ts < until)


def agrees(case: Case, unit: Unit) -> None:
    found = by_bucket(asked(case, unit))
    ask = oracle.judged(case.log, case.ask())
    for start in {bucket for _, _, bucket in found} | {*oracle.trend(case.log, ask, unit)}:
        bucket = one_bucket(ask, start, unit)
        people = oracle.people(case.log, bucket).values()
        expected = oracle.breakdown(case.log, bucket, "channel")
        mine = {value: rows for (value, _, bucket), rows in found.items() if bucket == start}
        peopled = {value for value, rows in expected.items() if any(row["users"] for row in rows)}
        assert peopled <= mine.keys()
        for value, rows in mine.items():
            whose = [one for one in people if oracle.attributed(one, bucket, "channel") == value]
            over = (
                None if case.window is None else is_over(ask, whose, *bounds_of(ask, start, unit))
            )
            assert {row["mature"] for row in rows} == {over}
            if value in peopled:
                same(rows, [{name: row[name] for name in IN_TREND} for row in expected[value]])
            else:
                assert all({name: row[name] for name in EMPTY} == EMPTY for row in rows)


@pytest.mark.parametrize("attribution", ["first_touch", "last_touch", "entry"])
@settings(max_examples=settings().max_examples // 4)
@given(case=cases(), unit=st.sampled_from(["day", "week"]))
def test_a_value_of_a_bucket_is_a_row_of_its_funnel(
    attribution: str, case: Case, unit: Unit
) -> None:
    if attribution != "first_touch":
        case = TWISTS[f"attribution = {attribution}"](case)
    assume(case.answerable())
    agrees(case, unit)


@pytest.mark.parametrize(
    "twist",
    ["order = any", "entry = last", "window_from = previous", "closed = false", "nth = 2"],
)
@pytest.mark.parametrize("seed", range(2))
def test_a_value_of_a_bucket_is_a_row_of_its_funnel_under_other_rules(
    twist: str, seed: int
) -> None:
    agrees(TWISTS[twist](crowd(seed, 80)), "day")
    agrees(TWISTS["attribution = entry"](TWISTS[twist](crowd(seed, 80))), "day")


@pytest.mark.parametrize("twist", ["hold", "ties = row"])
@pytest.mark.parametrize("seed", range(3))
def test_buckets_that_are_counted_one_by_one_have_values_too(twist: str, seed: int) -> None:
    agrees(TWISTS[twist](crowd(seed, 60)), "day")
    agrees(TWISTS[twist](replace(crowd(seed, 60), range="all")), "day")


@pytest.mark.parametrize("top", [1, 2, 20])
@pytest.mark.parametrize("seed", range(3))
def test_the_rows_of_a_bucket_add_up_and_keep_their_values_throughout(seed: int, top: int) -> None:
    found = asked(crowd(seed, 80), "day", top)
    parts, whole = by_bucket(found), found.table("trend").frame
    values = {(value, other) for value, other, _ in parts}
    buckets = set(whole["bucket"])
    assert len(parts) == len(values) * len(buckets)
    assert sum(value is not None for value, _ in values) <= top
    for bucket in buckets:
        total = whole.filter(whole["bucket"] == bucket).sort("position")["users"].to_list()
        each = [
            [row["users"] for row in rows] for (_, _, one), rows in parts.items() if one == bucket
        ]
        assert [sum(users) for users in zip(*each, strict=True)] == total


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_value_is_sought_as_far_as_the_funnel_of_the_bucket_reads(late: int) -> None:
    midnight = START + 2 * HOUR
    log = (
        Event("u1", "a", START, {"channel": "ads"}),
        Event("u1", "b", midnight + HOUR + late, {"channel": "Web"}),
    )
    stages = tuple(StageSpec((StepSpec((name,)),)) for name in "ab")
    agrees(Case(log, stages, window=HOUR, rules={"attribution": "last_touch"}), "day")
