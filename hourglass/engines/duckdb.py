"""DuckDB, embedded: runs query files, or writes down what it would run as a script."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import polars as pl

from hourglass.engines import Values
from hourglass.engines.connect import connect, translated
from hourglass.engines.sqltext import Value, identifier, literal
from hourglass.errors import QueryError
from hourglass.queries import Catalog, Query

_POLARS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String),
}


class DuckDBEngine:
    """Queries on one connection that holds `events`; `script` is all that was run so far."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, catalog: Catalog | None = None
    ) -> None:
        self.connection = connection
        self.catalog = catalog or Catalog()
        self.script: list[str] = []

    @classmethod
    def in_memory(cls) -> "DuckDBEngine":
        """Return an engine on an empty database in memory."""
        return cls(connect())

    def define(
        self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]
    ) -> None:
        """Make a temporary table of the given rows."""
        declared = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
        self._run(f"CREATE OR REPLACE TEMP TABLE {identifier(table)} ({declared})")
        if rows:
            tuples = ",\n  ".join(
                "(" + ", ".join(literal(value) for value in row) + ")" for row in rows
            )
            self._run(f"INSERT INTO {identifier(table)} VALUES\n  {tuples}")

    def make(self, table: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query as a temporary table."""
        found = self._prepare(query, values)
        self._run(f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS\n{found.text}", found)
        made = self.connection.execute(f"FROM {identifier(table)} LIMIT 0")
        _check_returns(found, {name: str(kind) for name, kind, *_ in made.description or []})

    def add(self, table: str, query: str, values: Values | None = None) -> None:
        """Insert the rows of a query into a table, by the names of its columns."""
        found = self._prepare(query, values)
        self._run(f"INSERT INTO {identifier(table)} BY NAME\n{found.text}", found)

    def alias(self, name: str, table: str) -> None:
        """Create the view `name` over `table`."""
        self._run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS FROM {identifier(table)}")

    def view(self, name: str, text: str) -> None:
        """Create a temporary view of the text given."""
        self._run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS\n{text}")

    def event_columns(self) -> dict[str, str]:
        """Return the columns of `events` with their types."""
        with translated():
            cursor = self.connection.execute("FROM events LIMIT 0")
            return {name: str(kind) for name, kind, *_ in cursor.description or []}

    def fetch(self, query: str, values: Values | None = None) -> pl.DataFrame:
        """Return the rows of a query as a frame of the declared columns.

        QueryError if it returns other columns than its header says.
        """
        found = self._prepare(query, values)
        self.script.append(found.text)
        with _telling(found):
            cursor = self.connection.execute(found.text)
            returned = {name: str(kind) for name, kind, *_ in cursor.description or []}
            rows = cursor.fetchall()
        _check_returns(found, returned)
        order = list(returned)
        places = [order.index(name) for name in found.returns]
        return pl.DataFrame(
            [tuple(row[place] for place in places) for row in rows],
            schema={name: _POLARS[kind] for name, kind in found.returns.items()},
            orient="row",
        )

    def _prepare(self, name: str, values: Values | None) -> Query:
        query = self.catalog.find(name)
        with _telling(query):
            statements = self.connection.extract_statements(query.text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise QueryError(f"{query.path}: not one SELECT", "keep one SELECT in the file")
        given = values or {}
        for param, kind in query.params.items():
            self._set(param, kind, given[param])
        return query

    def _set(self, name: str, kind: str, value: Value) -> None:
        self.script.append(f"SET VARIABLE {identifier(name)} = {literal(value)}::{kind}")
        with translated():
            self.connection.execute(
                f"SET VARIABLE {identifier(name)} = CAST($value AS {kind})", {"value": value}
            )

    def _run(self, statement: str, query: Query | None = None) -> None:
        self.script.append(statement)
        with _telling(query):
            self.connection.execute(statement).fetchall()


@contextmanager
def _telling(query: Query | None) -> Iterator[None]:
    """Name the file in what DuckDB says about a query."""
    try:
        with translated():
            yield
    except QueryError as problem:
        if query is None:
            raise
        raise QueryError(
            f"{query.path}: {problem.message}", f"hourglass sql {query.name} shows the file"
        ) from problem


def _check_returns(query: Query, returned: Mapping[str, str]) -> None:
    for name, kind in query.returns.items():
        if returned.get(name) != kind:
            raise QueryError(
                f"{query.path}: returns {name} {returned.get(name, '(no such column)')}"
                f" where its header says {kind}",
                f"give the column the name {name} and cast it to {kind}",
            )
