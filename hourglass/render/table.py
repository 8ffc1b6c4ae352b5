"""A result in the terminal: the picture of a funnel, tables that fold to the width, notes."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from hourglass.render import facts, picture, sparks, values, view
from hourglass.render.view import Shown
from hourglass.result import Result, Table

_PLAIN_WIDTH = 80
"""How wide pictures and notes are where no terminal says."""
_GAP = 2
_BARS, _WIDE_BARS, _WIDE = 28, 44, 110
_LINE = 16
_BAR = "bar"
_STAR = "star"
_STARRED = "* immature"
_NO_EVENT = "no such event"
_LONG_HEADING = 12
_SPACIOUS = (
    ("users", "step_rate", "step_rate_interval", "total_rate", "total_rate_interval", "dropped"),
    ("ever",),
    ("median_seconds", "p90_seconds", "mean_seconds"),
    ("immature", "mature_users", "mature_total_rate"),
)
"""Columns of a funnel beside the bars, and those that go below where there is no room."""
_TIGHT = (
    ("users", "dropped", "step_rate", "total_rate"),
    ("ever",),
    ("step_rate_interval", "total_rate_interval"),
    *_SPACIOUS[2:],
)
_TRIGGERS = (
    "with_users", "with_rate", "without_users", "without_rate",
    "ratio", "ratio_interval", "ratio_q", "ratio_marked",
)  # fmt: skip
"""Columns of a comparison of people with and without an event that stand in front."""
_COLORS = {"buy": "yellow", "repeat": "green", "refer": "green"}
_OUTCOMES = {"passed": "green", "warned": "yellow", "failed": "bold red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a table may look: `width` in cells (null is as wide as it needs), signs, colours."""

    width: int | None = None
    ascii: bool = False
    color: bool = False


def render(result: Result, look: Look) -> str:
    """Return the result as text for a terminal or a mail, ending in a newline."""
    out = _Paper(look)
    out.line(facts.heading(result), "bold")
    notes = facts.lines(result, said=result.warnings)  # they stand on stderr just above
    for index, table in enumerate(result.tables):
        if index:
            out.line(values.visible(table.title), "bold")
        if table.name == "stages" and "users" in table.frame.columns:
            blocks = _funnel_blocks(table, result, look.width)
            notes.insert(0, picture.SCALE)
        elif {"bucket", "total_rate"} <= set(table.frame.columns):
            blocks = _trend_blocks(table, look.width)
            drawn = {column.name for column in blocks[0]}
            scales = (
                (picture.RATE_SCALE, _BAR in drawn),
                (sparks.NOTE, _BAR in _names(blocks[1:])),
                (_STARRED, _STAR in drawn),
            )
            notes[:0] = [note for note, is_there in scales if is_there and note not in notes]
        elif table.name == "compare":
            blocks = _compared_blocks(table, look.width)
        elif table.name == "checks":
            blocks = [_narrowed(view.of(table), look.width)]
        elif set(_TRIGGERS) <= {column.name for column in view.of(table)}:
            blocks = _trigger_blocks(table, look.width)
        else:
            blocks = stack(view.of(table, result.period.timezone), look.width)
        for block in blocks:
            out.grid(block)
    for line in notes:
        out.line(line, "dim", gap=False)
    return out.text()


def stack(columns: Sequence[Shown], width: int | None) -> list[list[Shown]]:
    """Break columns into blocks that fit `width`, each beginning with the key columns."""
    groups: list[list[Shown]] = []
    for column in columns:
        if column.name.endswith("_interval") and groups:
            groups[-1].append(column)
        elif not column.key:
            groups.append([column])
    return _stacked([column for column in columns if column.key], groups, width)


def _stacked(
    keys: list[Shown], groups: Sequence[Sequence[Shown]], width: int | None
) -> list[list[Shown]]:
    blocks = [list(keys)]
    for group in groups:
        parts = [group] if _fits([*keys, *group], width) else [[column] for column in group]
        for part in parts:
            if len(blocks[-1]) > len(keys) and not _fits([*blocks[-1], *part], width):
                blocks.append(list(keys))
            blocks[-1].extend(part)
    return blocks


def _funnel_blocks(table: Table, result: Result, width: int | None) -> list[list[Shown]]:
    shown = {column.name: column for column in view.of(table)}
    room = width or _PLAIN_WIDTH
    bars = _bars(table, result, _cells(shown, room))
    stage = shown["stage"]
    spacious = [bars, *_those(shown, _SPACIOUS[0])]
    order = _SPACIOUS if _fits([stage, *spacious], room) else _TIGHT
    first, *rest = (_those(shown, names) for names in order)
    return _stacked([stage], [[bars, *first], *rest], room)


def _those(shown: dict[str, Shown], names: Sequence[str]) -> list[Shown]:
    return [shown[name] for name in names if name in shown]


def _cells(shown: dict[str, Shown], room: int) -> int:
    """Return how many cells the bars may take, so that the main figures stay beside them."""
    if room >= _WIDE:
        return _WIDE_BARS
    beside = _those(shown, ("stage", *_TIGHT[0]))
    free = room - _total(beside, room) - _GAP
    return max(8, min(_BARS, free - free % 2))


def _bars(table: Table, result: Result, cells: int) -> Shown:
    rows = list(table.frame.select("stage", "users", "ever").iter_rows())
    largest = max((users for _, users, _ in rows), default=0)
    drawn = (
        _NO_EVENT.center(cells)
        if not ever and any(note.startswith(f"stage {stage}: no event") for note in result.notes)
        else picture.bar(users, largest, cells)
        for stage, users, ever in rows
    )
    return Shown(name=_BAR, heading="", cells=tuple(drawn), right=False)


def _trend_blocks(table: Table, width: int | None) -> list[list[Shown]]:
    """Put a bar beside each bucket where there is room, and below a line for each stage.

    Where there is no room for the word, a star marks what is not mature.
    """
    columns = view.of(table)
    if _fits([*columns, bar := _line(table)], width):
        blocks = [[*columns, bar]]
    else:
        blocks = stack([_starred(column) for column in columns], width)
    beside = sparks.columns(table, 0)
    room = width and width - _total([one for one in beside if one.name != _BAR], width) - _GAP
    return [*blocks, *([small] if (small := sparks.columns(table, room)) else [])]


def _starred(column: Shown) -> Shown:
    if column.name != "mature":
        return column
    return replace(column, name=_STAR, cells=tuple("*" if cell else "" for cell in column.cells))


def _names(blocks: Sequence[Sequence[Shown]]) -> set[str]:
    return {column.name for block in blocks for column in block}


def _compared_blocks(table: Table, width: int | None) -> list[list[Shown]]:
    """Keep what is said of a rate together: first the total rates, then those of each step."""
    stage, *rest = view.of(table)
    totals = [column for column in rest if not column.name.startswith(("step", "base_step"))]
    steps = [column for column in rest if column not in totals]
    return _stacked([stage], [totals, steps], width)


def _trigger_blocks(table: Table, width: int | None) -> list[list[Shown]]:
    """Put the comparison of those with and without an event first, what it is made of below."""
    shown = view.of(table)
    keys = [column for column in shown if column.key or column.name == "event"]
    rest = [column for column in shown if column not in keys]
    first = [column for column in rest if column.name in _TRIGGERS]
    return _stacked(keys, [first, [column for column in rest if column not in first]], width)


def _line(table: Table) -> Shown:
    """Draw the total rate of the last stage, one bar a bucket."""
    rows = list(table.frame.select("position", "total_rate").iter_rows())
    last = max((position for position, _ in rows), default=0)
    rates = [rate for position, rate in rows if position == last]
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    drawn = tuple(picture.line(rate, highest, _LINE) for rate in rates)
    return Shown(name=_BAR, heading="", cells=drawn, right=False)


def _fits(columns: Sequence[Shown], width: int | None) -> bool:
    return width is None or _total(columns, width) <= width


def _total(columns: Sequence[Shown], width: int | None) -> int:
    return sum(_wide(column, width) + _GAP for column in columns) - _GAP


def _wide(column: Shown, width: int | None) -> int:
    """Return the cells that a column takes; names may be folded to a third of the width."""
    most = column.most or (max(12, width // 3) if width else None)
    return min(_natural(column), most) if most and column.folds else _natural(column)


def _natural(column: Shown) -> int:
    return max(cell_len(text) for text in (*_heading(column), *column.cells))


def _narrowed(columns: Sequence[Shown], width: int | None) -> list[Shown]:
    """Fold names so far that all columns stand side by side; short ones leave room for others."""
    if width is None:
        return list(columns)
    names = sorted((column for column in columns if column.folds), key=_natural)
    room = width - _total([column for column in columns if not column.folds], width)
    most: dict[str, int] = {}
    for left, column in zip(range(len(names), 0, -1), names, strict=True):
        most[column.name] = max(12, min(_natural(column), room // left - _GAP))
        room -= most[column.name] + _GAP
    return [replace(column, most=most.get(column.name)) for column in columns]


def _heading(column: Shown) -> list[str]:
    """Return the lines of a heading: one, or where it is long one for each word."""
    if cell_len(column.heading) <= _LONG_HEADING:
        return [column.heading]
    words = column.heading.removesuffix(view.INTERVAL).split()
    return [*words, view.INTERVAL.strip()] if column.heading.endswith(view.INTERVAL) else words


class _Paper:
    """Text under the hand of rich, with fixed signs and no trailing blanks."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._parts: list[str] = []

    def line(self, text: str, style: str, *, gap: bool = True) -> None:
        """Write a paragraph, folded to the width."""
        self._print(Text(text, style=style, overflow="fold"), self._look.width or _PLAIN_WIDTH)
        if gap:
            self._parts.append("\n")

    def grid(self, columns: Sequence[Shown]) -> None:
        """Write a block of columns, and an empty line."""
        look = self._look
        grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
        for column in columns:
            wide = _wide(column, look.width)
            grid.add_column(
                Text("\n".join(_heading(column))),
                justify="right" if column.right else "left",
                width=wide,
                overflow="fold",
            )
        for row in zip(*(_styled(column, columns[0]) for column in columns), strict=True):
            grid.add_row(*row)
        # A gap more: rich counts one after the last column too.
        self._print(grid, max(look.width or 0, _total(columns, look.width)) + _GAP)
        self._parts.append("\n")

    def text(self) -> str:
        """Return all that was written."""
        text = "".join(self._parts)
        return values.in_ascii(text) if self._look.ascii else text

    def _print(self, what: Grid | Text, width: int) -> None:
        out = io.StringIO()
        console = Console(
            file=out,
            width=width,
            height=100,
            force_terminal=self._look.color,
            color_system="standard" if self._look.color else None,
            legacy_windows=False,
            highlight=False,
            emoji=False,
            markup=False,
        )
        console.print(what)
        self._parts.extend(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _styled(column: Shown, key: Shown) -> Iterator[Text]:
    for row, text in zip(key.cells, column.cells, strict=True):
        yield Text(text, style=_style(column, row, text))


def _style(column: Shown, row: str, text: str) -> str:
    if column.name == _BAR:
        return "dim" if _NO_EVENT in text else _COLORS.get(row, "cyan")
    if column.name == "outcome":
        return _OUTCOMES.get(text, "")
    if column.key:
        return "bold"
    return "dim" if text == values.NULL or column.name.endswith("_interval") else ""
