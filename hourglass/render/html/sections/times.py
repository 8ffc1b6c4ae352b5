"""How long people took from the entry to the goal, and from stage to stage."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import bins, values
from hourglass.render.html import charts, charts_counts
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet
from hourglass.render.html.report import Report, goal, table_of
from hourglass.render.html.tables import Row, groups_of, name, rows_of, sheet
from hourglass.result import Result

_HEADING = "How long it takes"


def section(report: Report) -> Section:
    """Show the times of everybody in the period."""
    if table_of(report.funnel, "times") is None:
        return Section(id="times", heading=_HEADING, finding="Times were not asked for.")
    return of(report.funnel)


def of(result: Result) -> Section:
    """Draw a histogram of the time from the entry to the goal."""
    rows = [row for row in rows_of(result.table("times")) if row["position"] == goal(result)]
    row = next((one for one in rows if one["time_from"] == "entry"), None)
    found = row is not None and row["users"]
    return Section(
        id="times",
        heading=_HEADING,
        finding=_finding(row) if row is not None and found else "Nobody got so far.",
        charts=(_chart(result, row),) if row is not None and found else (),
        sheets=(sheet(result.table("times")), *((_bars(result),) if found else ())),
        notes=("Times are those of the attempt that counts, of the people who reached the stage.",),
    )


def _finding(row: Row) -> str:
    half, most = (values.seconds(row[which]) for which in ("median_seconds", "p90_seconds"))
    return (
        f"Half of those who reached {name(row['stage'])} took {half} or less from their entry,"
        f" nine in ten {most}."
    )


def _chart(result: Result, row: Row) -> Chart:
    stage = name(row["stage"])
    (shown,) = _used([one for one in _groups(result) if _from_entry(one)])
    labels = _labels(shown)
    words = [f"{label}: {people(one['users'])}" for label, one in zip(labels, shown, strict=True)]
    return Chart(
        id="times-chart",
        label=f"People by the time from their entry to {stage}",
        figure=charts_counts.columns(
            labels, [one["users"] for one in shown], words, charts.TREND_HEIGHT
        ),
        height=charts.TREND_HEIGHT,
    )


def _bars(result: Result) -> Sheet:
    """Show the bars of the chart as numbers, and beside them those of every step."""
    groups = _used(_groups(result))
    columns = [[Cell(values.count(row["users"])) for row in rows] for rows in groups]
    labels = _labels(groups[0])
    return Sheet(
        id="histogram-table",
        caption="People by the time they took, from their entry and from stage to stage",
        heads=(Head("Time", number=False, ranks=tuple(labels)), *map(_head, groups)),
        rows=tuple(zip(map(Cell, labels), *columns, strict=True)),
        fold="How many took how long",
    )


def _head(rows: Sequence[Row]) -> Head:
    stage = name(rows[0]["stage"])
    if _from_entry(rows):
        return Head(f"Entry to {stage}", about="as the chart has it")
    return Head(stage, about="from the stage before")


def _groups(result: Result) -> list[tuple[Row, ...]]:
    """Return the bins from the entry to the goal, then those of every step."""
    groups = groups_of(rows_of(result.table("histogram")), ("time_from", "position"))
    steps = [rows for rows in groups if not _from_entry(rows)]
    whole = [rows for rows in groups if _from_entry(rows) and rows[0]["position"] == goal(result)]
    return [*whole, *steps]


def _from_entry(rows: Sequence[Row]) -> bool:
    return bool(rows[0]["time_from"] == "entry")


def _used(groups: Sequence[Sequence[Row]]) -> list[Sequence[Row]]:
    """Leave out the bins at either end that hold nobody."""
    used = [at for rows in groups for at, row in enumerate(rows) if row["users"]]
    return [rows[min(used) : max(used) + 1] for rows in groups]


def _labels(rows: Sequence[Row]) -> list[str]:
    return [bins.label(row["low_seconds"], row["high_seconds"]) for row in rows]
