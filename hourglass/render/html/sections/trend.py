"""Rates by week of entry; weeks whose windows are still open are marked."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html import charts, tables
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet, Variant
from hourglass.render.html.report import Report, goal, table_of
from hourglass.render.html.sections.segments import labelled, segments
from hourglass.render.html.sections.words import (
    NOBODY,
    missing,
    pointed_at,
    rate_and_interval,
    sentences,
)
from hourglass.render.html.tables import Row, name
from hourglass.result import Result, entrants_of

_HEADING = "Trend by week of entry"


def section(report: Report) -> Section:
    """Draw the trend of everybody and of each segment."""
    result = report.results.get("trend")
    if result is None:
        return missing(report, "trend", "trend", _HEADING)
    by_value = table_of(result, "breakdown")
    offered = {segment for segment, _ in segments(report)}
    variants = []
    for number, (segment, rows) in enumerate(labelled(by_value, ()) if by_value else (), start=1):
        if segment in offered:
            weeks = tables.groups_of(rows, ("bucket",))
            prefix = f"segment-{number}-"
            variants.append(
                Variant(
                    segment=segment,
                    charts=(_chart([week[goal(result) - 1] for week in weeks], "week", prefix),),
                    sheets=(_narrow(weeks, goal(result), prefix),),
                )
            )
    return of(result, report, tuple(variants))


def of(result: Result, report: Report | None = None, variants: tuple[Variant, ...] = ()) -> Section:
    """Draw the share of the entrants of each unit of time who reached the goal."""
    rows = tables.rows_of(result.table("trend"))
    unit = next(one.label for one in result.table("trend").columns if one.kind == "date")
    heading = _HEADING.replace("week", unit)
    if not rows:
        return Section(id="trend", heading=heading, finding=NOBODY)
    buckets = tables.groups_of(rows, ("bucket",))
    position = goal(result)
    goals = [bucket[position - 1] for bucket in buckets]
    return Section(
        id="trend",
        heading=heading,
        finding=_latest(goals, unit) if _windowed(goals) else _spread(goals, unit),
        charts=(_chart(goals, unit),),
        variants=variants,
        sheets=(_sheet(buckets, position, unit),),
        notes=(
            f"Each row is the funnel of the entries inside that {unit} alone.",
            *sentences(result.notes, said=report.funnel.notes if report else ()),
        ),
    )


def _chart(goals: Sequence[Row], unit: str, prefix: str = "") -> Chart:
    stage = name(goals[0]["stage"])
    return Chart(
        id=f"{prefix}trend-chart",
        label=f"Share of each {unit}'s entrants who reached {stage}; the band is the 95 % interval",
        figure=charts.trend([_point(row, unit) for row in goals]),
        height=charts.TREND_HEIGHT,
    )


def _point(row: Row, unit: str) -> charts.Point:
    words = pointed_at(_of(unit, row), row)
    return charts.Point(
        at=row["bucket"].isoformat(),
        rate=row["total_rate"],
        low=row["total_low"],
        high=row["total_high"],
        words=f"{words}, still maturing" if _young(row) else words,
        pale=_young(row),
    )


def _spread(goals: Sequence[Row], unit: str) -> str:
    shares = [row["total_rate"] for row in goals if row["total_rate"] is not None]
    stage = name(goals[0]["stage"])
    if len(shares) == 1:
        only = f"There is one {unit} with entries"
        return f"{only}; {values.rate(shares[0])} of them reached {stage}."
    low, high = values.rate(min(shares)), values.rate(max(shares))
    of_each = f"Of the entrants of each {unit} {low}"
    between = f"Between {low} and {high} of a {unit}'s entrants"
    return (
        f"{of_each if low == high else between} reached {stage}; without a window the later {unit}s"
        " had less time, so compare with care."
    )


def _latest(goals: Sequence[Row], unit: str) -> str:
    judged = [row for row in goals if not _young(row) and row["total_rate"] is not None]
    if not judged:
        return f"No {unit} can be judged yet: the windows of its entries are still open."
    last = judged[-1]
    when = f"{'on' if unit == 'day' else 'in the'} {_of(unit, last)}"
    sentence = (
        f"Of those who entered {when}, {rate_and_interval(last)} reached {name(last['stage'])}"
    )
    if len(judged) == 1:
        return f"{sentence}."
    shares = [row["total_rate"] for row in judged]
    low, high = values.rate(min(shares)), values.rate(max(shares))
    if low == high:
        return f"{sentence}, as in each of the {len(judged)} {unit}s that can be judged."
    return f"{sentence}; the {len(judged)} {unit}s that can be judged lie between {low} and {high}."


def _sheet(buckets: Sequence[Sequence[Row]], position: int, unit: str) -> Sheet:
    stage = name(buckets[0][position - 1]["stage"])
    return Sheet(
        id="trend-table",
        caption=f"How many reached each stage by {unit} of entry, with step rates under the counts",
        heads=(
            Head("Day" if unit == "day" else f"{unit.capitalize()} of", number=False),
            *tables.stage_heads(buckets[0]),
            Head(f"Rate to {stage}", about="with its 95 % interval"),
            *((Head("State", number=False),) if _windowed(buckets[0]) else ()),
        ),
        rows=tuple((*_line(bucket, position), *_state(bucket[0])) for bucket in buckets),
    )


def _narrow(weeks: Sequence[Sequence[Row]], position: int, prefix: str) -> Sheet:
    """Show of each week how many entered and how many reached the goal."""
    stage = name(weeks[0][position - 1]["stage"])
    return Sheet(
        id=f"{prefix}trend-table",
        caption=f"How many entered each week, and who of them reached {stage}",
        heads=(Head("Week of", number=False), Head("Entered"), Head(stage), Head("Rate")),
        rows=tuple(
            (
                Cell(_week(week[0])),
                Cell(values.count(entrants_of(week))),
                Cell(values.count(week[position - 1]["users"])),
                tables.rate_cell(week[position - 1], "total"),
            )
            for week in weeks
        ),
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


def _of(unit: str, row: Row) -> str:
    """`week of 2026-01-05`, `month of 2026-01-01`; a day is its date."""
    return _week(row) if unit == "day" else f"{unit} of {_week(row)}"


def _week(row: Row) -> str:
    return values.date(row["bucket"])


def _young(row: Row) -> bool:
    return row["mature"] is False
