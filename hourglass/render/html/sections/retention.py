"""Who buys again: cohorts by when they first bought, and the curve from purchase to purchase."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts_counts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, groups_of, rows_of, sheet
from hourglass.render.showing import RUNNING, SPREAD
from hourglass.result import Result

_HEADING = "Repeat and retention"


def section(report: Report) -> Section:
    """Show the retention of a report, or say why there is none."""
    result = report.results.get("retention")
    if result is None:
        return missing(report, "retention", "retention", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw cohorts as a heatmap, and show curve and summary."""
    rows = rows_of(result.table("cohorts"))
    summary = rows_of(result.table("summary"))[0]
    zone = result.period.timezone
    others = [table_of(result, one) for one in ("summary", "curve", "breakdown")]
    return Section(
        id="retention",
        heading=_HEADING,
        finding=dated(result, report, _finding(summary)),
        charts=_chart(rows) if _of_people(result) else (),
        sheets=(
            sheet(result.table("cohorts"), zone),
            *(sheet(one, zone, prefix="retention-") for one in others if one),
        ),
        notes=sentences(result.notes, said=report.funnel.notes if report else ()),
    )


def _finding(row: Row) -> str:
    if not row["buyers"]:
        return "Nobody bought for the first time in this period."
    bought = f"{people(row['buyers'])} first bought"
    if row["again_rate"] is None:
        return f"{bought}; of none of them it is long enough ago to say who buys again."
    spread = values.interval(row["again_low"], row["again_high"])
    gap = row["median_seconds"]
    told = f"{bought}; {values.rate(row['again_rate'])} ({spread}) bought again inside W"
    return told + (f", the median gap is {values.seconds(gap)}." if gap is not None else ".")


def _of_people(result: Result) -> bool:
    """Whether the grid shows who bought again, as the chart does, and not what they paid."""
    kinds = {one.name: one.kind for one in result.table("cohorts").columns}
    return next((name for name, kind in kinds.items() if kind in SPREAD), "") == "again_rate"


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    """Draw the cohorts; cells that are to come stay empty."""
    cohorts = groups_of(rows, ("cohort",))
    if not any(row["buyers"] for row in rows):
        return ()
    rates = [
        [None if row["running"] is None else row["again_rate"] for row in one] for one in cohorts
    ]
    marks = [[RUNNING if row["running"] else "" for row in one] for one in cohorts]
    words = [[_words(row) for row in one] for one in cohorts]
    starts = [values.date(one[0]["cohort"]) for one in cohorts]
    heads = [str(row["periods"]) for row in cohorts[0]]
    return (
        Chart(
            id="retention-chart",
            label="Share of those who first bought in a row's time who bought again so many"
            " periods later; cells that are to come are empty, * is not over yet",
            figure=charts_counts.grid(
                starts, heads, rates, words, above="periods after the first purchase", marks=marks
            ),
            height=charts_counts.grid_height(starts, heads),
        ),
    )


def _words(row: Row) -> str:
    if row["running"] is None:
        return ""
    still = ", not over yet" if row["running"] else ""
    return (
        f"{values.date(row['cohort'])}, {row['periods']} later: {values.rate(row['again_rate'])}"
        f" of {people(row['buyers'])}{still}"
    )
