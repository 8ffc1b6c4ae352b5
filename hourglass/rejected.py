"""Rows that a load rejects: kept in the database, written to a file, and not too many of them."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from hourglass.engines.sqltext import literal
from hourglass.errors import DataError
from hourglass.files import replacing
from hourglass.meeting import INCOMING
from hourglass.sources.facts import Attached, FileFacts
from hourglass.wishes import REJECT_FORMATS, Limit

_REJECTED = "hourglass_rejected"
"""The table of what this load rejects."""


def keep_rejects(connection: duckdb.DuckDBPyConnection, attached: Attached) -> None:
    """Add what was rejected of some files to the table `rejects`, and to that of the load."""
    if not attached.rejected:
        return
    connection.execute(f"INSERT INTO rejects BY NAME FROM {INCOMING}_rejects")
    _make_rejected(connection)
    connection.execute(f"INSERT INTO {_REJECTED} BY NAME FROM {INCOMING}_rejects")


def write_rejects(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write what the load rejected to a file, CSV or Parquet by its ending."""
    _make_rejected(connection)
    form = REJECT_FORMATS[path.suffix.casefold()]
    with replacing(path) as beside:
        connection.execute(f"COPY {_REJECTED} TO {literal(str(beside))} (FORMAT {form})")


def refuse_too_many(
    facts: Sequence[FileFacts], limit: Limit | None, examples: Sequence[str]
) -> None:
    """Raise DataError where more rows are rejected than the limit allows."""
    rejected, rows = sum(one.rejected for one in facts), sum(one.rows for one in facts)
    if limit and limit.passed(rejected, rows):
        shown = "".join(f"\n{example}" for example in examples[:3])
        raise DataError(
            f"{rejected:,} of {rows:,} rows cannot be events, more than {limit.text}; nothing"
            f" was loaded{shown}",
            "--rejects rejects.csv writes them all to a file",
        )


def _make_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {_REJECTED} AS FROM rejects LIMIT 0")
