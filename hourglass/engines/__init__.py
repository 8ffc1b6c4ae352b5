"""Engines run query files; this is all that an analysis knows of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from hourglass.engines.sqltext import Dialect, Value
from hourglass.queries import Catalog
from hourglass.rows import Rows

if TYPE_CHECKING:
    import polars as pl

Values = Mapping[str, Value]
"""What a query file is given, by the names in its header."""


class Maker(Protocol):
    """Makes relations from query files, one after the other; all are private to this run."""

    dialect: Dialect
    """How the text of a view is spelled here."""
    recursive: bool
    """Whether a query may go on from its own rows."""
    joins_latest: bool
    """Whether a query may join each row with the latest before it."""
    codes_events: bool
    """Whether all events are held in numbers before any are counted."""
    catalog: Catalog
    """Where its query files are found."""
    kept: dict[str, int]
    """Numbers of the models whose compact form is kept with the events, by definition."""

    def define(
        self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Value]]
    ) -> None:
        """Make a small table of values that we have in hand; `columns` maps names to types."""
        ...

    def make(self, table: str, query: str, values: Values | None = None) -> None:
        """Keep the rows of a query as a table, in place of one that has the name."""
        ...

    def remember(self, content: str, *tables: str) -> None:
        """Take down what tables hold, until they are made anew or added to.

        Only of tables made of nothing but events and what is remembered itself: all else changes
        underneath.
        """
        ...

    def forget(self) -> None:
        """Remember nothing of any table: what they were made of is made anew."""
        ...

    def remembers(self, content: str, *tables: str) -> bool:
        """Whether all of these tables hold just this still, so that none need be made."""
        ...

    def add(self, table: str, query: str, values: Values | None = None) -> None:
        """Put the rows of a query into a table that is there."""
        ...

    def promise(self, table: str, query: str, content: str) -> None:
        """Make a table of the rows of a query once another query reads it.

        It is remembered by its `content`, and left as it is where it holds that still.
        """
        ...

    def let(self, name: str, query: str, values: Values | None = None) -> None:
        """Let `name` stand for the rows of a query, which are found anew whenever they are read.

        No other query may have a value of the same name.
        """
        ...

    def alias(self, name: str, table: str) -> None:
        """Let `name` stand for `table` from here on."""
        ...

    def view(self, name: str, text: str) -> None:
        """Create a view from the text that `hourglass.scope` wrote and checked."""
        ...

    def event_columns(self) -> dict[str, str] | None:
        """Return the columns of `events` with their types; null if they are not known."""
        ...


class Engine(Maker, Protocol):
    """Makes relations, and answers."""

    def ask(self, query: str, values: Values | None = None) -> Rows:
        """Return the rows of a query, with the columns and types its header declares."""
        ...

    def fetch(self, query: str, values: Values | None = None) -> "pl.DataFrame":
        """Return the same as a frame of polars, which takes a tenth of a second to load."""
        ...
