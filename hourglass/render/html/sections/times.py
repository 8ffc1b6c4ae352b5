"""How long people took from the entry to the goal, and from stage to stage."""

from hourglass.nouns import people
from hourglass.render import bins, values
from hourglass.render.html import charts, charts_counts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, goal, table_of
from hourglass.render.html.tables import Row, name, rows_of, sheet
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
        sheets=(sheet(result.table("times")),),
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
    every = [
        one
        for one in rows_of(result.table("histogram"))
        if one["time_from"] == "entry" and one["position"] == row["position"]
    ]
    used = [at for at, one in enumerate(every) if one["users"]]
    shown = every[used[0] : used[-1] + 1]
    labels = [bins.label(one["low_seconds"], one["high_seconds"]) for one in shown]
    words = [f"{label}: {people(one['users'])}" for label, one in zip(labels, shown, strict=True)]
    return Chart(
        id="times-chart",
        label=f"People by the time from their entry to {stage}",
        figure=charts_counts.columns(
            labels, [one["users"] for one in shown], words, charts.TREND_HEIGHT
        ),
        height=charts.TREND_HEIGHT,
    )
