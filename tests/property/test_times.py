"""How many took how long: held to a count by hand over the journeys of the oracle."""

from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import assume, given, settings

from hourglass.analyses.funnel import funnel
from hourglass.analyses.times import with_times
from tests.property import oracle, product
from tests.property.oracle import SECOND
from tests.property.strategies import TWISTS, Case, cases, crowd

MINUTE, HOUR, DAY = 60, 3600, 86400
ENDS = (
    *(1, 10, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY),
    *(3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY),
)
"""Upper bounds of all bins but the first, which holds zero alone, and the last, which has none."""
BINS = [(0, 0), *pairwise([0, *ENDS]), (ENDS[-1], None)]


def spans(case: Case) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for times in oracle.journeys(case.log, case.ask()).values():
        for place in range(1, len(times)):
            if times[place] is not None:
                before = oracle.taken(times[:place])[-1]
                found.setdefault(("previous", place + 1), []).append(times[place] - before)
                found.setdefault(("entry", place + 1), []).append(times[place] - times[0])
    return found


def bin_of(span: int) -> tuple[float, float | None]:
    if span == 0:
        return (0, 0)
    return next((low, high) for low, high in BINS[1:] if high is None or span < high * SECOND)


def agrees(case: Case) -> None:
    engine, question = product.fill(case.log), product.question(case)
    result = with_times(engine, question, funnel(engine, question))
    expected = spans(case)
    kinds = [(kind, p) for kind in ("previous", "entry") for p in range(2, len(case.stages) + 1)]
    rows = result.table("times").frame.to_dicts()
    assert [(row["time_from"], row["position"]) for row in rows] == kinds
    stages = {row["position"]: row for row in product.stage_rows(result)}
    for row in rows:
        found = expected.get((row["time_from"], row["position"]), [])
        assert row["users"] == len(found) == stages[row["position"]]["users"]
        assert row["stage"] == stages[row["position"]]["stage"]
        figures = (
            (mean(found), oracle.quantile(found, 0.5), oracle.quantile(found, 0.9)) if found else ()
        )
        for name, value in zip(("mean", "median", "p90"), figures, strict=False):
            assert row[f"{name}_seconds"] == pytest.approx(value / SECOND, rel=1e-9, abs=1e-9)
            if row["time_from"] == "previous":
                assert row[f"{name}_seconds"] == stages[row["position"]][f"{name}_seconds"]
    bins = result.table("histogram").frame
    for kind in kinds:
        mine = bins.filter((bins["time_from"] == kind[0]) & (bins["position"] == kind[1]))
        bounds = list(mine.select("low_seconds", "high_seconds").iter_rows())
        assert bounds == BINS
        placed = [bin_of(span) for span in expected.get(kind, [])]
        assert mine["users"].to_list() == [placed.count(one) for one in bounds]


@settings(max_examples=settings().max_examples // 2)
@given(cases())
def test_every_time_is_in_its_bin(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize(
    "twist", ["order = any", "order = strict, pass", "tie_tolerance, long", "optional"]
)
@settings(max_examples=settings().max_examples // 8)
@given(case=cases())
def test_every_time_is_in_its_bin_under_other_rules(twist: str, case: Case) -> None:
    case = TWISTS[twist](case)
    assume(case.answerable())
    agrees(case)


@pytest.mark.parametrize("seed", range(3))
def test_the_times_of_a_crowd_are_in_their_bins(seed: int) -> None:
    agrees(crowd(seed, 300))
