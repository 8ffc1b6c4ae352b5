"""Tables of results, from rows by name."""

from collections.abc import Mapping, Sequence

from hourglass.result import Column, Kind, Table
from hourglass.rows import Rows

_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "count": "BIGINT",
    "rate": "DOUBLE",
    "points": "DOUBLE",
    "p": "DOUBLE",
    "seconds": "DOUBLE",
    "number": "DOUBLE",
    "mean": "DOUBLE",
    "flag": "BOOLEAN",
}
Row = dict[str, object]


def table_of(
    name: str,
    title: str,
    columns: Sequence[tuple[str, Kind, str]],
    rows: Sequence[Mapping[str, object]],
    by: tuple[str, ...] = (),
) -> Table:
    """Build a table of `columns` (name, kind, label) from rows by name; what lacks is null."""
    kinds = {name: _TYPES.get(kind, "TIMESTAMP") for name, kind, _ in columns}
    return Table(
        name=name,
        title=title,
        data=Rows(kinds, [tuple(_value(row, *one) for one in kinds.items()) for row in rows]),
        columns=tuple(Column(name=one, kind=kind, label=label) for one, kind, label in columns),
        by=by,
        rows_name="",
    )


def _value(row: Mapping[str, object], name: str, kind: str) -> object:
    """Take a value as a column of its type has it."""
    value = row.get(name)
    return float(value) if kind == "DOUBLE" and isinstance(value, int) else value
