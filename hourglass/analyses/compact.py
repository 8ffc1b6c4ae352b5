"""The compact form of a database's events: made by load, so that questions need no mapping."""

from collections.abc import Iterable
from datetime import datetime

from hourglass.analyses.mapping import definition, map_kinds, map_stages, scope
from hourglass.analyses.question import Question
from hourglass.analyses.touches import KEPT
from hourglass.engines import Values
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.stages import Model

TABLES = """
CREATE OR REPLACE TABLE compact_models (
    model INTEGER PRIMARY KEY, definition VARCHAR NOT NULL, events BIGINT NOT NULL);
CREATE OR REPLACE TABLE compact_people (person_key INTEGER NOT NULL, user_id VARCHAR NOT NULL);
CREATE OR REPLACE TABLE compact_tally (
    model INTEGER NOT NULL, event VARCHAR NOT NULL, passed BIGINT NOT NULL, "rows" BIGINT NOT NULL,
    without_user BIGINT NOT NULL, "first" TIMESTAMP NOT NULL, "last" TIMESTAMP NOT NULL);
CREATE OR REPLACE TABLE compact_events (
    model INTEGER NOT NULL, position INTEGER NOT NULL, person_key INTEGER NOT NULL,
    ts_us BIGINT NOT NULL, run_from INTEGER NOT NULL, channel VARCHAR);
"""


def build(engine: DuckDBEngine, models: Iterable[Model]) -> None:
    """Make the compact form of `models` anew, from all events of the database."""
    engine.connection.execute(TABLES)
    for number, model in enumerate(models, start=1):
        question = Question(model=model, by=_kept(engine))
        scope(engine, question)
        if number == 1:
            engine.add("compact_people", "map/people")
            engine.alias("people", "compact_people")
        _map(engine, question)
        values: Values = {"model": number, "definition": definition(question)}
        engine.add("compact_tally", "compact/keep_tally", values)
        engine.add("compact_events", "compact/keep_events", values)
        engine.add("compact_models", "compact/keep_model", values)


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

    Files of one's own that map events are not in what was kept: with them nothing is used.
    """
    if not engine.fetch("compact/there")["there"][0]:
        return
    mapping = [name for name in engine.catalog.names() if name.startswith(("map/", "compact/"))]
    if not any(engine.catalog.is_overridden(name) for name in mapping):
        rows = engine.fetch("compact/kept").iter_rows()
        engine.kept = {kept: number for number, kept in rows}
