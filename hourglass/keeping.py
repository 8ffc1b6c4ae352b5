"""What a database keeps beside its events: the configuration, its stages, their compact form."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hourglass.analyses.compact import refresh
from hourglass.config import Config, parse_config
from hourglass.database import roles, stored_configuration
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError, quoted, typed
from hourglass.meta import keep_value, value_of
from hourglass.proposals.stages import guessed_config
from hourglass.stages import ROLLUPS, Model

_NO_STAGES = (
    "no two stages can be told from the names of the events;"
    " hourglass init --db {} writes a configuration to fill in"
)

_OTHERWISE = (
    "rows of earlier loads stay as they were read, with {}; load all files into a new database to"
    " read them alike"
)


def keep(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    path: Path,
    *,
    changed: bool,
    first_load: int | None = None,
) -> list[str]:
    """Keep the configuration, or the guess that stands in for one; return what to say of it.

    `changed` says that there are other events or people than before; `first_load` that the rows of
    the loads from that number on are all that is. Questions about the database use what is kept
    here and guess nothing.
    """
    engine = DuckDBEngine(connection)
    stored = stored_configuration(connection)
    notes: list[str] = []
    if changed and not config.models and not _is_given(connection):
        guess = _guess(engine, roles(connection), config)
        if guess is None:
            return [_NO_STAGES.format(quoted(path))]
        config = guess
        notes = [_told(guess)]
    if config.models and config.text != stored:
        _write(connection, config, given=not notes)
        notes = notes or ["the configuration is kept with the database"]
        changed, first_load = True, None
    if changed and (text := stored_configuration(connection)) is not None:
        models = parse_config(text, None).models
        kept = [model for name, model in models.items() if name not in ROLLUPS]
        with _telling({text: None for model in kept for text in model.predicates}):
            refresh(engine, kept, first_load)
    return notes


@contextmanager
def _telling(conditions: Iterable[str]) -> Iterator[None]:
    """Say of a failure on the data that it is one of some conditions, which only run here."""
    try:
        yield
    except DataError as problem:
        all_of = "; ".join(map(typed, conditions))
        if not all_of:
            raise
        reason = problem.message.removeprefix("Conversion Error: ")
        raise DataError(
            f"a condition of a stage fails on the events: {reason}\n(there are {all_of})",
            problem.hint,
        ) from problem


def given(connection: duckdb.DuckDBPyConnection) -> Config | None:
    """Return the configuration that a load before was given; null if there was none."""
    text = stored_configuration(connection) if _is_given(connection) else None
    return parse_config(text, None) if text is not None else None


def read_otherwise(connection: duckdb.DuckDBPyConnection, config: Config) -> list[str]:
    """Say which columns a new configuration names otherwise than the rows there were read by."""
    if config.text == stored_configuration(connection):
        return []
    known = roles(connection)
    other = [
        f'{role} = "{known[role]}"'
        for role, place in config.columns.items()
        if known.get(role, place) != place
    ]
    return [_OTHERWISE.format(", ".join(other))] if other else []


def _guess(engine: DuckDBEngine, columns: Mapping[str, str], config: Config) -> Config | None:
    names = engine.ask("map/names").column("event")
    return guessed_config({**columns, **config.columns}, names)


def _told(guess: Config) -> str:
    stages = guess.models["hourglass"].stages
    told = "; ".join(f"{stage.name} = {', '.join(stage.events)}" for stage in stages)
    return f"stages guessed, and kept with the database: {told}"


def _is_given(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell a configuration that somebody wrote from a guess of an earlier load."""
    return value_of(connection, "configuration") == "given"


def _write(connection: duckdb.DuckDBPyConnection, config: Config, *, given: bool) -> None:
    """Keep the text, and the stages as rows that anyone can read."""
    keep_value(connection, "configuration", "given" if given else "guessed")
    connection.execute("DELETE FROM configuration")
    connection.execute("INSERT INTO configuration VALUES (?)", [config.text])
    connection.execute("DELETE FROM stages")
    for model in config.models.values():
        for row in _stage_rows(model):
            connection.execute("INSERT INTO stages VALUES (?, ?, ?, ?, ?)", row)


def _stage_rows(model: Model) -> list[list[str | int | None]]:
    rows: list[list[str | int | None]] = []
    for position, stage in enumerate(model.stages, start=1):
        limits = [f"within {stage.within}"] if stage.within else []
        limits += [f"min_gap {stage.min_gap}"] if stage.min_gap else []
        for step in stage.steps:
            rule = "; ".join([*([f"where {step.where}"] if step.where else []), *limits]) or None
            rows += [[model.name, position, stage.name, event, rule] for event in step.events]
    return rows
