"""Predicates that people write (`where`): one SQL expression over the columns of `events`.

DuckDB's own parser takes them apart; nothing is ever guessed from the text.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from hourglass.errors import ConditionsError

_REFUSED = {
    "SUBQUERY": "a subquery",
    "PARAMETER": "a parameter",
    "WINDOW": "a window function",
    "STAR": "*",
    "DEFAULT": "DEFAULT",
    "POSITIONAL_REFERENCE": "a column by its number",
}
WRITE = "write one condition over the columns of the events, as \"country = 'FI' and rating >= 4\""
_IN_WORDS = {
    "SELECT clause without selection list": "there is no condition in it",
    "Only SELECT statements can be serialized to json!": "a statement is no condition",
}
"""What the parser says of a text that would be no condition even if it were read."""

_CHANGING = """
    ago assert_true current_catalog current_connection_id current_database current_date
    current_localtime current_localtimestamp current_query current_query_id current_schema
    current_schemas current_setting current_time current_timestamp current_transaction_id
    current_user currval error gen_random_uuid get_current_time get_current_timestamp getvariable
    in_search_path nextval now pg_conf_load_time pg_postmaster_start_time pg_sleep random
    session_user setseed setval sleep_ms stats today transaction_timestamp txid_current user uuid
    uuidv4 uuidv7 vector_type version write_log
"""
CHANGING = frozenset(_CHANGING.split())
"""Functions whose answer does not follow from the row alone, or that do more than answer."""


@functools.cache
def columns_used(predicate: str) -> tuple[tuple[str, ...], ...]:
    """Column names in a predicate, each as its dotted parts, in the order of first use.

    Raises ConditionsError unless the text is a single expression without subquery, whose value
    follows from the row.
    """
    expression = _parse(predicate)
    found: dict[tuple[str, ...], None] = {}
    for node in _nodes(expression):
        kind = node.get("class")
        if kind in _REFUSED:
            raise _refusal(predicate, f"{_REFUSED[kind]} is not allowed")
        if kind == "FUNCTION" and _changes(node):
            raise _refusal(predicate, f"{node['function_name']}() depends on more than the event")
        if kind == "COLUMN_REF":
            found[tuple(node["column_names"])] = None
    return tuple(found)


def all_columns_used(predicates: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Column names in each of several predicates; ConditionsError says all that are none."""
    used: dict[str, tuple[tuple[str, ...], ...]] = {}
    wrong: list[tuple[str, str]] = []
    for one in dict.fromkeys(predicates):
        try:
            used[one] = columns_used(one)
        except ConditionsError as problem:
            wrong += problem.found
    if wrong:
        raise ConditionsError(wrong, WRITE)
    return used


class Dotted(NamedTuple):
    """A dotted name in a predicate: where it stands, in bytes, and what it is compared with."""

    start: int
    end: int
    names: tuple[str, ...]
    beside: str
    """BOOLEAN where a condition is expected, or kinds of constants, as INTEGER; else nothing."""


@functools.cache
def dotted_names(predicate: str) -> tuple[Dotted, ...]:
    """Find the dotted names, in the order of the text; ConditionsError as `columns_used` has it."""
    if all(len(parts) == 1 for parts in columns_used(predicate)):
        return ()
    begin = "SELECT "
    (parsed,) = _serialized(predicate, f"{begin}{predicate}\n", places=True)
    tree = _expression(parsed, predicate)
    found = []
    beside = {id(tree): "BOOLEAN"}
    for node in _nodes(tree):
        children = _compared(node)
        for child in children:
            beside[id(child)] = _beside(node, children)
        if node.get("class") == "COLUMN_REF" and len(node["column_names"]) > 1:
            start = node["query_location"] - len(begin)
            end = start + node["query_location_length"]
            names = tuple(node["column_names"])
            found.append(Dotted(start, end, names, beside.get(id(node), "")))
    return tuple(sorted(found))


def replaced(predicate: str, texts: Mapping[Dotted, str]) -> str:
    """Write a predicate with other texts in the places of its dotted names."""
    written = predicate.encode()
    for one in sorted(texts, reverse=True):
        written = written[: one.start] + texts[one].encode() + written[one.end :]
    return written.decode()


def _compared(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a comparison compares, or the conditions that are put together."""
    kind, sort = node.get("class"), node.get("type")
    if kind == "CONJUNCTION" or sort in ("OPERATOR_NOT", "COMPARE_IN", "COMPARE_NOT_IN"):
        return list(node["children"])
    parts = {"COMPARISON": ("left", "right"), "BETWEEN": ("input", "lower", "upper")}
    return [node[part] for part in parts.get(str(kind), ())]


def _beside(node: dict[str, Any], children: Sequence[dict[str, Any]]) -> str:
    if node["class"] == "CONJUNCTION" or node["type"] == "OPERATOR_NOT":
        return "BOOLEAN"
    kinds = {one["literal"]["kind"] for one in children if one["class"] == "CONSTANT"}
    return " ".join(sorted(kinds))


def _changes(function: dict[str, Any]) -> bool:
    name = function["function_name"].casefold()
    since_today = name == "age" and len(function["arguments"]) == 1
    return name in CHANGING or since_today


def expression(predicate: str) -> dict[str, Any]:
    """Return a predicate as the tree that DuckDB's parser makes of it.

    Raises ConditionsError as `columns_used` does.
    """
    columns_used(predicate)
    return _parse(predicate)


def _parse(predicate: str) -> dict[str, Any]:
    """Return the expression; in brackets, as it will stand, it must be the same."""
    if not predicate.strip():
        raise _refusal(predicate, "the condition is empty")
    try:
        plain, bracketed = (
            _expression(one, predicate)
            for one in _serialized(predicate, f"SELECT {predicate}\n", f"SELECT ({predicate}\n)")
        )
        same = plain == bracketed
    except RecursionError as problem:
        raise _refusal(predicate, "it is nested too deeply") from problem
    if not same:
        raise _refusal(predicate, "it is more than one expression")
    return plain


def _serialized(predicate: str, *statements: str, places: bool = False) -> Iterator[Any]:
    """Yield what DuckDB's parser makes of each statement; without `places`, wherever it stands."""
    connection = duckdb.connect()
    try:
        for text in statements:
            rows = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchall()
            yield json.loads(rows[0][0], object_hook=None if places else _unplaced)
    except (duckdb.Error, UnicodeError) as problem:
        raise _refusal(predicate, "it cannot be read as text") from problem
    finally:
        connection.close()


def _unplaced(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key != "query_location"}


def _expression(parsed: Any, predicate: str) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    if parsed["error"]:
        said = str(parsed.get("error_message", "it does not parse"))
        raise _refusal(predicate, _IN_WORDS.get(said, said))
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
    """Yield every node, in the order of the text, but the parameters of lambdas: no columns."""
    waiting: list[tuple[object, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        branch, own = waiting.pop()
        parts: Iterable[object] = branch if isinstance(branch, list) else ()
        if isinstance(branch, dict) and not own.isdisjoint(_first_name(branch)):
            continue
        if isinstance(branch, dict):
            yield branch
            parts = branch.values()
            if branch.get("syntax_type") == "LAMBDA_KEYWORD":  # -> may be the arrow of JSON
                named = (name for node in _nodes(branch["lhs"]) for name in _first_name(node))
                own, parts = own.union(named), [branch["expr"]]
        waiting += [(part, own) for part in reversed([*parts])]


def _first_name(node: dict[str, Any]) -> list[str]:
    """Return the first part of the name that a node is, or nothing."""
    return [name.casefold() for name in node.get("column_names", ())[:1]]


def _refusal(predicate: str, reason: str) -> ConditionsError:
    return ConditionsError([(predicate, reason)], WRITE)
