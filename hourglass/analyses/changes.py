"""What changed SQL files change: old and new numbers side by side."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.trend import trend
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError, quoted
from hourglass.queries import Catalog, bundled
from hourglass.result import Column, Result, Table

_FIGURES = (
    "users",
    "ever",
    "immature",
    "mature_users",
    "step_rate",
    "total_rate",
    "median_seconds",
)

Ask = Callable[[DuckDBEngine, Question, Delivery], Result]


def changes(engine: DuckDBEngine, question: Question, delivery: Delivery, folder: Path) -> Result:
    """Check the SQL files of a folder and compare the numbers with and without them.

    The result has the table `files` (name, path, role: it replaces a bundled file or is new) and
    the table `numbers` (question, bucket, stage, figure, old, new; only figures that differ).
    Raises QueryError for a file that breaks its contract, UsageError for a folder without any.
    """
    changed = Catalog(folder)
    names = sorted(path.relative_to(folder).with_suffix("").as_posix()
                   for path in folder.rglob("*.sql"))  # fmt: skip
    if not names:
        raise UsageError(
            f"there are no SQL files in {folder}",
            f"hourglass sql funnel/stages --eject {quoted(folder)}",
        )
    for name in names:
        changed.find(name)
    differences = []
    latest: Result | None = None
    for asked, ask in (("funnel", funnel), ("trend", trend)):
        engine.kept = {}
        engine.catalog = Catalog()
        old = ask(engine, question, delivery)
        engine.catalog = changed
        latest = ask(engine, question, delivery)
        for name in names:
            if not (bundled() / f"{name}.sql").is_file():
                engine.check(name)
        differences.append(_differences(asked, old, latest))
    assert latest is not None
    return Result(
        analysis="sql",
        title=f"Numbers changed by {folder}",
        model=latest.model,
        rules=latest.rules,
        period=latest.period,
        as_of=latest.as_of,
        tables=(_numbers(pl.concat(differences)), _files(names, folder)),
        input=latest.input,
        notes=latest.notes,
    )


def _differences(asked: str, old: Result, new: Result) -> pl.DataFrame:
    before, after = _figures(old.tables[0].frame), _figures(new.tables[0].frame)
    both = before.join(
        after, on=["bucket", "position", "stage", "figure"], how="full",
        coalesce=True, nulls_equal=True, suffix="_new",
    )  # fmt: skip
    return (
        both.filter(~pl.col("value").eq_missing(pl.col("value_new")))
        .sort("bucket", "position", "figure")
        .select(
            pl.lit(asked).alias("question"),
            "bucket",
            "stage",
            "figure",
            pl.col("value").alias("old"),
            pl.col("value_new").alias("new"),
        )
    )


def _figures(frame: pl.DataFrame) -> pl.DataFrame:
    if "bucket" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Date).alias("bucket"))
    return frame.select(
        "bucket", "position", "stage",
        *(pl.col(name).cast(pl.Float64) for name in _FIGURES if name in frame.columns),
    ).unpivot(index=["bucket", "position", "stage"], variable_name="figure")  # fmt: skip


def _numbers(frame: pl.DataFrame) -> Table:
    return Table(
        name="numbers",
        title="Numbers that differ" if frame.height else "No number differs",
        data=frame,
        columns=(
            Column(name="question", kind="text", label="question"),
            Column(name="bucket", kind="date", label="bucket"),
            Column(name="stage", kind="text", label="stage"),
            Column(name="figure", kind="text", label="figure"),
            Column(name="old", kind="number", label="old"),
            Column(name="new", kind="number", label="new"),
        ),
    )


def _files(names: list[str], folder: Path) -> Table:
    roles = ["replaces" if (bundled() / f"{name}.sql").is_file() else "adds" for name in names]
    return Table(
        name="files",
        title="Files checked",
        data=pl.DataFrame(
            {"name": names, "file": [str(folder / f"{name}.sql") for name in names], "role": roles}
        ),
        columns=(
            Column(name="name", kind="text", label="name"),
            Column(name="file", kind="text", label="file"),
            Column(name="role", kind="text", label="role"),
        ),
    )
