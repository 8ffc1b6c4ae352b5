"""A histogram of times: one row a bin, and for each stage how many took that long, with a bar."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hourglass.render import picture, values
from hourglass.result import Table

_BAR = 8
"""Cells of the longest bar of a stage."""


class Cells(NamedTuple):
    """One column of text under its heading."""

    name: str
    heading: str
    cells: tuple[str, ...]


def columns(table: Table) -> Iterator[Cells]:
    """Yield the bins, then each stage from the one before, then the last one from the entry.

    Bins that are empty at either end for all of these are left out.
    """
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in table.dicts():
        groups.setdefault((row["time_from"], row["position"]), []).append(row)
    last = max((position for _, position in groups), default=0)
    shown = [
        rows
        for (start, position), rows in groups.items()
        if start == "previous" or position == last > 2
    ]
    if not shown:
        return
    bins = _used(shown)
    labels = tuple(label(row["low_seconds"], row["high_seconds"]) for row in shown[0][bins])
    yield Cells("bin", "time", labels)
    for rows in shown:
        one = rows[0]
        start = "entry to " if one["time_from"] == "entry" else ""
        heading = values.visible(f"{start}{one['stage']}")
        yield Cells(f"users_{one['time_from']}_{one['position']}", heading, _counts(rows[bins]))


def _used(groups: Sequence[Sequence[dict[str, Any]]]) -> slice:
    """Return the bins from the first to the last that holds anybody."""
    places = [place for rows in groups for place, row in enumerate(rows) if row["users"]]
    return slice(min(places), max(places) + 1) if places else slice(0, 0)


def _counts(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    users = [row["users"] for row in rows]
    most, counts = max(users, default=0), [values.count(number) for number in users]
    wide = max(map(len, counts), default=0)
    return tuple(
        f"{count:>{wide}} {picture.line(number, most, _BAR):<{_BAR}}"
        for count, number in zip(counts, users, strict=True)
    )


def label(low: float, high: float | None) -> str:
    """Write the bounds of a bin: `1 h to 2 h`, `30 d or more`."""
    if high is None:
        return f"{values.seconds(low)} or more"
    if high == 0:
        return values.seconds(0)
    end = values.seconds(high)
    return f"{values.seconds(low)} to {end}" if low else f"under {end}"
