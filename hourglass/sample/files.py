"""The sample as Parquet or CSV, in a file that is written in one step or as bytes."""

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
            "hourglass sample --output sample_events.parquet, or --output - for CSV on standard"
            " output",
        )


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write a sample by the ending of `path`; UsageError for another, OutputError if it fails."""
    check_ending(path)
    replace_file(path, parquet(frame) if path.suffix.casefold() == ".parquet" else csv(frame))


def parquet(frame: pl.DataFrame) -> bytes:
    """Return a sample as Parquet, with `ts` as TIMESTAMP, microseconds, in UTC."""
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", compression_level=12)
    return content.getvalue()


def csv(frame: pl.DataFrame) -> bytes:
    """Return a sample as CSV, with `ts` in ISO 8601 with a Z."""
    content = io.BytesIO()
    frame.with_columns(pl.col("ts").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")).write_csv(
        content, float_precision=2
    )
    return content.getvalue()
