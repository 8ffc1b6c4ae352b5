"""Retention: who buys again, how soon, how often, for how much, and who has stopped."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from hourglass.analyses.attempts import NEVER, Bounds, instant
from hourglass.analyses.cohorts import (
    MONEY,
    Named,
    Value,
    cohorts,
    columns_of,
    table_of,
    with_means,
)
from hourglass.analyses.groups import by_table, everybody, group, refuse_attribution
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import (
    borrowed,
    buying,
    make_purchases,
    observe,
    window_note,
)
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.rates import with_bounds
from hourglass.analyses.read import input_facts
from hourglass.analyses.windowed import in_force, of_purchases, within_window
from hourglass.calendar import Unit
from hourglass.durations import said
from hourglass.engines import Engine
from hourglass.errors import DataError
from hourglass.nouns import many
from hourglass.result import Result

LEAST_GAPS = 30
"""Gaps between purchases that it takes to say from when on a buyer has lapsed."""

RULES = ("count", "where", "window", "attribution", "timezone", "week_start")
"""Rules that have a say; how a funnel is followed has none."""

_ABOUT: dict[Value, str] = {"people": "Retention", "revenue": "Revenue a buyer"}
_WITHOUT_REVENUE = "no money: no column of the events is the revenue"
_UNPAID = "no money: no purchase here has a revenue"

_SUMMARY: Named = (
    ("buyers", "count", "buyers"),
    ("purchases", "count", "purchases"),
    ("further", "count", "further purchases"),
    ("further_per_buyer", "mean", "further a buyer"),
    ("further_per_buyer_low", "mean", "further a buyer low"),
    ("further_per_buyer_high", "mean", "further a buyer high"),
    ("mature_buyers", "count", "mature"),
    ("again", "count", "again inside W"),
    ("again_rate", "rate", "share inside W"),
    ("again_low", "rate", "share inside W low"),
    ("again_high", "rate", "share inside W high"),
    ("ever", "count", "again ever"),
    ("ever_rate", "rate", "share ever"),
    ("ever_low", "rate", "share ever low"),
    ("ever_high", "rate", "share ever high"),
    ("gaps", "count", "gaps"),
    ("median_seconds", "seconds", "median gap"),
    ("p90_seconds", "seconds", "p90 gap"),
    ("lapsed", "count", "lapsed"),
    ("lapsed_rate", "rate", "share lapsed"),
    ("lapsed_low", "rate", "share lapsed low"),
    ("lapsed_high", "rate", "share lapsed high"),
)
_CURVE: Named = (
    ("purchase", "count", "purchase"),
    ("people", "count", "people"),
    ("mature_people", "count", "mature"),
    ("again", "count", "inside W"),
    ("again_rate", "rate", "share"),
    ("again_low", "rate", "share low"),
    ("again_high", "rate", "share high"),
    ("ever", "count", "ever"),
    ("ever_rate", "rate", "share ever"),
    ("ever_low", "rate", "share ever low"),
    ("ever_high", "rate", "share ever high"),
    ("median_seconds", "seconds", "median gap"),
)


def retention(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    *,
    unit: Unit = "month",
    value: Value = "people",
    purchases: int = 10,
    most: int | None = None,
) -> Result:
    """Follow those whose first purchase lies in the period through all their purchases since.

    The result has the tables `cohorts` (one row a `unit` of first purchase and a number of units
    after it), `curve` (one row for the n-th purchase, up to `purchases`), `summary` (one row), and
    with `question.by` `breakdown` (a summary for each value). Nothing after as-of is looked at.
    Money is there if a purchase has a revenue. Raises DataError if no stage says what a purchase
    is or the data have none, and where `value` is revenue and there is none; UsageError for
    more than `most` units.
    """
    refuse_attribution(question)
    map_events(engine, question)
    as_of = observe(engine, question)
    warnings = make_purchases(engine, question, as_of)
    follow(engine, question, as_of)
    summary = summarized(engine.fetch("retention/summary"))
    has_revenue = bool(summary["paid"][0])
    if value == "revenue" and not has_revenue:
        raise _no_revenue(engine)
    if not summary["buyers"][0]:
        warnings.append("nobody bought for the first time in the period")
    curve = with_bounds(engine.fetch("retention/curve"), "again", "again", "mature_people")
    curve = with_bounds(curve, "ever", "ever", "people")
    measures = _SUMMARY + MONEY if has_revenue else _SUMMARY
    tables = [
        cohorts(engine, question, unit, value, has_revenue=has_revenue, most=most),
        table_of("curve", "From one purchase to the next", curve.head(purchases), _CURVE),
        table_of("summary", "Buyers", everybody(summary), measures),
    ]
    if question.by:
        columns = columns_of(measures)
        tables.append(by_table(engine, question, summary, columns, rows_name=""))
    notes = _notes(engine, question, summary, curve.height - purchases)
    return Result(
        analysis="retention",
        title=f"{_ABOUT[value]} by {unit} of first purchase",
        model=buying(question).model.name,
        rules=in_force(within_window(question), RULES) | of_purchases(question),
        period=question.period,
        tables=tuple(tables),
        input=input_facts(engine, delivery),
        as_of=as_of,
        notes=(*warnings, *notes),
        warnings=tuple(warnings),
    )


def follow(engine: Engine, question: Question, as_of: datetime | None) -> None:
    """Make all that the queries of retention read, once there are `purchases` and `observed`."""
    bounds = Bounds.of(question)
    engine.make(
        "buyers",
        "retention/buyers",
        bounds.period,
    )
    engine.make("history", "retention/history")
    engine.make("lives", "retention/lives")
    engine.make("lapse", "retention/lapse", {"least_gaps": LEAST_GAPS})
    group(engine, question, "buyers", until_us=instant(as_of, NEVER) + 1)


def summarized(frame: pl.DataFrame) -> pl.DataFrame:
    """Put rates, means and intervals beside the counts of `retention/summary`."""
    for stem, trials in (("again", "mature_buyers"), ("ever", "buyers"), ("lapsed", "buyers")):
        frame = with_bounds(frame, stem, stem, trials)
    return with_means(frame, "further", "revenue")


def _no_revenue(engine: Engine) -> DataError:
    if "revenue" in (engine.event_columns() or {}):
        return DataError(
            "no purchase in the period has a revenue",
            'leave out --value revenue, or name another column: [columns] revenue = "…"',
        )
    return DataError(_WITHOUT_REVENUE, 'in hourglass.toml write [columns] revenue = "…"')


def _notes(engine: Engine, question: Question, summary: pl.DataFrame, beyond: int) -> Iterator[str]:
    gaps, lapsed_after_us, later = engine.fetch("retention/facts").row(0)
    purchases, paid = summary.select("purchases", "paid").row(0)
    gap = buying(question).min_gap
    yield f"{window_note(question)}; mature is who bought at least that long before as-of"
    yield from borrowed(question)
    if gaps or purchases:
        yield "0 is the unit of the first purchase itself; one that is not over (*) can only rise"
    if lapsed_after_us is None:
        yield (
            f"who has lapsed is not said: {many(gaps, 'gap')} between purchases,"
            f" and it takes {LEAST_GAPS}"
        )
    else:
        after = said(timedelta(microseconds=lapsed_after_us))
        yield f"lapsed: more than {after} without a purchase, the 90th percentile of {gaps:,} gaps"
    if gap:
        yield f"an order less than {said(gap)} after a purchase is part of it"
    if later:
        yield f"{many(later, 'purchase')} later than as-of left out"
    if not paid:
        columns = engine.event_columns() or {}
        yield _UNPAID if "revenue" in columns else _WITHOUT_REVENUE
    elif paid < purchases:
        has, counts = ("has", "counts") if purchases - paid == 1 else ("have", "count")
        unpaid = many(purchases - paid, "purchase")
        yield f"{unpaid} {has} no revenue, and {counts} as nothing in it"
    if beyond > 0:
        yield f"the curve goes on for {beyond:,} more: --purchases {beyond + 10} shows them"
