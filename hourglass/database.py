"""A database of events: its tables, and opening it for questions."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import duckdb

from hourglass.currencies import hidden_columns, told_currencies
from hourglass.engines.connect import connect, enclose, translated
from hourglass.errors import DataError, QueryError, quoted
from hourglass.meta import value_of
from hourglass.scope import PERSON
from hourglass.sources.facts import Attached, FileFacts
from hourglass.sources.files import SourceFile
from hourglass.sources.roles import CANONICAL

SCHEMA_VERSION = 3
"""Raised when tables change so that older programs would misread them."""

LOADED = "loaded_events"
"""The table of all events, as they came."""
LOAD = "hourglass load"
"""Its column that numbers the load of a row; questions do not see it."""

IDENTITIES = "identities"
"""The table that says which ids are counted as another: alias, person."""

EVENTS = (
    f'CREATE OR REPLACE VIEW events AS SELECT * EXCLUDE ("{LOAD}"), user_id AS "{PERSON}"'  # noqa: S608
    f" FROM {LOADED}"
)
"""What questions read, where no ids are joined; made anew when columns were added."""

TABLES = f"""
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE loaded_events (user_id VARCHAR, event VARCHAR NOT NULL, ts TIMESTAMP NOT NULL,
    "{LOAD}" INTEGER NOT NULL);
{EVENTS};
CREATE TABLE loads (number INTEGER NOT NULL, file VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, "rows" BIGINT NOT NULL, accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL, "duplicate" BIGINT NOT NULL,
    format VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL);
CREATE TABLE rejects (file VARCHAR, line BIGINT, "column" VARCHAR, value VARCHAR,
    reason VARCHAR NOT NULL, raw VARCHAR);
CREATE TABLE stages (model VARCHAR NOT NULL, position INTEGER NOT NULL, stage VARCHAR NOT NULL,
    event VARCHAR NOT NULL, rule VARCHAR);
CREATE TABLE configuration (text VARCHAR NOT NULL);
CREATE TABLE aliases (alias VARCHAR, person VARCHAR);
CREATE TABLE identities (alias VARCHAR NOT NULL, person VARCHAR NOT NULL);
"""


def open_database(
    path: Path,
    memory_limit: str | None = None,
    threads: int | None = None,
    wait: float = 0,
    beside: Sequence[Path] = (),
) -> tuple[duckdb.DuckDBPyConnection, Attached]:
    """Open a loaded database read-only; return the connection and the facts about its events.

    Nothing else can be reached from it but the files `beside`: a database may have views of its
    own. Raises DataError if it is missing, no DuckDB file, or not made by this version's `load`;
    HeldError if another process is writing to it, and still is after `wait` seconds.
    """
    if not path.exists():
        raise DataError(f"{path} does not exist", f"hourglass load EVENTS --db {quoted(path)}")
    connection = connect(
        path, read_only=True, memory_limit=memory_limit, threads=threads, wait=wait
    )
    try:
        enclose(connection, beside)
        check_version(connection, path)
        return connection, _facts(connection)
    except BaseException:
        connection.close()
        raise


def stored_configuration(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the text of the configuration that was loaded with; null if there was none."""
    with translated():
        row = connection.execute("SELECT text FROM configuration").fetchone()
    return str(row[0]) if row else None


def roles(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return role -> column of the sources that were loaded."""
    with translated():
        kept = value_of(connection, "roles")
    return dict(json.loads(kept)) if kept else {}


class KeptIdentity(NamedTuple):
    """Which ids the people of a database were joined by."""

    signature: str | None
    """What decided it; null where no ids are joined."""
    joined: dict[str, Any] | None
    """What came of it."""


def kept_identity(connection: duckdb.DuckDBPyConnection) -> KeptIdentity:
    """Say how ids were joined by the last load."""
    with translated():
        kept = value_of(connection, "identity")
    return KeptIdentity(**json.loads(kept)) if kept else KeptIdentity(None, None)


def unread_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Name the columns of loaded events that `events` has not: their load, and hidden ones."""
    return [LOAD, *hidden_columns(connection)]


def loaded_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the columns of the events as they came, but hidden ones, with their types."""
    with translated():
        made = connection.execute(f"DESCRIBE {LOADED}").fetchall()
        unread = unread_columns(connection)
    return {str(name): str(kind) for name, kind, *_ in made if name not in unread}


def check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise DataError if the database is not ours, or was made by another version of hourglass."""
    try:
        with translated(path):
            version = value_of(connection, "schema_version")
    except QueryError as error:  # it has no such table
        raise _foreign(path) from error
    if version is None or not version.isdecimal():
        raise _foreign(path)
    if int(version) > SCHEMA_VERSION:
        raise DataError(
            f"{path} was made by a newer hourglass (its tables are version {version},"
            f" this one knows {SCHEMA_VERSION})",
            "pip install --upgrade hourglass",
        )
    if int(version) < SCHEMA_VERSION:
        raise DataError(
            f"{path} was made by an older hourglass (its tables are version {version}, this one"
            f" knows {SCHEMA_VERSION})",
            "load the same files into a new one: hourglass load EVENTS --db new.duckdb",
        )
    try:
        with translated(path):
            connection.execute(f"SELECT 1 FROM loads, {LOADED} LIMIT 0")  # noqa: S608  (a constant)
    except QueryError as error:  # another program has a table `meta` too
        raise _foreign(path) from error


def _foreign(path: Path) -> DataError:
    return DataError(
        f"{path} is a DuckDB database, but not one of hourglass",
        "name another file: hourglass load EVENTS --db events.duckdb",
    )


def _facts(connection: duckdb.DuckDBPyConnection) -> Attached:
    with translated():
        loads = connection.execute(
            'SELECT file, format, "rows", rejected, "duplicate" FROM loads ORDER BY loaded_at, file'
        ).fetchall()
        notes = told_currencies(connection)
    hidden = hidden_columns(connection)
    known = {role: name for role, name in roles(connection).items() if role not in hidden}
    files = tuple(
        FileFacts(
            file=SourceFile(path=Path(file), name=file),
            format=form,
            rows=rows,
            rejected=rejected,
            duplicates=duplicates,
        )
        for file, form, rows, rejected, duplicates in loads
    )
    return Attached(
        files=files,
        format="database",
        roles=MappingProxyType({role: known[role] for role in CANONICAL if role in known}),
        columns=loaded_columns(connection),
        notes=tuple(notes),
    )
