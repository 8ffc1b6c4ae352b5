"""The hourglass picture: one bar a stage, centred, its width by the square root of its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Literal, NamedTuple

Side = Literal["above", "waist", "below"]

SCALE_NOTE = (
    "Square-root scale: a bar half as wide stands for a quarter of the people. "
    "Each person counts once, with the best attempt."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One stage as it is drawn: people as a number for the width, the rest as text."""

    name: str
    users: int
    """What the width stands for: people, and below the waist purchases, people referred."""
    count: str
    """For example `2,600 people`."""
    detail: str
    """Second line: step rate and time."""
    side: Side
    part: int | None = None
    """How many of them are drawn first and lighter: first purchases, the referred who bought."""
    before: int | None = None
    """The same as `users` in the period before: a dotted outline."""
    per_buyer: str = ""
    """For example `12.6 a buyer`."""


class Layout(NamedTuple):
    """Where things stand, in CSS pixels at full size.

    A wide picture has the name left and the numbers right of the bar; a narrow one, for telephones,
    has all words above it.
    """

    name: Literal["wide", "narrow"]
    width: int
    centre: float
    widest: float
    step: int
    bar: int
    bar_top: int
    text_x: int
    letters: int
    """Letters of a stage name that fit; longer ones are cut, the table has them whole."""


WIDE = Layout(name="wide", width=900, centre=350, widest=420, step=58, bar=38, bar_top=10,
              text_x=590, letters=15)  # fmt: skip
NARROW = Layout(name="narrow", width=330, centre=165, widest=330, step=78, bar=22, bar_top=48,
                text_x=330, letters=17)  # fmt: skip


class Bar(NamedTuple):
    """One bar with its words, placed."""

    x: float
    y: float
    width: float
    level: Level
    name: str
    top: int
    part: float = 0.0
    """Width of the lighter part on the left."""
    before: tuple[float, float] | None = None
    """Left end and width of the outline of the period before."""


class Picture(NamedTuple):
    """Everything the template draws: bars, the pale connectors between them, what it says."""

    layout: Layout
    height: int
    bars: tuple[Bar, ...]
    connectors: tuple[str, ...]
    """Corner points of each pale shape between two bars, as SVG wants them."""
    title: str
    description: str


def draw(levels: tuple[Level, ...], layout: Layout, title: str) -> Picture:
    """Place one bar for each level on a square-root scale; the largest takes the whole width."""
    most = max((max(level.users, level.before or 0) for level in levels), default=0)
    names = cut_apart([level.name for level in levels], layout.letters)
    bars = tuple(
        _bar(*both, row, most, layout) for row, both in enumerate(zip(levels, names, strict=True))
    )
    return Picture(
        layout=layout,
        height=layout.step * len(levels),
        bars=bars,
        connectors=tuple(
            _connector(upper, lower, layout)
            for upper, lower in pairwise(bars)
            if upper.width and lower.width
        ),
        title=title,
        description=" ".join(f"{_sentence(level)}." for level in levels) + f" {SCALE_NOTE}",
    )


def _bar(level: Level, name: str, row: int, most: int, layout: Layout) -> Bar:
    width = _width(level.users, most, layout)
    top = row * layout.step
    return Bar(
        x=round(layout.centre - width / 2, 1),
        y=top + layout.bar_top,
        width=round(width, 1),
        level=level,
        name=name,
        top=top,
        part=round(width * level.part / level.users, 1) if level.part and level.users else 0.0,
        before=_outline(level, most, layout),
    )


def _width(number: int, most: int, layout: Layout) -> float:
    # a handful among millions stays visible; nobody at all is no bar
    return max(2.0, layout.widest * sqrt(number / most)) if number else 0.0


def _outline(level: Level, most: int, layout: Layout) -> tuple[float, float] | None:
    if not level.before:
        return None
    width = _width(level.before, most, layout)
    return round(layout.centre - width / 2, 1), round(width, 1)


def _connector(upper: Bar, lower: Bar, layout: Layout) -> str:
    corners = (
        (upper.x, upper.y + layout.bar),
        (upper.x + upper.width, upper.y + layout.bar),
        (lower.x + lower.width, lower.y),
        (lower.x, lower.y),
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _sentence(level: Level) -> str:
    return ": ".join(
        (
            level.name,
            "; ".join(part for part in (level.count, level.detail, level.per_buyer) if part),
        )
    )


def cut_apart(names: Sequence[str], letters: int) -> tuple[str, ...]:
    """Cut names to so many letters each; those that would read alike lose their middle instead."""
    cut = [shortened(name, letters) for name in names]
    return tuple(
        _without_middle(name, letters) if cut.count(short) > 1 else short
        for name, short in zip(names, cut, strict=True)
    )


def _without_middle(text: str, letters: int) -> str:
    end = letters // 2
    return (
        text
        if len(text) <= letters
        else f"{text[: letters - 1 - end].rstrip()}…{text[-end:].lstrip()}"
    )


def shortened(text: str, letters: int) -> str:
    """Cut `text` to so many letters, the last of them an ellipsis where something is cut."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
