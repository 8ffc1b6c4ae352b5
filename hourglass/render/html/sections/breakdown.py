"""The funnel for each value of a column: against all other people, and step by step."""

from collections.abc import Sequence
from typing import Any

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts, charts_counts, tables
from hourglass.render.html.definitions import rules_in_words
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet
from hourglass.render.html.report import Report, goal, table_of
from hourglass.render.html.sections.segments import labelled
from hourglass.render.html.sections.words import NOBODY, dated, missing, pointed_at, sentences
from hourglass.render.html.tables import Row, name, rows_of, value_cell
from hourglass.result import Result, Table

_COMPARED = 4
"""Segments whose steps are drawn side by side."""


def section(report: Report) -> tuple[Section, ...]:
    """Show every breakdown of a report."""
    found = [one for one in report.results if one.startswith("breakdown_")]
    if not found:
        return (missing(report, "breakdown_1", "breakdown", "Breakdown"),)
    made = [of(report.results[one], report, number) for number, one in enumerate(found, start=1)]
    return tuple(made)


def of(result: Result, report: Report | None = None, number: int = 1) -> Section:
    """Draw a rate for each value, held against all others where that was counted."""
    table = result.table("breakdown")
    by = name(", ".join(table.by))
    place, heading = f"breakdown{'' if number == 1 else f'-{number}'}", f"Breakdown by {by}"
    rows = rows_of(table)
    if not rows:
        return Section(id=place, heading=heading, finding=NOBODY)
    groups = tables.groups_of(rows, (*table.by, "other"))
    position = goal(result)
    rest = table_of(result, "against_rest")
    judged = rows_of(rest) if rest else tuple(group[position - 1] for group in groups)
    everybody = rows_of(result.table("stages"))[position - 1]
    mature = bool(rest and everybody["mature_entrants"])
    return Section(
        id=place,
        heading=heading,
        finding=dated(result, report, _finding(table, judged, mature=mature)),
        charts=(
            _rates(place, table, judged, everybody, mature=mature),
            *_steps(place, table),
        ),
        sheets=(
            _sheet(place, table, groups, position, judged if rest else (), mature=mature),
            *_steps_sheet(place, table),
        ),
        notes=(
            _method(result, table.by),
            *sentences(result.notes, said=report.funnel.notes if report else ()),
        ),
    )


def _finding(table: Table, judged: Sequence[Row], *, mature: bool) -> str:
    """Say who is above and below the rest, or how far the rates lie apart."""
    stage = name(judged[0]["stage"])
    if any(row.get("rest_entrants") is not None for row in judged):
        if all(row["difference_q"] is None for row in judged):
            return f"No two sides have the 30 people that comparing rates to {stage} takes."
        marked = [row for row in judged if row["difference_marked"]]
        if not marked:
            return f"No value differs from the rest in its rate to {stage} beyond chance."
        above = [_of(table, row) for row in marked if row["difference"] > 0]
        below = [_of(table, row) for row in marked if row["difference"] < 0]
        told = [*([f"above the rest: {', '.join(above)}"] if above else []),
                *([f"below: {', '.join(below)}"] if below else [])]  # fmt: skip
        return f"{_rate_to(stage, mature=mature)}, {'; '.join(told)}."
    rates = [row["total_rate"] for row in judged if row["total_rate"] is not None]
    if not rates:
        return NOBODY
    lowest, highest = values.rate(min(rates)), values.rate(max(rates))
    if lowest == highest:
        return f"The rate to {stage} is {highest}."
    return f"Rates to {stage} run from {lowest} to {highest}."


def _of(table: Table, row: Row) -> str:
    return f"{value_cell(table, row).text} ({values.rate(row['total_rate'])})"


def _rate_to(stage: str, *, mature: bool) -> str:
    return f"Mature rate to {stage}" if mature else f"Rate to {stage}"


def _rates(
    place: str, table: Table, judged: Sequence[Row], everybody: Row, *, mature: bool
) -> Chart:
    points = [_point(table, row) for row in judged]
    whose = "entrants whose window is over" if mature else "entrants"
    overall = everybody["mature_total_rate"] if mature else everybody["total_rate"]
    return Chart(
        id=f"{place}-chart",
        label=f"Share of {whose} who reached {name(everybody['stage'])}, "
        "with 95 % intervals; the dotted line is everybody"
        + ("; grey rows do not differ from the rest beyond chance" if _tested(judged) else ""),
        figure=charts.rates(points, overall, f"all {values.rate(overall)}"),
        height=charts.rates_height(len(points)),
    )


def _tested(judged: Sequence[Row]) -> bool:
    return any(row.get("difference_q") is not None for row in judged)


def _point(table: Table, row: Row) -> charts.Point:
    cell = value_cell(table, row)
    return charts.Point(
        at=cell.text,
        rate=row["total_rate"],
        low=row["total_low"],
        high=row["total_high"],
        words=pointed_at(cell.text, row),
        pale=cell.faint if "difference_marked" not in row else not row["difference_marked"],
    )


def _steps(place: str, table: Table) -> tuple[Chart, ...]:
    found = _largest(table)
    if not found:
        return ()
    stages = [name(row["stage"]) for row in found[0][1][1:]]
    drawn = [(label, [_step(label, row) for row in rows[1:]]) for label, rows in found]
    return (
        Chart(
            id=f"{place}-steps-chart",
            label="Share of each stage's people who reached the next, for the largest values, "
            "with 95 % intervals; hatched is who did not",
            figure=charts_counts.steps(stages, drawn),
            height=charts_counts.steps_height(),
        ),
    )


def _largest(table: Table) -> list[tuple[str, tuple[Row, ...]]]:
    """Return the values whose steps are drawn, each with its rows."""
    found = [(label, rows) for label, rows in labelled(table, ()) if rows[0]["users"]]
    return found[:_COMPARED]


def _steps_sheet(place: str, table: Table) -> tuple[Sheet, ...]:
    found = _largest(table)
    if not found:
        return ()
    stages = [name(row["stage"]) for row in found[0][1][1:]]
    return (
        Sheet(
            id=f"{place}-steps-table",
            caption="Share of each stage's people who reached the next, with 95 % intervals",
            heads=(
                Head(_heading(table.by), number=False),
                *(Head(stage, about="of the stage before") for stage in stages),
            ),
            rows=tuple(
                (Cell(label), *(tables.rate_cell(row, "step") for row in rows[1:]))
                for label, rows in found
            ),
            fold="The steps of the largest values with their intervals",
        ),
    )


def _step(label: str, row: Row) -> dict[str, Any]:
    rate = values.rate(row["step_rate"])
    spread = values.interval(row["step_low"], row["step_high"])
    words = f"{label}, {name(row['stage'])}: {rate} ({spread}), {people(row['users'])}"
    return {"rate": row["step_rate"], "low": row["step_low"], "high": row["step_high"],
            "words": words}  # fmt: skip


def _sheet(
    place: str,
    table: Table,
    groups: Sequence[Sequence[Row]],
    position: int,
    judged: Sequence[Row],
    *,
    mature: bool,
) -> Sheet:
    stage, by = name(groups[0][position - 1]["stage"]), name(", ".join(table.by))
    against = (
        Head(
            "Points", about="above or below the rest, in percentage points, with the 95 % interval"
        ),
        Head("q", about="probability after correction for the number of rows"),
        Head("", number=False, about="* differs beyond chance"),
    )
    return Sheet(
        id=f"{place}-table",
        caption=f"How many reached each stage by {by}, with step rates under the counts",
        heads=(
            Head(_heading(table.by), number=False),
            *tables.stage_heads(groups[0]),
            Head(_rate_to(stage, mature=mature), about="with its 95 % interval"),
            *(against if judged else ()),
        ),
        rows=tuple(
            _line(table, group, judged[at] if judged else None, position)
            for at, group in enumerate(groups)
        ),
    )


def _heading(by: tuple[str, ...]) -> str:
    """Begin the names of columns with a capital, and leave the rest as it is: `UtmSource`."""
    names = name(", ".join(by))
    return f"{names[:1].upper()}{names[1:]}"


def _line(
    table: Table, group: Sequence[Row], judged: Row | None, position: int
) -> tuple[Cell, ...]:
    cells = (value_cell(table, group[0]), *tables.count_cells(group))
    if judged is None:
        return (*cells, tables.rate_cell(group[position - 1], "total"))
    return (*cells, tables.rate_cell(judged, "total"), *_against(judged))


def _against(row: Row) -> tuple[Cell, ...]:
    if row["difference_q"] is None:
        return Cell("too few", faint=True), Cell(values.NULL, faint=True), Cell("")
    spread = values.points_interval(row["difference_low"], row["difference_high"])
    return (
        Cell(values.points(row["difference"]), spread),
        Cell(values.p_value(row["difference_q"])),
        Cell("*" if row["difference_marked"] else ""),
    )


def _method(result: Result, by: tuple[str, ...]) -> str:
    meaning = dict(rules_in_words(result.rules)).get("Breakdown by", "")
    told, names = f"by {meaning}", name(", ".join(by))
    if "persona" in by:
        told = "as often as they have a persona"
    elif result.rules.get("attribution") in ("first_touch", "last_touch", "entry"):
        told = f"in one row, {told}"
    return (
        f"Each person is shown {told}. {values.NONE}: people with no {names}; {values.OTHER}: all"
        " values beyond the largest, folded into one row in which each person counts once."
    )
