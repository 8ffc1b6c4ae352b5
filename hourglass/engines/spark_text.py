"""How Spark spells the view over a source: quoting, lists, predicates."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from hourglass.engines.sqltext import Dialect, identifier
from hourglass.errors import UsageError
from hourglass.predicates import Dotted, expression, replaced

TYPES: Mapping[str, str] = {"VARCHAR": "STRING"}
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
_PATH = "hourglass path"
"""How the names begin that stand for paths while DuckDB takes a predicate apart."""
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"
"""What DuckDB takes for a truth."""
_SUFFIXED = r"[0-9.][dDfF]\s*$"
"""What Java would take for a number."""
_PATTERNS = {"~~": "LIKE", "!~~": "NOT LIKE"}


def quoted(name: str) -> str:
    """Quote a column or table name."""
    return "`" + name.replace("`", "``") + "`"


def text(value: str) -> str:
    """Write a text; a backslash would begin an escape."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spark_type(kind: str) -> str:
    """Return what Spark calls a type of a header."""
    one = kind.removesuffix("[]")
    named = TYPES.get(one, one)
    return named if one == kind else f"ARRAY<{named}>"


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
        whole = f"CASE WHEN {value} = floor({value}) THEN try_cast({value} AS DECIMAL(38, 0)) END"
        return f"coalesce({self.text(whole)}, {self.text(value)})"

    def texts(self, values: Sequence[str]) -> str:
        """Write a list of texts, which may be empty or of nulls."""
        return f"CAST(array({', '.join(values)}) AS ARRAY<STRING>)"

    def microseconds(self, instant: str) -> str:
        """Write an instant as whole microseconds since 1970."""
        return f"unix_micros({instant})"

    def condition(self, predicate: str, values: Mapping[Dotted, str]) -> str:
        """Write a predicate anew, from what DuckDB's parser made of it.

        Only what means the same in both is written: comparisons, and, or, not, in, between, like,
        is null, over columns, paths and constants. UsageError names anything else.
        """
        names = {one: f"{_PATH} {place}" for place, one in enumerate(values)}
        parted = replaced(predicate, {one: identifier(name) for one, name in names.items()})
        known = {name: values[one] for one, name in names.items()}
        return _write(expression(parted), _Asked(predicate, known))

    def number(self, value: str) -> str:
        """Write the number that a text is, null where it is none."""
        odd = f"{value} RLIKE {text(_SUFFIXED)}"
        return f"CASE WHEN NOT {odd} THEN try_cast({value} AS DOUBLE) END"

    def truth(self, value: str) -> str:
        """Write the truth that a text is, null where it is none."""
        word = f"lower({value})"
        return f"CASE WHEN {word} IN {_TRUE} THEN true WHEN {word} IN {_FALSE} THEN false END"

    def json_text(self, column: str, kind: str, keys: Sequence[str]) -> str:
        """Write the text at a path in a column of text that may be JSON; UsageError for others."""
        if kind != "VARCHAR":
            raise UsageError(
                f"{'.'.join((column, *keys))}: paths into {kind} do not run on Spark",
                "give the cluster a table in which it is a struct, a map or JSON text",
            )
        from hourglass.engines.spark_json import text_at

        return text_at(column, keys)


class _Asked(NamedTuple):
    """A predicate as it was written, and what stands at the paths that were taken out of it."""

    predicate: str
    values: Mapping[str, str]


def _write(node: Mapping[str, Any], asked: _Asked) -> str:
    writer = _WRITERS.get(node["class"])
    written = writer(node, asked) if writer else None
    if written is None:
        what = node.get("function_name") or node["type"].replace("_", " ").lower()
        raise UsageError(
            f"where: {asked.predicate}: {what} does not run on Spark",
            "it takes = <> < <= > >=, and, or, not, in, between, like, is null,"
            " over columns, paths and constants",
        )
    return written


def _column(node: Mapping[str, Any], asked: _Asked) -> str:
    first, *inside = node["column_names"]
    if not inside and first in asked.values:
        return asked.values[first]
    return ".".join(quoted(name) for name in node["column_names"])


def _constant(node: Mapping[str, Any], _asked: _Asked) -> str | None:
    literal = node["literal"]
    match literal["kind"]:
        case "STRING":
            return text(literal["text"])
        case "INTEGER":
            return str(literal["text"])
        case "NUMERIC":  # as a decimal it would have to hold whatever it is compared with
            return f"{literal['text'].replace('_', '')}D"
        case "BOOLEAN":
            return str(literal["text"]).upper()
        case "NULL_LITERAL":
            return "NULL"
    return None


def _comparison(node: Mapping[str, Any], asked: _Asked) -> str | None:
    sign = _COMPARISONS.get(node["type"])
    if sign is None:
        return None
    return f"({_write(node['left'], asked)} {sign} {_write(node['right'], asked)})"


def _conjunction(node: Mapping[str, Any], asked: _Asked) -> str:
    word = " AND " if node["type"] == "CONJUNCTION_AND" else " OR "
    return "(" + word.join(_write(child, asked) for child in node["children"]) + ")"


def _operator(node: Mapping[str, Any], asked: _Asked) -> str | None:
    first, *rest = (_write(child, asked) for child in node["children"])
    match node["type"]:
        case "OPERATOR_NOT":
            return f"(NOT {first})"
        case "COMPARE_IN":
            return f"({first} IN ({', '.join(rest)}))"
        case kind if kind in _NOTHING:
            return f"({first} {_NOTHING[kind]})"
    return None


def _between(node: Mapping[str, Any], asked: _Asked) -> str:
    value, low, high = (_write(node[part], asked) for part in ("input", "lower", "upper"))
    return f"({value} BETWEEN {low} AND {high})"


def _pattern(node: Mapping[str, Any], asked: _Asked) -> str | None:
    sign = _PATTERNS.get(node["function_name"])
    if sign is None or not node["is_operator"]:
        return None
    value, pattern = (one["expression"] for one in node["arguments"])
    if pattern["class"] != "CONSTANT" or "\\" in pattern["literal"]["text"]:
        return None  # a backslash is a sign of its own there
    return f"({_write(value, asked)} {sign} {_write(pattern, asked)})"


_WRITERS: Mapping[str, Callable[[Mapping[str, Any], _Asked], str | None]] = {
    "COLUMN_REF": _column,
    "CONSTANT": _constant,
    "COMPARISON": _comparison,
    "CONJUNCTION": _conjunction,
    "OPERATOR": _operator,
    "BETWEEN": _between,
    "FUNCTION": _pattern,
}
