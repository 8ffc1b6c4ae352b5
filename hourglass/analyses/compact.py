"""The compact form of a database's events: made by load, so that questions need no mapping."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from hourglass.analyses.kept import STOOD_FOR, definition
from hourglass.analyses.mapping import everything, map_kinds, map_stages, scope
from hourglass.analyses.question import Question
from hourglass.analyses.touches import KEPT
from hourglass.database import LOAD, LOADED
from hourglass.engines import Values
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.scope import PERSON
from hourglass.stages import Model

_STOOD_FOR = (
    "map/",
    "compact/",
    *STOOD_FOR,
    "funnel/histories",
    "funnel/second_events",
    "breakdown/touches",
    "trend/touches",
    "touchpoints/events",
)
"""How the names of queries begin that a question need not ask where the form is kept."""

TABLES = """
CREATE OR REPLACE TABLE compact_models (
    model INTEGER PRIMARY KEY, definition VARCHAR NOT NULL, events BIGINT NOT NULL,
    sorted BIGINT NOT NULL);
CREATE OR REPLACE TABLE compact_people (person_key INTEGER NOT NULL, user_id VARCHAR NOT NULL);
CREATE OR REPLACE TABLE compact_tally (
    model INTEGER NOT NULL, event VARCHAR NOT NULL, passed BIGINT NOT NULL, "rows" BIGINT NOT NULL,
    without_user BIGINT NOT NULL, "first" TIMESTAMP NOT NULL, "last" TIMESTAMP NOT NULL);
CREATE OR REPLACE TABLE compact_events (
    model INTEGER NOT NULL, position INTEGER NOT NULL, person_key INTEGER NOT NULL,
    ts_us BIGINT NOT NULL, run_from INTEGER NOT NULL, channel VARCHAR);
CREATE OR REPLACE TABLE compact_ever (
    model INTEGER NOT NULL, person_key INTEGER NOT NULL, stages BIGINT NOT NULL,
    entered_us BIGINT, first_touch VARCHAR, first_touch_us BIGINT);
CREATE OR REPLACE TABLE compact_second (
    model INTEGER NOT NULL, person_key INTEGER NOT NULL, ts_us BIGINT NOT NULL,
    started_us BIGINT NOT NULL);
INSERT OR REPLACE INTO meta VALUES ('compact', 'with times of first touches');
"""
"""What is kept; the last says that it is there, and what of."""


def refresh(engine: DuckDBEngine, models: Sequence[Model], first_load: int | None) -> None:
    """Let the compact form of `models` be that of all events of the database.

    Where nothing but the rows of the loads from `first_load` on is new, only these are mapped, if
    that comes to the same; otherwise, and without a `first_load`, it is made anew.
    """
    questions = [Question(model=model, by=_kept(engine)) for model in models]
    if first_load is None or not _extend(engine, questions, first_load):
        _build(engine, questions)


def _build(engine: DuckDBEngine, questions: Sequence[Question]) -> None:
    """Make the compact form anew, from all events."""
    engine.connection.execute(TABLES)
    for number, question in enumerate(questions, start=1):
        if number == 1:
            everything(engine, question)
            engine.add("compact_people", "map/numbered_people")
        scope(engine, question, "compact_people")
        _map(engine, question)
        values: Values = {"model": number, "definition": definition(question)}
        engine.add("compact_tally", "compact/keep_tally", values)
        engine.let("new_events", "compact/new_events", values)
        engine.add("compact_events", "compact/keep_events")
        engine.alias("new_events", "compact_events")
        engine.add("compact_ever", "compact/keep_ever", values)
        engine.let("stage_events", "compact/stage_events", {"kept_model": number})
        _keep_second(engine, number)
        engine.add("compact_models", "compact/keep_model", values)


def _extend(engine: DuckDBEngine, questions: Sequence[Question], first_load: int) -> bool:
    """Add what new loads brought; return False where all has to be made anew.

    So it has where other models are kept, where much was added already since all was sorted,
    and where a new event shares its instant with one that is kept and stages share events: then
    `run_from` of both may be another.
    """
    definitions = [(number, definition(one)) for number, one in enumerate(questions, start=1)]
    if not engine.ask("compact/there").first()["there"]:
        return False
    before = engine.ask("compact/before", {"first_load": first_load})
    if not definitions or list(before.tuples) != definitions:
        return False
    with _only(engine, first_load):
        for number, question in enumerate(questions, start=1):
            if number == 1:
                everything(engine, question)
                engine.make("arrived", "compact/arrived")
                engine.add("compact_people", "compact/new_people")
            scope(engine, question, "arrived")
            _map(engine, question)
            values: Values = {"model": number}
            if question.claims and engine.ask("compact/meeting", values).first()["meets"]:
                return False
            engine.make("new_events", "compact/new_events", values)
            engine.add("compact_events", "compact/keep_events")
            _renew_answers(engine, number)
            engine.make("tally", "compact/joined_tally", values)
            engine.connection.execute("DELETE FROM compact_tally WHERE model = ?", [number])
            engine.add("compact_tally", "compact/keep_tally", values)
    engine.connection.execute(
        f"UPDATE compact_models SET events = (SELECT count(*) FROM {LOADED})"  # noqa: S608
    )
    return True


def _renew_answers(engine: DuckDBEngine, number: int) -> None:
    """Let what is kept for questions to begin with be true of `new_events` too."""
    engine.make("new_ever", "compact/keep_ever", {"model": number})
    engine.make("joined_ever", "compact/joined_ever", {"model": number})
    engine.connection.execute(
        "MERGE INTO compact_ever USING joined_ever USING (model, person_key)"
        " WHEN MATCHED THEN UPDATE BY NAME WHEN NOT MATCHED THEN INSERT BY NAME"
    )
    engine.make("renewed", "compact/renewed")
    engine.connection.execute(
        "DELETE FROM compact_second WHERE model = ?"
        " AND person_key IN (SELECT person_key FROM renewed)",
        [number],
    )
    engine.let("kept_events", "compact/stage_events", {"kept_model": number})
    engine.let("stage_events", "compact/renewed_events")
    _keep_second(engine, number)


def _keep_second(engine: DuckDBEngine, number: int) -> None:
    """Keep the second events among `stage_events`."""
    engine.let("second_events", "funnel/second_events")
    engine.add("compact_second", "compact/keep_second", {"model": number})


@contextmanager
def _only(engine: DuckDBEngine, first_load: int) -> Iterator[None]:
    """Let `events` be those of the loads from `first_load` on; for ids that nothing joins."""
    text = f'SELECT * EXCLUDE ("{LOAD}"), user_id AS "{PERSON}" FROM {LOADED}'  # noqa: S608
    engine.view("events", f'{text} WHERE "{LOAD}" >= {int(first_load)}')
    try:
        yield
    finally:
        engine.connection.execute("DROP VIEW temp.events")


def _kept(engine: DuckDBEngine) -> tuple[str, ...]:
    """Return the column whose values are kept with the events, where there is one."""
    return (KEPT,) if KEPT in (engine.event_columns() or ()) else ()


def _map(engine: DuckDBEngine, question: Question) -> None:
    """Make `tally`, `matches` and `contested`; the events are mapped as they are kept."""
    if question.claims:
        map_stages(engine, question, datetime.max)
        engine.make("contested", "compact/contested")
        return
    map_kinds(engine, datetime.max)
    places = dict.fromkeys(("person_key", "position", "run_from"), "INTEGER")
    engine.define("contested", {**places, "ts_us": "BIGINT"}, ())


def recall(engine: DuckDBEngine) -> None:
    """Let an engine use what its database keeps, as far as it fits the events there now.

    Files of one's own are not in what was kept: with one that it stands in for, nothing is used.
    """
    if not engine.ask("compact/there").first()["there"]:
        return
    stood_for = [name for name in engine.catalog.names() if name.startswith(_STOOD_FOR)]
    if not any(engine.catalog.is_overridden(name) for name in stood_for):
        rows = engine.ask("compact/kept").tuples
        engine.kept = {kept: number for number, kept in rows}
