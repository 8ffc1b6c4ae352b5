"""What a table shows of its columns: cells in words, an interval, a mark, the values of a group."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hourglass.render import values
from hourglass.render.groups import called
from hourglass.result import Column, Table

INTERVAL = " 95 %"
"""What the heading of an interval adds to that of its rate."""
IMMATURE = "immature"
"""The mark of a bucket whose entries still have time to go on."""
RUNNING = "*"
"""The mark of a cell of a grid whose period is not over."""
SPREAD = {
    "rate": values.interval,
    "points": values.points_interval,
    "mean": values.mean_interval,
}
"""Kinds of columns that may have bounds, and how these are written."""


class Shown(NamedTuple):
    """One column of cells; `name` is that of the data column it shows."""

    name: str
    heading: str
    cells: tuple[str, ...]
    right: bool = True
    key: bool = False
    """It says what the row is about."""
    folds: bool = False
    """Its cells are names, which may be broken over several lines."""
    most: int | None = None
    """How wide a table may show it, where that is settled; null leaves it to the table."""


def bounds_of(rate: str) -> tuple[str, str]:
    """Return the names of the columns that hold the interval of the rate column `rate`."""
    stem = rate.removesuffix("_rate")
    return f"{stem}_low", f"{stem}_high"


def data_of(table: Table) -> dict[str, list[Any]]:
    """Return the cells of each column of a table as they are."""
    return {column.name: table.column(column.name) for column in table.columns}


def bounds(rate: str, data: dict[str, list[Any]]) -> tuple[list[Any], list[Any]]:
    """Return the bounds of a rate, without those of stage 1 over itself, which say nothing."""
    low, high = (list(data[name]) for name in bounds_of(rate))
    for row, position in enumerate(data.get("position", ())):
        if position == 1 and rate.endswith("total_rate") and data[rate][row] == 1:
            low[row] = high[row] = None
    return low, high


def marks(name: str, flags: Sequence[bool | None], mark: str, *, when: bool) -> Shown:
    """Show a flag as a mark beside the rows where it is `when`, and nothing elsewhere."""
    cells = tuple(mark if flag is when else "" for flag in flags)
    return Shown(name=name, heading="", cells=cells, right=False)


def interval(rate: Column, low: list[Any], high: list[Any]) -> Shown:
    """Show the bounds of a rate, or of whatever has any, as one column."""
    write = SPREAD[rate.kind]
    cells = tuple(write(*both) for both in zip(low, high, strict=True))
    return Shown(name=f"{rate.name}_interval", heading=f"{rate.label}{INTERVAL}", cells=cells)


def group_columns(table: Table, rows: Sequence[int]) -> Iterator[Shown]:
    """Show the values that each of these rows is broken down by."""
    names = [column.name for column in table.columns]
    other = table.column(names[len(table.by)])
    for position, (by, column) in enumerate(zip(table.by, table.columns, strict=False)):
        cells = table.column(column.name)
        yield Shown(
            name=by,
            heading=values.visible(by),
            cells=tuple(_group_cell(cells[row], other[row], column, position) for row in rows),
            right=False,
            key=True,
            folds=True,
        )


def _group_cell(value: object, other: object, column: Column, position: int) -> str:
    if other:
        return values.OTHER if position == 0 else ""
    if value is not None and column.kind != "text":
        return values.cell(value, column.kind)
    return values.visible(called(value))
