"""Names and values as SQL text, for views over a source and for scripts that people read.

Queries never go through here: they are files, and their values are bound.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hourglass.predicates import Dotted

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


def exactly(path: str) -> str:
    """Write a path for the engine, which takes it for a pattern, so that no other fits it."""
    return re.sub(r"[*?[]", r"[\g<0>]", path)


class Dialect:
    """How an engine spells the few things that a view over a source is made of: here DuckDB."""

    def identifier(self, name: str) -> str:
        """Quote a column or table name."""
        return identifier(name)

    def literal(self, value: str) -> str:
        """Write a text."""
        return literal(value)

    def kind(self, name: str) -> str:
        """Write a type of a header."""
        return name

    def text(self, value: str) -> str:
        """Write an expression as text."""
        return f"CAST({value} AS VARCHAR)"

    def whole_text(self, value: str) -> str:
        """Write a fraction as text, a whole one without a point."""
        whole = f"CASE WHEN {value} = trunc({value}) THEN TRY_CAST({value} AS HUGEINT) END"
        return f"coalesce({self.text(whole)}, {self.text(value)})"

    def texts(self, values: Sequence[str]) -> str:
        """Write a list of texts, which may be empty or of nulls."""
        return f"CAST([{', '.join(values)}] AS VARCHAR[])"

    def microseconds(self, instant: str) -> str:
        """Write an instant as whole microseconds since 1970."""
        return f"epoch_us({instant})"

    def number(self, value: str) -> str:
        """Write the number that a text is, null where it is none."""
        return f"TRY_CAST({value} AS DOUBLE)"

    def truth(self, value: str) -> str:
        """Write the truth that a text is, null where it is none."""
        return f"TRY_CAST({value} AS BOOLEAN)"

    def condition(self, predicate: str, values: "Mapping[Dotted, str]") -> str:
        """Write a predicate that `predicates` found to be one expression.

        `values` are what stands at its dotted names, in the words of this dialect.
        """
        from hourglass.predicates import replaced

        return replaced(predicate, values)

    def json_text(self, column: str, kind: str, keys: Sequence[str]) -> str:
        """Write the text at a path in a column of JSON, of text that may be JSON, or of lists."""
        from hourglass.engines.jsontext import text_at

        name = identifier(column)
        text = text_at(name if kind in ("JSON", "VARCHAR") else f"to_json({name})", keys)
        # what is no JSON has no path, and must not end the question
        return f"CASE WHEN json_valid({name}) THEN {text} END" if kind == "VARCHAR" else text


DUCKDB = Dialect()
