"""A trend at a glance: a line of small bars for each stage, or each value that it is broken by."""

from collections.abc import Sequence
from typing import Any

from hourglass.render import picture, showing, values
from hourglass.render.showing import Shown
from hourglass.result import Table

NOTE = (
    "Small bars: the total rate of one bucket each, from 0 to the highest of the row;"
    " lowest and highest leave out immature ones, unless all are."
)


def columns(table: Table, room: int | None) -> list[Shown]:
    """Return the rows of a trend: of each stage after the first, or of each value at the last one.

    Beside the bars, one a bucket, stand the lowest and the highest rate of those that are mature,
    or of all where none is. Where the bars take more than `room` cells, the latest are shown. Two
    buckets or fewer are no trend: they have no columns.
    """
    rows = table.dicts()
    lines = _lines(table, rows)
    if not lines or len(lines[0]) < 3:
        return []
    first = tuple(rows[line[0]]["stage"] for line in lines)
    keys = (
        list(showing.group_columns(table, [line[0] for line in lines]))
        if table.by
        else [Shown(name="stage", heading="stage", right=False, key=True, folds=True,
                    cells=tuple(map(values.visible, first)))]
    )  # fmt: skip
    spans = [_span([rows[place] for place in line]) for line in lines]
    most = max(8, len(lines[0]) if room is None else room)
    drawn = tuple(picture.spark([rows[place]["total_rate"] for place in line[-most:]])
                  for line in lines)  # fmt: skip
    heading = f"last {most}" if most < len(lines[0]) else ""
    return [
        *keys,
        Shown(name="bar", heading=heading, cells=drawn, right=False),
        Shown(name="lowest", heading="lowest", cells=tuple(low for low, _ in spans)),
        Shown(name="highest", heading="highest", cells=tuple(high for _, high in spans)),
    ]


def _lines(table: Table, rows: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Return the places of the rows of each line."""
    last = max((row["position"] for row in rows), default=0)
    about = [one.name for one in table.columns[: len(table.by) + 1]] if table.by else []
    lines: dict[tuple[Any, ...], list[int]] = {}
    for place, row in enumerate(rows):
        if row["position"] == last if table.by else row["position"] > 1:
            key = (*(row[name] for name in about), row["position"])
            lines.setdefault(key, []).append(place)
    return list(lines.values())


def _span(rows: Sequence[dict[str, Any]]) -> tuple[str, str]:
    rated = [row for row in rows if row["total_rate"] is not None]
    closed = [row for row in rated if row.get("mature") is not False] or rated
    rates = [row["total_rate"] for row in closed]
    return values.rate(min(rates, default=None)), values.rate(max(rates, default=None))
