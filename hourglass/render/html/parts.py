"""What a section of the page is made of; everything here is text or numbers ready to be shown."""

from dataclasses import dataclass

from hourglass.render.html.picture import Picture
from hourglass.result import Json


def fit(text: str) -> str:
    """Say how a cell may be broken into lines: short text not at all, an endless word anywhere."""
    if len(text) <= 12:
        return "short"
    return "long" if max(map(len, text.split()), default=0) > 20 else ""


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of one column; a number column is aligned to the right."""

    label: str
    number: bool = True
    about: str = ""
    """What the column means, where the label is too short to say it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a second line in small type, and whether it stands back."""

    text: str
    small: str = ""
    faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table on the page; the first cell of a row is its heading.

    `fold` names the control that opens it; empty for a table in full view.
    """

    id: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A plotly figure with what a reader who cannot see it is told."""

    id: str
    label: str
    figure: dict[str, Json]
    height: int
    """CSS pixels to keep free while the figure is not drawn yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question of the report and its answer: heading, finding, picture, tables, method."""

    id: str
    heading: str
    finding: str
    pictures: tuple[Picture, ...] = ()
    caption: str = ""
    chart: Chart | None = None
    sheets: tuple[Sheet, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Terms and what they are, for sections that define rather than count."""
    notes: tuple[str, ...] = ()
