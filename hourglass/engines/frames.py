"""The types of headers as those of frames."""

from collections.abc import Mapping

import polars as pl

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
