"""A table as people see it: cells in words, bounds as one interval, what repeats left out."""

from collections.abc import Iterator, Sequence
from typing import Any

from hourglass.render import bins, checking, pivots, showing, values
from hourglass.render.groups import called
from hourglass.render.showing import Shown
from hourglass.result import Column, Table

_LEFT = frozenset({"text", "moment", "date", "flag"})
_OTHER = "_other"
"""What the flag of folded rows adds to the name of the column that it is about."""
_MARKED = {"backward": "back"}
"""Flags that are a word beside the rows where they are true."""
_IMPLIED = frozenset(
    {
        "position", "from_position", "to_position",
        "mature_entrants", "total_p", "step_p", "difference_p",
    }
)  # fmt: skip
"""Columns that repeat another: the order of the rows, the first row's mature users, what q says."""
_MATURE = frozenset({"immature", "mature_users", "mature_total_rate"})
"""Columns without a value where there is no window."""


def of(table: Table, timezone: str = "UTC") -> tuple[Shown, ...]:
    """Return the columns of any table, in the order to be read.

    The breakdown of a funnel gets one row for each value, a trend one for each bucket: the users
    of every stage, and the total rate of the last one. A grid of cohorts gets one row for each,
    with its first rate or mean; a summary is turned, so that each of its figures is a row.
    """
    names = {one.name for one in table.columns}
    if {"cohort", "periods"} <= names:
        return tuple(pivots.grid(table))
    data = showing.data_of(table)
    if table.name == "summary":
        return tuple(pivots.turned(_shown(table.columns, data, timezone=timezone)))
    if {"stage", "users", "total_rate"} <= names and (table.by or "bucket" in names):
        return tuple(pivots.pivoted(table))
    if special := {"histogram": _binned, "checks": _checked}.get(table.name):
        return tuple(special(table))
    if not table.by:
        return tuple(_shown(table.columns, data, keys=table.keys, timezone=timezone))
    rest = _shown(table.columns[len(table.by) + 1 :], data, keys=table.keys, with_key=False)
    return (*showing.group_columns(table, range(table.height)), *rest)


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


def _shown(
    columns: Sequence[Column],
    data: dict[str, list[Any]],
    *,
    keys: Sequence[str] = (),
    with_key: bool = True,
    timezone: str = "UTC",
) -> Iterator[Shown]:
    rates = [one.name for one in columns if one.kind in showing.SPREAD]
    bounds = {bound for name in rates for bound in showing.bounds_of(name)}
    about = {_key_of(columns, data) if with_key else None, *keys}
    for column in columns:
        name, cells = column.name, data[column.name]
        unknown = name in _MATURE and all(cell is None for cell in data.get("mature_users", cells))
        if name in _IMPLIED or name in bounds or unknown or name in _folds(data):
            continue
        if name in _MARKED or name.endswith("_marked"):
            yield showing.marks(name, cells, _MARKED.get(name, "*"), when=True)
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
        low, high = showing.bounds_of(name)
        if column.kind in showing.SPREAD and low in data and high in data:
            yield showing.interval(column, *showing.bounds(name, data))


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
    return values.visible(called(value))
