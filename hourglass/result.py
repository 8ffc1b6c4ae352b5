"""What an analysis answers: frozen tables with the rules they were counted by.

Renderers get nothing else. Values are raw here: rates are fractions, durations are seconds,
instants are naive UTC datetimes; only `render.values` makes text of them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hourglass.nouns import many
from hourglass.rows import Rows

if TYPE_CHECKING:
    import polars as pl

Kind = Literal[
    "text", "count", "rate", "points", "p", "seconds", "moment", "date", "flag", "number", "mean"
]
"""What a column holds, so that a renderer knows how to write it.

`points` is a difference of rates, a fraction that is shown in percentage points; `p` is the
probability that a test gives; `mean` is a mean over people, as K, or a difference of two.
"""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

SCHEMA_VERSION = 1


class Column(NamedTuple):
    """One column of a table: its name in data, its heading for people, and what it holds."""

    name: str
    kind: Kind
    label: str


class Table(NamedTuple):
    """Rows of one kind.

    A table with `by` is a breakdown: its first columns are those named in `by` (null where a
    person has no value), then `other` (true on the row of folded values), then the rest. JSON
    nests the rest under `rows_name`, once for each combination of `by`; an empty `rows_name` says
    that each combination has one row, which then stands beside its `by`. A flag `NAME_other` is
    true on rows of the column NAME that stand for several values folded into one.
    """

    name: str
    title: str
    data: "Rows | pl.DataFrame"
    """The rows, as whoever counted them had them."""
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()
    rows_name: str = "rows"
    keys: tuple[str, ...] = ()
    """Columns that together say what a row is about, where it is not the first one alone."""

    @property
    def frame(self) -> "pl.DataFrame":
        """The rows as a frame of polars."""
        return self.data.frame if isinstance(self.data, Rows) else self.data

    @property
    def names(self) -> list[str]:
        """The names of the columns of its rows, in order."""
        return self.data.names if isinstance(self.data, Rows) else self.data.columns

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.data.tuples) if isinstance(self.data, Rows) else self.data.height

    def column(self, name: str) -> list[Any]:
        """Return the values of one column."""
        if isinstance(self.data, Rows):
            return self.data.column(name)
        return self.data[name].to_list()

    def dicts(self) -> list[dict[str, Any]]:
        """Return each row by the names of its columns."""
        return self.data.dicts() if isinstance(self.data, Rows) else self.data.to_dicts()

    def tuples(self, *names: str) -> list[tuple[Any, ...]]:
        """Return the values of some columns, row by row."""
        return list(zip(*map(self.column, names), strict=True))


class Period(NamedTuple):
    """The period that was asked for; bounds are naive UTC, `until` is exclusive, null is open."""

    since: datetime | None = None
    until: datetime | None = None
    timezone: str = "UTC"


class InputFacts(NamedTuple):
    """What was read, whatever the question: counts of rows, people and time span (naive UTC)."""

    rows: int
    users: int
    rejected: int
    duplicates: int
    unmapped_events: int
    first: datetime | None
    last: datetime | None
    without_user: int = 0
    future: int = 0
    merged_ids: int | None = None
    """Ids that are counted as another person; null where ids are not joined."""

    def nobodys(self) -> list[str]:
        """Say how many rows have no person, if any."""
        said = f"{many(self.without_user, 'row')} without a person left out"
        return [said] if self.without_user else []

    def left_out(self) -> list[str]:
        """Say how many rows have no person, and how many events are in the future."""
        notes = self.nobodys()
        if self.future:
            are = "is" if self.future == 1 else "are"
            notes.append(f"{self.future:,} of the events {are} later than the clock")
        return notes

    def beyond(self, period: Period) -> list[str]:
        """Warn of a period that ends before the first event, or begins after the last."""
        if self.first is None or self.last is None:
            return []
        early = period.until is not None and period.until <= self.first
        late = period.since is not None and period.since > self.last
        reach = f"from {self.first.date()} to {self.last.date()} (UTC)"
        return [f"the period has no events: they reach {reach}"] if early or late else []


def entrants_of(stages: Iterable[Mapping[str, Any]]) -> int:
    """Return of how many people the total rates of a funnel are, from the rows of its stages.

    They are those at stage 1, and of an open funnel all who entered anywhere.
    """
    rows = tuple(stages)
    rated = (round(row["users"] / row["total_rate"]) for row in rows if row["total_rate"])
    return next(rated, int(rows[0]["users"]))


class Result(NamedTuple):
    """The answer to one question."""

    analysis: str
    title: str
    model: str
    rules: Mapping[str, Json]
    period: Period
    tables: tuple[Table, ...]
    input: InputFacts
    as_of: datetime | None = None
    notes: tuple[str, ...] = ()
    """Sentences that a reader of the numbers must know; printed under the table."""
    warnings: tuple[str, ...] = ()
    """Those of the notes that are said on stderr too, whatever the format."""

    def table(self, name: str) -> Table:
        """Return the table called `name`; KeyError if this result has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
