"""The funnel: how many people reached each stage in order, how fast, and who is still under way."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hourglass.analyses import personas, tracks
from hourglass.analyses.attempts import NEVER, Bounds, microseconds
from hourglass.analyses.chosen import prepare, settle
from hourglass.analyses.kept import can_find, find
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events, nobody_entered
from hourglass.analyses.touches import touch, touch_entries
from hourglass.engines import Engine, Maker
from hourglass.result import Column, InputFacts, Kind, Result, Table
from hourglass.rows import Rows
from hourglass.stats import wilson

if TYPE_CHECKING:
    import polars as pl

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
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model)
    rest = _overlapping(engine, question) if question.overlapping else []
    count(engine, question)
    as_of = judged_at(engine)
    rated = _rated(engine)
    rated = rated._replace(tuples=[*rated.tuples, *rest])
    tables = [
        Table(
            name="stages",
            title=f"Stages of {question.model.name}",
            data=rated.where("segment", 0).pick(rated.names[1:]),
            columns=COLUMNS,
        )
    ]
    if question.by:
        tables.append(_breakdown(engine, question, rated))
    if tables[0].column("users")[0] == 0:
        warnings.append(nobody_entered(facts))
    return Result(
        analysis="funnel",
        title=f"Funnel of {question.model.name}",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(question, facts)),
        warnings=tuple(warnings),
    )


def journeys(engine: Engine, question: Question) -> "pl.DataFrame":
    """Return the chosen attempt of every person.

    Columns: user_id, position, stage, ts and previous (naive UTC; when this stage and the one
    before were reached); one row a person and stage reached.
    """
    map_events(engine, question)
    count(engine, question, mature=False)
    return engine.fetch("funnel/journeys")


def count(engine: Maker, question: Question, *, mature: bool = True) -> None:
    """Make what `funnel/stages` reads, but `lap_times`, for a question whose events are mapped.

    `matured` may be missing where `mature` figures are not asked for.
    """
    bounds = Bounds.of(question)
    _make_ever(engine, question, bounds)
    prepare(engine, question, bounds)
    mature_at(engine, question)
    if question.rules.hold is None:
        settle(engine, question, bounds, mature=mature)
    else:
        tracks.hold(engine, question, bounds)
    if question.by and not question.overlapping:
        _break_down(engine, question, bounds)
    else:
        engine.define("segments", {"segment": "INTEGER", "person_key": "BIGINT"}, [])


def _make_ever(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `ever`: which stages each person did at all, among what the funnel may read."""
    reads = {"since_us": bounds.read_since_us, "read_until_us": bounds.read_until_us}
    bounded = bounds.read_since_us > -NEVER or bounds.read_until_us < NEVER
    if bounded or not can_find(engine, question):
        engine.make("ever", "funnel/ever", reads)
    else:
        find(engine, question)
        engine.alias("ever", "histories")
    if question.rules.order == "any":
        engine.make("ever", "any/ever")


def overlap(engine: Maker, question: Question) -> None:
    """Make what `funnel/stages` reads of segments that people may be in several of.

    Events must be mapped, and have to be mapped anew for anything else.
    """
    bounds = Bounds.of(question)
    _make_ever(engine, question, bounds)
    mature_at(engine, question)
    tracks.break_down(engine, question, bounds)


def _overlapping(engine: Engine, question: Question) -> list[tuple[Any, ...]]:
    """Return the rows of segments that people may be in several of; events are mapped anew then."""
    overlap(engine, question)
    found = [row for row in _rated(engine).tuples if row[0]]
    map_events(engine, question)
    return found


def _rated(engine: Engine) -> Rows:
    """Return the rows of all segments, which stand first in each, of what `count` made."""
    engine.make("lap_times", "funnel/lap_times")
    return with_intervals(engine.ask("funnel/stages"))


def judged_at(engine: Engine) -> datetime | None:
    """Return the moment at which windows are judged (naive UTC); null if there are no events."""
    moment: datetime | None = engine.ask("funnel/as_of").first()["as_of"]
    return moment


def mature_at(engine: Maker, question: Question) -> None:
    """Make `maturity`: the moment at which windows are judged, and the latest mature entry."""
    reach = question.reach
    values = {
        "as_of": question.as_of,
        "window_us": None if reach is None else microseconds(reach),
    }
    engine.make("maturity", "funnel/maturity", values)


def with_intervals(rows: Rows) -> Rows:
    """Put Wilson intervals beside `step_rate` (`came` of `could`) and `total_rate` of stages."""
    steps = [wilson(came, could) for came, could in rows.pick(("came", "could")).tuples]
    totals = [wilson(users, all_) for users, all_ in rows.pick(("users", "entrants")).tuples]
    bounds = {
        "step_low": [low for low, _ in steps],
        "step_high": [high for _, high in steps],
        "total_low": [low for low, _ in totals],
        "total_high": [high for _, high in totals],
    }
    rated = rows.beside(bounds, "DOUBLE")
    counted = {"entrants", "could", "came"} | {one.name for one in COLUMNS}
    order = [name for name in rows.names if name not in counted]
    return rated.pick([*order, *(one.name for one in COLUMNS if one.name in rated.kinds)])


def _break_down(engine: Maker, question: Question, bounds: Bounds) -> None:
    if question.rules.attribution == "entry":
        touch_entries(engine, question, "breakdown")
    else:
        touch(engine, question, bounds.read_since_us, bounds.read_until_us)
    if len(question.by) == 1:
        engine.make("person_values", "breakdown/one_value")
    else:
        many = {"dimensions": len(question.by)}
        engine.make("person_values", "breakdown/person_values", many)
    personas.spread(engine, question, "person_values")
    engine.make("value_stages", "breakdown/value_stages")
    engine.make("ranks", "breakdown/ranks", {"top": question.top})
    engine.make("segments", "breakdown/segments")
    personas.fold(engine, question)


def _breakdown(engine: Engine, question: Question, rated: Rows) -> Table:
    shown = [one.name for one in COLUMNS]
    kinds = dict.fromkeys(question.by, "VARCHAR") | {"other": "BOOLEAN"}
    return Table(
        name="breakdown",
        title=f"By {', '.join(question.by)}",
        data=Rows(
            kinds | {name: rated.kinds[name] for name in shown},
            list(_by_value(engine, question, rated)),
        ),
        columns=(
            *(Column(name=name, kind="text", label=name) for name in question.by),
            Column(name="other", kind="flag", label="other"),
            *COLUMNS,
        ),
        by=question.by,
        rows_name="stages",
    )


def _by_value(engine: Engine, question: Question, rated: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the stages of each value, or combination of values, behind what it is called."""
    stages: dict[int, list[tuple[Any, ...]]] = {}
    shown = rated.pick(one.name for one in COLUMNS).tuples
    for segment, row in zip(rated.column("segment"), shown, strict=True):
        stages.setdefault(segment, []).append(row)
    nothing = (None,) * len(question.by)
    for label in sorted(engine.ask("breakdown/labels").dicts(), key=lambda one: one["segment"]):
        for row in stages.get(label["segment"], []):
            yield *(label["by_values"] or nothing), label["other"], *row


def _notes(question: Question, facts: InputFacts) -> list[str]:
    notes = []
    if question.overlapping or question.persona_dimension is not None:
        notes.append(
            "a person may be in several rows of the breakdown or in none: rows do not add up"
        )
    elif question.by and question.rules.attribution == "entry":
        notes.append(
            "the value at the entry of the attempt that counts depends on how far people came"
        )
    if not question.rules.closed:
        notes.append(
            "an attempt may begin at any stage: total is of all who entered, at whichever stage,"
            " step of those at the stage before who came from there"
        )
    return notes + facts.left_out()
