"""Paths and tables as a cluster reads them."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hourglass.engines.spark_session import translated
from hourglass.engines.spark_text import quoted
from hourglass.errors import DataError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.readwriter import DataFrameReader
    from pyspark.sql.connect.session import SparkSession

_ENDINGS = {
    "parquet": "parquet", "parq": "parquet", "pq": "parquet", "csv": "csv", "json": "json",
    "jsonl": "json", "ndjson": "json",
}  # fmt: skip
_PACKED = frozenset({"gz", "zst", "bz2"})


def read(session: "SparkSession", names: Sequence[str], typed: Collection[str]) -> "DataFrame":
    """Let the cluster find paths of one format, or one table; columns of CSV are text but `typed`.

    Raises UsageError for a path that only this machine has and for formats that are mixed,
    DataError for what the cluster cannot read.
    """
    for name in names:
        _refuse_local(name)
    forms = {_form(name) for name in names}
    if len(forms) > 1 or (forms == {"table"} and len(names) > 1):
        raise UsageError(
            "a cluster reads paths of one format, or one table", "ask for one at a time"
        )
    form = forms.pop()
    with translated(", ".join(names)):
        if form == "table":
            rows: DataFrame = session.table(names[0])
        elif form == "csv":
            rows = _csv(session.read, list(names), typed)
        else:
            rows = session.read.format(form).load(list(names))
        found = rows.columns  # asks the cluster: what it cannot read is found out here
    if not found:
        raise DataError(
            f"the cluster finds nothing at {', '.join(names)}",
            "name a path that every machine of the cluster sees, or a table it knows",
        )
    return rows


def _csv(reader: "DataFrameReader", names: list[str], typed: Collection[str]) -> "DataFrame":
    """Read text as it is, but for columns of which a type is needed: those are looked through."""
    reader = reader.format("csv").option("header", True).option("escape", '"')
    rows: DataFrame = reader.option("mode", "FAILFAST").load(names)
    wanted = {name.casefold() for name in typed}
    if wanted.isdisjoint(name.casefold() for name in rows.columns):
        return rows
    inferred = dict(reader.option("inferSchema", True).load(names).dtypes)
    schema = ", ".join(
        f"{quoted(name)} {inferred[name] if name.casefold() in wanted else 'string'}"
        for name in rows.columns
    )
    return reader.option("inferSchema", False).schema(schema).load(names)


def _refuse_local(name: str) -> None:
    if name == "-" or name.startswith(("./", "../", "~")) or _relative(name):
        raise UsageError(
            f"{name} is a path of this machine, and the cluster reads its own",
            "name it as every machine of the cluster sees it: s3a://bucket/events/,"
            " hdfs://…, /mnt/events/, or a table",
        )


def _relative(name: str) -> bool:
    rooted = name.startswith("/") or "://" in name or name.startswith(("file:", "dbfs:"))
    return not rooted and ("/" in name or _ending(name) in _ENDINGS or Path(name).exists())


def _form(name: str) -> str:
    if "/" not in name and ":" not in name:
        return "table"
    return _ENDINGS.get(_ending(name), "parquet")


def _ending(name: str) -> str:
    parts = name.rstrip("/*").rsplit("/", 1)[-1].casefold().split(".")
    if len(parts) > 2 and parts[-1] in _PACKED:
        parts.pop()
    return parts[-1] if len(parts) > 1 else ""
