"""Changes of measures: by how much, within which bounds, and whether beyond chance."""

from collections.abc import Mapping
from typing import Any

from hourglass.stats import Estimate, Sample, joined, mean_interval, newcombe, welch, wilson

UP, DOWN, UNCLEAR, UNTESTED, ALONE = "up", "down", "no clear change", "not tested", "no comparison"
"""Words for a change: beyond chance or not; or that there is no test, or nothing before."""

Row = dict[str, Any]


def of_count(now: int, then: int | None) -> Row:
    """Write the relative change of a count: both are Poisson, so one is a binomial share of both.

    The Wilson interval of that share, as odds, is the interval of their ratio.
    """
    if then is None:
        return {"verdict": ALONE}
    if not then:
        return {"previous": then, "verdict": UNTESTED}
    low, high = wilson(now, now + then)
    assert low is not None
    assert high is not None
    below = low / (1 - low) - 1
    above = high / (1 - high) - 1 if high < 1 else None
    change = {"previous": then, "change": now / then - 1, "change_low": below, "change_high": above}
    return change | {"verdict": _verdict(below, above)}


def of_rate(now: tuple[int, int], then: tuple[int, int] | None) -> Row:
    """Write a rate of `(hits, of)` with its interval, and its change since another."""
    hits, of = now
    low, high = wilson(hits, of)
    row: Row = {"people": of, "value": hits / of if of else None, "low": low, "high": high}
    if then is None or not of or not then[1]:
        return row | {"verdict": ALONE}
    below, above = newcombe(*now, *then)
    previous = then[0] / then[1]
    change = hits / of - previous
    return row | {
        "previous": previous, "change": change, "change_low": below, "change_high": above,
        "verdict": _verdict(below, above),
    }  # fmt: skip


def of_median(now: float | None, then: float | None) -> Row:
    """Write the difference of two medians, which have no interval here."""
    if now is None or then is None:
        return {"verdict": ALONE}
    return {"previous": then, "change": now - then, "verdict": UNTESTED}


def of_k(now: Row, then: Row | None) -> Row:
    """Write K with its interval, and its change, from rows of `referrals`.

    The change is Welch's; where a K is 0, its Wilson interval is joined with that of the other, as
    `check` does: nobody who brought a buyer is as sure as a rate of none, and no surer.
    """
    row: Row = {
        "people": now["customers"], "value": now["k"], "low": now["k_low"], "high": now["k_high"],
    }  # fmt: skip
    if then is None or now["k"] is None or then["k"] is None:
        return row | {"verdict": ALONE}
    low, high = _difference(now, then)
    return row | {
        "previous": then["k"], "change": now["k"] - then["k"], "change_low": low,
        "change_high": high, "verdict": _verdict(low, high),
    }  # fmt: skip


def _difference(now: Row, then: Row) -> tuple[float | None, float | None]:
    if now["k"] and then["k"]:
        low, high, _ = welch(_sample(now), _sample(then))
        return low, high
    one, base = _estimate(now), _estimate(then)
    return joined(one, base) if one and base else (None, None)


def _estimate(row: Row) -> Estimate | None:
    """Return K between its bounds, neither cut; null where it is not 0 and has none."""
    k, high = row["k"], row["k_high"]
    if not k:
        low, high = wilson(0, row["customers"])
        assert low is not None
        assert high is not None
        return low, k, high
    return None if high is None else (2 * k - high, k, high)


def _sample(row: Mapping[str, Any]) -> Sample:
    """Return the sample behind K and its interval, whose upper bound is never cut."""
    count, mean, high = row["customers"], row["k"], row["k_high"]
    if high is None or count < 2:
        return Sample(count, mean)
    unit = mean_interval(Sample(count, 0.0, 1.0))[1]
    assert unit is not None
    return Sample(count, mean, (high - mean) / unit)


def _verdict(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return UNTESTED
    if low is not None and low > 0:
        return UP
    return DOWN if high is not None and high < 0 else UNCLEAR
