"""DuckDB, embedded: the engine that needs nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

import duckdb

from hourglass.engines import Values
from hourglass.engines.connect import connect, translated
from hourglass.engines.script import Script
from hourglass.engines.sqltext import Value, identifier, literal
from hourglass.engines.watching import timed
from hourglass.errors import DataError, OutputError, QueryError, UsageError
from hourglass.predicates import WRITE
from hourglass.queries import Catalog, Query
from hourglass.rows import Rows

if TYPE_CHECKING:
    import polars as pl

_FORMS = {
    "csv": "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ', USE_TMP_FILE false",
    "parquet": "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,"
    " DICTIONARY_SIZE_LIMIT 1000, USE_TMP_FILE false",
}


@dataclass(slots=True)
class _State:
    """What engines have done to a connection."""

    variables: dict[str, tuple[str, Value]] = field(default_factory=dict)
    """What is set: most values stay from query to query."""
    kinds: dict[str, str] = field(default_factory=dict)
    """What each relation is: TABLE or VIEW."""
    contents: dict[str, str] = field(default_factory=dict)
    """What tables hold, as far as it was taken down."""


_STATES: WeakKeyDictionary[duckdb.DuckDBPyConnection, _State] = WeakKeyDictionary()
"""Of each connection, whatever engines share it."""


class DuckDBEngine(Script):
    """Runs queries on one connection that holds `events`, and writes down what it ran."""

    holds_bundled = False
    """Whether bundled files are held to their headers too when they run, as they are in tests."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, catalog: Catalog | None = None
    ) -> None:
        super().__init__(catalog)
        self.connection = connection
        state = _STATES.setdefault(connection, _State())
        self._variables, self._kinds = state.variables, state.kinds
        self._contents = state.contents
        self._columns: dict[str, str] = {}

    @classmethod
    def in_memory(cls) -> "DuckDBEngine":
        """Return an engine on an empty database in memory."""
        return cls(connect())

    def make(self, table: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query as a temporary table; QueryError if its columns are off."""
        super().make(table, query, values)
        self._hold(table, query)

    def let(self, name: str, query: str, values: Values | None = None) -> None:
        """Create the view `name` of the rows of a query; QueryError if its columns are off."""
        super().let(name, query, values)
        self._hold(name, query)

    def view(self, name: str, text: str) -> None:
        """Create a view; UsageError where the words of a person in it do not fit the columns."""
        try:
            super().view(name, text)
        except QueryError as wrong:
            reason = wrong.message.removeprefix("Binder Error: ")
            what = f"a condition does not fit the events: {reason}"
            raise UsageError(what, wrong.hint or WRITE) from wrong

    def ask(self, query: str, values: Values | None = None) -> Rows:
        """Return the rows of a query, with the declared columns.

        QueryError if it returns other columns than its header says.
        """
        found = self.answer(query, values)
        with timed(query), _telling(found):
            cursor = self.connection.execute(found.text)
            returned = _types(cursor)
            rows = cursor.fetchall()
        _check_returns(found, returned)
        order = list(returned)
        places = [order.index(name) for name in found.returns]
        return Rows(found.returns, [tuple(row[place] for place in places) for row in rows])

    def fetch(self, query: str, values: Values | None = None) -> "pl.DataFrame":
        """Return the rows of a query as a frame of the declared columns; as `ask`."""
        return self.ask(query, values).frame

    def rows(self, relation: str) -> Rows:
        """Return all rows of a relation, sorted by its first column, with whatever columns."""
        with translated():
            cursor = self.connection.execute(f"FROM {identifier(relation)} ORDER BY 1")
            return Rows(_types(cursor), cursor.fetchall())

    def copy(self, relation: str, path: Path, form: Literal["csv", "parquet"]) -> None:
        """Write all rows of a relation, sorted by its first column, to a file of any size.

        Parquet holds instants as TIMESTAMP in UTC, CSV in ISO 8601 with a Z. OutputError if the
        file cannot be written.
        """
        rows = f"(FROM {identifier(relation)} ORDER BY 1)"
        try:
            with translated():
                self.connection.execute(
                    f"COPY {rows} TO {literal(str(path))} ({_FORMS[form]})"
                ).fetchall()
        except DataError as problem:
            raise OutputError(f"the output could not be written: {problem.message}") from problem

    def check(self, name: str) -> None:
        """Hold a file to its header, on the tables made so far; QueryError says what is off."""
        query = self._found(name)
        for param, kind in query.params.items():
            self._set(param, kind, None)
        with _telling(query):
            rows = self.connection.execute(f"DESCRIBE {query.text}").fetchall()
        _check_returns(query, {str(column): str(kind) for column, kind, *_ in rows})

    def event_columns(self) -> dict[str, str] | None:
        """Return the columns of `events` with their types."""
        if not self._columns:
            with translated():
                self._columns.update(_types(self.connection.execute("FROM events LIMIT 0")))
        return dict(self._columns)

    def forget(self) -> None:
        """Remember nothing of any table, nor of the columns of `events`."""
        super().forget()
        self._columns.clear()

    def _found(self, name: str) -> Query:
        query = super()._found(name)
        if not self._is_held(name):
            return query
        with _telling(query):
            statements = self.connection.extract_statements(query.text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise QueryError(f"{query.path}: not one SELECT", "keep one SELECT in the file")
        return query

    def _set(self, name: str, kind: str, value: Value) -> None:
        super()._set(name, kind, value)
        if self._variables.get(name) == (kind, value):
            return
        with translated():
            self.connection.execute(
                f"SET VARIABLE {identifier(name)} = CAST($value AS {kind})", {"value": value}
            )
        self._variables[name] = kind, value

    def _hold(self, relation: str, query: str) -> None:
        """Hold a relation to the header of the query that made it."""
        if self._is_held(query):
            with translated():
                made = self.connection.execute(f"FROM {identifier(relation)} LIMIT 0")
            _check_returns(self.catalog.find(query), _types(made))

    def _is_held(self, name: str) -> bool:
        return self.holds_bundled or self.catalog.is_overridden(name)

    def _run(self, statement: str, query: Query | None = None) -> None:
        super()._run(statement, query)
        if query is None:
            self._execute(statement, None)
            return
        with timed(query.name):
            self._execute(statement, query)

    def _execute(self, statement: str, query: Query | None) -> None:
        with _telling(query):
            self.connection.execute(statement).fetchall()


def _types(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {name: str(kind) for name, kind, *_ in cursor.description or []}


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
        numbers = ("INTEGER", kind) if name.endswith("_key") else (kind,)
        if returned.get(name) not in numbers:  # a database keeps shorter numbers of people
            raise QueryError(
                f"{query.path}: returns {name} {returned.get(name, '(no such column)')}"
                f" where its header says {kind}",
                f"give the column the name {name} and cast it to {kind}",
            )
