"""What a database says of itself: texts by their keys, in the table `meta`."""

import duckdb


def value_of(connection: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """Return the text that is kept under a key; null if there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def keep_value(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Keep a text under a key, in the place of another."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])
