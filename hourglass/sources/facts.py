"""What is known about exports once they are `events`: counts, columns, roles."""

from collections.abc import Mapping
from typing import NamedTuple

from hourglass.reading import Decimal
from hourglass.sources.files import SourceFile


class FileFacts(NamedTuple):
    """What became of the rows of one file; rows = accepted + rejected + duplicates."""

    file: SourceFile
    """Its name, and where it is read: a packed Parquet file from a private, unpacked copy."""
    format: str
    rows: int
    rejected: int
    duplicates: int

    @property
    def accepted(self) -> int:
        """Rows that are events."""
        return self.rows - self.rejected - self.duplicates


class Known(NamedTuple):
    """What a database knows of the rows that it has."""

    roles: Mapping[str, str] = {}
    """Role -> column that played it."""
    decimal: Decimal | None = None
    """The decimal sign of amounts, where one was told."""


class Attached(NamedTuple):
    """`events` is there; these are the facts about it."""

    files: tuple[FileFacts, ...]
    format: str
    roles: Mapping[str, str]
    """Role -> column of the source."""
    columns: Mapping[str, str]
    """Columns that `events` has or could have, with their DuckDB types."""
    notes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """The first rejected rows, each as a sentence."""
    key: tuple[str, ...] | None = None
    """Columns of `events` that a person declared to tell duplicates; null is the event id."""
    source_format: str = ""
    """Name of the export format; nothing where columns were told by their names alone."""
    currencies: tuple[str, ...] = ()
    """What the amounts are in: the first and the last of several."""
    decimal: Decimal | None = None
    """The decimal sign of amounts, where they are no plain numbers."""
    statements: tuple[str, ...] = ()
    """What makes `events` in a DuckDB shell."""

    @property
    def rows(self) -> int:
        """Rows read."""
        return sum(one.rows for one in self.files)

    @property
    def rejected(self) -> int:
        """Rows left out because they are no events."""
        return sum(one.rejected for one in self.files)

    @property
    def duplicates(self) -> int:
        """Rows left out because their event id, or the declared key, was there before."""
        return sum(one.duplicates for one in self.files)
