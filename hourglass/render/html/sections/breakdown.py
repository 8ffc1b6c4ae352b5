"""The funnel for each value of a column, side by side."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html import charts, tables
from hourglass.render.html.definitions import rules_in_words
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet
from hourglass.render.html.report import Missing, Report, goal
from hourglass.render.html.sections.words import NOBODY, pointed_at, sentences
from hourglass.render.html.tables import Row, name, value_cell
from hourglass.result import Result, Table

FEWEST = 30
"""Entrants that a row needs before a sentence compares it."""


def section(report: Report) -> Section:
    """Draw the share of each value's entrants who reached the goal."""
    if isinstance(report.breakdown, Missing):
        return Section(id="breakdown", heading="Breakdown", finding=report.breakdown.reason)
    table = report.breakdown.table("breakdown")
    by = name(", ".join(table.by))
    heading = f"Breakdown by {by}"
    rows = tables.rows_of(table)
    if not rows:
        return Section(id="breakdown", heading=heading, finding=NOBODY)
    groups = tables.groups_of(rows, (*table.by, "other"))
    position = goal(report.model)
    everybody = tables.rows_of(report.funnel.table("stages"))[position - 1]
    return Section(
        id="breakdown",
        heading=heading,
        finding=_extremes(table, groups, position),
        chart=_chart(table, [group[position - 1] for group in groups], everybody),
        sheets=(_sheet(table, by, groups, position), tables.detail_sheet(table, rows)),
        notes=(
            _method(report.breakdown, by),
            *sentences(report.breakdown.notes, said=report.funnel.notes),
        ),
    )


def _chart(table: Table, goals: Sequence[Row], everybody: Row) -> Chart:
    points = [_point(table, row) for row in goals]
    overall = everybody["total_rate"]
    return Chart(
        id="breakdown-chart",
        label=f"Share of entrants who reached {name(everybody['stage'])}, "
        "with 95 % intervals; the dotted line is everybody",
        figure=charts.rates(points, overall, f"all {values.rate(overall)}"),
        height=charts.rates_height(len(points)),
    )


def _point(table: Table, row: Row) -> charts.Point:
    cell = value_cell(table, row)
    return charts.Point(
        at=cell.text,
        rate=row["total_rate"],
        low=row["total_low"],
        high=row["total_high"],
        words=pointed_at(cell.text, row),
        pale=cell.faint,
    )


def _extremes(table: Table, groups: Sequence[Sequence[Row]], position: int) -> str:
    judged = [
        group[position - 1]
        for group in groups
        if group[0]["users"] >= FEWEST and not group[0]["other"]
    ]
    if len(judged) < 2:
        return f"Fewer than two rows have the {FEWEST} people that a comparison needs."
    best = max(judged, key=lambda row: row["total_rate"])
    worst = min(judged, key=lambda row: row["total_rate"])
    apart = worst["total_high"] < best["total_low"]
    return (
        f"The share that reached {name(best['stage'])} runs from {_extreme(table, worst)} to "
        f"{_extreme(table, best)}; their intervals {'do not overlap' if apart else 'overlap'}."
    )


def _extreme(table: Table, row: Row) -> str:
    return f"{values.rate(row['total_rate'])} ({value_cell(table, row).text})"


def _sheet(table: Table, by: str, groups: Sequence[Sequence[Row]], position: int) -> Sheet:
    stage = name(groups[0][position - 1]["stage"])
    return Sheet(
        id="breakdown-table",
        caption=f"People by {by}, with step rates under the counts",
        heads=(
            Head(by.capitalize(), number=False),
            *tables.stage_heads(groups[0]),
            Head(f"Rate to {stage}", about="with its 95 % interval"),
        ),
        rows=tuple(_line(table, group, position) for group in groups),
    )


def _line(table: Table, group: Sequence[Row], position: int) -> tuple[Cell, ...]:
    return (
        value_cell(table, group[0]),
        *tables.count_cells(group),
        tables.rate_cell(group[position - 1], "total"),
    )


def _method(result: Result, by: str) -> str:
    meaning = dict(rules_in_words(result.rules))["Breakdown by"]
    return (
        f"Each person is in one row, by {meaning}. {values.NONE}: people without a {by}; "
        f"{values.OTHER}: all values beyond the largest, folded into one row in which each person "
        "counts once."
    )
