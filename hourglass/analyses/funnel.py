"""The funnel: how many people reached each stage in order, how fast, and who is still under way."""

from datetime import datetime

import polars as pl

from hourglass.analyses.attempts import NEVER, Bounds, advance, choose_and_walk, follow, instant
from hourglass.analyses.mapping import input_facts, map_events, missing_events
from hourglass.analyses.question import Delivery, Question
from hourglass.engines import Engine
from hourglass.result import Column, InputFacts, Kind, Result, Table
from hourglass.stats import wilson

_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("position", "count", "#"),
    ("stage", "text", "stage"),
    ("users", "count", "people"),
    ("ever", "count", "ever"),
    ("dropped", "count", "lost"),
    ("step_rate", "rate", "step"),
    ("step_low", "rate", "step low"),
    ("step_high", "rate", "step high"),
    ("total_rate", "rate", "total"),
    ("total_low", "rate", "total low"),
    ("total_high", "rate", "total high"),
    ("immature", "count", "immature"),
    ("mature_entrants", "count", "mature entrants"),
    ("mature_users", "count", "mature people"),
    ("mature_total_rate", "rate", "mature total"),
    ("mean_seconds", "seconds", "mean"),
    ("median_seconds", "seconds", "median"),
    ("p90_seconds", "seconds", "p90"),
)
COLUMNS = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in _COLUMNS)
"""The columns of a stage in every funnel; times are seconds from the stage before."""


def funnel(engine: Engine, question: Question, delivery: Delivery | None = None) -> Result:
    """Count people through the stages of a model.

    The result has the table `stages`, one row a stage, and with `question.by` the table
    `breakdown`, one row a combination of values and stage. Raises DataError if the data have no
    event of the model.
    """
    facts, last_known, warnings = prepare(engine, question, delivery)
    as_of = question.as_of or last_known
    count(engine, question, as_of)
    dimensions = len(question.by)
    if dimensions:
        _break_down(engine, question)
    else:
        engine.make("segments", "funnel/everybody")
    counted = engine.fetch("funnel/stages", {"mature_us": mature_us(question, as_of)})
    rated = with_intervals(counted)
    tables = [
        Table(
            name="stages",
            title=f"Stages of {question.model.name}",
            frame=rated.filter(pl.col("segment") == 0).drop("segment"),
            columns=COLUMNS,
        )
    ]
    if dimensions:
        tables.append(_breakdown(engine, question, rated))
    if tables[0].frame["users"][0] == 0:
        warnings.append("nobody entered: no event of the first stage in the period")
    return Result(
        analysis="funnel",
        title=f"Funnel of {question.model.name}",
        model=question.model.name,
        rules=question.rules.as_json(),
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(facts)),
        warnings=tuple(warnings),
    )


def journeys(engine: Engine, question: Question) -> pl.DataFrame:
    """Return the chosen attempt of every person.

    Columns: user_id, position, stage, ts and previous (naive UTC; when this stage and the one
    before were reached); one row a person and stage reached.
    """
    _, last_known, _ = prepare(engine, question, None)
    count(engine, question, question.as_of or last_known)
    return engine.fetch("funnel/journeys")


def prepare(
    engine: Engine, question: Question, delivery: Delivery | None
) -> tuple[InputFacts, datetime | None, list[str]]:
    """Map the events; return what was read, the last event that is known, and warnings."""
    map_events(engine, question, engine.event_columns())
    facts, last_known = input_facts(engine, delivery or Delivery())
    return facts, last_known, missing_events(engine, question.model)


def count(engine: Engine, question: Question, as_of: datetime | None) -> None:
    """Make `chosen`, `journeys`, `ever` and `matured` of a question whose events are mapped."""
    model, bounds = question.model, Bounds.of(question)
    engine.alias("attempt_events", "stage_events")
    follow(engine, model, bounds)
    choose_and_walk(engine, model)
    reads = {"since_us": bounds.since_us, "read_until_us": bounds.read_until_us}
    engine.make("ever", "funnel/ever", reads)
    mature = {
        "mature_us": mature_us(question, as_of),
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
    }
    engine.make("alive", "funnel/undecided", mature)
    if mature["mature_us"] is not None:
        advance(engine, model, bounds)
    engine.make("chosen_again", "funnel/choose")
    engine.make("matured", "funnel/matured", mature)


def with_intervals(frame: pl.DataFrame) -> pl.DataFrame:
    """Put Wilson intervals beside `step_rate` and `total_rate` of stages in order of position."""
    steps: list[tuple[float, float] | tuple[None, None]] = []
    totals: list[tuple[float, float] | tuple[None, None]] = []
    entered = before = 0
    for position, users in frame.select("position", "users").iter_rows():
        entered = users if position == 1 else entered
        steps.append((None, None) if position == 1 else wilson(users, before))
        totals.append(wilson(users, entered))
        before = users
    bounds = {
        "step_low": [low for low, _ in steps],
        "step_high": [high for _, high in steps],
        "total_low": [low for low, _ in totals],
        "total_high": [high for _, high in totals],
    }
    rated = frame.with_columns(
        pl.Series(name, values, dtype=pl.Float64) for name, values in bounds.items()
    )
    order = [name for name in frame.columns if name not in {one.name for one in COLUMNS}]
    return rated.select(*order, *(one.name for one in COLUMNS if one.name in rated.columns))


def _break_down(engine: Engine, question: Question) -> None:
    bounds = Bounds.of(question)
    reads = {"since_us": bounds.since_us, "read_until_us": bounds.read_until_us}
    engine.make("touches", "breakdown/touches", reads)
    engine.make("person_values", "breakdown/person_values", {"dimensions": len(question.by)})
    engine.make("ranks", "breakdown/ranks", {"top": question.top})
    engine.make("segments", "breakdown/segments")


def _breakdown(engine: Engine, question: Question, rated: pl.DataFrame) -> Table:
    labels = engine.fetch("breakdown/labels")
    values = labels["by_values"].to_list()
    by = {
        name: [None if row is None else row[place] for row in values]
        for place, name in enumerate(question.by)
    }
    named = labels.select("segment", "other").with_columns(
        pl.Series(name, column, dtype=pl.String) for name, column in by.items()
    )
    frame = (
        named.join(rated, on="segment", how="inner", maintain_order="left_right")
        .sort("segment", "position")
        .select(*question.by, "other", *(one.name for one in COLUMNS))
    )
    return Table(
        name="breakdown",
        title=f"By {', '.join(question.by)}",
        frame=frame,
        columns=(
            *(Column(name=name, kind="text", label=name) for name in question.by),
            Column(name="other", kind="flag", label="other"),
            *COLUMNS,
        ),
        by=question.by,
        rows_name="stages",
    )


def mature_us(question: Question, as_of: datetime | None) -> int | None:
    """Return the latest mature entry in whole microseconds; null without a window."""
    window = question.rules.window
    if window is None:
        return None
    return -NEVER if as_of is None else instant(as_of - window, 0)


def _notes(facts: InputFacts) -> list[str]:
    notes = []
    if facts.without_user:
        notes.append(f"{facts.without_user} rows without a person are left out")
    if facts.future:
        notes.append(f"{facts.future} events are later than the clock and do not count as seen")
    return notes
