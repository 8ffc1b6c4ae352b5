"""The types of headers as those of frames."""

from collections.abc import Mapping

import polars as pl

from hourglass.rows import Rows

POLARS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String),
}


def rows_of(frame: pl.DataFrame) -> Rows:
    """Return the rows of a frame; KeyError for a column whose type no header has."""
    kinds = {kind: name for name, kind in POLARS.items()}
    return Rows({name: kinds[kind] for name, kind in frame.schema.items()}, frame.rows())
