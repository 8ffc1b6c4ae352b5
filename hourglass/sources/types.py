"""Types of columns: what they are by their names, and SQL that tells and casts them."""

from collections.abc import Mapping

from hourglass.engines.sqltext import DUCKDB, identifier
from hourglass.sources.times import Clock, instant

WHOLE = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"])
"""Types of whole numbers that a BIGINT holds."""
LARGE = frozenset(["UBIGINT", "HUGEINT"])


def is_number(kind: str) -> bool:
    """Say whether a type is one of numbers (a list of them is none)."""
    return kind in WHOLE or kind in LARGE or is_fraction(kind)


def is_fraction(kind: str) -> bool:
    """Say whether a type is one of numbers that may have a fraction."""
    return kind in ("FLOAT", "DOUBLE") or (kind.startswith("DECIMAL(") and kind.endswith(")"))


def is_nested(kind: str) -> bool:
    """Say whether values of a type have something inside."""
    return kind.startswith(("STRUCT(", "MAP(")) or kind.endswith("]")


def as_text(value: str, kind: str) -> str:
    """Write a value of a type as text: whole numbers as such, what has something inside as JSON."""
    if kind == "VARCHAR":
        return value
    if is_fraction(kind):
        return DUCKDB.whole_text(value)
    return f"to_json({value})::VARCHAR" if is_nested(kind) else f"{value}::VARCHAR"


def cast(value: str, kind: str) -> str:
    """Write a text column as the type that all its values have; empty text is null."""
    if kind == "TIMESTAMP":
        return instant(value, Clock("zoned text"))
    return f"TRY_CAST(nullif({value}, '') AS {kind})"


EXACT: Mapping[str, str] = {
    "BIGINT": "TRY_CAST({0} AS BIGINT)::VARCHAR = {0}",
    "DOUBLE": r"regexp_full_match({0}, '-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?') AND"
    " (length({0}) <= 15 OR length({0}) = 16 AND ({0} <= '9007199254740992' OR contains({0}, '.'))"
    " OR TRY_CAST({0} AS DOUBLE)::VARCHAR = {0})",  # of 16 digits some are beyond 2 ** 53
    "BOOLEAN": "lower({0}) IN ('true', 'false')",
    "DATE": "TRY_CAST({0} AS DATE)::VARCHAR = {0}",
    "TIMESTAMP": r"regexp_matches({0}, '^\d{{4}}-\d\d-\d\d[ T]\d\d:\d\d') AND {1} IS NOT NULL",
    "JSON": "{0}[1] IN ('{{', '[') AND json_valid({0})",
}
"""What holds for every value of a column that may have the type."""


def exact(column: str, kind: str) -> str:
    """Write whether all non-empty values of a column are of a type; without type, their count."""
    name = identifier(column)
    if not kind:
        return f"count(nullif({name}, ''))"
    condition = EXACT[kind].format(name, cast(name, kind))
    return f"coalesce(bool_and(CASE WHEN {name} <> '' THEN coalesce({condition}, false) END), true)"
