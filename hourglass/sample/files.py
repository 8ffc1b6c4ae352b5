"""The sample as a file, Parquet or CSV, written in one step."""

import io
from pathlib import Path

import polars as pl

from hourglass.errors import UsageError, nearest
from hourglass.files import replace_file

ENDINGS = (".parquet", ".csv")


def check_ending(path: Path) -> None:
    """Refuse, with UsageError, a file name that does not say how to write it."""
    ending = path.suffix.casefold()
    if ending not in ENDINGS:
        raise UsageError(
            f"a sample is written as .parquet or .csv, not {path.name}{nearest(ending, ENDINGS)}",
            "hourglass sample --output sample_events.parquet",
        )


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write a sample by the ending of `path`; UsageError for another, OutputError if it fails.

    Parquet holds `ts` as TIMESTAMP, microseconds, in UTC; CSV writes it in ISO 8601 with a Z.
    """
    check_ending(path)
    content = io.BytesIO()
    if path.suffix.casefold() == ".parquet":
        frame.write_parquet(content, compression="zstd", compression_level=12)
    else:
        frame.with_columns(pl.col("ts").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")).write_csv(
            content, float_precision=2
        )
    replace_file(path, content.getvalue())
