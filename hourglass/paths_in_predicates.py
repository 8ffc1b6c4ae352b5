"""Dotted names in predicates: paths into nested columns, as `properties.plan = 'pro'`."""

from collections.abc import Mapping

from hourglass.engines.sqltext import Dialect
from hourglass.errors import UsageError, nearest
from hourglass.nested import engine_reaches, fields, has_inside, value_at
from hourglass.predicates import Dotted, dotted_names

_NUMBERS = ({"INTEGER"}, {"NUMERIC"}, {"INTEGER", "NUMERIC"})


def at_paths(predicate: str, columns: Mapping[str, str], dialect: Dialect) -> dict[Dotted, str]:
    """Write what stands at each dotted name of a predicate: the text there.

    Beside numbers, and where a condition is expected, it is a number and a truth; null where the
    text is none. A name that a column has as a whole is that column; one that the engine itself
    takes for a path is left out. Raises UsageError for a path that cannot lead anywhere.
    """
    found = {one: _value(one, predicate, columns, dialect) for one in dotted_names(predicate)}
    return {one: value for one, value in found.items() if value is not None}


def nested_paths(predicate: str, columns: Mapping[str, str]) -> list[str]:
    """List the dotted names of a predicate that lead into a column with something inside."""
    kinds = {name.casefold(): kind for name, kind in columns.items()}
    names = [one.names for one in dotted_names(predicate)]
    inside = [parts for parts in names if has_inside(kinds.get(parts[0].casefold(), ""))]
    return [".".join(parts) for parts in inside]


def _value(one: Dotted, predicate: str, columns: Mapping[str, str], dialect: Dialect) -> str | None:
    """Write what stands at a path; null where the engine itself knows how to reach it."""
    by_folded = {name.casefold(): name for name in columns}
    if whole := by_folded.get(".".join(one.names).casefold()):
        return dialect.identifier(whole)
    head, *keys = one.names
    column = by_folded[head.casefold()]
    kind = columns[column]
    if not has_inside(kind):
        raise UsageError(
            f"where: {predicate}: the column {column} is {kind}, nothing is inside of it",
            "a name with a dot leads into a nested column, as properties.plan",
        )
    if engine_reaches(kind):
        _check_field(predicate, column, kind, keys[0])
        return None
    value = value_at(column, kind, keys, dialect)
    return None if value is None else _typed(f"({value})", one.beside, dialect)


def _check_field(predicate: str, column: str, kind: str, key: str) -> None:
    """Raise UsageError for a field that a STRUCT of DuckDB does not have."""
    if not kind.startswith("STRUCT("):
        return
    names = [name for name, _ in fields(kind)]
    if key.casefold() not in {name.casefold() for name in names}:
        raise UsageError(
            f"where: {predicate}: there is no {key} in {column}{nearest(key, names)}",
            f"in it are {', '.join(names)}",
        )


def _typed(text: str, beside: str, dialect: Dialect) -> str:
    if set(beside.split()) in _NUMBERS:
        return dialect.number(text)
    return dialect.truth(text) if beside == "BOOLEAN" else text
