"""What a check makes of a number, by examples small enough to check by eye."""

from typing import Any

import pytest

from hourglass.analyses.check_judging import Figure, judge
from hourglass.settings.checks import Check


def rate(successes: int, trials: int) -> Figure:
    share = successes / trials if trials else None
    return Figure(value=share, people=trials, successes=successes, trials=trials or None)


def check(**keys: Any) -> Check:
    return Check(measure="step_rate", stage="buy", **keys)


@pytest.mark.parametrize(
    ("keys", "successes", "trials", "reason"),
    [
        # 40 of 100: Wilson's 95 % interval is 30.9 to 49.8 %
        ({"min": 0.40}, 40, 100, None),
        ({"min": 0.49}, 40, 100, "within_chance"),
        ({"min": 0.50}, 40, 100, "below"),
        ({"max": 0.40}, 40, 100, None),
        ({"max": 0.31}, 40, 100, "within_chance"),
        ({"max": 0.30}, 40, 100, "above"),
        # the same share of a hundred times as many says more: 39.0 to 41.0 %
        ({"min": 0.42}, 4000, 10_000, "below"),
        ({"min": 0.41, "confidence": 0}, 40, 100, "below"),
        ({"min": 0.40, "confidence": 0}, 40, 100, None),
        ({"min": 0.45, "confidence": 0.5}, 40, 100, "below"),
        ({"min": 0.9}, 0, 0, "too_few"),
        ({"min": 0.9, "min_people": 30}, 0, 29, "too_few"),
        ({"min": 0.9, "min_people": 30}, 0, 30, "below"),
        ({"min": 0.3, "max": 0.35}, 40, 100, "within_chance"),
    ],
)
def test_bounds(keys: dict[str, Any], successes: int, trials: int, reason: str | None) -> None:
    assert judge(check(**keys), rate(successes, trials)) == reason


@pytest.mark.parametrize(
    ("keys", "now", "before", "reason"),
    [
        ({"max_drop": 0.2, "confidence": 0}, (80, 100), (100, 100), None),
        ({"max_drop": 0.2, "confidence": 0}, (79, 100), (100, 100), "dropped"),
        ({"max_drop": 0.2}, (79, 100), (100, 100), "within_chance"),
        ({"max_drop": 0.2}, (0, 100), (50, 100), "dropped"),
        ({"max_drop": 0.0}, (100, 100), (50, 100), None),
        # 2 % against half of 24 %: of the doubt about the value before only half counts as well
        ({"max_drop": 0.5}, (1, 50), (12, 50), "dropped"),
        ({"max_change": 0.2}, (100, 100), (50, 100), "changed"),
        ({"max_change": 0.2}, (10, 100), (50, 100), "changed"),
        ({"max_change": 0.2}, (5, 10), (6, 10), None),
        ({"max_change": 1.0, "confidence": 0}, (2, 10), (1, 10), None),
        ({"max_change": 1.0, "confidence": 0}, (3, 10), (1, 10), "changed"),
        ({"max_change": 5.0, "confidence": 0}, (1, 10), (0, 10), "changed"),
        ({"max_drop": 0.1}, (5, 10), (0, 0), "too_few_before"),
        ({"max_drop": 0.1, "min_people": 11}, (50, 100), (1, 10), "too_few_before"),
        ({"max_drop": 0.1, "min": 0.9}, (10, 100), (10, 100), "below"),
    ],
)
def test_changes(
    keys: dict[str, Any], now: tuple[int, int], before: tuple[int, int], reason: str | None
) -> None:
    assert judge(check(**keys), rate(*now), rate(*before)) == reason


def test_counts_and_times_are_compared_as_they_are() -> None:
    users = Check(measure="users", stage="buy", min=10)
    assert judge(users, Figure(value=10.0)) is None
    assert judge(users, Figure(value=9.0)) == "below"
    assert judge(users, Figure(value=0.0)) == "below"
    slow = Check(measure="median_seconds", stage="buy", max=60, min_people=2)
    assert judge(slow, Figure(value=61.0, people=2)) == "above"
    assert judge(slow, Figure(value=61.0, people=1)) == "too_few"
    assert judge(slow, Figure(value=None, people=None)) == "no_value"


def test_means_have_an_interval_too() -> None:
    # ten people, mean 0.5 and 0.1 to either side at 95 %, which after Student is 0.061 at 80 %
    mean = Figure(value=0.5, people=10, spread=0.1)
    assert mean.interval(0.95) == pytest.approx((0.4, 0.6))
    assert mean.interval(0.8) == pytest.approx((0.43886, 0.56114), abs=1e-5)
    assert mean.interval(0.0) == pytest.approx((0.5, 0.5))
    for bound, reason in ((0.55, "within_chance"), (0.61, "below")):
        assert judge(Check(measure="k", min=bound), mean) == reason
    alone = Figure(value=None, people=1)
    assert judge(Check(measure="k", min=0.1), alone) == "no_value"


def test_what_can_still_grow_is_not_compared() -> None:
    users = Check(measure="users", stage="buy", max_drop=0.1)
    done, open_ = Figure(value=5.0, people=5), Figure(value=1.0, mature=False)
    assert judge(users, open_, done) == "immature"
    assert judge(users, Figure(value=1.0), done) == "dropped"
