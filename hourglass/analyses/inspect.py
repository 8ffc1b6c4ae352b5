"""What an export holds, before anything is asked of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from hourglass.engines.duckdb import DuckDBEngine
from hourglass.engines.sqltext import Value
from hourglass.result import Column, InputFacts, Period, Result, Table
from hourglass.sources.facts import Attached
from hourglass.sources.roles import CANONICAL


def inspect(
    engine: DuckDBEngine, attached: Attached, stages: Mapping[str, Sequence[str]], now: datetime
) -> Result:
    """Describe files, columns, events and what is odd about them.

    `stages` maps stages to the event names they have, or would have; `now` is the clock, naive UTC.
    """
    values: dict[str, Value] = {
        "now": now,
        "mapped": sorted({name for names in stages.values() for name in names}),
    }
    tables = [
        _files(attached),
        _columns(engine.fetch("inspect/columns"), attached),
        _events(engine.fetch("inspect/events"), stages),
        _quality(engine.fetch("inspect/quality", values)),
    ]
    if attached.rejected:
        tables.append(_rejects(engine.fetch("inspect/rejects")))
    facts = engine.fetch("inspect/input", values).row(0, named=True)
    return Result(
        analysis="inspect",
        title="What the export holds",
        model="",
        rules={},
        period=Period(),
        tables=tuple(tables),
        input=InputFacts(
            rows=attached.rows,
            users=facts["users"],
            rejected=attached.rejected,
            duplicates=attached.duplicates,
            unmapped_events=facts["unmapped"],
            first=facts["first"],
            last=facts["last"],
            without_user=facts["without_user"],
            future=facts["future"],
        ),
    )


def _files(attached: Attached) -> Table:
    frame = pl.DataFrame(
        [
            (one.file.name, one.format, one.rows, one.accepted, one.rejected, one.duplicates)
            for one in attached.files
        ],
        schema={
            "file": pl.String,
            "format": pl.String,
            "rows": pl.Int64,
            "accepted": pl.Int64,
            "rejected": pl.Int64,
            "duplicates": pl.Int64,
        },
        orient="row",
    )
    return Table(
        name="files",
        title="Files",
        frame=frame,
        columns=(
            Column(name="file", kind="text", label="file"),
            Column(name="format", kind="text", label="format"),
            Column(name="rows", kind="count", label="rows"),
            Column(name="accepted", kind="count", label="events"),
            Column(name="rejected", kind="count", label="rejected"),
            Column(name="duplicates", kind="count", label="duplicates"),
        ),
    )


def _columns(found: pl.DataFrame, attached: Attached) -> Table:
    roles = {CANONICAL[role]: role for role in attached.roles}
    by_name = {row["column"]: row for row in found.iter_rows(named=True)}
    accepted = sum(one.accepted for one in attached.files)
    rows = []
    for name, kind in attached.columns.items():
        facts = by_name.get(name, {"filled": 0, "distinct": 0, "example": None})
        share = facts["filled"] / accepted if accepted else None
        rows.append((name, kind, roles.get(name), share, facts["distinct"], facts["example"]))
    frame = pl.DataFrame(
        rows,
        schema={
            "column": pl.String,
            "type": pl.String,
            "role": pl.String,
            "filled": pl.Float64,
            "distinct": pl.Int64,
            "example": pl.String,
        },
        orient="row",
    )
    return Table(
        name="columns",
        title="Columns",
        frame=frame,
        columns=(
            Column(name="column", kind="text", label="column"),
            Column(name="type", kind="text", label="type"),
            Column(name="role", kind="text", label="role"),
            Column(name="filled", kind="rate", label="filled"),
            Column(name="distinct", kind="count", label="distinct"),
            Column(name="example", kind="text", label="example"),
        ),
    )


def _events(found: pl.DataFrame, stages: Mapping[str, Sequence[str]]) -> Table:
    by_event: dict[str, list[str]] = {}
    for stage, names in stages.items():
        for name in names:
            by_event.setdefault(name, []).append(stage)
    proposed = [", ".join(by_event.get(name, ())) or None for name in found["event"]]
    return Table(
        name="events",
        title="Events",
        frame=found.with_columns(pl.Series("stage", proposed, dtype=pl.String)),
        columns=(
            Column(name="event", kind="text", label="event"),
            Column(name="events", kind="count", label="rows"),
            Column(name="people", kind="count", label="people"),
            Column(name="first", kind="moment", label="first"),
            Column(name="last", kind="moment", label="last"),
            Column(name="stage", kind="text", label="stage"),
        ),
    )


def _quality(found: pl.DataFrame) -> Table:
    return Table(
        name="quality",
        title="What is odd",
        frame=found,
        columns=(
            Column(name="check", kind="text", label="finding"),
            Column(name="count", kind="count", label="count"),
            Column(name="detail", kind="text", label="detail"),
        ),
    )


def _rejects(found: pl.DataFrame) -> Table:
    return Table(
        name="rejects",
        title="Rows that are no events",
        frame=found,
        columns=(
            Column(name="reason", kind="text", label="reason"),
            Column(name="rows", kind="count", label="rows"),
            Column(name="file", kind="text", label="first in"),
            Column(name="line", kind="count", label="line"),
            Column(name="example", kind="text", label="example"),
        ),
    )
