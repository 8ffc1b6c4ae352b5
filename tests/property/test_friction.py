"""Attempts and failures agree with a plain count, person by person."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.analyses.friction import friction
from hourglass.result import Result
from hourglass.settings.friction import Friction
from tests.property import oracle_friction as oracle
from tests.property import product
from tests.property.oracle_friction import Tried
from tests.property.strategies import Case, cases, crowd

NAMES = st.lists(st.sampled_from("abcx"), min_size=1, max_size=2, unique=True)


@st.composite
def tries(draw: st.DrawFn, case: Case) -> dict[int, Tried]:
    """What is tried at one or two of the stages; the same event may be of both, or of the stage."""
    positions = st.integers(1, len(case.stages))
    chosen = draw(st.lists(positions, min_size=1, max_size=2, unique=True))
    return {position: Tried(draw(NAMES), draw(NAMES)) for position in sorted(chosen)}


def answer(case: Case, tried: Mapping[int, Tried], **more: Any) -> Result:
    settings = {
        f"s{position}": Friction(attempted=list(one.attempted), failed=list(one.failed))
        for position, one in tried.items()
    }
    return friction(product.fill(case.log), product.question(case, **more), settings)


def about(rows: product.Rows) -> list[Any]:
    """Bounds of intervals may differ in their last digits."""
    return [pytest.approx(row, abs=1e-12) for row in rows]


def agrees(case: Case, tried: Mapping[int, Tried], columns: tuple[str, ...]) -> Result:
    found = answer(case, tried, by=columns)
    rows = found.table("friction").frame.to_dicts()
    assert rows == about(oracle.rows(case.log, case.ask(), tried))
    if columns:
        groups = {values: rows for values, _, rows in product.groups(found)}
        expected = oracle.by_value(case.log, case.ask(), tried, columns)
        assert list(groups) == list(expected)
        assert all(groups[values] == about(rows) for values, rows in expected.items())
    return found


BY = st.sampled_from([(), ("channel",), ("amount",), ("channel", "amount")])


@given(st.data())
def test_every_stage_is_as_the_definition_says(data: st.DataObject) -> None:
    case = data.draw(cases())
    agrees(case, data.draw(tries(case)), data.draw(BY))


def test_a_crowd_is_counted_as_the_definition_says() -> None:
    fates = set()
    for seed in range(12):
        case = crowd(seed, 200)
        tried = {len(case.stages): Tried(["a"], ["b"]), 1: Tried(["x", "b"], ["a", "x"])}
        rows = agrees(case, tried, ("channel",)).table("friction").frame.to_dicts()
        for row in rows:
            fates |= {name for name, value in row.items() if value}
    assert fates >= {"done", "never_done", "immature", "mature_done", "immature_failed"}


def test_values_beyond_the_top_are_one_row_in_which_everyone_counts_once() -> None:
    tried, folds = {2: Tried(["a"], ["b", "x"])}, 0
    for seed in range(8):
        case = crowd(seed, 120)
        whole = oracle.by_value(case.log, case.ask(), tried, ("channel",))
        valued = [values for values in whole if values != (None,)]
        groups = product.groups(answer(case, tried, by=("channel",), top=1))
        kept = {values: rows for values, other, rows in groups if not other}
        assert list(kept) == [values for values in whole if values in (*valued[:1], (None,))]
        assert all(rows == about(whole[values]) for values, rows in kept.items())
        for rest in (rows for _, other, rows in groups if other):
            row = oracle.folded(case.log, case.ask(), tried[2], 2, ("channel",), valued[1:])
            assert rest == about([{"position": 2, "stage": "s2", **row}])
            folds += 1
        assert len(groups) == len(kept) + (len(valued) > 1)
    assert folds > 3
