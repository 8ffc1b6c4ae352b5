"""Checks: do the numbers keep their bounds, and are the data what they should be."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from hourglass.analyses.check_against import Earlier, Moved, moved
from hourglass.analyses.check_figures import Figures, Pair
from hourglass.analyses.check_judging import UNJUDGED, judge
from hourglass.analyses.check_queries import Queried, ask, planned
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.tables import table_of
from hourglass.engines import Engine
from hourglass.errors import DataError
from hourglass.result import InputFacts, Kind, Period, Result
from hourglass.settings.checks import Check
from hourglass.stages import Model

Outcome = Literal["passed", "warned", "failed"]
Row = dict[str, object]

COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("outcome", "text", "outcome"),
    ("check", "text", "check"),
    ("severity", "text", "severity"),
    ("reason", "text", "reason"),
    ("measure", "text", "measure"),
    ("query", "text", "query"),
    ("model", "text", "model"),
    ("stage", "text", "stage"),
    ("by", "text", "by"),
    ("segment", "text", "segment"),
    ("value", "number", "value"),
    ("low", "number", "low"),
    ("high", "number", "high"),
    ("before", "number", "before"),
    ("people", "count", "people"),
    ("min", "number", "min"),
    ("max", "number", "max"),
    ("max_drop", "rate", "max drop"),
    ("max_change", "rate", "max change"),
    ("min_people", "count", "min people"),
    ("confidence", "number", "confidence"),
    ("rows", "count", "rows"),
    ("problem", "text", "problem"),
)
"""One row a check; values in the unit of the measure (people, fractions, seconds)."""


class Asked(NamedTuple):
    """What to check, beside what the question says."""

    checks: Sequence[Check]
    models: Mapping[str, Model]
    base: Period | None = None
    """The period before; null where the period asked for has no length."""
    earlier: Earlier | None = None
    tolerance: float = 0.0
    strict: bool = False
    """Whether a warning is a failure."""


def run_checks(
    engine: Engine, question: Question, asked: Asked, delivery: Delivery | None = None
) -> Result:
    """Run every check: those of the configuration, the SQL files, an earlier result.

    The result has the table `checks`, one row a check and segment. Raises DataError for a period
    without rows, UsageError for a check that does not fit the model, QueryError for a SQL file
    that cannot be run.
    """
    files = planned(engine.catalog, asked.checks)
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    missing_events(engine, question.model)
    _refuse_silence(engine, question, facts)
    queried = [ask(engine, question, *file) for file in files]
    figures = Figures(
        engine=engine,
        question=question,
        facts=facts,
        models=asked.models,
        delivery=delivery,
        compares=any(one.compares for one in asked.checks),
        base=asked.base,
    )
    rows = [*_measured(figures, asked.checks), *map(_of_query, queried)]
    if asked.earlier is not None:
        found = moved(figures.result(question.model), asked.earlier)
        rows += [_of_earlier(one, asked.earlier, asked.tolerance) for one in found]
    return _result(question, [_settled(row, asked.strict) for row in rows], figures)


def has_failed(result: Result) -> bool:
    """Say whether any check failed."""
    return "failed" in result.table("checks").frame["outcome"].to_list()


def _refuse_silence(engine: Engine, question: Question, facts: InputFacts) -> None:
    """Take a period without rows for an error of the delivery: nothing can be said of it."""
    period = question.period
    if engine.fetch("check/rows", {"since": period.since, "until": period.until})["rows"][0]:
        return
    span = f"the events reach from {facts.first} to {facts.last} (UTC)" if facts.first else None
    raise DataError("there are no rows in the period, so there is nothing to check", span)


def _measured(figures: Figures, checks: Sequence[Check]) -> list[Row]:
    return [
        _of_measure(check, pair, figures.question.model.name)
        for check in checks
        if check.measure is not None and check.severity != "off"
        for pair in figures.of(check)
    ]


def _of_measure(check: Check, pair: Pair, model: str) -> Row:
    figure, before = pair.figure, pair.before
    low, high = figure.interval(check.confidence) if figure.estimated else (None, None)
    return {
        "check": check.title,
        "severity": check.severity or "fail",
        "reason": judge(check, figure, before),
        "measure": check.measure,
        "model": check.model or model,
        "stage": check.stage,
        "by": check.by,
        "segment": pair.segment,
        "value": figure.value,
        "low": low,
        "high": high,
        "before": before.value if before else None,
        "people": figure.people,
        "min": check.min,
        "max": check.max,
        "max_drop": check.max_drop,
        "max_change": check.max_change,
        "min_people": check.min_people,
        "confidence": check.confidence if figure.estimated else None,
    }


def _of_query(found: Queried) -> Row:
    return {
        "check": found.title,
        "severity": found.severity,
        "reason": "rows" if found.rows else None,
        "query": found.name,
        "rows": found.rows,
        "problem": "; ".join(found.problems) or None,
    }


def _of_earlier(one: Moved, earlier: Earlier, tolerance: float) -> Row:
    return {
        "check": f"{one.measure} of {one.stage} as in {earlier.name}",
        "severity": "fail",
        "reason": None if one.within(tolerance) else "changed",
        "measure": one.measure,
        "model": earlier.model,
        "stage": one.stage,
        "value": one.value,
        "before": one.before,
        "max_change": tolerance,
    }


def _settled(row: Row, strict: bool) -> Row:
    """Say what a reason amounts to."""
    reason, outcome = row["reason"], "passed"
    if reason in UNJUDGED:
        outcome = "warned"
    elif reason not in {None, "within_chance"}:
        outcome = "failed" if row["severity"] == "fail" else "warned"
    if outcome == "warned" and strict:
        outcome = "failed"
    return {**row, "outcome": outcome}


def _result(question: Question, rows: Sequence[Row], figures: Figures) -> Result:
    return Result(
        analysis="check",
        title=_title([str(row["outcome"]) for row in rows]),
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=(table_of("checks", "Checks", COLUMNS, rows),),
        input=figures.facts,
        as_of=figures.as_of,
        notes=tuple(_notes(question, rows)),
    )


def _title(outcomes: Sequence[str]) -> str:
    """Say first whether all is well."""
    failed, warned = outcomes.count("failed"), outcomes.count("warned")
    many = f"{len(outcomes)} check{'' if len(outcomes) == 1 else 's'}"
    told = f"Failed: {failed} of {many}" if failed else f"Passed: {many}"
    return told + (f", {warned} with a warning" if warned else "")


def _notes(question: Question, rows: Sequence[Row]) -> list[str]:
    notes = []
    if any(row.get("confidence") for row in rows):
        notes.append("a rate misses a bound only if its whole interval does")
    if any(row["before"] is not None and row.get("min_people") for row in rows if "before" in row):
        if question.rules.window is None:
            notes.append("without a window, people of the period before had more time to go on")
        else:
            notes.append("changes are of entries whose window is over")
    return notes
