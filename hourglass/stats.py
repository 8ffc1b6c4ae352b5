"""Statistics that every analysis shares; nothing here loads scipy before it is needed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from hourglass.student import quantile

CONFIDENCE = 0.95
Interval = tuple[float, float] | tuple[None, None]
Estimate = tuple[float, float, float]
"""Low, value and high."""
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def wilson(
    successes: int, trials: int, confidence: float = CONFIDENCE
) -> tuple[float, float] | tuple[None, None]:
    """Return the Wilson interval (no continuity correction) of `successes / trials`, 95 % wide.

    Two nulls where nobody could succeed. The bounds are exactly 0 and 1 at the ends, so that the
    rate itself always lies inside.
    """
    if trials == 0:
        return None, None
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a rate")
    z = _Z if confidence == CONFIDENCE else NormalDist().inv_cdf((1 + confidence) / 2)
    rate, spread = successes / trials, z * z / trials
    centre = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(rate * (1 - rate) * spread + spread * spread / 4) / (1 + spread)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


def newcombe(
    successes: int, trials: int, base_successes: int, base_trials: int
) -> tuple[float, float] | tuple[None, None]:
    """Return the 95 % interval of a difference of two independent rates, the second taken away.

    It is Newcombe's hybrid of two Wilson intervals (Statistics in Medicine 17, 1998, 873-890,
    method 10). Two nulls where nobody could succeed on a side.
    """
    low, high = wilson(successes, trials)
    base_low, base_high = wilson(base_successes, base_trials)
    if low is None or high is None or base_low is None or base_high is None:
        return None, None
    below, above = joined(
        (low, successes / trials, high), (base_low, base_successes / base_trials, base_high)
    )
    return max(-1.0, below), min(1.0, above)


def joined(one: Estimate, base: Estimate) -> tuple[float, float]:
    """Return the interval of a difference of two estimates, as Newcombe joins two intervals."""
    (low, value, high), (base_low, base_value, base_high) = one, base
    difference = value - base_value
    down = math.hypot(value - low, base_high - base_value)
    up = math.hypot(high - value, base_value - base_low)
    return difference - down, difference + up


def fisher(successes: int, trials: int, base_successes: int, base_trials: int) -> float | None:
    """Return the two-sided p of Fisher's exact test that two rates are equal.

    It sums all tables at most as likely as the one seen. Null where nobody could succeed on a
    side.
    """
    if not trials or not base_trials:
        return None
    from scipy.stats import fisher_exact

    table = [
        [successes, trials - successes],
        [base_successes, base_trials - base_successes],
    ]
    return float(fisher_exact(table).pvalue)


def katz(successes: int, trials: int, base_successes: int, base_trials: int) -> Interval:
    """Return the 95 % interval of a ratio of two independent rates, the second below the line.

    It is Katz's, from the logarithm of the ratio (Biometrics 34, 1978, 469-474). Two nulls where a
    cell of the table of two by two is 0.
    """
    cells = successes, trials - successes, base_successes, base_trials - base_successes
    if not all(cells):
        return None, None
    from scipy.stats.contingency import relative_risk

    found = relative_risk(successes, trials, base_successes, base_trials)
    low, high = found.confidence_interval(CONFIDENCE)
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Sample:
    """What an interval needs of a sample: how many, their mean, their standard deviation (n - 1).

    Both are 0 where there are too few to have one.
    """

    count: int
    mean: float = 0.0
    spread: float = 0.0


_ROUNDING = 1e-12
"""Sums of equal parts may differ by so much of themselves."""


def t_ratio(confidence: float, freedom: int) -> float:
    """Return how much wider than 95 % an interval after Student is at another confidence."""
    if confidence == CONFIDENCE:
        return 1.0
    from scipy.stats import t

    return float(t.ppf((1 + confidence) / 2, freedom) / t.ppf((1 + CONFIDENCE) / 2, freedom))


def mean_interval(sample: Sample) -> Interval:
    """Return the 95 % interval of a mean over people: Student's t with n - 1 degrees of freedom.

    Two nulls for fewer than two people, and where none differs from another, as nothing is then
    estimated. It is Welch's interval with a single side.
    """
    if sample.count < 2 or sample.spread <= _ROUNDING * abs(sample.mean):
        return None, None
    width = quantile((1 + CONFIDENCE) / 2, sample.count - 1)
    half = width * sample.spread / math.sqrt(sample.count)
    return sample.mean - half, sample.mean + half


def bounded_interval(sample: Sample) -> Interval:
    """Return the 95 % interval of a mean of what is never negative: cut off at 0."""
    low, high = mean_interval(sample)
    if low is None or high is None:
        return None, None
    return max(0.0, low), high


def welch(one: Sample, base: Sample) -> tuple[float | None, float | None, float | None]:
    """Return low, high and two-sided p of the difference of two means, the second taken away.

    Welch's t with the degrees of freedom of Welch and Satterthwaite (Biometrika 34, 1947, 28-35):
    the spreads need not be equal. Three nulls where a side has fewer than two people, or where
    neither has any spread, as nothing is then estimated.
    """
    if one.count < 2 or base.count < 2 or not (one.spread or base.spread):
        return None, None, None
    from scipy.special import stdtr, stdtrit

    parts = [side.spread**2 / side.count for side in (one, base)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (side.count - 1) for part, side in zip(parts, (one, base), strict=True)
    )
    error, difference = math.sqrt(sum(parts)), one.mean - base.mean
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    p_value = 2 * float(stdtr(freedom, -abs(difference) / error))
    return difference - half, difference + half, p_value


def adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the q of each p: the false discovery rate at which it is just rejected.

    Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995, 289-300), over
    the values that are there; null stays null and is not counted.
    """
    tested = [value for value in p_values if value is not None]
    if not tested:
        return [None] * len(p_values)
    from scipy.stats import false_discovery_control

    found = iter(false_discovery_control(tested, method="bh").tolist())
    return [None if value is None else next(found) for value in p_values]
