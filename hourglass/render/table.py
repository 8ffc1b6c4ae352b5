"""A result in the terminal: the picture of a funnel, tables that fold to the width, notes."""

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from hourglass.render import facts, layout, picture, sparks, values
from hourglass.render.showing import Shown
from hourglass.result import Result, Table

_PLAIN_WIDTH = 80
"""How wide pictures and notes are where no terminal says."""
_BARS, _WIDE_BARS, _WIDE = 28, 44, 110
_LINE = 16
_BAR = "bar"
_STAR = "star"
_STARRED = "* immature"
_NO_EVENT = "no such event"
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
    "ratio", "ratio_interval", "ratio_q",
)  # fmt: skip
"""Columns of a comparison of people with and without an event that stand in front."""
_COLORS = {"buy": "yellow", "repeat": "green", "refer": "green"}
_OUTCOMES = {"passed": "green", "warned": "yellow", "failed": "bold red"}


class Look(NamedTuple):
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
        if table.name == "stages" and "users" in table.names:
            blocks = _funnel_blocks(table, result, look.width)
            notes.insert(0, picture.SCALE)
        elif {"bucket", "total_rate"} <= set(table.names):
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
            blocks = [layout.narrowed(layout.shown(table), look.width)]
        elif set(_TRIGGERS) <= {column.name for column in layout.shown(table)}:
            blocks = _trigger_blocks(table, look.width)
        else:
            blocks = layout.stack(layout.shown(table, result.period.timezone), look.width)
        for block in blocks:
            out.grid(layout.narrowed(block, look.width))
    for line in notes:
        out.line(line, "dim", gap=False)
    return out.text()


def _funnel_blocks(table: Table, result: Result, width: int | None) -> list[list[Shown]]:
    shown = {column.name: column for column in layout.shown(table)}
    room = width or _PLAIN_WIDTH
    bars = _bars(table, result, _cells(shown, room))
    stage = shown["stage"]
    spacious = [bars, *_those(shown, _SPACIOUS[0])]
    order = _SPACIOUS if layout.fits([stage, *spacious], room) else _TIGHT
    first, *rest = (_those(shown, names) for names in order)
    return layout.stacked([stage], [[bars, *first], *rest], room)


def _those(shown: dict[str, Shown], names: Sequence[str]) -> list[Shown]:
    return [shown[name] for name in names if name in shown]


def _cells(shown: dict[str, Shown], room: int) -> int:
    """Return how many cells the bars may take, so that the main figures stay beside them."""
    if room >= _WIDE:
        return _WIDE_BARS
    beside = _those(shown, ("stage", *_TIGHT[0]))
    free = room - layout.total(beside, room) - layout.GAP
    return max(8, min(_BARS, free - free % 2))


def _bars(table: Table, result: Result, cells: int) -> Shown:
    rows = table.tuples("stage", "users", "ever")
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
    columns = layout.shown(table)
    if layout.fits([*columns, bar := _line(table)], width):
        blocks = [[*columns, bar]]
    else:
        blocks = layout.stack([_starred(column) for column in columns], width)
    beside = sparks.columns(table, 0)
    room = (
        width
        and width - layout.total([one for one in beside if one.name != _BAR], width) - layout.GAP
    )
    return [*blocks, *([small] if (small := sparks.columns(table, room)) else [])]


def _starred(column: Shown) -> Shown:
    if column.name != "mature":
        return column
    return column._replace(name=_STAR, cells=tuple("*" if cell else "" for cell in column.cells))


def _names(blocks: Sequence[Sequence[Shown]]) -> set[str]:
    return {column.name for block in blocks for column in block}


def _compared_blocks(table: Table, width: int | None) -> list[list[Shown]]:
    """Keep what is said of a rate together: first the total rates, then those of each step.

    The intervals of each side, which the page has, would leave no room for that of the difference.
    """
    stage, *rest = (one for one in layout.shown(table) if not one.name.endswith("rate_interval"))
    totals = [column for column in rest if not column.name.startswith(("step", "base_step"))]
    steps = [column for column in rest if column not in totals]
    return layout.stacked([stage], [totals, steps], width)


def _trigger_blocks(table: Table, width: int | None) -> list[list[Shown]]:
    """Put the comparison of those with and without an event first, what it is made of below."""
    shown = layout.shown(table)
    keys = [column for column in shown if column.key or column.name == "event"]
    rest = [column for column in shown if column not in keys]
    first = [column for column in rest if column.name in _TRIGGERS]
    return layout.stacked(keys, [first, [column for column in rest if column not in first]], width)


def _line(table: Table) -> Shown:
    """Draw the total rate of the last stage, one bar a bucket."""
    rows = table.tuples("position", "total_rate")
    last = max((position for position, _ in rows), default=0)
    rates = [rate for position, rate in rows if position == last]
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    drawn = tuple(picture.line(rate, highest, _LINE) for rate in rates)
    return Shown(name=_BAR, heading="", cells=drawn, right=False)


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
        grid = Grid(box=None, padding=(0, layout.GAP, 0, 0), pad_edge=False, header_style="dim")
        for column in columns:
            wide = layout.wide(column, look.width)
            lines = (_placed(line, column, wide) for line in layout.heading(column))
            grid.add_column(Text("\n".join(lines)), width=wide, overflow="fold")
        for row in zip(*(_styled(one, columns[0], look.width) for one in columns), strict=True):
            grid.add_row(*row)
        # A gap more: rich counts one after the last column too.
        self._print(grid, max(look.width or 0, layout.total(columns, look.width)) + layout.GAP)
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


def _styled(column: Shown, key: Shown, width: int | None) -> Iterator[Text]:
    wide = layout.wide(column, width)
    for row, text in zip(key.cells, column.cells, strict=True):
        yield Text(_placed(text, column, wide), style=_style(column, row, text))


def _placed(text: str, column: Shown, wide: int) -> str:
    """Push a number to the right; rich would drop the blanks that stand for its decimals."""
    return " " * (wide - cell_len(text)) + text if column.right else text


def _style(column: Shown, row: str, text: str) -> str:
    if column.name == _BAR:
        return "dim" if _NO_EVENT in text else _COLORS.get(row, "cyan")
    if column.name == "outcome":
        return _OUTCOMES.get(text, "")
    if column.key:
        return "bold"
    return "dim" if text == values.NULL or column.name.endswith("_interval") else ""
