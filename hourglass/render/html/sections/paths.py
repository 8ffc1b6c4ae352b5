"""How people move between stages, back and forth, and which routes they take."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts_special
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, name, rows_of, sheet
from hourglass.result import Result

_HEADING = "Paths between stages"


def section(report: Report) -> Section:
    """Show the paths of a report, or say why there are none."""
    result = report.results.get("paths")
    if result is None:
        return missing(report, "paths", "paths", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw the moves from stage to stage, backward ones in another colour."""
    rows = rows_of(result.table("moves"))
    zone = result.period.timezone
    others = [table_of(result, one) for one in ("passes", "routes", "breakdown")]
    return Section(
        id="paths",
        heading=_HEADING,
        finding=dated(result, report, _finding(rows)),
        charts=_chart(rows),
        sheets=(
            sheet(result.table("moves"), zone),
            *(sheet(one, zone, prefix="paths-", most=25) for one in others if one),
        ),
        notes=sentences(result.notes, said=report.funnel.notes if report else ()),
    )


def _finding(rows: Sequence[Row]) -> str:
    if not rows:
        return "Nobody moved from one stage to another."
    top = max(rows, key=lambda row: row["people"])
    told = f"The most common move is {_move(top)}, by {people(top['people'])}"
    back = [row for row in rows if row["backward"]]
    if not back:
        return f"{told}; nobody went back."
    most = max(back, key=lambda row: row["people"])
    return f"{told}; the most common way back is {_move(most)}, by {people(most['people'])}."


def _move(row: Row) -> str:
    return f"{name(row['from_stage'])} to {name(row['to_stage'])}"


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    if not rows:
        return ()
    names = {row[f"{side}_position"]: name(row[f"{side}_stage"])
             for row in rows for side in ("from", "to")}  # fmt: skip
    stages = [names.get(position, "") for position in range(1, max(names) + 1)]
    moves = [
        charts_special.Move(
            start=row["from_position"], end=row["to_position"], people=row["people"],
            words=f"{_move(row)}: {people(row['people'])}, {values.rate(row['people_rate'])} of"
            f" those at {name(row['from_stage'])}",
        )
        for row in rows
    ]  # fmt: skip
    return (
        Chart(
            id="paths-chart",
            label="Moves from stages on the left to stages on the right, by people; red goes back",
            figure=charts_special.moves(stages, moves),
            height=charts_special.FLOW_HEIGHT,
        ),
    )
