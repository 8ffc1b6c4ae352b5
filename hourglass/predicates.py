"""Predicates that people write (`where`): one SQL expression over the columns of `events`.

DuckDB's own parser takes them apart; nothing is ever guessed from the text.
"""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from hourglass.errors import UsageError

_REFUSED = {
    "SUBQUERY": "a subquery",
    "PARAMETER": "a parameter",
    "WINDOW": "a window function",
    "STAR": "*",
    "DEFAULT": "DEFAULT",
}


def columns_used(predicate: str) -> tuple[tuple[str, ...], ...]:
    """Column names in a predicate, each as its dotted parts, in the order of first use.

    Raises UsageError unless the text is a single expression without subquery.
    """
    expression = _parse(predicate)
    found: dict[tuple[str, ...], None] = {}
    for node in _nodes(expression):
        kind = node.get("class")
        if kind in _REFUSED:
            raise _refusal(predicate, f"{_REFUSED[kind]} is not allowed")
        if kind == "COLUMN_REF":
            found[tuple(node["column_names"])] = None
    return tuple(found)


def _parse(predicate: str) -> dict[str, Any]:
    connection = duckdb.connect()
    try:
        rows = connection.execute(
            "SELECT json_serialize_sql($text)", {"text": f"SELECT {predicate}\n"}
        ).fetchall()
    finally:
        connection.close()
    parsed = json.loads(rows[0][0])
    if parsed["error"]:
        raise _refusal(predicate, str(parsed.get("error_message", "it does not parse")))
    statements = parsed["statements"]
    node = statements[0]["node"] if len(statements) == 1 else {}
    selected = node.get("select_list", [])
    extra = node.get("from_table", {}).get("type") != "EMPTY" or any(
        node.get(part) for part in ("modifiers", "where_clause", "group_expressions", "having")
    )
    if node.get("type") != "SELECT_NODE" or len(selected) != 1 or extra or selected[0]["alias"]:
        raise _refusal(predicate, "it is more than one expression")
    expression: dict[str, Any] = selected[0]
    return expression


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for branch in tree.values():
            yield from _nodes(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def _refusal(predicate: str, reason: str) -> UsageError:
    return UsageError(
        f"where: {predicate}: {reason}",
        "write one condition over the columns of the events, as \"country = 'FI' and rating >= 4\"",
    )
