"""SQL that brings rows of one export into the table of all: more columns, wider types."""

from collections.abc import Iterator, Mapping

from hourglass.engines.sqltext import identifier

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_NUMBERS = (*_WHOLE, "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


def widen(table: str, have: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Write the statements after which `table` can take rows with the columns `new`.

    A column whose types differ becomes a number if both are numbers, else text.
    """
    kinds = {name.casefold(): kind for name, kind in have.items()}
    for name, kind in new.items():
        old = kinds.get(name.casefold())
        if old is None:
            yield f"ALTER TABLE {table} ADD COLUMN {identifier(name)} {kind}"
        elif (both := wider(old, kind)) != old:
            yield f"ALTER TABLE {table} ALTER COLUMN {identifier(name)} TYPE {both}"


def wider(one: str, other: str) -> str:
    """Return the type that holds the values of both."""
    if one == other:
        return one
    if one.startswith(_WHOLE) and other.startswith(_WHOLE):
        return "BIGINT"
    if one.startswith(_NUMBERS) and other.startswith(_NUMBERS):
        return "DOUBLE"
    return "VARCHAR"
