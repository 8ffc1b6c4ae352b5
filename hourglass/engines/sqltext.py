"""Names and values as SQL text, for views over a source and for scripts that people read.

Queries never go through here: they are files, and their values are bound.
"""

from collections.abc import Sequence
from datetime import datetime

Value = str | int | float | bool | datetime | Sequence[str] | Sequence[int] | None
"""What a query can be given."""


def identifier(name: str) -> str:
    """Quote a column or table name."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """Write a value as a DuckDB literal."""
    match value:
        case None:
            text = "NULL"
        case bool() | int() | float():
            text = repr(value).lower()
        case datetime():
            text = f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case str():
            text = "'" + value.replace("'", "''") + "'"
        case _:
            text = "[" + ", ".join(literal(one) for one in value) + "]"
    return text
