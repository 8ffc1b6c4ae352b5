"""What `init` has to know of an export or a database: its columns, names and values."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hourglass import diagnostics

if TYPE_CHECKING:
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.identity_proposal import TwoIds
    from hourglass.reading import Reading
    from hourglass.sources.facts import Attached
    from hourglass.sources.files import SourceFile

_COUNTS = "SELECT event, count(*) FROM events GROUP BY event ORDER BY count(*) DESC, event"
_AGAIN = "hourglass_again"
"""The table of exports once more, with the columns that turned out to be of interest."""
_VALUES = "values_at_hand"
_MOST = 100
"""More values than these are no list of channels or of kinds of people."""


class Contents(NamedTuple):
    """What an export, or a database, has."""

    roles: Mapping[str, str]
    """Column by role, as it is to be written down."""
    counts: Sequence[tuple[str, int]]
    """Names of events, the most frequent first."""
    two_ids: "TwoIds | None"
    channels: Sequence[str]
    about_people: str | None
    """The column that says what kind of person somebody is."""
    kinds: Sequence[str]
    """Its values."""


def contents_of(
    events: Sequence[str], db: Path | None, columns: Mapping[str, str], how: "Reading"
) -> Contents:
    """Read what there is, and say on stderr what was assumed for that.

    `columns` are those that a configuration names, by role.
    """
    from hourglass.engines.connect import connect, translated
    from hourglass.engines.duckdb import DuckDBEngine

    if db:
        from hourglass.database import open_database

        connection = open_database(db)[0]
        with connection, translated(db):
            return _stored(DuckDBEngine(connection), columns)
    with connect() as connection, translated(None):
        return _attached(DuckDBEngine(connection), events, columns, how)


def _stored(engine: "DuckDBEngine", columns: Mapping[str, str]) -> Contents:
    from hourglass.proposals.around import column_about_people

    column = column_about_people(engine.event_columns() or ())
    kinds = _values(engine, column, "events") if column else []
    return Contents(columns, _counts(engine), None, _channels(engine), column, kinds)


def _attached(
    engine: "DuckDBEngine", events: Sequence[str], columns: Mapping[str, str], how: "Reading"
) -> Contents:
    """Look at exports.

    Columns of a format, and what every row is, are known without being written down.
    """
    from hourglass.identity_proposal import anonymous_column, two_ids
    from hourglass.proposals.around import column_about_people
    from hourglass.sources.attach import attach
    from hourglass.sources.files import find_files, left_out

    files = find_files(events)
    for note in left_out(events):
        diagnostics.note(note)
    attached = attach(engine.connection, files, columns, needed=(), reading=how)
    for text in attached.notes:
        diagnostics.note(text)
    if attached.rejected:
        diagnostics.warn(f"{attached.rejected:,} of {attached.rows:,} rows are no events")
    alias = anonymous_column(list(attached.columns), attached.roles)
    about_people = column_about_people(attached.columns)
    again = _again(engine, files, columns, how, [one for one in (alias, about_people) if one])
    roles = {role: name for role, name in attached.roles.items()
             if not attached.source_format and (role != "event" or not how.event_name)}  # fmt: skip
    return Contents(
        {**columns, **roles},
        _counts(engine),
        two_ids(engine, alias, again.columns, again.roles, _AGAIN) if alias and again else None,
        _channels(engine),
        about_people,
        _values(engine, about_people, _AGAIN) if about_people else [],
    )


def _again(
    engine: "DuckDBEngine",
    files: "Sequence[SourceFile]",
    columns: Mapping[str, str],
    how: "Reading",
    needed: Sequence[str],
) -> "Attached | None":
    """Read the exports once more if that is `needed`: which columns to read is known only now."""
    from hourglass.sources.attach import attach

    if not needed:
        return None
    return attach(engine.connection, files, columns, needed=needed, name=_AGAIN, reading=how)


def _counts(engine: "DuckDBEngine") -> list[tuple[str, int]]:
    counted = engine.connection.execute(_COUNTS).fetchall()
    return [(str(name), int(count)) for name, count in counted]


def _channels(engine: "DuckDBEngine") -> list[str]:
    return (
        _values(engine, "channel", "events") if "channel" in (engine.event_columns() or ()) else []
    )


def _values(engine: "DuckDBEngine", column: str, events: str) -> list[str]:
    """Return the values of a column as text, the most frequent first; none if they are too many."""
    from hourglass.engines.sqltext import identifier

    value = f"CAST({identifier(column)} AS VARCHAR)"
    engine.view(_VALUES, f"SELECT {value} AS value FROM {identifier(events)}")  # noqa: S608
    found = engine.fetch("inspect/values", {"most": _MOST + 1})["value"].to_list()
    return found if len(found) <= _MOST else []
