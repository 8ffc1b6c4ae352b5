"""Rows that come back from a cluster, as the files of queries declare them."""

import re
from collections.abc import Sequence

import polars as pl

from hourglass.engines.spark_text import quoted
from hourglass.engines.spark_values import KEYS
from hourglass.errors import EngineError, QueryError
from hourglass.frames import POLARS
from hourglass.queries import Query

MOST_ROWS = 100_000
"""Rows of an answer at most: what is more is no aggregate."""
_ORDER = re.compile(r"\border by ([\w. ,]+)$", re.IGNORECASE)


def check_size(name: str, rows: int, hint: str) -> None:
    """Raise EngineError, with a hint how to ask for less, if there are more rows than may come."""
    if rows > MOST_ROWS:
        raise EngineError(
            f"{name} has more than {MOST_ROWS:,} rows: only so many leave the cluster", hint
        )


def check_names(query: Query, names: Sequence[str]) -> None:
    """Raise QueryError if a query does not return what its header declares."""
    for name in query.returns:
        if name not in names:
            raise QueryError(
                f"{query.path}: does not return {name}, which its header declares",
                f"give a column the name {name}",
            )


def declared(query: Query, frame: pl.DataFrame) -> pl.DataFrame:
    """Give the columns of an answer the types of the header, and its rows their order."""
    return _sorted(
        query, frame.select(_typed(frame, name, kind) for name, kind in query.returns.items())
    )


def in_utc(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Turn instants with a zone into those without one, in UTC."""
    column, dtype = pl.col(name), frame.schema[name]
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return column


def without_zone(column: tuple[str, str]) -> str:
    """Write a column for Parquet: instants have no zone there, as in the files of DuckDB."""
    name, kind = quoted(column[0]), column[1]
    return f"CAST({name} AS TIMESTAMP_NTZ) AS {name}" if kind == "timestamp" else name


def kind_here(kind: str) -> str:
    """Name a type of the cluster as DuckDB would."""
    if kind.startswith("struct<"):
        fields = ", ".join(f"{one.split(':')[0]} ANY" for one in kind[7:-1].split(","))
        return f"STRUCT({fields})"
    if kind.startswith("map<"):
        return "MAP"
    return {"string": "VARCHAR", "timestamp_ntz": "TIMESTAMP"}.get(kind, kind.upper())


def _sorted(query: Query, frame: pl.DataFrame) -> pl.DataFrame:
    """Sort as the file says, nulls last: servers place nulls otherwise, and some lose the order."""
    found = _ORDER.search(query.text)
    terms = [term.rpartition(".")[2].split() for term in found[1].split(",")] if found else []
    if not terms or any(name not in query.returns for name, *_ in terms):
        return frame
    if any(words not in ([], ["desc"]) for _, *words in terms):
        return frame
    return frame.sort(
        [name for name, *_ in terms],
        descending=["desc" in words for _, *words in terms],
        nulls_last=True,
        maintain_order=True,
    )


def _typed(frame: pl.DataFrame, name: str, kind: str) -> pl.Expr:
    return in_utc(frame, name).cast(pl.String if name in KEYS else POLARS[kind])
