"""The numbers that checks are about, each asked once, by the analyses that show them elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl

from hourglass.analyses.attempts import Bounds, instant
from hourglass.analyses.check_customers import customer_figures
from hourglass.analyses.check_judging import Figure
from hourglass.analyses.check_people import Matured, Rows, people_figure, share
from hourglass.analyses.funnel import funnel
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.sides import counted
from hourglass.engines import Engine
from hourglass.errors import UsageError, nearest
from hourglass.result import InputFacts, Period, Result
from hourglass.settings.checks import MEASURES, Check
from hourglass.stages import Model

_EVERY_VALUE = 1_000_000_000
"""How many values of a breakdown get a row: the one that is checked must not be folded."""


_Key = tuple[Model, str | None, bool]
"""A funnel that was asked: its model, its breakdown, and whether it is of the period before."""


class Pair(NamedTuple):
    """A number, and the same of the period before where the check compares."""

    segment: str | None
    """The value of the check's column; null is none, or that there is no column."""
    figure: Figure
    before: Figure | None = None


@dataclass(slots=True, kw_only=True)
class Figures:
    """Asks for numbers, and remembers each funnel."""

    engine: Engine
    question: Question
    """Its model must be mapped."""
    facts: InputFacts
    models: Mapping[str, Model]
    delivery: Delivery | None = None
    compares: bool = True
    """Whether a check does: under a window it counts entries whose window is over."""
    base: Period | None = None
    """The period before; null where the period asked for has no length."""
    _asked: dict[_Key, Result] = field(default_factory=dict)
    _matured: dict[_Key, dict[str | None, Matured]] = field(default_factory=dict)
    _customers: dict[tuple[str, str | None, bool], dict[str | None, Figure]] = field(
        default_factory=dict
    )

    def of(self, check: Check) -> list[Pair]:
        """Return the numbers of a check: one, or one for each of the largest segments.

        Raises UsageError for a model or stage that is not there, and for a comparison without a
        period before.
        """
        if check.measure == "mature_total_rate" and self.question.rules.window is None:
            raise UsageError(
                f'check "{check.title}": without a window no entry is mature',
                'write window = "30 days" under [rules], or take the measure total_rate',
            )
        about = MEASURES[check.measure or ""].about
        if about == "rows":
            return [Pair(segment=None, figure=self._of_rows(check))]
        if about == "customers":
            return self._of_customers(check)
        now, before = (
            self._stages(check),
            self._stages(check, before=True) if check.compares else {},
        )
        return [
            self._pair(check, one, now.get(one, ()), before.get(one, ()))
            for one in self._segments(check, now)
        ]

    def result(self, model: Model, by: str | None = None, *, before: bool = False) -> Result:
        """Return a funnel, counted at the first call."""
        key = model, by, before
        if key not in self._asked:
            period = self._base() if before else self.question.period
            asked = self.question._replace(model=model, by=(by,) if by else (), period=period)
            asked = asked._replace(top=_EVERY_VALUE)
            self._asked[key] = funnel(self.engine, asked, self.delivery)
            if self.compares and self.question.rules.window is not None:
                self._matured[key] = self._count_matured(asked)
        return self._asked[key]

    @property
    def as_of(self) -> datetime | None:
        """The moment at which windows were judged, if anything was counted."""
        return next((one.as_of for one in self._asked.values()), self.question.as_of)

    def _base(self) -> Period:
        if self.base is None:
            raise UsageError(
                "max_drop and max_change compare with the period of equal length just before,"
                " so the period needs both ends",
                "add --since and --until, or --last-week",
            )
        return self.base

    def _model(self, check: Check) -> Model:
        if check.model is None:
            return self.question.model
        if check.model not in self.models:
            raise UsageError(
                f'check "{check.title}": there is no model "{check.model}"'
                f"{nearest(check.model, self.models)}",
                f"there are: {', '.join(self.models)}",
            )
        return self.models[check.model]

    def _stages(self, check: Check, *, before: bool = False) -> dict[str | None, Rows]:
        """Return the rows of the stages of each segment, largest first; null is everybody."""
        found = self.result(self._model(check), check.by, before=before)
        if check.by is None:
            return {None: found.table("stages").frame.to_dicts()}
        frame = found.table("breakdown").frame
        return {
            values[0]: rows.sort("position").to_dicts()
            for values, rows in frame.group_by(check.by, maintain_order=True)
        }

    def _maturity(
        self, check: Check, segment: str | None, *, before: bool = False
    ) -> Matured | None:
        """Return what a check that compares counts under a window; null where it counts all."""
        key = self._model(check), check.by, before
        return self._matured.get(key, {}).get(segment) if check.compares else None

    def _count_matured(self, asked: Question) -> dict[str | None, Matured]:
        """Read what the funnel just made, for each segment; null is everybody."""
        rules = asked.rules
        values = {
            **Bounds.of(asked).period,
            "any_stage": rules.enters_anywhere,
            "first_only": rules.entry == "first",
        }
        waiting = dict(self.engine.fetch("check/waiting", values).iter_rows())
        whole, parts = counted(self.engine, asked)
        if not asked.by:
            return {None: Matured(whole, waiting.get(0, False), rules.closed)}
        found = {}
        labels = self.engine.fetch("breakdown/labels").select("segment", "by_values")
        for segment, by_values in labels.iter_rows():
            value = by_values[0] if by_values else None
            # rows that overlap are not told apart: there it is said of everybody
            waits = waiting.get(0 if asked.overlapping else segment, False)
            found[value] = Matured(parts[value,], waits, rules.closed)
        return found

    def _pair(self, check: Check, segment: str | None, now: Rows, before: Rows) -> Pair:
        model = self._model(check)
        names = self.result(model, check.by).table("stages").frame["stage"].to_list()
        place = _place(check, model, names)
        optional = [one.optional for one in model.stages]
        start = max((one for one in range(place) if not optional[one]), default=0)
        figure, base = (
            people_figure(check.measure or "", rows, place, start, matured)
            for rows, matured in (
                (now, self._maturity(check, segment)),
                (before, self._maturity(check, segment, before=True)),
            )
        )
        if check.measure == "users":  # of how few it was is no reason to doubt a count
            figure = figure._replace(people=None)
        return Pair(segment=segment, figure=figure, before=base if check.compares else None)

    def _segments(self, check: Check, found: Iterable[str | None]) -> list[str | None]:
        """Return the segments that a check is about, of those found, largest first."""
        if check.by is None:
            return [None]
        return list(found)[: self.question.top] if check.value is None else [check.value or None]

    def _of_customers(self, check: Check) -> list[Pair]:
        now, nobody = self._figures(check), Figure(value=None, people=0)
        before = self._figures(check, before=True) if check.compares else {}
        return [
            Pair(
                segment=one,
                figure=now.get(one, nobody),
                before=before.get(one, nobody) if check.compares else None,
            )
            for one in self._segments(check, now)
        ]

    def _figures(self, check: Check, *, before: bool = False) -> dict[str | None, Figure]:
        """Return a measure of customers by segment, counted at the first call."""
        measure = check.measure or ""
        key = measure, check.by, before
        if key not in self._customers:
            asked = self.question._replace(top=_EVERY_VALUE)
            period = self._base() if before else self.question.period
            self._customers[key] = customer_figures(
                self.engine, asked, measure, by=check.by, period=period, delivery=self.delivery
            )
        return self._customers[key]

    def _of_rows(self, check: Check) -> Figure:
        facts, measure = self.facts, check.measure
        if measure == "freshness":
            return Figure(value=self._age(check))
        if measure == "tie_share":
            tied, events = self.engine.fetch("check/ties").row(0)
            return Figure(value=share(tied, events))
        if measure == "unmapped_share" and check.model is not None:
            facts = self.result(self._model(check)).input
        rows = {
            "rejected_share": facts.rejected,
            "duplicate_share": facts.duplicates,
            "unmapped_share": facts.unmapped_events,
        }
        return Figure(value=share(rows[measure or ""], facts.rows))

    def _age(self, check: Check) -> float | None:
        """Return the seconds since the last event of a stage, or since any; null without one."""
        model = self._model(check)
        names = [stage.name for stage in model.stages]
        position = 0 if check.stage is None else _place(check, model, names) + 1
        map_events(self.engine, self.question._replace(model=model, by=()))
        clock = self.question.clock
        now_us = instant(clock, 0)
        seen = self.engine.fetch("check/last_seen", {"clock_us": now_us})
        last = seen.filter(pl.col("position") == position)["last_us"].to_list()
        return (now_us - last[0]) / 1_000_000 if last and last[0] is not None else None


def _place(check: Check, model: Model, names: Sequence[str]) -> int:
    """Return the place of a check's stage, from 0; UsageError if the model has no such stage."""
    if check.stage in names:
        return names.index(check.stage)
    raise UsageError(
        f'check "{check.title}": model {model.name} has no stage "{check.stage}"'
        f"{nearest(check.stage or '', names)}",
        f"its stages are {', '.join(names)}",
    )
