"""Names and values as SQL text, for views over a source and for scripts that people read.

Queries never go through here: they are files, and their values are bound.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

Value = str | int | float | bool | datetime | timedelta | Sequence[str] | None
"""What a query can be given."""


def identifier(name: str) -> str:
    """Quote a column or table name."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """Write a value as a DuckDB literal."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case timedelta():
            return str(value // timedelta(microseconds=1))
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return "[" + ", ".join(literal(one) for one in value) + "]"
