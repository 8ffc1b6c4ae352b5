"""Rows of results as tables of the page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hourglass.render import values
from hourglass.render.html.parts import Cell, Head, Sheet
from hourglass.render.html.picture import shortened
from hourglass.result import Kind, Table

Row = Mapping[str, Any]

_LONGEST_NAME = 80


def rows_of(table: Table) -> tuple[Row, ...]:
    """All rows of a result's table by column name, in their order."""
    return tuple(table.frame.iter_rows(named=True))


def name(text: str) -> str:
    """Make a name from data fit to be shown: nothing invisible in it, and of bearable length."""
    return shortened(values.visible(text), _LONGEST_NAME)


def rate_cell(row: Row, which: str) -> Cell:
    """Write a rate (`step`, `total`) with its interval as the second line."""
    value = row[f"{which}_rate"]
    if value is None:
        return Cell(values.NULL, faint=True)
    return Cell(values.rate(value), values.interval(row[f"{which}_low"], row[f"{which}_high"]))


def stage_sheet(rows: Sequence[Row]) -> Sheet:
    """Show the funnel, one row a stage; the mature columns only where there is a window."""
    mature = windowed(rows)
    first = name(rows[0]["stage"])
    return Sheet(
        id="stage-table",
        caption="People by stage, with 95 % intervals under the rates",
        heads=(Head("Stage", number=False), *_figure_heads(first, mature)),
        rows=tuple((Cell(name(row["stage"])), *_figures(row, mature)) for row in rows),
    )


def detail_sheet(table: Table, rows: Sequence[Row]) -> Sheet:
    """Every figure of a breakdown: one row for each value and stage."""
    mature = windowed(rows)
    by = name(", ".join(table.by))
    return Sheet(
        id=f"{table.name}-detail",
        caption=f"Every stage by {by}",
        heads=(
            Head(by.capitalize(), number=False),
            Head("Stage", number=False),
            *_figure_heads(name(rows[0]["stage"]), mature),
        ),
        rows=tuple(
            (value_cell(table, row), Cell(name(row["stage"])), *_figures(row, mature))
            for row in rows
        ),
        fold=f"Every figure by {by} and stage",
    )


def value_cell(table: Table, row: Row) -> Cell:
    """Name the value that a row of a breakdown is about; none and other stand back."""
    if row["other"]:
        return Cell(values.OTHER, faint=True)
    parts = [row[column] for column in table.by]
    text = " · ".join(values.NONE if part is None else name(str(part)) for part in parts)
    return Cell(text, faint=all(part is None for part in parts))


def groups_of(rows: Iterable[Row], keys: Sequence[str]) -> tuple[tuple[Row, ...], ...]:
    """Rows that agree in all `keys`, together, in the order in which the groups first appear."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return tuple(tuple(group) for group in groups.values())


def stage_heads(rows: Sequence[Row]) -> tuple[Head, ...]:
    """One number column for each stage in `rows`."""
    return tuple(Head(name(row["stage"]), about="people who reached it") for row in rows)


def count_cells(rows: Sequence[Row]) -> tuple[Cell, ...]:
    """People at each stage, with the step rate as the second line."""
    return tuple(
        Cell(
            values.count(row["users"]),
            "" if row["step_rate"] is None else values.rate(row["step_rate"]),
        )
        for row in rows
    )


def windowed(rows: Iterable[Row]) -> bool:
    """Say whether the question had a window, so that entries can be mature or not."""
    return any(row["mature_entrants"] is not None for row in rows)


def _figure_heads(first: str, mature: bool) -> tuple[Head, ...]:
    about_mature = (
        Head("Window open", about="stopped here and may still go on"),
        Head("Mature", about="reached it, of entries whose window is over"),
        Head("Mature rate", about="the same as a share of these entries"),
    )
    return (
        Head("People", about="reached the stage in order"),
        Head("Ever", about="did the stage at all, in any order"),
        Head("Step rate", about="of the stage before"),
        Head(f"Of {first}", about="of all who entered"),
        Head("Median time", about="from the stage before"),
        Head("90 % within", about="from the stage before, of those who reached it"),
        Head("Lost", about="did not reach the next stage"),
        *(about_mature if mature else ()),
    )


def _figures(row: Row, mature: bool) -> tuple[Cell, ...]:
    cells = (
        Cell(values.count(row["users"])),
        Cell(values.count(row["ever"])),
        rate_cell(row, "step"),
        rate_cell(row, "total"),
        _cell(row["median_seconds"], "seconds"),
        _cell(row["p90_seconds"], "seconds"),
        _cell(row["dropped"], "count"),
    )
    return (*cells, *_mature(row)) if mature else cells


def _mature(row: Row) -> tuple[Cell, ...]:
    return (
        _cell(row["immature"], "count"),
        Cell(values.count(row["mature_users"]), f"of {values.count(row['mature_entrants'])}"),
        _cell(row["mature_total_rate"], "rate"),
    )


def _cell(value: object, kind: Kind) -> Cell:
    return Cell(values.cell(value, kind), faint=value is None)
