"""SQL that tells the type of a column of text, and that casts it."""

from collections.abc import Mapping

from hourglass.engines.sqltext import identifier
from hourglass.sources.times import Clock, instant


def cast(value: str, kind: str) -> str:
    """Write a text column as the type that all its values have; empty text is null."""
    if kind == "TIMESTAMP":
        return instant(value, Clock("zoned text"))
    return f"TRY_CAST(nullif({value}, '') AS {kind})"


EXACT: Mapping[str, str] = {
    "BIGINT": "TRY_CAST({0} AS BIGINT)::VARCHAR = {0}",
    "DOUBLE": r"regexp_full_match({0}, '-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?') AND"
    " (length({0}) <= 16 OR TRY_CAST({0} AS DOUBLE)::VARCHAR = {0})",
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
