"""Who set about a stage, who failed at it, and who got it done after all."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, name, rows_of, sheet
from hourglass.result import Result

_HEADING = "Friction"


def section(report: Report) -> Section:
    """Show the friction of a report, or say why there is none."""
    result = report.results.get("friction")
    if result is None:
        return missing(report, "friction", "friction", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw the share of attempts that got the stage done."""
    rows = rows_of(result.table("friction"))
    others = table_of(result, "breakdown")
    zone = result.period.timezone
    return Section(
        id="friction",
        heading=_HEADING,
        finding=dated(result, report, _finding(rows)),
        charts=_chart(rows),
        sheets=(
            sheet(result.table("friction"), zone),
            *((sheet(others, zone, prefix="friction-"),) if others else ()),
        ),
        notes=sentences(result.notes, said=report.funnel.notes if report else ()),
    )


def _finding(rows: Sequence[Row]) -> str:
    failed = [row for row in rows if row["failed"]]
    if not failed:
        return "Nobody failed at a stage."
    worst = max(failed, key=lambda row: row["never_done"])
    failed_there = f"{people(worst['failed'])} failed at {name(worst['stage'])}, and"
    rate, still = values.rate(worst["never_done_rate"]), worst["immature_failed"]
    if still:
        return (
            f"{failed_there} {rate} of them have not got it done yet: {values.count(still)}"
            f" still {'has' if still == 1 else 'have'} time."
        )
    return f"{failed_there} {rate} of them never got it done."


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    drawn = [row for row in rows if row["done_rate"] is not None]
    if not drawn:
        return ()
    points = [
        charts.Point(
            at=name(row["stage"]), rate=row["done_rate"], low=row["done_low"],
            high=row["done_high"],
            words=f"{name(row['stage'])}: {values.rate(row['done_rate'])} of"
            f" {people(row['attempted'])}",
        )
        for row in drawn
    ]  # fmt: skip
    return (
        Chart(
            id="friction-chart",
            label="Share of the people who attempted a stage that got it done, with 95 % intervals",
            figure=charts.rates(points, None, ""),
            height=charts.rates_height(len(points)),
        ),
    )
