"""The amounts in a database: those of several currencies are never added up."""

import json
from collections.abc import Iterable, Sequence

import duckdb

from hourglass.meta import keep_value, value_of
from hourglass.reading import Decimal

REVENUE = "revenue"
_FOUND, _HIDDEN, _DECIMAL = "currencies", "hidden", "decimal"
"""Keys of the table `meta`: currencies by the number of a load, the column not to be read, and how
amounts are written."""


def remember_currencies(
    connection: duckdb.DuckDBPyConnection, numbers: Iterable[int], found: Sequence[str]
) -> None:
    """Keep which currencies the amounts of some loads are in."""
    kept = {**_kept(connection), **{str(number): list(found) for number in numbers}}
    keep_value(
        connection, _FOUND, json.dumps({number: some for number, some in kept.items() if some})
    )


def keep_decimal(connection: duckdb.DuckDBPyConnection, decimal: Decimal | None) -> None:
    """Keep the decimal sign of the amounts of a load, if one was told."""
    if decimal:
        keep_value(connection, _DECIMAL, decimal)


def kept_decimal(connection: duckdb.DuckDBPyConnection) -> Decimal | None:
    """Return the decimal sign of the latest load that told one."""
    match value_of(connection, _DECIMAL):
        case "comma" | "point" as kept:
            return kept
    return None


def several_currencies(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return two of the currencies of the loads that are there; nothing if all are of one."""
    there = {str(number) for (number,) in connection.execute("SELECT number FROM loads").fetchall()}
    kept = _kept(connection)
    # kr. is what older versions kept of kr.
    found = sorted(
        {one.removesuffix(".") for number in there & kept.keys() for one in kept[number]}
    )
    return [found[0], found[-1]] if len(found) > 1 else []


def settle_revenue(connection: duckdb.DuckDBPyConnection, *, named: bool) -> bool:
    """Decide whether questions read the revenue; say whether that is another than before.

    They do not where loads are of several currencies, and nobody `named` the column.
    """
    before = hidden_columns(connection)
    hides = several_currencies(connection) and not named and _has_revenue(connection)
    hidden = REVENUE if hides else ""
    keep_value(connection, _HIDDEN, hidden)
    return before != hidden_columns(connection)


def hidden_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Name the columns of the loaded events that questions do not read."""
    hidden = value_of(connection, _HIDDEN)
    return [hidden] if hidden else []


def told_currencies(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Say that loads are of several currencies, and what follows from it."""
    found = several_currencies(connection)
    if not found:
        return []
    read = _has_revenue(connection) and not hidden_columns(connection)
    what = "is added up though" if read else "is not read, as"
    return [f'the revenue {what} loads are of several currencies: "{found[0]}", "{found[1]}"']


def _has_revenue(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether any load has a revenue: one that is of several currencies itself has none."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_columns() WHERE table_name = 'loaded_events' AND column_name = ?",
        [REVENUE],
    )
    return found.fetchone() is not None


def _kept(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    return dict(json.loads(value_of(connection, _FOUND) or "{}"))
