"""Spark, through Spark Connect: the engine for data that outgrow one machine.

Relations stay with the cluster. People are named by their own ids, since to number them all would
take one machine. Only aggregates come back.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import polars as pl

from hourglass.engines import Values
from hourglass.engines.memory import Memory
from hourglass.engines.spark_answers import (
    MOST_ROWS,
    check_names,
    check_size,
    declared,
    in_utc,
    kind_here,
    without_zone,
)
from hourglass.engines.spark_session import translated
from hourglass.engines.spark_text import SparkDialect, quoted
from hourglass.engines.spark_values import bound, in_words, selects
from hourglass.engines.sqltext import Dialect, Value
from hourglass.engines.watching import timed
from hourglass.errors import HourglassError, OutputError
from hourglass.frames import rows_of
from hourglass.queries import SPARK, Catalog, Query
from hourglass.rows import Rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

_ISO = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"
"""How instants are written to CSV."""
_AT_ONCE = 100_000
"""Rows of this machine that go into one message."""


class SparkEngine(Memory):
    """Runs query files on a cluster that holds the view `events`."""

    dialect: Dialect

    def __init__(self, session: "SparkSession", catalog: Catalog | None = None) -> None:
        super().__init__(Catalog(catalog.overrides if catalog else None, engine=SPARK))
        self.session = session
        self.dialect = SparkDialect()
        self.recursive = False  # Spark is from 4.1 on, Sail is not
        self.joins_latest = False  # Spark and Sail have no ASOF join
        self.codes_events = False  # an id is a person's number there
        self.kept: dict[str, int] = {}
        self._parts: dict[str, list[DataFrame]] = {}

    def define(
        self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]
    ) -> None:
        """Make a table of the given rows."""
        with translated():
            parts = [self.session.sql(one) for one in selects(columns, rows)]
        self._keep(table, parts)

    def send(self, table: str, rows: pl.DataFrame) -> None:
        """Make a table of texts of this machine: the cluster holds it, part by part."""
        if rows.is_empty():
            self.define(table, dict.fromkeys(rows.columns, "VARCHAR"), [])
            return
        self._keep(table, [self._sent(part) for part in rows.iter_slices(_AT_ONCE)])

    def make(self, table: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query with the cluster; QueryError if its columns are off."""
        self._keep(table, [self._made(query, values)])

    def add(self, table: str, query: str, values: Values | None = None) -> None:
        """Put the rows of a query beside those of a table, by the names of the columns."""
        self._keep(table, [*self._parts[table], self._made(query, values)])

    def promise(self, table: str, query: str, content: str) -> None:
        """Keep the rows of a query with the cluster, unless it remembers that it has them."""
        if not self.remembers(content, table):
            self.make(table, query)
            self.remember(content, table)

    def let(self, name: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query with the cluster, where anything read twice is held."""
        self.make(name, query, values)

    def alias(self, name: str, table: str) -> None:
        """Let `name` stand for `table` from here on."""
        if table in self._parts:
            self._keep(name, self._parts[table])
            return
        with translated():
            self.session.table(quoted(table)).createOrReplaceTempView(name)

    def view(self, name: str, text: str) -> None:
        """Create a temporary view of the text given."""
        self._changed(name)
        with translated(name):
            self.session.sql(text).createOrReplaceTempView(name)

    def ask(self, query: str, values: Values | None = None) -> Rows:
        """Return the rows of a query, with the declared columns; as `fetch`."""
        return Rows(self.catalog.find(query).returns, self.fetch(query, values).rows())

    def fetch(self, query: str, values: Values | None = None) -> pl.DataFrame:
        """Return the rows of a query as a frame of the declared columns.

        QueryError if it returns other columns than its header says, EngineError for more rows than
        an answer has.
        """
        found = self.catalog.find(query)
        with timed(query), translated(str(found.path)):
            table = self._selected(found, values).limit(MOST_ROWS + 1).toArrow()
        check_size(
            query, table.num_rows, "ask for fewer rows, by --top, --limit or a larger --unit"
        )
        check_names(found, table.column_names)
        frame = pl.DataFrame(pl.from_arrow(table.select(list(found.returns))))
        return declared(found, frame)

    def rows(self, relation: str) -> Rows:
        """Return all rows of a relation, sorted by its first column, with whatever columns.

        EngineError for more rows than an answer has.
        """
        with translated():
            table = self.session.table(quoted(relation)).limit(MOST_ROWS + 1).toArrow()
        check_size(
            relation,
            table.num_rows,
            "--limit, or let the cluster write: -o s3a://bucket/people.csv",
        )
        frame = pl.DataFrame(pl.from_arrow(table))
        typed = frame.select(in_utc(frame, name) for name in frame.columns)
        return rows_of(typed.sort(typed.columns[0]))

    def copy(self, relation: str, path: str, form: Literal["csv", "parquet"]) -> None:
        """Let the cluster write all rows of a relation, sorted by its first column, to a folder.

        OutputError if something is there, or the cluster cannot write there.
        """
        try:
            with translated():
                rows = self.session.table(quoted(relation))
                if form == "parquet":
                    rows = rows.selectExpr(*map(without_zone, rows.dtypes))
                writer = rows.orderBy(rows.columns[0]).write.format(form)
                writer.option("header", True).option("timestampFormat", _ISO).save(path)
        except HourglassError as problem:
            raise OutputError(
                f"the cluster could not write {path}: {problem.message}",
                "name a path that every machine of it sees, and where nothing is yet",
            ) from problem

    def event_columns(self) -> dict[str, str] | None:
        """Return the columns of `events` with their types, as DuckDB would call them."""
        return self.columns("events")

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation with their types, as DuckDB would call them."""
        with translated():
            schema = self.session.table(quoted(relation)).schema
        return {one.name: kind_here(one.dataType.simpleString()) for one in schema.fields}

    def close(self) -> None:
        """Give back what the cluster holds for this session."""
        self._parts.clear()
        with translated():
            self.session.stop()

    def _sent(self, rows: pl.DataFrame) -> "DataFrame":
        import pyarrow as pa

        texts = pa.schema([(name, pa.string()) for name in rows.columns])
        with translated():
            return _held(self.session.createDataFrame(rows.to_arrow().cast(texts)))

    def _made(self, name: str, values: Values | None) -> "DataFrame":
        query = self.catalog.find(name)
        with timed(name), translated(str(query.path)):
            made = self._selected(query, values)
            check_names(query, made.columns)
            return _held(made)

    def _selected(self, query: Query, values: Values | None) -> "DataFrame":
        given = values or {}
        written = in_words(query, given)
        args = {
            name: bound(given[name], kind)
            for name, kind in query.params.items()
            if name not in written
        }
        return self.session.sql(query.marked(":", written), args=args or None)

    def _keep(self, table: str, parts: "Sequence[DataFrame]") -> None:
        self._parts[table] = list(parts)
        self._changed(table)
        first, *rest = parts
        whole = first
        for one in rest:
            whole = whole.unionByName(one)
        with translated():
            whole.createOrReplaceTempView(table)


def _held(made: "DataFrame") -> "DataFrame":
    """Let the cluster hold rows on two machines, so that none is worked out twice or lost with one.

    Where it cannot do so, it holds them as it does.
    """
    from pyspark.errors import UnsupportedOperationException
    from pyspark.storagelevel import StorageLevel

    try:
        return made.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK_2)
    except UnsupportedOperationException:
        return made.localCheckpoint()
