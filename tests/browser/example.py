"""Reports of made-up numbers, shaped as the analyses shape them."""

import datetime as dt
from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import polars as pl

from hourglass.analyses.report_rest import with_rest
from hourglass.render.html.report import Report
from hourglass.result import Column, InputFacts, Kind, Period, Result, Table
from hourglass.rules import Rules
from hourglass.stages import HOURGLASS, Model, Stage, Step

USERS = (6000, 2600, 1500, 900, 500, 250, 120)
CHANNELS = ("paid search", "newsletter", "store", "organic", "social", "fair", None, "phone")
HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<a href='https://example.invalid/'>free</a>",
    "&lt;b&gt; \"quoted\" 'too' %{customdata} {{ 7 * 7 }}",
    "\u202eright to left\u2028\x1b[31m\x00",
    "=cmd|' /C calc'!A0",
    "n" * 10_000,
)

_Z = NormalDist().inv_cdf(0.975)
_FIGURES: tuple[tuple[str, Kind, Any], ...] = (
    ("position", "count", pl.Int64),
    ("stage", "text", pl.String),
    ("users", "count", pl.Int64),
    ("ever", "count", pl.Int64),
    ("dropped", "count", pl.Int64),
    ("step_rate", "rate", pl.Float64),
    ("step_low", "rate", pl.Float64),
    ("step_high", "rate", pl.Float64),
    ("total_rate", "rate", pl.Float64),
    ("total_low", "rate", pl.Float64),
    ("total_high", "rate", pl.Float64),
    ("immature", "count", pl.Int64),
    ("mature_entrants", "count", pl.Int64),
    ("mature_users", "count", pl.Int64),
    ("mature_total_rate", "rate", pl.Float64),
    ("mean_seconds", "seconds", pl.Float64),
    ("median_seconds", "seconds", pl.Float64),
    ("p90_seconds", "seconds", pl.Float64),
)
_TREND = ("bucket", *(name for name, *_ in _FIGURES[:3]), "step_rate", "step_low", "step_high",
          "total_rate", "total_low", "total_high", "mature")  # fmt: skip


def wilson(hits: int, of: int) -> tuple[float | None, float | None, float | None]:
    """A rate and its Wilson interval; nulls where nobody could."""
    if not of:
        return None, None, None
    share, z2 = hits / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return share, max(0.0, middle - half), min(1.0, middle + half)


def figures(users: Sequence[int], stages: Sequence[str], windowed: bool) -> list[dict[str, Any]]:
    rows = []
    for at, (count, stage) in enumerate(zip(users, stages, strict=True)):
        step = wilson(count, users[at - 1]) if at else (None, None, None)
        total = wilson(count, users[0])
        took = None if not at or not count else 86_400.0 * (at + 0.4)
        ripe = count * 7 // 10 if windowed else None
        entrants = users[0] * 7 // 10 if windowed else None
        rows.append({
            "position": at + 1, "stage": stage, "users": count, "ever": count + count // 9,
            "dropped": count - users[at + 1] if at + 1 < len(users) else None,
            "step_rate": step[0], "step_low": step[1], "step_high": step[2],
            "total_rate": total[0], "total_low": total[1], "total_high": total[2],
            "immature": count // 12 if windowed else 0, "mature_entrants": entrants,
            "mature_users": ripe, "mature_total_rate": ripe / entrants if entrants else None,
            "mean_seconds": took and took * 1.2, "median_seconds": took,
            "p90_seconds": took and took * 2.6,
        })  # fmt: skip
    return rows


def _table(name: str, rows: list[dict[str, Any]], by: tuple[str, ...] = ()) -> Table:
    lead = {**dict.fromkeys(by, pl.String), **({"other": pl.Boolean} if by else {})}
    schema = {**lead, **{column: kind for column, _, kind in _FIGURES}}
    kinds: dict[str, Kind] = {column: kind for column, kind, _ in _FIGURES}
    kinds["other"] = "flag"
    return Table(
        name=name,
        title=name,
        data=pl.DataFrame(rows, schema=schema, orient="row"),
        columns=tuple(Column(name=c, kind=kinds.get(c, "text"), label=c) for c in schema),
        by=by,
        rows_name="stages" if by else "rows",
    )


def _trend(weeks: int, stages: Sequence[str], young: int, windowed: bool) -> Table:
    rows = []
    for week in range(weeks):
        users = [
            number * (10 + week % 4 + at * (week % 3)) // (12 * weeks)
            for at, number in enumerate(USERS)
        ]
        if weeks > 8 and week == 4:
            users = [0] * len(users)
        for row in figures(users[: len(stages)], stages, windowed=True):
            row |= {
                "bucket": dt.date(2026, 1, 5) + dt.timedelta(weeks=week),
                "mature": week < weeks - young if windowed else None,
            }
            rows.append({name: row[name] for name in _TREND})
    kinds: dict[str, Kind] = {column: kind for column, kind, _ in _FIGURES}
    types = {column: kind for column, _, kind in _FIGURES} | {
        "bucket": pl.Date,
        "mature": pl.Boolean,
    }
    schema = {name: types[name] for name in _TREND}
    return Table(
        name="trend",
        title="trend",
        data=pl.DataFrame(rows, schema=schema, orient="row"),
        columns=tuple(
            Column(
                name=name,
                kind=kinds.get(name, "date"),
                label="week" if name == "bucket" else name,
            )
            for name in _TREND
        ),
    )


def report(
    *,
    users: Sequence[int] = USERS,
    stages: Sequence[str] = HOURGLASS,
    channels: Sequence[str | None] = CHANNELS,
    weeks: int = 13,
    young: int = 4,
    windowed: bool = True,
    title: str = "Weekly hourglass",
    model: str = "hourglass",
    notes: tuple[str, ...] = (),
) -> Report:
    """A report like those of the sample data; every part of it can be changed."""
    rules = Rules(window=dt.timedelta(days=30) if windowed else None, timezone="Europe/Helsinki")
    facts = InputFacts(
        rows=60_312, users=6_044, rejected=17, duplicates=9, unmapped_events=21_408,
        first=dt.datetime(2026, 1, 4, 22, 3, 11), last=dt.datetime(2026, 4, 5, 20, 58, 2),
        without_user=4,
    )  # fmt: skip

    def result(analysis: str, *tables: Table) -> Result:
        return Result(
            analysis=analysis, title=analysis, model=model, rules=rules.as_json(),
            period=Period(since=dt.datetime(2026, 1, 4, 22), until=dt.datetime(2026, 4, 5, 21),
                          timezone="Europe/Helsinki"),
            tables=tables, input=facts, as_of=facts.last, notes=notes,
        )  # fmt: skip

    segments = [
        {"channel": channel, "other": False, **row}
        for at, channel in enumerate(channels)
        for row in figures(
            [
                n * (9 + at % 5) // (96 + 31 * at + 60 * (deep > 0) * (at % 3))
                for deep, n in enumerate(users)
            ],
            stages,
            windowed,
        )
    ]
    if len(channels) > 7:
        segments += [
            {"channel": None, "other": True, **row}
            for row in figures([number // 40 for number in users], stages, windowed)
        ]
    stage_table = _table("stages", figures(users, stages, windowed))
    followed = Model(
        name=model,
        stages=tuple(Stage(name=name, steps=(Step(events=(f"{name}_event",)),)) for name in stages),
    )
    return Report(
        title=title,
        command="hourglass report sample_events.parquet -o report.html",
        sources=("sample_events.parquet",),
        model=followed,
        versions={"hourglass": "0.1.0", "duckdb": "2.0.0", "plotly": "7.1.0"},
        results={
            "funnel": result("funnel", stage_table),
            "trend": result("trend", _trend(weeks, stages, young, windowed)),
            "breakdown_1": with_rest(
                result("funnel", stage_table, _table("breakdown", segments, by=("channel",))),
                followed.goal,
            ),
        },
        reasons={"touchpoints": "No column is the channel.", "measures": "Not asked."},
        sections=("hourglass", "stages", "trend", "breakdown", "data", "definitions"),
    )
