"""Friction: who set about a stage, who failed at it, and who got it done after all."""

from collections.abc import Mapping, Sequence

import polars as pl

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.groups import by_table, everybody
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import observe, window_note
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.rates import with_bounds
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.windowed import in_force, within_window
from hourglass.engines import Engine, Maker
from hourglass.errors import UsageError, unseen
from hourglass.result import Column, Kind, Result, Table
from hourglass.settings.friction import Friction

_STAGE: tuple[tuple[str, Kind, str], ...] = (
    ("position", "count", "#"),
    ("stage", "text", "stage"),
)
_ATTEMPTS: tuple[tuple[str, Kind, str], ...] = (
    ("attempted", "count", "attempted"),
    ("done", "count", "done"),
    ("done_rate", "rate", "rate"),
    ("done_low", "rate", "done low"),
    ("done_high", "rate", "done high"),
)
_FAILURES: tuple[tuple[str, Kind, str], ...] = (
    ("failed", "count", "failed"),
    ("never_done", "count", "not done"),
    ("never_done_rate", "rate", "rate"),
    ("never_done_low", "rate", "never done low"),
    ("never_done_high", "rate", "never done high"),
)
_MATURE: tuple[tuple[str, Kind, str], ...] = (
    ("immature", "count", "still open"),
    ("mature_attempted", "count", "mature"),
    ("mature_done", "count", "mature done"),
    ("mature_done_rate", "rate", "mature rate"),
)
_OPEN: tuple[tuple[str, Kind, str], ...] = (("immature_failed", "count", "failed, open"),)
_RULES = ("count", "window", "range", "where", "timezone", "week_start", "stages")
"""Rules that have a say; how a funnel is followed has none."""


def friction(
    engine: Engine,
    question: Question,
    settings: Mapping[str, Friction],
    delivery: Delivery | None = None,
) -> Result:
    """Count attempts and failures of the stages that `settings` name, and what became of them.

    The result has the table `friction`, one row a stage: attempted, done (of those, who did the
    stage at or after their first attempt, inside W), failed and never_done (of those, who did not
    do it at or after their first failure), in people, with rates, Wilson intervals, and who still
    has time. With `question.by` the table `breakdown` has the failures by these properties of the
    failing event; its rows overlap. Raises UsageError if no stage of the model is in `settings`.
    """
    settled = _of_model(question, settings)
    map_events(engine, question)
    warnings = [*missing_events(engine, question.model), *_lacking(engine, settled)]
    facts = input_facts(engine, delivery)
    warnings += facts.beyond(question.period)
    as_of = observe(engine, question)
    frame = _count(engine, question, settled)
    tables = [_table(everybody(frame))]
    if question.by:
        columns = _columns(_STAGE + _FAILURES + _OPEN)
        tables.append(by_table(engine, question, frame, columns, rows_name="stages"))
    return Result(
        analysis="friction",
        title=f"Friction of {question.model.name}",
        model=question.model.name,
        rules=in_force(within_window(question), _RULES),
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(question, settings)),
        warnings=tuple(warnings),
    )


def _of_model(question: Question, settings: Mapping[str, Friction]) -> Mapping[str, Friction]:
    """Return what is said of the stages of the model; UsageError if that is nothing."""
    if not settings:
        raise UsageError(
            "no [friction] is configured, so nothing says which events are attempts, and which are"
            " failures",
            "under [friction] in hourglass.toml write, with your own names,"
            ' try = { attempted = ["form_opened"], failed = ["form_error"] };'
            " hourglass init EVENTS, or --db FILE, proposes it where names of events say so",
        )
    names = [stage.name for stage in question.model.stages]
    found = {name: one for name, one in settings.items() if name in names}
    if not found:
        raise UsageError(
            f"[friction] is about {', '.join(settings)}, and model {question.model.name}"
            f" has the stages {', '.join(names)}",
            f"ask another model with --model, or write [friction.{names[-1]}] in hourglass.toml",
        )
    return found


def _lacking(engine: Engine, settings: Mapping[str, Friction]) -> list[str]:
    seen = engine.fetch("map/seen")["event"].to_list()
    if not seen:
        return []
    return [
        said
        for stage, one in settings.items()
        for said in unseen(
            f"friction of {stage}", dict.fromkeys((*one.attempted, *one.failed)), seen
        )
    ]


def _count(engine: Engine, question: Question, settings: Mapping[str, Friction]) -> pl.DataFrame:
    bounds = Bounds.of(within_window(question))
    period = bounds.period
    _define_steps(engine, question, settings)
    engine.make("tries", "friction/tries", period)
    if question.by:
        engine.make("failures", "friction/failures", period)
        engine.make("group_values", "friction/values")
        engine.make("ranks", "groups/ranks", {"top": question.top})
        engine.add("tries", "friction/by_value")
    engine.make("outcomes", "friction/outcomes", {"read_until_us": bounds.read_until_us})
    counted = engine.fetch("friction/stages")
    rated = with_bounds(counted, "done", "done", "attempted")
    return with_bounds(rated, "never_done", "never_done", "failed")


def _define_steps(engine: Maker, question: Question, settings: Mapping[str, Friction]) -> None:
    rows = [
        (position, event, failed)
        for position, stage in enumerate(question.model.stages, start=1)
        if (one := settings.get(stage.name))
        for failed, events in ((False, one.attempted), (True, one.failed))
        for event in events
    ]
    columns = {"position": "INTEGER", "event": "VARCHAR", "failed": "BOOLEAN"}
    engine.define("friction_steps", columns, rows)


def _columns(wanted: Sequence[tuple[str, Kind, str]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind, label=label) for name, kind, label in wanted)


def _table(frame: pl.DataFrame) -> Table:
    columns = _columns(_STAGE + _ATTEMPTS + _FAILURES + _MATURE + _OPEN)
    return Table(
        name="friction",
        title="Attempts and failures",
        data=frame.select(one.name for one in columns),
        columns=columns,
    )


def _notes(question: Question, settings: Mapping[str, Friction]) -> list[str]:
    notes = [window_note(question)]
    if question.by:
        notes.append(
            f"{', '.join(question.by)} of the failing event: who failed with several values is in"
            " several rows"
        )
    names = {stage.name for stage in question.model.stages}
    if others := [name for name in settings if name not in names]:
        notes.append(f"[friction] of {', '.join(others)}: no stage of this model")
    return notes
