"""Quantiles of Student's t in plain Python: the interval of a mean alone must not load scipy."""

import math
from statistics import NormalDist

_MANY = 200
"""From so many degrees of freedom on the expansion of a 95 % quantile is exact to 11 digits."""


def quantile(probability: float, freedom: int) -> float:
    """Return the t that holds `probability` (half or more) of Student's distribution below it.

    Few degrees of freedom: Newton's method on the distribution, which is a finite sum. Many: the
    expansion about the normal quantile (Abramowitz and Stegun, Handbook of Mathematical
    Functions, 26.7.3 to 26.7.5).
    """
    value = _expansion(NormalDist().inv_cdf(probability), freedom)
    if freedom >= _MANY:
        return value
    for _ in range(50):
        step = (_below(value, freedom) - probability) / _density(value, freedom)
        value -= step
        if abs(step) <= 1e-14 * value:
            break
    return value


def _expansion(normal: float, freedom: int) -> float:
    terms = (
        (normal**3 + normal) / 4,
        (5 * normal**5 + 16 * normal**3 + 3 * normal) / 96,
        (3 * normal**7 + 19 * normal**5 + 17 * normal**3 - 15 * normal) / 384,
        (79 * normal**9 + 776 * normal**7 + 1482 * normal**5 - 1920 * normal**3 - 945 * normal)
        / 92160,
    )
    return normal + math.fsum(term / freedom**power for power, term in enumerate(terms, start=1))


def _below(value: float, freedom: int) -> float:
    """Return the probability of less than `value`."""
    angle = math.atan(value / math.sqrt(freedom))
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for divisor in range(2 + odd, freedom + 1, 2):
        total += term
        term *= math.cos(angle) ** 2 * (divisor - 1) / divisor
    within = math.sin(angle) * total
    return 0.5 + (2 / math.pi * (angle + within) if odd else within) / 2


def _density(value: float, freedom: int) -> float:
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    tail: float = (1 + value * value / freedom) ** (-(freedom + 1) / 2)
    return math.exp(scale) / math.sqrt(freedom * math.pi) * tail
