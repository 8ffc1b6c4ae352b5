"""Bounds are judged as plain arithmetic says, and figures are those of the funnel."""

import math
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hourglass.analyses.check_figures import Figures
from hourglass.analyses.check_judging import Figure, judge
from hourglass.analyses.check_people import people_figure
from hourglass.result import InputFacts
from hourglass.settings.checks import Check
from hourglass.stats import wilson
from tests.property import oracle, product
from tests.property.strategies import TWISTS, Case, cases

CONFIDENCES = st.sampled_from([0.0, 0.5, 0.8, 0.95, 0.999])
NOTHING = InputFacts(0, 0, 0, 0, 0, None, None)
SHARES = st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.9])


@st.composite
def rates(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 400))
    return draw(st.integers(0, trials)), trials


def figure(rate: tuple[int, int]) -> Figure:
    successes, trials = rate
    return Figure(value=successes / trials, people=trials, successes=successes, trials=trials)


def plausible(successes: int, trials: int, confidence: float, p: float) -> bool:
    """Whether the score test does not reject p: what Wilson's interval is by its definition."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return abs(successes / trials - p) <= z * math.sqrt(p * (1 - p) / trials)


def bounds(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """The ends of what is plausible, found by halving."""

    def edge(out: float) -> float:
        inside, outside = successes / trials, out
        if plausible(successes, trials, confidence, outside):
            return outside
        for _ in range(100):
            middle = (inside + outside) / 2
            if plausible(successes, trials, confidence, middle):
                inside = middle
            else:
                outside = middle
        return inside

    return edge(0.0), edge(1.0)


@given(rates(), CONFIDENCES)
def test_an_interval_holds_what_is_plausible(rate: tuple[int, int], confidence: float) -> None:
    low, high = wilson(*rate, confidence)
    assert low is not None
    assert high is not None
    expected = bounds(*rate, confidence)
    assert math.isclose(low, expected[0], abs_tol=1e-6)
    assert math.isclose(high, expected[1], abs_tol=1e-6)


@given(rates(), st.integers(0, 100), CONFIDENCES)
def test_a_bound_is_missed_where_no_plausible_rate_keeps_it(
    rate: tuple[int, int], percent: int, confidence: float
) -> None:
    bound = percent / 100
    low, high = bounds(*rate, confidence)
    assume(min(abs(bound - low), abs(bound - high)) > 1e-6 or confidence == 0)
    value = rate[0] / rate[1]
    at_least = Check(measure="step_rate", stage="s", min=bound, confidence=confidence)
    at_most = Check(measure="step_rate", stage="s", max=bound, confidence=confidence)
    exact = confidence == 0
    below = rate[0] * 100 < percent * rate[1] if exact else high < bound
    above = rate[0] * 100 > percent * rate[1] if exact else low > bound
    chance = None if exact else "within_chance"
    assert judge(at_least, figure(rate)) == (
        "below" if below else chance if value < bound else None
    )
    assert judge(at_most, figure(rate)) == ("above" if above else chance if value > bound else None)


@given(rates(), rates(), SHARES, CONFIDENCES)
def test_a_drop_is_one_where_no_plausible_pair_of_rates_is_less_of_one(
    now: tuple[int, int], before: tuple[int, int], share: float, confidence: float
) -> None:
    rate, base, keep = now[0] / now[1], before[0] / before[1], 1 - share
    high, low = bounds(*now, confidence)[1], bounds(*before, confidence)[0]
    # the two distances to the ends join as the sides of a right angle do
    reach = math.sqrt((high - rate) ** 2 + (keep * (base - low)) ** 2)
    apart = keep * base - rate
    assume(abs(apart - reach) > 1e-6)
    check = Check(measure="step_rate", stage="s", max_drop=share, confidence=confidence)
    found = judge(check, figure(now), figure(before))
    assert found == ("dropped" if apart > reach else "within_chance" if apart > 1e-9 else None)


@given(rates(), rates(), SHARES, CONFIDENCES)
def test_a_change_is_a_drop_or_the_drop_that_would_undo_it(
    now: tuple[int, int], before: tuple[int, int], share: float, confidence: float
) -> None:
    def dropped(one: tuple[int, int], other: tuple[int, int], lost: float) -> bool:
        check = Check(measure="step_rate", stage="s", max_drop=lost, confidence=confidence)
        return judge(check, figure(one), figure(other)) == "dropped"

    check = Check(measure="step_rate", stage="s", max_change=share, confidence=confidence)
    fell, rose = dropped(now, before, share), dropped(before, now, 1 - 1 / (1 + share))
    assert (judge(check, figure(now), figure(before)) == "changed") == (fell or rose)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 99))
def test_counts_are_compared_to_the_person(now: int, before: int, percent: int) -> None:
    check = Check(measure="users", stage="s", max_drop=percent / 100)
    found = judge(check, Figure(value=float(now)), Figure(value=float(before), people=before))
    assert (found == "dropped") == (100 * now < (100 - percent) * before)


@given(cases())
def test_figures_are_those_of_the_funnel(case: Case) -> None:
    rows = product.stages(case)
    for place, row in enumerate(rows):
        for measure in ("users", "total_rate", "median_seconds", "mature_total_rate", "step_rate"):
            if measure == "mature_total_rate" and row[measure] is None:
                continue
            if measure == "step_rate" and place == 0:
                continue
            found = people_figure(measure, rows, place, max(place - 1, 0))
            assert found.value == row[measure]
            if measure in {"step_rate", "total_rate"}:
                stem = measure.removesuffix("_rate")
                assert found.interval(0.95) == (row[f"{stem}_low"], row[f"{stem}_high"])


COMPARED = {
    "as it is": lambda case: case,
    "open": TWISTS["closed = false"],
    "optional": TWISTS["optional"],
    "first": TWISTS["entry = first"],
    "last": TWISTS["entry = last"],
    "previous": TWISTS["window_from = previous"],
}
MEASURES = ("total_rate", "step_rate", "users", "median_seconds")


@pytest.mark.parametrize("twist", COMPARED)
@settings(max_examples=settings().max_examples // 8)
@given(case=cases(), places=st.data())
def test_compared_figures_are_of_mature_entries(
    twist: str, case: Case, places: st.DataObject
) -> None:
    case = COMPARED[twist](case)
    assume(case.window is not None)
    ask = oracle.judged(case.log, case.ask())
    ripe = list(oracle.mature_journeys(case.log, ask).values())
    people = oracle.people(case.log, ask).values()
    entries = [one.event.ts for person in people for one in oracle.entries(person, ask)]
    done = all(oracle.window_over(ask, ts) for ts in entries)
    question = product.question(case)
    figures = Figures(
        engine=product.fill(case.log), question=question, facts=NOTHING, models={},
        base=question.period,
    )  # fmt: skip
    position = places.draw(st.integers(2, len(case.stages)))
    before = oracle.nearest_needed(ask, range(position - 1, 0, -1))
    assert before is not None
    for measure in MEASURES:
        check = Check(measure=measure, stage=f"s{position}", max_drop=0.1)
        ((_, found, base),) = figures.of(check)
        assert base is not None
        assert base.value == found.value
        if measure.endswith("rate"):
            of = [one for one in ripe if measure == "total_rate" or oracle.has(one, before)]
            came = sum(oracle.has(one, position) for one in of)
            assert (found.successes, found.people) == (came, len(of))
        else:
            assert found.mature == done
    check = Check(measure="users", stage="s1", max_drop=0.1)
    assert figures.of(check)[0].figure.mature == (done or ask.rules.closed)
