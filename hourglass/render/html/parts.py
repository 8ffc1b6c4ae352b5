"""What a section of the page is made of; everything here is text or numbers ready to be shown."""

from typing import Literal, NamedTuple

from hourglass.render.html.picture import Picture
from hourglass.result import Json


def fit(text: str) -> str:
    """Say how a cell may be broken into lines: short text not at all, an endless word anywhere."""
    if len(text) <= 12:
        return "short"
    return "long" if max(map(len, text.split()), default=0) > 20 else ""


class Head(NamedTuple):
    """The heading of one column; a number column is aligned to the right."""

    label: str
    number: bool = True
    about: str = ""
    """What the column means, where the label is too short to say it."""
    ranks: tuple[str, ...] = ()
    """What its cells say, in the order in which they are sorted; none where the text decides."""


class Cell(NamedTuple):
    """One cell: its text, a second line in small type, and whether it stands back."""

    text: str
    small: str = ""
    faint: bool = False


class Sheet(NamedTuple):
    """A table on the page; the first cell of a row is its heading.

    `fold` names the control that opens it; empty for a table in full view.
    """

    id: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fold: str = ""


class Chart(NamedTuple):
    """A plotly figure with what a reader who cannot see it is told."""

    id: str
    label: str
    figure: dict[str, Json]
    height: int
    """CSS pixels to keep free while the figure is not drawn yet."""


class Meter(NamedTuple):
    """A picture as a table, for mail: each row a name, a bar as a share of the widest, words."""

    caption: str
    legend: str
    """What its colours mean."""
    rows: tuple[tuple[str, float, str, str], ...]
    """Name, width from 0 to 1, the colour by name (`above`, `waist`, `below`), what it says."""


class Card(NamedTuple):
    """One measure at the head of a report."""

    label: str
    value: str
    interval: str = ""
    about: str = ""
    """Whom or which week the value is about."""
    change: str = ""
    """What it was before, and by how much it changed."""
    verdict: str = ""
    clear: Literal["up", "down", ""] = ""
    """Which way it changed, if that is beyond chance: only then it is coloured."""


class Variant(NamedTuple):
    """What the switch of the page puts in the place of a section's pictures, for one segment."""

    segment: str
    pictures: tuple[Picture, ...] = ()
    charts: tuple[Chart, ...] = ()
    sheets: tuple[Sheet, ...] = ()


class Section(NamedTuple):
    """One question of the report and its answer: heading, finding, picture, tables, method."""

    id: str
    heading: str
    finding: str
    cards: tuple[Card, ...] = ()
    pictures: tuple[Picture, ...] = ()
    meter: Meter | None = None
    legend: str = ""
    """What colours and marks of the pictures mean: nothing where there are none to be seen."""
    caption: str = ""
    charts: tuple[Chart, ...] = ()
    variants: tuple[Variant, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Terms and what they are, for sections that define rather than count."""
    notes: tuple[str, ...] = ()

    @property
    def every_chart(self) -> tuple[Chart, ...]:
        """Return all charts, those of variants too."""
        return (*self.charts, *(chart for one in self.variants for chart in one.charts))
