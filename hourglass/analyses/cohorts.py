"""The cohort grid of retention: people by when they first bought, and what they did after."""

from collections.abc import Sequence
from itertools import islice
from typing import Literal

import polars as pl

from hourglass.analyses.attempts import instant
from hourglass.analyses.question import Question
from hourglass.analyses.rates import with_bounds
from hourglass.calendar import Bucket, Unit, buckets
from hourglass.engines import Engine, Maker
from hourglass.errors import UsageError
from hourglass.result import Column, Kind, Table
from hourglass.stats import Sample, bounded_interval, mean_interval

Value = Literal["people", "revenue"]
"""What the grid is about first; with revenue in the data both are in it."""

Named = tuple[tuple[str, Kind, str], ...]
"""Columns as name, kind, label."""

PEOPLE: Named = (
    ("again", "count", "again"),
    ("again_rate", "rate", "again"),
    ("again_low", "rate", "again low"),
    ("again_high", "rate", "again high"),
)
MONEY: Named = (
    ("revenue", "number", "revenue"),
    ("revenue_per_buyer", "mean", "revenue a buyer"),
    ("revenue_per_buyer_low", "mean", "revenue a buyer low"),
    ("revenue_per_buyer_high", "mean", "revenue a buyer high"),
)
"""Means over buyers and their intervals, wherever there is revenue."""

_LARGER: dict[Unit, Unit] = {"day": "week", "week": "month"}


def cohorts(
    engine: Engine,
    question: Question,
    unit: Unit,
    value: Value,
    *,
    has_revenue: bool,
    most: int | None = None,
) -> Table:
    """Return the grid, one row a cohort and a number of units after it; what is to come is null.

    Reads `buyers`, `history` and `observed`. UsageError for more than `most` units.
    """
    _define_buckets(engine, _buckets(engine, question, unit, most))
    frame = with_bounds(engine.fetch("retention/cells"), "again", "again", "buyers")
    measures = MONEY + PEOPLE if value == "revenue" else PEOPLE + (MONEY if has_revenue else ())
    about = "Revenue a buyer" if value == "revenue" else "Share that bought again"
    return table_of(
        "cohorts",
        f"{about}, by {unit} of first purchase and {unit}s after it",
        with_means(frame, "revenue"),
        (
            ("cohort", "date", unit),
            ("buyers", "count", "buyers"),
            ("periods", "count", f"{unit}s after"),
            *measures,
            ("running", "flag", "running"),
        ),
    )


def _buckets(engine: Engine, question: Question, unit: Unit, most: int | None) -> list[Bucket]:
    first, as_of = engine.fetch("retention/span").row(0)
    if first is None:
        return []
    rules = question.rules
    every = buckets(first, as_of, unit, rules.timezone, rules.week_start)
    found = list(islice(every, None if most is None else most + 1))
    if most is not None and len(found) > most:
        larger = _LARGER.get(unit)
        raise UsageError(
            f"from {first.date()} to {as_of.date()} there are more than {most:,} {unit}s",
            f"type --unit {larger}" if larger else "narrow the period with --since and --as-of",
        )
    return found


def _define_buckets(engine: Maker, found: Sequence[Bucket]) -> None:
    engine.define(
        "buckets",
        {"bucket": "INTEGER", "day": "DATE", "start_us": "BIGINT", "end_us": "BIGINT"},
        [
            (number, one.day.isoformat(), instant(one.start, 0), instant(one.end, 0))
            for number, one in enumerate(found, start=1)
        ],
    )


def with_means(frame: pl.DataFrame, *stems: str) -> pl.DataFrame:
    """Put the interval of a mean over `buyers` beside each `STEM_per_buyer`; drop the spreads."""
    for stem in stems:
        interval = mean_interval if stem == "revenue" else bounded_interval  # refunds are negative
        name, spread = f"{stem}_per_buyer", f"{stem}_spread"
        rows = frame.select("buyers", name, spread).iter_rows()
        found = [
            (None, None) if mean is None else interval(Sample(count, mean, wide or 0.0))
            for count, mean, wide in rows
        ]
        frame = frame.drop(spread).with_columns(
            pl.Series(f"{name}_{bound}", [one[place] for one in found], dtype=pl.Float64)
            for place, bound in enumerate(("low", "high"))
        )
    return frame


def columns_of(named: Named) -> tuple[Column, ...]:
    """Return columns from their names, kinds and labels."""
    return tuple(Column(name=name, kind=kind, label=label) for name, kind, label in named)


def table_of(name: str, title: str, frame: pl.DataFrame, named: Named) -> Table:
    """Return a table of those columns of a frame."""
    shown = frame.select(one for one, _, _ in named)
    return Table(name=name, title=title, data=shown, columns=columns_of(named))
