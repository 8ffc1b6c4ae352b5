"""A table as people see it: cells in words, bounds as one interval, what repeats left out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hourglass.render import bins, checking, values
from hourglass.result import Column, Table

INTERVAL = " 95 %"
"""What the heading of an interval adds to that of its rate."""
IMMATURE = "immature"
"""The mark of a bucket whose entries still have time to go on."""
RUNNING = "*"
"""The mark of a cell of a grid whose period is not over."""
_LEFT = frozenset({"text", "moment", "date", "flag"})
_OTHER = "_other"
"""What the flag of folded rows adds to the name of the column that it is about."""
_MARKED = {"backward": "back"}
"""Flags that are a word beside the rows where they are true."""
_SPREAD = {
    "rate": values.interval,
    "points": values.points_interval,
    "mean": values.mean_interval,
}
"""Kinds of columns that may have bounds, and how these are written."""
_IMPLIED = frozenset(
    {
        "position", "from_position", "to_position",
        "mature_entrants", "total_p", "step_p", "difference_p",
    }
)  # fmt: skip
"""Columns that repeat another: the order of the rows, the first row's mature users, what q says."""
_MATURE = frozenset({"immature", "mature_users", "mature_total_rate"})
"""Columns without a value where there is no window."""


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


def of(table: Table, timezone: str = "UTC") -> tuple[Shown, ...]:
    """Return the columns of any table, in the order to be read.

    The breakdown of a funnel gets one row for each value, a trend one for each bucket: the users
    of every stage, and the total rate of the last one. A grid of cohorts gets one row for each,
    with its first rate or mean; a summary is turned, so that each of its figures is a row.
    """
    names = {one.name for one in table.columns}
    if {"cohort", "periods"} <= names:
        return tuple(_grid(table))
    if table.name == "summary":
        return tuple(_turned(_shown(table.columns, _data(table), timezone=timezone)))
    if {"stage", "users", "total_rate"} <= names and (table.by or "bucket" in names):
        return tuple(_pivoted(table))
    if special := {"histogram": _binned, "checks": _checked}.get(table.name):
        return tuple(special(table))
    data = _data(table)
    if not table.by:
        return tuple(_shown(table.columns, data, keys=table.keys, timezone=timezone))
    rest = _shown(table.columns[len(table.by) + 1 :], data, keys=table.keys, with_key=False)
    return (*group_columns(table, range(table.height)), *rest)


def _binned(table: Table) -> Iterator[Shown]:
    for one in bins.columns(table):
        key = one.name == "bin"
        yield Shown(name=one.name, heading=one.heading, cells=one.cells, right=False, key=key)


def _checked(table: Table) -> Iterator[Shown]:
    """Show each check in words: its values are of several kinds."""
    rows = table.dicts()
    outcomes = tuple(str(row["outcome"]) for row in rows)
    yield Shown(name="outcome", heading="", cells=outcomes, right=False, key=True)
    for name, write in (("check", checking.name), ("found", checking.found),
                        ("wanted", checking.wanted)):  # fmt: skip
        cells = tuple(write(row) for row in rows)
        yield Shown(
            name=name, heading=name, cells=cells, right=False, key=name == "check", folds=True
        )


def bounds_of(rate: str) -> tuple[str, str]:
    """Return the names of the columns that hold the interval of the rate column `rate`."""
    stem = rate.removesuffix("_rate")
    return f"{stem}_low", f"{stem}_high"


def _data(table: Table) -> dict[str, list[Any]]:
    return {column.name: table.column(column.name) for column in table.columns}


def _shown(
    columns: Sequence[Column],
    data: dict[str, list[Any]],
    *,
    keys: Sequence[str] = (),
    with_key: bool = True,
    timezone: str = "UTC",
) -> Iterator[Shown]:
    rates = [one.name for one in columns if one.kind in _SPREAD]
    bounds = {bound for name in rates for bound in bounds_of(name)}
    about = {_key_of(columns, data) if with_key else None, *keys}
    for column in columns:
        name, cells = column.name, data[column.name]
        unknown = name in _MATURE and all(cell is None for cell in data.get("mature_users", cells))
        if name in _IMPLIED or name in bounds or unknown or name in _folds(data):
            continue
        if name in _MARKED or name.endswith("_marked"):
            yield _marks(name, cells, _MARKED.get(name, "*"), when=True)
            continue
        yield Shown(
            name=name,
            heading=column.label,
            cells=tuple(values.cell(cell, column.kind, timezone) for cell in cells)
            if f"{name}{_OTHER}" not in data
            else tuple(map(_folded_cell, cells, data[f"{name}{_OTHER}"])),
            right=column.kind not in _LEFT,
            key=name in about,
            folds=column.kind == "text",
        )
        low, high = bounds_of(name)
        if column.kind in _SPREAD and low in data and high in data:
            yield _interval(column, *_bounds(name, data))


def _key_of(columns: Sequence[Column], data: dict[str, list[Any]]) -> str | None:
    """Return the column that says what a row is about: a name, or the number it begins with."""
    first = columns[0].name
    numbered = first if len(data[first]) > 1 else None
    return next((one.name for one in columns if one.kind in _LEFT), numbered)


def _folds(data: dict[str, list[Any]]) -> set[str]:
    """Return the flags that say which rows of a column of names are folded ones."""
    return {name for name in data if name.endswith(_OTHER) and name.removesuffix(_OTHER) in data}


def _folded_cell(value: object, other: object) -> str:
    if other:
        return values.OTHER
    return values.NONE if value is None else values.visible(str(value))


def _marks(name: str, flags: Sequence[bool | None], mark: str, *, when: bool) -> Shown:
    """Show a flag as a mark beside the rows where it is `when`, and nothing elsewhere."""
    cells = tuple(mark if flag is when else "" for flag in flags)
    return Shown(name=name, heading="", cells=cells, right=False)


def _bounds(rate: str, data: dict[str, list[Any]]) -> tuple[list[Any], list[Any]]:
    """Return the bounds of a rate, without those of stage 1 over itself, which say nothing."""
    low, high = (list(data[name]) for name in bounds_of(rate))
    for row, position in enumerate(data.get("position", ())):
        if position == 1 and rate.endswith("total_rate") and data[rate][row] == 1:
            low[row] = high[row] = None
    return low, high


def _interval(rate: Column, low: list[Any], high: list[Any]) -> Shown:
    write = _SPREAD[rate.kind]
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
    return values.NONE if value is None else values.cell(value, column.kind)


def _pivoted(table: Table) -> Iterator[Shown]:
    data = _data(table)
    # a funnel has values and `other`, a trend its bucket, and by value all of these
    depth = len(table.by) + bool(table.by) + ("bucket" in data)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, group in enumerate(table.tuples(*table.names)):
        groups.setdefault(group[:depth], []).append(row)
    first, last = [rows[0] for rows in groups.values()], [rows[-1] for rows in groups.values()]
    if table.by:
        yield from group_columns(table, first)
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
    low, high = ([data[name][row] for row in last] for name in bounds_of("total_rate"))
    yield _interval(column, low, high)
    mature = [data["mature"][row] for row in first] if "mature" in data else []
    if False in mature:
        yield _marks("mature", mature, IMMATURE, when=False)


def _buckets(table: Table, data: dict[str, list[Any]], rows: Sequence[int]) -> Iterator[Shown]:
    column = next(one for one in table.columns if one.kind == "date")
    cells = tuple(values.cell(data[column.name][row], column.kind) for row in rows)
    yield Shown(name=column.name, heading=column.label, cells=cells, right=False, key=True)


def _grid(table: Table) -> Iterator[Shown]:
    data = _data(table)
    rows: dict[Any, list[int]] = {}
    for row, cohort in enumerate(data["cohort"]):
        rows.setdefault(cohort, []).append(row)
    first = [found[0] for found in rows.values()]
    yield from _buckets(table, data, first)
    buyers = tuple(values.count(data["buyers"][row]) for row in first)
    yield Shown(name="buyers", heading="buyers", cells=buyers)
    measure = next(one for one in table.columns if one.kind in _SPREAD)
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
    return "" if running is None else f"{cell}{RUNNING if running else ''}"


def _turned(columns: Iterable[Shown]) -> Iterator[Shown]:
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
    yield Shown(name="value_interval", heading=INTERVAL.strip(), cells=intervals)
