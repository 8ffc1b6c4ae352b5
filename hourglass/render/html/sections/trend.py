"""Rates by week of entry; weeks whose windows are still open are marked."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html import charts, tables
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet
from hourglass.render.html.report import Missing, Report, goal
from hourglass.render.html.sections.words import NOBODY, pointed_at, rate_and_interval, sentences
from hourglass.render.html.tables import Row, name

_HEADING = "Trend by week of entry"
_METHOD = "Each row is the funnel of the entries inside that week alone."


def section(report: Report) -> Section:
    """Draw the share of each week's entrants who reached the goal."""
    if isinstance(report.trend, Missing):
        return Section(id="trend", heading=_HEADING, finding=report.trend.reason)
    rows = tables.rows_of(report.trend.table("trend"))
    if not rows:
        return Section(id="trend", heading=_HEADING, finding=NOBODY)
    weeks = tables.groups_of(rows, ("bucket",))
    position = goal(report.model)
    goals = [week[position - 1] for week in weeks]
    return Section(
        id="trend",
        heading=_HEADING,
        finding=_finding(goals),
        chart=_chart(goals),
        sheets=(_sheet(weeks, position),),
        notes=(
            _METHOD,
            *sentences(report.trend.notes, said=report.funnel.notes),
        ),
    )


def _chart(goals: Sequence[Row]) -> Chart:
    stage = name(goals[0]["stage"])
    return Chart(
        id="trend-chart",
        label=f"Share of each week's entrants who reached {stage}; the band is the 95 % interval",
        figure=charts.trend([_point(row) for row in goals]),
        height=charts.TREND_HEIGHT,
    )


def _point(row: Row) -> charts.Point:
    words = pointed_at(f"week of {_week(row)}", row)
    return charts.Point(
        at=row["bucket"].isoformat(),
        rate=row["total_rate"],
        low=row["total_low"],
        high=row["total_high"],
        words=f"{words}, still maturing" if _young(row) else words,
        pale=_young(row),
    )


def _finding(goals: Sequence[Row]) -> str:
    return _latest(goals) if _windowed(goals) else _spread(goals)


def _spread(goals: Sequence[Row]) -> str:
    shares = [row["total_rate"] for row in goals if row["total_rate"] is not None]
    stage = name(goals[0]["stage"])
    if len(shares) == 1:
        return f"There is one week with entries; {values.rate(shares[0])} of them reached {stage}."
    return (
        f"Between {values.rate(min(shares))} and {values.rate(max(shares))} of a week's entrants "
        f"reached {stage}; without a window the later weeks had less time, so compare with care."
    )


def _latest(goals: Sequence[Row]) -> str:
    judged = [row for row in goals if not _young(row) and row["total_rate"] is not None]
    if not judged:
        return "No week can be judged yet: the windows of its entries are still open."
    last = judged[-1]
    sentence = (
        f"Of the people who entered in the week of {_week(last)}, {rate_and_interval(last)} "
        f"reached {name(last['stage'])}"
    )
    if len(judged) == 1:
        return f"{sentence}."
    shares = [row["total_rate"] for row in judged]
    return (
        f"{sentence}; the {len(judged)} weeks that can be judged lie between "
        f"{values.rate(min(shares))} and {values.rate(max(shares))}."
    )


def _sheet(weeks: Sequence[Sequence[Row]], position: int) -> Sheet:
    stage = name(weeks[0][position - 1]["stage"])
    return Sheet(
        id="trend-table",
        caption="People by week of entry, with step rates under the counts",
        heads=(
            Head("Week of", number=False),
            *tables.stage_heads(weeks[0]),
            Head(f"Rate to {stage}", about="with its 95 % interval"),
            *((Head("State", number=False),) if _windowed(weeks[0]) else ()),
        ),
        rows=tuple((*_line(week, position), *_state(week[0])) for week in weeks),
    )


def _line(week: Sequence[Row], position: int) -> tuple[Cell, ...]:
    row = week[position - 1]
    return (
        Cell(_week(row)),
        *tables.count_cells(week),
        tables.rate_cell(row, "total"),
    )


def _state(row: Row) -> tuple[Cell, ...]:
    if row["mature"] is None:
        return ()
    return (Cell("complete") if row["mature"] else Cell("still maturing", faint=True),)


def _windowed(rows: Sequence[Row]) -> bool:
    return rows[0]["mature"] is not None


def _week(row: Row) -> str:
    return values.date(row["bucket"])


def _young(row: Row) -> bool:
    return row["mature"] is False
