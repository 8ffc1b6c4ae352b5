"""Referred people against others: whether they buy oftener, sooner, for more, and bring more."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.differences import LEAST, judge
from hourglass.analyses.question import Question
from hourglass.analyses.referrals_tables import sample
from hourglass.analyses.tables import table_of
from hourglass.engines import Engine
from hourglass.result import Kind, Table
from hourglass.stats import (
    Interval,
    Sample,
    bounded_interval,
    fisher,
    mean_interval,
    newcombe,
    welch,
    wilson,
)

Row = dict[str, object]
Sides = Mapping[bool, Mapping[str, Any]]
"""Counts of the referred (true) and of the others."""


def compared(engine: Engine, question: Question, *, has_revenue: bool) -> list[Table]:
    """Return `rates`, `means` and `times` of the referred against other people.

    Rates have Newcombe's interval and Fisher's p, means Welch's; q is adjusted over the rows of
    both that have enough people on each side. Medians have no interval.
    """
    bounds = Bounds.of(question)
    period = bounds.period
    came = _sides(engine, "referrals/came", period)
    bought = _sides(engine, "referrals/bought", {})
    rates = [
        _rate("buy rate", came, "people", "bought"),
        _rate("repeat rate", bought, "customers", "again"),
    ]
    means = [_mean("referrals made", {side: _brought(one) for side, one in bought.items()})]
    if has_revenue:
        means.insert(0, _mean("revenue a buyer", {s: _spent(one) for s, one in bought.items()}))
    judge([*rates, *means], "difference")
    return [
        table_of("rates", "Referred people against others", _columns("rate"), rates),
        table_of("means", "Means of a buyer", _columns("mean"), means),
        table_of("times", "From the first event to the first purchase", _TIMES, [_times(came)]),
    ]


def _sides(engine: Engine, query: str, values: Mapping[str, int]) -> Sides:
    """Return the counts of both sides; those of a side with nobody are 0, its means null."""
    frame = engine.fetch(query, values)
    found = {row["referred"]: row for row in frame.iter_rows(named=True)}
    nobody = {name: None if kind.is_float() else 0 for name, kind in frame.schema.items()}
    return {side: found.get(side, nobody) for side in (True, False)}


def _brought(side: Mapping[str, Any]) -> Sample:
    return sample(side["brought"], side["brought_squares"], side["customers"])


def _spent(side: Mapping[str, Any]) -> Sample:
    return Sample(
        side["customers"], side["revenue"] or 0.0, math.sqrt(side["revenue_variance"] or 0.0)
    )


def _rate(measure: str, sides: Sides, people: str, did: str) -> Row:
    """Compare a share of people."""
    counts = [(sides[side][did], sides[side][people]) for side in (True, False)]
    values = [done / of if of else None for done, of in counts]
    (done, of), (base_done, base_of) = counts
    low, high = newcombe(done, of, base_done, base_of)
    return {
        "measure": measure,
        **_side("referred", "rate", of, values[0], wilson(done, of)),
        **_side("others", "rate", base_of, values[1], wilson(base_done, base_of)),
        **_difference(values, low, high, fisher(done, of, base_done, base_of), (of, base_of)),
    }


def _mean(measure: str, sides: Mapping[bool, Sample]) -> Row:
    """Compare a mean over customers."""
    one, base = sides[True], sides[False]
    values = [side.mean if side.count else None for side in (one, base)]
    low, high, p_value = welch(one, base)
    # revenue may be negative, by refunds
    interval = bounded_interval if measure == "referrals made" else mean_interval
    return {
        "measure": measure,
        **_side("referred", "mean", one.count, values[0], interval(one)),
        **_side("others", "mean", base.count, values[1], interval(base)),
        **_difference(values, low, high, p_value, (one.count, base.count)),
    }


def _side(side: str, kind: str, people: int, value: float | None, interval: Interval) -> Row:
    low, high = interval
    stem = side if kind == "rate" else f"{side}_mean"
    return {
        f"{side}_people": people,
        f"{side}_{kind}": value,
        f"{stem}_low": low,
        f"{stem}_high": high,
    }


def _difference(
    values: Sequence[float | None],
    low: float | None,
    high: float | None,
    p_value: float | None,
    people: tuple[int, int],
) -> Row:
    value, base = values
    if value is None or base is None:
        return {}
    return {
        "difference": value - base,
        "difference_low": low,
        "difference_high": high,
        "difference_p": p_value,
        "difference_judged": p_value is not None and min(people) >= LEAST,
    }


def _times(sides: Sides) -> Row:
    return {
        "measure": "time to buy",
        "referred_people": sides[True]["bought"],
        "referred_median_seconds": sides[True]["median_seconds"],
        "others_people": sides[False]["bought"],
        "others_median_seconds": sides[False]["median_seconds"],
    }


_TIMES: tuple[tuple[str, Kind, str], ...] = (
    ("measure", "text", "median"),
    ("referred_people", "count", "referred"),
    ("referred_median_seconds", "seconds", "took"),
    ("others_people", "count", "others"),
    ("others_median_seconds", "seconds", "took"),
)


def _columns(kind: Kind) -> tuple[tuple[str, Kind, str], ...]:
    """Return the columns of a comparison of rates or of means."""
    difference: Kind = "points" if kind == "rate" else kind
    sides: list[tuple[str, Kind, str]] = []
    for side in ("referred", "others"):
        stem = side if kind == "rate" else f"{side}_mean"
        sides += [
            (f"{side}_people", "count", side),
            (f"{side}_{kind}", kind, kind),
            (f"{stem}_low", kind, f"{kind} low"),
            (f"{stem}_high", kind, f"{kind} high"),
        ]
    return (
        ("measure", "text", "measure"),
        *sides,
        ("difference", difference, "points" if kind == "rate" else "difference"),
        ("difference_low", difference, "low"),
        ("difference_high", difference, "high"),
        ("difference_p", "p", "p"),
        ("difference_q", "p", "q"),
        ("difference_marked", "flag", "marked"),
    )
