"""Rows at hand meet those of a database: columns are made wide enough, copies are told."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import duckdb

from hourglass.database import EVENTS, LOAD, LOADED
from hourglass.engines.sqltext import identifier
from hourglass.errors import DataError
from hourglass.sources import table
from hourglass.sources.overlaps import LOADING, told_overlaps
from hourglass.sources.scans import FILE

INCOMING = "hourglass_incoming"
"""The relation of the rows at hand."""
_DOUBTED = "source_channel"


class Met(NamedTuple):
    """How the table of loaded events was made fit for the rows at hand."""

    casts: str
    """How columns of the rows at hand are to be cast."""
    widened: bool
    """Whether columns there are others now."""
    notes: tuple[str, ...]


def meet(connection: duckdb.DuckDBPyConnection) -> Met:
    """Make the table of loaded events fit for the rows at hand."""
    named = _name_channels(connection)
    have, new = _columns(connection, LOADED), _columns(connection, INCOMING)
    new.pop(FILE)
    pairs = list(table.differing(have, new))
    old = _some(connection, LOADED, [name for name, _ in pairs], have)
    incoming = _some(connection, INCOMING, [name for _, name in pairs], new)
    meeting = table.meet(
        LOADED,
        have,
        new,
        unfilled=old["unfilled"],
        unfilled_new=incoming["unfilled"],
        large=old["large"] | incoming["large"],
    )
    for statement in meeting.statements:
        connection.execute(statement)
    if meeting.statements:
        connection.execute(EVENTS)
    notes = tuple(meeting.notes) if _was_loaded(connection) else ()
    return Met(table.cast_rows(meeting.kinds), named or bool(meeting.statements), notes)


def copies_there(
    connection: duckdb.DuckDBPyConnection, key: tuple[str, ...] | None, *, whole: bool
) -> str:
    """Write the condition of rows that are there already; nothing if none can be.

    `key` are the columns that tell (null: the event id), or all where the `whole` row does.
    """
    if not _was_loaded(connection) and _is_empty(connection):
        return ""
    have, new = _columns(connection, LOADED), _columns(connection, INCOMING)
    if key is None:
        key = ("event_id",) if "event_id" in new else ()
    if not key:
        return ""
    if whole:
        key = tuple(name for name in have if name != LOAD)
    return _there_already(key, have, new, whole=whole)


def told_twice(connection: duckdb.DuckDBPyConnection, file: str) -> tuple[str, ...]:
    """Say how many of the rows at hand are there already, where nothing tells them: they stay.

    `file` is what they are of, or the first of several.
    """
    span = "SELECT min(ts), max(ts), count(*) FROM {}"
    told = "SELECT user_id AS person, event, ts, {} AS file FROM {}"
    return told_overlaps(
        lambda query: connection.execute(query).fetchall(),
        f"{span.format(INCOMING)} UNION ALL {span.format(LOADED)}",
        f"{told.format(1, INCOMING)} UNION ALL {told.format(2, LOADED)}",
        names=(file, "one loaded before"),
        remedy=LOADING,
    )


def refuse_other_events(
    connection: duckdb.DuckDBPyConnection, there: str, column: str, repeated: int
) -> tuple[str, ...]:
    """Compare rows whose event id is there already with what is there: event and instant.

    `there` is the condition of such rows, `repeated` their number, `column` what the source calls
    the id, which nobody named. DataError if most are other events: then it is no event id, or
    counts anew in each file. Fewer are a note.
    """
    same = copies_there(connection, ("event_id", "event", "ts"), whole=False)
    ((others,),) = connection.execute(
        f"SELECT count(*) FROM {INCOMING} AS i WHERE {there} AND NOT {same}"  # noqa: S608
    ).fetchall()
    if 2 * others > repeated:
        raise DataError(
            f'{others:,} of {repeated:,} rows whose "{column}" was loaded before are other events:'
            " it is no event id, or counts anew in each file",
            "--dedupe none takes all rows; --dedupe event_id leaves out those whose id is there",
        )
    if not others:
        return ()
    return (f'{others:,} of the rows left out as duplicates by "{column}" are of another event or'
            " instant than the row that is there",)  # fmt: skip


def _name_channels(connection: duckdb.DuckDBPyConnection) -> bool:
    """Call channels so that were not taken for such while they all were kinds of senders."""
    have, new = (
        {name.casefold() for name in _columns(connection, one)} for one in (LOADED, INCOMING)
    )
    named = _DOUBTED in have - new and "channel" in new - have
    if named:
        connection.execute(f"ALTER TABLE {LOADED} RENAME {_DOUBTED} TO channel")
        connection.execute(EVENTS)
    return named


def _some(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    names: Sequence[str],
    kinds: Mapping[str, str],
) -> dict[str, set[str]]:
    """Find the columns without any value, and those of large whole numbers."""
    found: dict[str, set[str]] = {"unfilled": set(), "large": set()}
    for name in names:
        asked = f"{table.filled(name, kinds[name])}, {table.is_large(name, kinds[name])}"
        ((is_filled, is_large),) = connection.execute(
            f"SELECT {asked} FROM {relation}"  # noqa: S608
        ).fetchall()
        if not is_filled:
            found["unfilled"].add(name.casefold())
        if is_large:
            found["large"].add(name.casefold())
    return found


def _was_loaded(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute("SELECT 1 FROM loads LIMIT 1").fetchone() is not None


def _is_empty(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(f"SELECT 1 FROM {LOADED} LIMIT 1").fetchone() is None  # noqa: S608


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    made = connection.execute(f"DESCRIBE {relation}").fetchall()
    return {str(name): str(kind) for name, kind, *_ in made}


def _there_already(
    key: Sequence[str], have: Mapping[str, str], new: Mapping[str, str], *, whole: bool
) -> str:
    """Write the condition of rows `i` whose key an event of the table has."""
    kinds = {name.casefold(): (name, kind) for name, kind in have.items()}
    mine = {name.casefold(): name for name in new}
    terms = []
    for name in key:
        column, kind = kinds[name.casefold()]
        value = f"NULL::{kind}"
        if name.casefold() in mine:
            own = mine[name.casefold()]
            value = table.cast_to(f"i.{identifier(own)}", new[own], kind)
        same = "IS NOT DISTINCT FROM" if whole else "="
        terms.append(f"e.{identifier(column)} {same} {value}")
    return f"EXISTS (SELECT 1 FROM {LOADED} AS e WHERE {' AND '.join(terms)})"  # noqa: S608
