"""The two sides of a comparison: two periods, or two segments, each counted by a funnel."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from hourglass.analyses.funnel import funnel, overlap
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.split import Reached, Values
from hourglass.engines import Engine
from hourglass.errors import DataError, nearest
from hourglass.result import Period, Result

EVERY_VALUE = 1_000_000_000
"""How many values of a breakdown get a row here: none may be folded before both sides are known."""


class Segment(NamedTuple):
    """People whose `column` has this value; null is none."""

    column: str
    value: str | None

    def __str__(self) -> str:
        """Write it as it was typed."""
        return f"{self.column}={self.value or ''}"


class Counts(NamedTuple):
    """Some people stage after stage; over mature entries where there is a window."""

    entered: int
    """Who entered, mature or not."""
    entrants: int
    """Who entered, at whatever stage an attempt may begin with."""
    users: tuple[int, ...]
    could: tuple[int, ...]
    """People at the nearest stage before that is not optional."""
    came: tuple[int, ...]
    """Those of them who are at the stage too."""

    def total(self, place: int) -> Reached:
        """Return everybody who entered, and those who reached a stage."""
        return self.entrants, self.users[place]

    def step(self, place: int) -> Reached:
        """Return those of the stage before, and those of them who reached a stage."""
        return self.could[place], self.came[place]


class Side(NamedTuple):
    """One side: who entered, and how many of those that count reached each stage."""

    since: datetime | None
    until: datetime | None
    segment: str | None
    stages: tuple[str, ...]
    """Names of the stages, in their order."""
    counts: Counts
    parts: dict[Values, Counts]
    """The same for each combination of values that they are split by."""
    result: Result

    def reached(self, position: int) -> dict[Values, Reached]:
        """Return entrants and users at a stage, for each combination of values."""
        return {values: one.total(position - 1) for values, one in self.parts.items()}


def period_side(
    engine: Engine, question: Question, period: Period, delivery: Delivery | None
) -> Side:
    """Count a funnel over one period."""
    asked = question._replace(period=period, top=EVERY_VALUE)
    result = funnel(engine, asked, delivery)
    whole, parts = counted(engine, asked)
    return Side(
        since=period.since,
        until=period.until,
        segment=None,
        stages=tuple(result.table("stages").frame["stage"]),
        counts=whole,
        parts=parts,
        result=result,
    )


def segment_sides(
    engine: Engine, question: Question, segments: Sequence[Segment], delivery: Delivery | None
) -> list[Side]:
    """Count a funnel and take segments out of its breakdown; one run for each column.

    Raises DataError for a value that nobody has.
    """
    answers: dict[str, tuple[Result, dict[Values, Counts]]] = {}
    for column in dict.fromkeys(one.column for one in segments):
        asked = question._replace(by=(column, *question.by), top=EVERY_VALUE)
        result = funnel(engine, asked, delivery)
        answers[column] = result, counted(engine, asked)[1]
    return [_segment_side(question, one, *answers[one.column]) for one in segments]


def _segment_side(
    question: Question, segment: Segment, result: Result, counted: dict[Values, Counts]
) -> Side:
    every = result.table("breakdown").frame
    rows = every.filter(every[segment.column].eq_missing(segment.value))
    if rows.is_empty():
        have = every[segment.column].unique(maintain_order=True).drop_nulls().to_list()
        typed = [f"{segment.column}={value}" for value in have]
        raise DataError(
            f"nobody is in the segment {segment}{nearest(str(segment), typed)}",
            f"segments are {', '.join(typed[:8])}{' …' if len(typed) > 8 else ''}",
        )
    own = {values[1:]: one for values, one in counted.items() if values[0] == segment.value}
    return Side(
        since=question.period.since,
        until=question.period.until,
        segment=str(segment),
        stages=tuple(result.table("stages").frame["stage"]),
        counts=_added(own.values()),
        parts=own if question.by else {},
        result=result,
    )


def counted(engine: Engine, question: Question) -> tuple[Counts, dict[Values, Counts]]:
    """Read what the funnel just made: everybody, and each combination of values.

    Of rows that people may be in several of, the funnel leaves nothing: they are counted again.
    """
    if question.overlapping:
        overlap(engine, question)
    frame = engine.fetch("compare/counts")
    found = {segment: _counts(rows) for (segment,), rows in frame.group_by("segment")}
    if not question.by:
        return found[0], {}
    labels = engine.fetch("breakdown/labels").select("segment", "by_values").iter_rows()
    nothing = (None,) * len(question.by)
    return found[0], {tuple(values or nothing): found[segment] for segment, values in labels}


def _counts(rows: pl.DataFrame) -> Counts:
    ordered = rows.sort("position")
    return Counts(
        entered=ordered["entered"][0],
        entrants=ordered["entrants"][0],
        users=tuple(ordered["users"]),
        could=tuple(ordered["could"]),
        came=tuple(ordered["came"]),
    )


def _added(parts: Iterable[Counts]) -> Counts:
    """Add up people who are each in one of some parts."""
    known = list(parts)

    def stages(name: str) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(getattr(one, name) for one in known), strict=True)))

    return Counts(
        entered=sum(one.entered for one in known),
        entrants=sum(one.entrants for one in known),
        users=stages("users"),
        could=stages("could"),
        came=stages("came"),
    )
