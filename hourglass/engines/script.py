"""A question written down as a DuckDB script, statement by statement, without asking anything."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines import Values
from hourglass.engines.memory import Memory
from hourglass.engines.sqltext import DUCKDB, Dialect, Value, identifier, literal
from hourglass.queries import Catalog, Query

_MADE = "hourglass made"
"""What a table is called until it takes the place of a view."""


class Statement(NamedTuple):
    """One statement; a SELECT whose rows were asked for has the name of its query."""

    text: str
    answers: str | None = None
    makes: str | None = None
    """The name of the query whose rows a table or a view is made of."""

    @property
    def query(self) -> str | None:
        """The name of the query that the statement runs."""
        return self.answers or self.makes


class Script(Memory):
    """Writes down what an engine is told to do, for a shell that has `events`."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        super().__init__(catalog or Catalog())
        self.dialect: Dialect = DUCKDB
        self.recursive = self.joins_latest = self.codes_events = True
        self.statements: list[Statement] = []
        self.kept: dict[str, int] = {}
        self._kinds: dict[str, str] = {}
        self._promised: dict[str, Callable[[], None]] = {}

    def define(
        self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]
    ) -> None:
        """Make a temporary table of the given rows."""
        content = repr((columns, rows))
        if self.remembers(content, table):
            return
        self._settle(table, "TABLE")
        declared = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
        self._run(f"CREATE OR REPLACE TEMP TABLE {identifier(table)} ({declared})")
        if rows:
            tuples = ",\n  ".join(
                "(" + ", ".join(literal(value) for value in row) + ")" for row in rows
            )
            self._run(f"INSERT INTO {identifier(table)} VALUES\n  {tuples}")
        self.remember(content, table)

    def make(self, table: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query as a temporary table."""
        found = self._prepared(query, values)
        if self._kinds.get(table) == "VIEW":  # the query may read what it replaces
            self._run(f"CREATE TEMP TABLE {identifier(_MADE)} AS\n{found.text}", found)
            self._settle(table, "TABLE")
            self._run(f"ALTER TABLE {identifier(_MADE)} RENAME TO {identifier(table)}")
            return
        self._settle(table, "TABLE")
        self._run(f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS\n{found.text}", found)

    def add(self, table: str, query: str, values: Values | None = None) -> None:
        """Insert the rows of a query into a table, by the names of its columns."""
        found = self._prepared(query, values)
        self._changed(table)
        self._run(f"INSERT INTO {identifier(table)} BY NAME\n{found.text}", found)

    def promise(self, table: str, query: str, content: str) -> None:
        """Keep the rows of a query as a temporary table once another query reads it."""
        if self.remembers(content, table):
            return

        def keep() -> None:
            self.make(table, query)
            self.remember(content, table)

        self._promised[table] = keep

    def let(self, name: str, query: str, values: Values | None = None) -> None:
        """Create the view `name` of the rows of a query."""
        found = self._prepared(query, values)
        self._settle(name, "VIEW")
        self._run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS\n{found.text}", found)

    def alias(self, name: str, table: str) -> None:
        """Create the view `name` over `table`; once it is read, if the table is but promised."""
        if table in self._promised:
            self._promised[name] = lambda: self._stand_for(name, table)
            return
        self._settle(name, "VIEW")
        self._run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS FROM {identifier(table)}")

    def view(self, name: str, text: str) -> None:
        """Create a temporary view of the text given."""
        self._settle(name, "VIEW")
        self._run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS\n{text}")

    def answer(self, query: str, values: Values | None = None) -> Query:
        """Write down a query whose rows are asked for."""
        found = self._prepared(query, values)
        self.statements.append(Statement(found.text, answers=query))
        return found

    def event_columns(self) -> dict[str, str] | None:
        """Return null: the columns of `events` are not known here."""
        return None

    def text(self, answer: str) -> str:
        """Return the script, of whose SELECTs only the one called `answer` prints its rows."""
        return "".join(
            f"{one.text};\n\n" for one in self.statements if one.answers in (None, answer)
        )

    def _stand_for(self, name: str, table: str) -> None:
        """Create the view that was promised, after what it stands for."""
        self._keep_promise(table)
        self.alias(name, table)

    def _keep_promise(self, name: str) -> None:
        if keep := self._promised.pop(name, None):
            keep()

    def _settle(self, name: str, kind: str) -> None:
        """Drop what has a name and is of another kind: a view does not replace a table."""
        self._promised.pop(name, None)
        self._changed(name)
        if (other := self._kinds.get(name, kind)) != kind:
            self._run(f"DROP {other} IF EXISTS temp.{identifier(name)}")
        self._kinds[name] = kind

    def _prepared(self, name: str, values: Values | None) -> Query:
        query = self._found(name)
        for relation in self._promised.keys() & query.reads():
            self._keep_promise(relation)
        given = values or {}
        for param, kind in query.params.items():
            self._set(param, kind, given[param])
        return query

    def _found(self, name: str) -> Query:
        return self.catalog.find(name)

    def _set(self, name: str, kind: str, value: Value) -> None:
        text = f"SET VARIABLE {identifier(name)} = {literal(value)}::{kind}"
        self.statements.append(Statement(text))

    def _run(self, statement: str, query: Query | None = None) -> None:
        self.statements.append(Statement(statement, makes=query.name if query else None))
