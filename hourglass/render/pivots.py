"""Tables that are not shown row by row: a row for each value or bucket, a grid, a summary."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hourglass.render import showing, values
from hourglass.render.showing import Shown
from hourglass.result import Table


def pivoted(table: Table) -> Iterator[Shown]:
    """Show a funnel of several values, or a trend: a row for each, with every stage's users."""
    data = showing.data_of(table)
    # a funnel has values and `other`, a trend its bucket, and by value all of these
    depth = len(table.by) + bool(table.by) + ("bucket" in data)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, group in enumerate(table.tuples(*table.names)):
        groups.setdefault(group[:depth], []).append(row)
    first, last = [rows[0] for rows in groups.values()], [rows[-1] for rows in groups.values()]
    if table.by:
        yield from showing.group_columns(table, first)
    if "bucket" in data:
        yield from _buckets(table, data, first)
    for nth, row in enumerate(next(iter(groups.values()), [])):
        yield Shown(
            name=f"users_{nth + 1}",
            heading=values.visible(data["stage"][row]),
            cells=tuple(values.count(data["users"][rows[nth]]) for rows in groups.values()),
        )
    column = next(one for one in table.columns if one.name == "total_rate")
    rates = [data["total_rate"][row] for row in last]
    yield Shown(name="total_rate", heading=column.label, cells=tuple(map(values.rate, rates)))
    low, high = ([data[name][row] for row in last] for name in showing.bounds_of("total_rate"))
    yield showing.interval(column, low, high)
    mature = [data["mature"][row] for row in first] if "mature" in data else []
    if False in mature:
        yield showing.marks("mature", mature, showing.IMMATURE, when=False)


def _buckets(table: Table, data: dict[str, list[Any]], rows: Sequence[int]) -> Iterator[Shown]:
    column = next(one for one in table.columns if one.kind == "date")
    cells = tuple(values.cell(data[column.name][row], column.kind) for row in rows)
    yield Shown(name=column.name, heading=column.label, cells=cells, right=False, key=True)


def grid(table: Table) -> Iterator[Shown]:
    """Show a row for each cohort, with its first rate or mean in each period after it."""
    data = showing.data_of(table)
    rows: dict[Any, list[int]] = {}
    for row, cohort in enumerate(data["cohort"]):
        rows.setdefault(cohort, []).append(row)
    first = [found[0] for found in rows.values()]
    yield from _buckets(table, data, first)
    buyers = tuple(values.count(data["buyers"][row]) for row in first)
    yield Shown(name="buyers", heading="buyers", cells=buyers)
    measure = next(one for one in table.columns if one.kind in showing.SPREAD)
    for nth, row in enumerate(next(iter(rows.values()), [])):
        places = [found[nth] for found in rows.values()]
        cells = (values.cell(data[measure.name][place], measure.kind) for place in places)
        running = [data["running"][place] for place in places]
        yield Shown(
            name=f"periods_{nth}",
            heading=str(data["periods"][row]),
            cells=tuple(map(_begun, cells, running)),
        )


def _begun(cell: str, running: bool | None) -> str:
    """Leave a cell empty that is to come; mark one that is not over, and can only rise."""
    return "" if running is None else f"{cell}{showing.RUNNING if running else ''}"


def turned(columns: Iterable[Shown]) -> Iterator[Shown]:
    """Show the one row of a summary as a row for each figure."""
    figures: list[list[str]] = []
    for column in columns:
        for cell in column.cells:
            if column.name.endswith("_interval"):
                figures[-1][2] = cell
            else:
                figures.append([column.heading, cell, ""])
    labels, cells, intervals = zip(*figures, strict=True)
    yield Shown(name="figure", heading="", cells=labels, right=False, key=True)
    yield Shown(name="value", heading="", cells=cells)
    yield Shown(name="value_interval", heading=showing.INTERVAL.strip(), cells=intervals)
