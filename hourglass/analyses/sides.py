"""The two sides of a comparison: two periods, or two segments, each counted by a funnel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.split import Reached, Values
from hourglass.engines import Engine
from hourglass.errors import DataError, nearest
from hourglass.result import Period, Result

EVERY_VALUE = 1_000_000_000
"""How many values of a breakdown get a row here: none may be folded before both sides are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """People whose `column` has this value; null is none."""

    column: str
    value: str | None

    def __str__(self) -> str:
        """Write it as it was typed."""
        return f"{self.column}={self.value or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side: who entered, and how many of those that count reached each stage."""

    since: datetime | None
    until: datetime | None
    segment: str | None
    stages: tuple[str, ...]
    """Names of the stages, in their order."""
    entrants: int
    """People who entered, mature or not."""
    users: tuple[int, ...]
    """People at each stage: over mature entries where there is a window."""
    parts: dict[Values, tuple[int, ...]]
    """The same for each combination of values that they are split by."""
    result: Result

    def reached(self, position: int) -> dict[Values, Reached]:
        """Return entrants and users at a stage, for each combination of values."""
        return {values: (users[0], users[position - 1]) for values, users in self.parts.items()}


def period_side(
    engine: Engine, question: Question, period: Period, delivery: Delivery | None
) -> Side:
    """Count a funnel over one period."""
    asked = replace(question, period=period, top=EVERY_VALUE)
    result = funnel(engine, asked, delivery)
    stages = result.table("stages").frame
    return Side(
        since=period.since,
        until=period.until,
        segment=None,
        stages=tuple(stages["stage"]),
        entrants=stages["users"][0],
        users=_users(stages),
        parts=_parts(result.table("breakdown").frame, question.by) if question.by else {},
        result=result,
    )


def segment_sides(
    engine: Engine, question: Question, segments: Sequence[Segment], delivery: Delivery | None
) -> list[Side]:
    """Count a funnel and take segments out of its breakdown; one run for each column.

    Raises DataError for a value that nobody has.
    """
    answers: dict[str, Result] = {}
    for column in dict.fromkeys(one.column for one in segments):
        asked = replace(question, by=(column, *question.by), top=EVERY_VALUE)
        answers[column] = funnel(engine, asked, delivery)
    return [_segment_side(question, one, answers[one.column]) for one in segments]


def _segment_side(question: Question, segment: Segment, result: Result) -> Side:
    every = result.table("breakdown").frame
    rows = every.filter(pl.col(segment.column).eq_missing(pl.lit(segment.value)))
    if rows.is_empty():
        have = every[segment.column].unique(maintain_order=True).drop_nulls().to_list()
        typed = [f"{segment.column}={value}" for value in have]
        raise DataError(
            f"nobody is in the segment {segment}{nearest(str(segment), typed)}",
            f"segments are {', '.join(typed[:8])}{' …' if len(typed) > 8 else ''}",
        )
    figures = pl.col("users", "mature_users").sum()
    some = rows["mature_users"].is_not_null().any()
    whole = rows.group_by("position").agg(figures).sort("position")
    if not some:
        whole = whole.with_columns(pl.lit(None, dtype=pl.Int64).alias("mature_users"))
    return Side(
        since=question.period.since,
        until=question.period.until,
        segment=str(segment),
        stages=tuple(result.table("stages").frame["stage"]),
        entrants=whole["users"][0],
        users=_users(whole),
        parts=_parts(rows, question.by) if question.by else {},
        result=result,
    )


def _parts(frame: pl.DataFrame, by: Sequence[str]) -> dict[Values, tuple[int, ...]]:
    groups = frame.sort("position").group_by(by, maintain_order=True)
    return {tuple(values): _users(rows) for values, rows in groups}


def _users(stages: pl.DataFrame) -> tuple[int, ...]:
    """Return the people that a comparison counts, stage after stage."""
    mature = stages["mature_users"]
    return tuple(stages["users"] if mature.null_count() else mature)
