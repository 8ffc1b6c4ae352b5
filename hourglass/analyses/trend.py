"""The trend: the funnel of each day, week or month of entry."""

from datetime import datetime
from itertools import islice

import polars as pl

from hourglass.analyses.attempts import Bounds, instant, microseconds
from hourglass.analyses.chosen import prepare, settle_depths
from hourglass.analyses.funnel import COLUMNS, judged_at, mature_at, with_intervals
from hourglass.analyses.groups import by_table, everybody
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events, nobody_entered
from hourglass.analyses.trend_by import break_down, refuse_overlaps
from hourglass.analyses.trend_pieces import count_each, in_pieces, spanning
from hourglass.calendar import Bucket, Unit, buckets, midnight
from hourglass.engines import Engine, Maker
from hourglass.errors import UsageError
from hourglass.result import Column, Result, Table

_LARGER: dict[Unit, Unit] = {"day": "week", "week": "month"}
_TIMELESS = ("users", "step_rate", "step_low", "step_high", "total_rate", "total_low", "total_high")


def trend(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    unit: Unit = "week",
    most: int | None = None,
) -> Result:
    """Count a funnel for each bucket of entry.

    The result has the table `trend`, one row a bucket and stage: bucket (its first day in the
    time zone), position, stage, users, rates with intervals, and mature (whether the bucket and
    the window of every entry in it are over; null without a window). A person with entries in two
    buckets is in both, so that each row equals the funnel over its bucket alone. With
    `question.by` the table `breakdown` has such rows for each combination of values. Raises
    UsageError for rules that no row can be counted by alone.
    """
    refuse_overlaps(question)
    map_events(engine, spanning(question))
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model)
    counted = _count(engine, question, unit, most)
    frame = everybody(counted)
    columns = _columns(unit)
    tables = [Table(name="trend", title=f"By {unit} of entry", data=frame, columns=columns)]
    if question.by:
        tables.append(by_table(engine, question, counted, columns, rows_name="trend"))
    if frame.is_empty():
        stage = "any" if question.rules.order == "any" else "the first"
        warnings.append(nobody_entered(facts, stage))
    return Result(
        analysis="trend",
        title=f"Trend of {question.model.name} by {unit} of entry",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=judged_at(engine),
        notes=(*warnings, *_notes(question, frame, unit)),
        warnings=tuple(warnings),
    )


def last_entry(engine: Engine, question: Question) -> datetime | None:
    """Return when somebody last entered in the period (naive UTC); null if nobody did."""
    map_events(engine, question)
    _, last = _span(engine, question)
    return last


def _span(engine: Engine, question: Question) -> tuple[datetime | None, datetime | None]:
    bounds, anywhere = Bounds.of(question), question.rules.enters_anywhere
    found = engine.ask("trend/span", bounds.period | {"any_stage": anywhere}).first()
    return found["first"], found["last"]


def _columns(unit: Unit) -> tuple[Column, ...]:
    return (
        Column(name="bucket", kind="date", label=unit),
        *(one for one in COLUMNS if one.name in ("position", "stage", *_TIMELESS)),
        Column(name="mature", kind="flag", label="mature"),
    )


def _count(engine: Engine, question: Question, unit: Unit, most: int | None) -> pl.DataFrame:
    bounds = Bounds.of(question)
    found = _buckets(engine, question, unit, most)
    _define_buckets(engine, found)
    mature_at(engine, question)
    if in_pieces(question):
        count_each(engine, question, found)
    else:
        _count_together(engine, question, bounds)
    break_down(engine, question, bounds)
    counted = engine.ask("trend/stages", _judging(question, bounds))
    rated = with_intervals(counted).frame.rename({"day": "bucket", "bucket": "number"})
    return rated.select("segment", "bucket", "position", "stage", *_TIMELESS, "mature")


def _judging(question: Question, bounds: Bounds) -> dict[str, int]:
    """Return what `trend/stages` must know to say which rows are mature."""
    rules = question.rules
    return {
        "until_us": bounds.until_us,
        "reach_us": microseconds(question.reach),
        "first_only": rules.entry == "first" and rules.closed,
    }


def _count_together(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `entrants`, `chosen` and `taken`, person and bucket in the place of the person."""
    anywhere = question.rules.enters_anywhere
    engine.make("entrants", "trend/entrants", bounds.period | {"any_stage": anywhere})
    reads = {
        "reach_us": microseconds(question.reach),
        "tie_tolerance_us": microseconds(question.rules.tie_tolerance),
        "read_since_us": bounds.read_since_us,
        "whole_period": question.rules.range == "all",
        "any_stage": anywhere,
    }
    engine.make("bucket_events", "trend/events", reads)
    prepare(engine, question, bounds)
    if question.model.exclusions:
        engine.make("excluding", "trend/excluding")
    if question.model.optional:
        engine.make("unmet", "trend/unmet")
    if anywhere:
        engine.make("bucket_openings", "trend/openings")
    entries = "bucket_openings" if anywhere else "bucket_events"
    settle_depths(engine, question, bounds, "bucket_events", entries)


def _buckets(engine: Engine, question: Question, unit: Unit, most: int | None) -> list[Bucket]:
    first, last = _span(engine, question)
    if first is None or last is None:
        return []
    rules = question.rules
    every = buckets(first, last, unit, rules.timezone, rules.week_start)
    found = list(islice(every, None if most is None else most + 1))
    if most is not None and len(found) > most:
        larger = _LARGER.get(unit)
        raise UsageError(
            f"entries from {first.date()} to {last.date()} are more than {most:,} {unit}s",
            f"type --unit {larger}, or narrow the period with --since and --until"
            if larger
            else "narrow the period with --since and --until",
        )
    return found


def _define_buckets(engine: Maker, found: list[Bucket]) -> None:
    engine.define(
        "buckets",
        {"bucket": "INTEGER", "day": "DATE", "start_us": "BIGINT", "end_us": "BIGINT"},
        [
            (number, bucket.day.isoformat(), instant(bucket.start, 0), instant(bucket.end, 0))
            for number, bucket in enumerate(found, start=1)
        ],
    )


def _notes(question: Question, frame: pl.DataFrame, unit: Unit) -> list[str]:
    notes = [f"a person with entries in two {unit}s is counted in both"]
    if question.by and question.rules.range == "entry":
        notes.append(f"who was in two {unit}s may have another value in each")
    if question.rules.window is None:
        notes.append("without a window, later entries had less time to go on")
    elif not frame["mature"].all():
        notes.append("the latest entries are still inside their window: those rows can only rise")
    return [*notes, *_cut(question, frame["bucket"], unit)]


def _cut(question: Question, days: pl.Series, unit: Unit) -> list[str]:
    """Name the buckets, first and last, that the period cuts: they hold fewer entries for it."""
    rules, period = question.rules, question.period
    starts = [midnight(day, rules.timezone) for day in dict.fromkeys([*days[:1], *days[-1:]])]
    outer = [next(buckets(at, at, unit, rules.timezone, rules.week_start)) for at in starts]
    cut = [
        one.day.isoformat()
        for one in outer
        if (period.since and one.start < period.since) or (period.until and period.until < one.end)
    ]
    if not cut:
        return []
    who = f"{unit} of {cut[0]} lies" if len(cut) == 1 else f"{unit}s of {' and '.join(cut)} lie"
    return [f"the {who} only partly in the period"]
