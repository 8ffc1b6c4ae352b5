"""What must hold whatever the numbers are: no oracle needed, only the product against itself."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.property import product
from tests.property.oracle import EPOCH, Event
from tests.property.strategies import DAY, HOUR, LIMIT, PREDICATES, Case, StepSpec, cases

Rows = list[dict[str, Any]]

few = settings(max_examples=settings().max_examples // 5)
"""A law asks twice or more for each example, and is broken by many."""


def each_event(case: Case, change: Callable[[Event], Event]) -> Case:
    return replace(case, log=tuple(change(event) for event in case.log))


def users(rows: Sequence[dict[str, Any]]) -> list[int]:
    return [row["users"] for row in rows]


# --- what changes nothing ----------------------------------------------------------------------


@few
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: Case, dice: random.Random) -> None:
    shuffled = list(case.log)
    dice.shuffle(shuffled)
    other = replace(case, log=tuple(shuffled))
    found, again = (product.result(one, by=("channel",)) for one in (case, other))
    assert product.stage_rows(again) == product.stage_rows(found)
    assert product.groups(again) == product.groups(found)
    assert product.times(other) == product.times(case)


@few
@given(cases())
def test_names_of_people_change_nothing(case: Case) -> None:
    names = {"u1": "zoë", "u2": "'; drop table events; --", "u3": "007", "u4": "U1", None: None}
    other = each_event(case, lambda event: event._replace(user=names[event.user]))
    assert product.stages(other) == product.stages(case)
    renamed = {names[user]: times for user, times in product.times(case).items()}
    assert product.times(other) == renamed


@few
@given(cases())
def test_names_of_events_change_nothing(case: Case) -> None:
    names = {"a": "z", "b": 'it\'s "b"', "c": "$event {c}", "x": "b"}
    other = each_event(case, lambda event: event._replace(name=names[event.name]))
    stages = tuple(
        replace(stage, steps=tuple(_renamed(step, names) for step in stage.steps))
        for stage in case.stages
    )
    assert product.stages(replace(other, stages=stages)) == product.stages(case)


def _renamed(step: StepSpec, names: dict[str, str]) -> StepSpec:
    return replace(step, names=tuple(names.get(name, name) for name in step.names))


@few
@given(cases())
def test_events_of_no_stage_change_nothing_however_many(case: Case) -> None:
    noise = [event for event in case.log if not any(s.matches(event) for s in case.stages)]
    assert product.stages(replace(case, log=(*noise, *case.log))) == product.stages(case)


@few
@given(cases(), st.sampled_from([1, -HOUR, 400 * DAY + 1]))
def test_shifting_all_times_changes_nothing(case: Case, by: int) -> None:
    def moved(ts: int | None) -> int | None:
        return None if ts is None else ts + by

    other = each_event(case, lambda event: event._replace(ts=event.ts + by))
    other = replace(
        other, since=moved(case.since), until=moved(case.until), as_of=moved(case.as_of)
    )
    assert product.stages(other) == product.stages(case)


@few
@given(cases(), st.sampled_from(sorted(PREDICATES)))
def test_where_is_as_if_the_other_events_were_not_there(case: Case, where: str) -> None:
    judged = replace(case, where=None, as_of=max((e.ts for e in case.log), default=0))
    kept = tuple(event for event in case.log if PREDICATES[where](event))
    alone = replace(judged, log=kept)
    assume(alone.answerable())
    assert product.stages(replace(judged, where=where)) == product.stages(alone)


# --- what can only go one way ------------------------------------------------------------------


@few
@given(cases(), st.sampled_from([(LIMIT, HOUR), (HOUR - 1, HOUR), (HOUR, DAY), (DAY, None)]))
def test_a_wider_window_never_lowers_a_count(case: Case, windows: tuple[int, int | None]) -> None:
    narrow, wide = (users(product.stages(replace(case, window=one))) for one in windows)
    assert all(less <= more for less, more in zip(narrow, wide, strict=True))


@few
@given(cases())
def test_counts_never_rise_and_no_figure_leaves_its_bounds(case: Case) -> None:
    rows = product.stages(case)
    assert users(rows) == sorted(users(rows), reverse=True)
    for row in rows:
        assert 0 <= row["users"] <= row["ever"]
        assert 0 <= row["immature"] <= row["users"]
        for name in ("step", "total"):
            if row[f"{name}_rate"] is not None:
                low, high = row[f"{name}_low"], row[f"{name}_high"]
                assert 0 <= low <= row[f"{name}_rate"] <= high <= 1
        if row["median_seconds"] is not None and case.window is not None:
            assert 0 <= row["median_seconds"] * 1_000_000 <= case.window


@few
@given(cases())
def test_the_list_of_people_agrees_with_the_counts(case: Case) -> None:
    found = product.times(case).values()
    positions = range(1, len(case.stages) + 1)
    reached = [sum(len(times) >= position for times in found) for position in positions]
    assert reached == users(product.stages(case))


# --- what adds up ------------------------------------------------------------------------------


@few
@given(cases(), st.sampled_from([1, 2, 20]))
def test_parts_of_a_breakdown_add_up_to_the_whole(case: Case, top: int) -> None:
    found = product.result(case, by=("channel",), top=top)
    parts = product.groups(found)
    for place, whole in enumerate(product.stage_rows(found)):
        for name in ("users", "ever", "immature", "mature_users", "mature_entrants"):
            if whole[name] is not None:
                assert sum(rows[place][name] for _, _, rows in parts) == whole[name], name


@few
@given(cases())
def test_two_halves_of_a_period_hold_everybody_of_the_whole(case: Case) -> None:
    middle = sorted(event.ts for event in case.log)[len(case.log) // 2] if case.log else 0
    case = replace(case, range="entry", since=None, until=None)
    before = users(product.stages(replace(case, until=middle)))
    after = users(product.stages(replace(case, since=middle)))
    whole = users(product.stages(case))
    for one, other, both in zip(before, after, whole, strict=True):
        assert max(one, other) <= both <= one + other


@few
@given(cases(), st.sampled_from(["day", "week", "month"]))
def test_a_bucket_is_the_funnel_of_that_period(case: Case, unit: str) -> None:
    judged = replace(case, range="entry", as_of=max((e.ts for e in case.log), default=0))
    for start, rows in product.trends(judged, unit).items():
        first = _instant(start, judged.timezone)
        last = _instant(_next(start, unit), judged.timezone)
        since = first if judged.since is None else max(first, judged.since)
        until = last if judged.until is None else min(last, judged.until)
        alone = product.stages(replace(judged, since=since, until=max(since, until)))
        for row, there in zip(rows, alone, strict=True):
            shared = (there.keys() & row.keys()) - {"mature"}
            assert {name: row[name] for name in shared} == {name: there[name] for name in shared}


def _next(start: Any, unit: str) -> Any:
    if unit == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if unit == "week" else 1)


def _instant(day: Any, zone: str) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)
