"""Values of this machine, written for a cluster."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hourglass.engines import Values
from hourglass.engines.spark_text import quoted, spark_type, text
from hourglass.engines.sqltext import Value
from hourglass.queries import Query

if TYPE_CHECKING:
    from pyspark.sql.connect.column import Column

KEYS = frozenset({"person_key", "entrant_key"})
"""Columns of headers that hold ids there, where DuckDB has numbers."""
_SUFFIXES = {"INTEGER": "", "BIGINT": "L"}
"""What follows whole numbers, by the types of headers."""
_TOGETHER = 1_000
"""Rows of a table of values that go into one statement."""


def in_words(query: Query, given: Values) -> dict[str, str]:
    """Write whole numbers into a query: frames of windows take no marker in their place."""
    return {
        name: _whole(number, kind)
        for name, kind in query.params.items()
        if isinstance(number := given[name], int) and kind in _SUFFIXES
    }


def bound(value: Value, kind: str) -> "Column":
    """Write a value as a literal of the type that the header declares."""
    from pyspark.sql import types
    from pyspark.sql.connect.column import Column
    from pyspark.sql.connect.expressions import LiteralExpression

    named = {
        "INTEGER": types.IntegerType,
        "BIGINT": types.LongType,
        "DOUBLE": types.DoubleType,
        "BOOLEAN": types.BooleanType,
        "VARCHAR": types.StringType,
        "TIMESTAMP": types.TimestampType,
    }
    if isinstance(value, datetime):  # the client would take it in the zone of this machine
        value = value.replace(tzinfo=UTC)
    made: Column = Column(LiteralExpression(value, named[kind]()))
    return made


def selects(columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> Iterator[str]:
    """Write rows of a table as SELECTs of some each; `columns` has their types, as headers do."""
    for start in range(0, max(1, len(rows)), _TOGETHER):
        yield _select(columns, rows[start : start + _TOGETHER])


def _select(columns: Mapping[str, str], rows: Sequence[Sequence[Value]]) -> str:
    source = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
    nothing = "(" + ", ".join("NULL" for _ in columns) + ")"
    fields = ", ".join(
        f"CAST(col{place} AS {'STRING' if name in KEYS else spark_type(kind)}) AS {quoted(name)}"
        for place, (name, kind) in enumerate(columns.items(), start=1)
    )
    found = f"SELECT {fields} FROM VALUES {source or nothing}"
    return found if rows else f"{found} WHERE false"


def _whole(value: int, kind: str) -> str:
    number = f"{int(value)}{_SUFFIXES[kind]}"
    return number if value >= 0 else f"({number})"


def _literal(value: Value) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int() | float():
            return repr(value)
        case str():
            return text(value)
    raise TypeError(f"no value of a table: {value!r}")
