"""Where the columns of a table stand in the terminal: which side by side, how wide, what below."""

import re
from collections.abc import Sequence

from rich.cells import cell_len

from hourglass.render import values, view
from hourglass.render.showing import INTERVAL, Shown
from hourglass.result import Table

GAP = 2
_LONG_HEADING = 12
_NUMBER = re.compile(r"([+-]?[\d,]+)((?:\.\d+)?)((?: %)?)(\*?)")


def shown(table: Table, timezone: str = "UTC") -> list[Shown]:
    """Return the columns of a table, numbers under each other by their decimal points."""
    columns: list[Shown] = []
    for column in map(_aligned, view.of(table, timezone)):
        if column.name.endswith("_marked") and columns:
            columns.append(_beside(columns.pop(), column.cells))
        else:
            columns.append(column)
    return columns


def _beside(column: Shown, marks: Sequence[str]) -> Shown:
    """Put marks beside the figures that they are about, so that nothing parts them."""
    cells = (f"{cell} {mark or ' '}" for cell, mark in zip(column.cells, marks, strict=True))
    return column._replace(heading=f"{column.heading}  ", cells=tuple(cells))


def _aligned(column: Shown) -> Shown:
    """Fill up the cells of numbers that have unlike many decimals; words stay as they are."""
    found = [_NUMBER.fullmatch(cell) for cell in column.cells]
    if not column.right or any(
        cell not in ("", values.NULL) and not one
        for cell, one in zip(column.cells, found, strict=True)
    ):
        return column
    parts = [one.groups() for one in found if one]
    most = max((len(decimals) for _, decimals, _, _ in parts), default=0)
    star = max((len(star) for *_, star in parts), default=0)
    cells = (
        cell if one is None else f"{one[1]}{one[2].ljust(most)}{one[3]}{one[4].ljust(star)}"
        for cell, one in zip(column.cells, found, strict=True)
    )
    return column._replace(cells=tuple(cells))


def stack(columns: Sequence[Shown], width: int | None) -> list[list[Shown]]:
    """Break columns into blocks that fit `width`, each beginning with the key columns."""
    groups: list[list[Shown]] = []
    for column in columns:
        if column.name.endswith("_interval") and groups:
            groups[-1].append(column)
        elif not column.key:
            groups.append([column])
    return stacked([column for column in columns if column.key], groups, width)


def stacked(
    keys: list[Shown], groups: Sequence[Sequence[Shown]], width: int | None
) -> list[list[Shown]]:
    """Put groups side by side as long as they fit, then below; a group is torn only if it must."""
    blocks = [list(keys)]
    for group in groups:
        parts = [group] if fits([*keys, *group], width) else [[column] for column in group]
        for part in parts:
            if len(blocks[-1]) > len(keys) and not fits([*blocks[-1], *part], width):
                blocks.append(list(keys))
            blocks[-1].extend(part)
    return blocks


def fits(columns: Sequence[Shown], width: int | None) -> bool:
    """Whether the columns stand side by side in `width`; null is as wide as they need."""
    return width is None or total(columns, width) <= width


def total(columns: Sequence[Shown], width: int | None) -> int:
    """Return the cells that the columns take together."""
    return sum(wide(column, width) + GAP for column in columns) - GAP


def wide(column: Shown, width: int | None) -> int:
    """Return the cells that a column takes; names may be folded to a third of the width."""
    most = column.most or (max(12, width // 3) if width else None)
    return min(_natural(column), most) if most and column.folds else _natural(column)


def _natural(column: Shown) -> int:
    return max(cell_len(text) for text in (*heading(column), *column.cells))


def narrowed(columns: Sequence[Shown], width: int | None) -> list[Shown]:
    """Fold names so far that all columns stand side by side; short ones leave room for others."""
    if width is None:
        return list(columns)
    names = sorted((column for column in columns if column.folds), key=_natural)
    room = width - total([column for column in columns if not column.folds], width)
    most: dict[str, int] = {}
    for left, column in zip(range(len(names), 0, -1), names, strict=True):
        most[column.name] = min(_natural(column), max(12, room // left - GAP))
        room -= most[column.name] + GAP
    return [column._replace(most=most.get(column.name)) for column in columns]


def heading(column: Shown) -> list[str]:
    """Return the lines of a heading: one, or where it is long one for each word."""
    if cell_len(column.heading) <= _LONG_HEADING:
        return [column.heading]
    words = column.heading.removesuffix(INTERVAL).split()
    return [*words, INTERVAL.strip()] if column.heading.endswith(INTERVAL) else words
