"""Paths into JSON as DuckDB expressions."""

from collections.abc import Sequence

from hourglass.engines.sqltext import literal


def pointer(keys: Sequence[str]) -> str:
    """Write a path of keys."""
    return literal("$." + ".".join('"' + key.replace('"', '\\"') + '"' for key in keys))


def parameter(json: str, key: str) -> str:
    """Write the value of a parameter in a list of objects that have a `key` and a `value`."""
    elements = f"json_extract({json}, '$[*]')"
    mine = f"list_filter({elements}, lambda p: json_extract_string(p, '$.key') = {literal(key)})"
    return f"json_extract({mine}[1], '$.value')"


def scalar(json: str) -> str:
    """Write the value itself, or the one member that is filled where it has one for each type."""
    members = f"list_filter(json_extract_string({json}, '$.*'), lambda m: m IS NOT NULL)"
    return (
        f"CASE json_type({json}) WHEN 'OBJECT' THEN {members}[1]"
        f" ELSE json_extract_string({json}, '$') END"
    )


def text_at(json: str, keys: Sequence[str]) -> str:
    """Write the text at a path; in a list of parameters, that of the one the path begins with."""
    return (
        f"CASE json_type({json}) WHEN 'ARRAY' THEN {scalar(parameter(json, keys[0]))}"
        f" ELSE json_extract_string({json}, {pointer(keys)}) END"
    )
