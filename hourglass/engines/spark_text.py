"""How Spark spells the view over a source: quoting, lists, predicates."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hourglass.engines.sqltext import Dialect
from hourglass.errors import UsageError
from hourglass.predicates import expression

TYPES: Mapping[str, str] = {"VARCHAR": "STRING", "VARCHAR[]": "ARRAY<STRING>"}
"""Types of headers that Spark calls otherwise."""

_COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
}
_NOTHING = {"OPERATOR_IS_NULL": "IS NULL", "OPERATOR_IS_NOT_NULL": "IS NOT NULL"}
_PATTERNS = {"~~": "LIKE", "!~~": "NOT LIKE"}


def quoted(name: str) -> str:
    """Quote a column or table name."""
    return "`" + name.replace("`", "``") + "`"


def text(value: str) -> str:
    """Write a text; a backslash would begin an escape."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spark_type(kind: str) -> str:
    """Return what Spark calls a type of a header."""
    return TYPES.get(kind, kind)


class SparkDialect(Dialect):
    """Spark's words for the view over a source."""

    def identifier(self, name: str) -> str:
        """Quote a column or table name."""
        return quoted(name)

    def literal(self, value: str) -> str:
        """Write a text."""
        return text(value)

    def kind(self, name: str) -> str:
        """Write a type of a header."""
        return spark_type(name)

    def text(self, value: str) -> str:
        """Write an expression as text."""
        return f"CAST({value} AS STRING)"

    def whole_text(self, value: str) -> str:
        """Write a fraction as text, a whole one without a point."""
        whole = self.text(f"CAST({value} AS DECIMAL(38, 0))")
        return f"CASE WHEN {value} = floor({value}) THEN {whole} ELSE {self.text(value)} END"

    def texts(self, values: Sequence[str]) -> str:
        """Write a list of texts, which may be empty or of nulls."""
        return f"CAST(array({', '.join(values)}) AS ARRAY<STRING>)"

    def microseconds(self, instant: str) -> str:
        """Write an instant as whole microseconds since 1970."""
        return f"unix_micros({instant})"

    def condition(self, predicate: str) -> str:
        """Write a predicate anew, from what DuckDB's parser made of it.

        Only what means the same in both is written: comparisons, and, or, not, in, between, like,
        is null, over columns and constants. UsageError names anything else.
        """
        return _write(expression(predicate), predicate)

    def json_text(self, column: str, kind: str, keys: Sequence[str]) -> str:
        """Refuse a path in a column of JSON text."""
        raise UsageError(
            f"{'.'.join((column, *keys))}: paths into JSON text do not run on Spark",
            "give the cluster a table in which it is a struct or a column of its own",
        )


def _write(node: Mapping[str, Any], predicate: str) -> str:
    writer = _WRITERS.get(node["class"])
    written = writer(node, predicate) if writer else None
    if written is None:
        what = node.get("function_name") or node["type"].replace("_", " ").lower()
        raise UsageError(
            f"where: {predicate}: {what} does not run on Spark",
            "it takes = <> < <= > >=, and, or, not, in, between, like, is null,"
            " over columns and constants",
        )
    return written


def _column(node: Mapping[str, Any], _predicate: str) -> str:
    return ".".join(quoted(name) for name in node["column_names"])


def _constant(node: Mapping[str, Any], _predicate: str) -> str | None:
    literal = node["literal"]
    match literal["kind"]:
        case "STRING":
            return text(literal["text"])
        case "INTEGER" | "NUMERIC":
            return str(literal["text"])
        case "BOOLEAN":
            return str(literal["text"]).upper()
        case "NULL_LITERAL":
            return "NULL"
    return None


def _comparison(node: Mapping[str, Any], predicate: str) -> str | None:
    sign = _COMPARISONS.get(node["type"])
    if sign is None:
        return None
    return f"({_write(node['left'], predicate)} {sign} {_write(node['right'], predicate)})"


def _conjunction(node: Mapping[str, Any], predicate: str) -> str:
    word = " AND " if node["type"] == "CONJUNCTION_AND" else " OR "
    return "(" + word.join(_write(child, predicate) for child in node["children"]) + ")"


def _operator(node: Mapping[str, Any], predicate: str) -> str | None:
    first, *rest = (_write(child, predicate) for child in node["children"])
    match node["type"]:
        case "OPERATOR_NOT":
            return f"(NOT {first})"
        case "COMPARE_IN":
            return f"({first} IN ({', '.join(rest)}))"
        case kind if kind in _NOTHING:
            return f"({first} {_NOTHING[kind]})"
    return None


def _between(node: Mapping[str, Any], predicate: str) -> str:
    value, low, high = (_write(node[part], predicate) for part in ("input", "lower", "upper"))
    return f"({value} BETWEEN {low} AND {high})"


def _pattern(node: Mapping[str, Any], predicate: str) -> str | None:
    sign = _PATTERNS.get(node["function_name"])
    if sign is None or not node["is_operator"]:
        return None
    value, pattern = (one["expression"] for one in node["arguments"])
    if pattern["class"] != "CONSTANT" or "\\" in pattern["literal"]["text"]:
        return None  # a backslash is a sign of its own there
    return f"({_write(value, predicate)} {sign} {_write(pattern, predicate)})"


_WRITERS: Mapping[str, Callable[[Mapping[str, Any], str], str | None]] = {
    "COLUMN_REF": _column,
    "CONSTANT": _constant,
    "COMPARISON": _comparison,
    "CONJUNCTION": _conjunction,
    "OPERATOR": _operator,
    "BETWEEN": _between,
    "FUNCTION": _pattern,
}
