"""The tables of `inspect`: their titles and columns."""

from collections.abc import Mapping, Sequence

import polars as pl

from hourglass.result import Column, Kind, Table

_KINDS: Mapping[str, type[pl.DataType]] = {
    "text": pl.String,
    "count": pl.Int64,
    "rate": pl.Float64,
}

_TABLES: Mapping[str, tuple[str, tuple[tuple[str, Kind, str], ...]]] = {
    "files": (
        "Files",
        (
            ("file", "text", "file"),
            ("format", "text", "format"),
            ("rows", "count", "rows"),
            ("accepted", "count", "events"),
            ("rejected", "count", "rejected"),
            ("duplicates", "count", "duplicates"),
        ),
    ),
    "columns": (
        "Columns",
        (
            ("column", "text", "column"),
            ("type", "text", "type"),
            ("role", "text", "role"),
            ("filled", "rate", "filled"),
            ("distinct", "count", "distinct"),
            ("example", "text", "example"),
            ("why", "text", "why"),
        ),
    ),
    "events": (
        "Events",
        (
            ("event", "text", "event"),
            ("events", "count", "rows"),
            ("people", "count", "people"),
            ("first", "moment", "first"),
            ("last", "moment", "last"),
            ("stage", "text", "stage"),
        ),
    ),
    "quality": (
        "What is odd",
        (
            ("check", "text", "finding"),
            ("count", "count", "count"),
            ("detail", "text", "detail"),
        ),
    ),
    "gaps": (
        "Days without events",
        (
            ("first_day", "date", "from"),
            ("last_day", "date", "to"),
            ("days", "count", "days"),
        ),
    ),
    "odd_people": (
        "People with far more events than others",
        (
            ("user_id", "text", "user"),
            ("events", "count", "events"),
            ("share", "rate", "of all"),
            ("busiest_minute", "count", "in a minute"),
            ("days", "count", "days"),
            ("why", "text", "odd"),
        ),
    ),
    "zones": (
        "Zones of the times, as written",
        (
            ("zone", "text", "offset"),
            ("rows", "count", "rows"),
            ("example", "text", "example"),
        ),
    ),
    "rejects": (
        "Rows that are no events",
        (
            ("reason", "text", "reason"),
            ("rows", "count", "rows"),
            ("file", "text", "first in"),
            ("line", "count", "line"),
            ("example", "text", "example"),
        ),
    ),
}


def table(name: str, rows: pl.DataFrame | Sequence[Sequence[object]]) -> Table:
    """Return the table called `name` with these rows."""
    title, columns = _TABLES[name]
    if not isinstance(rows, pl.DataFrame):
        schema = {column: _KINDS[kind] for column, kind, _ in columns}
        rows = pl.DataFrame(rows, schema=schema, orient="row")
    return Table(
        name=name,
        title=title,
        data=rows,
        columns=tuple(Column(name=one, kind=kind, label=label) for one, kind, label in columns),
    )
