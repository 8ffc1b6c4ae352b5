"""Rows of an answer as they come, for commands that need no frames: those take long to load."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import polars as pl


class Rows(NamedTuple):
    """A few rows: the columns with their types, as headers of query files call them, and values."""

    kinds: Mapping[str, str]
    tuples: Sequence[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.kinds)

    @property
    def frame(self) -> "pl.DataFrame":
        """The same as a frame of polars."""
        import polars as pl

        from hourglass.frames import POLARS

        schema = {name: POLARS[kind] for name, kind in self.kinds.items()}
        return pl.DataFrame(self.tuples, schema=schema, orient="row")

    def first(self) -> dict[str, Any]:
        """Return the first row; IndexError where there is none."""
        return dict(zip(self.kinds, self.tuples[0], strict=True))

    def dicts(self) -> list[dict[str, Any]]:
        """Return each row by the names of its columns."""
        return [dict(zip(self.kinds, row, strict=True)) for row in self.tuples]

    def column(self, name: str) -> list[Any]:
        """Return the values of one column."""
        place = self.names.index(name)
        return [row[place] for row in self.tuples]

    def pick(self, names: Iterable[str]) -> "Rows":
        """Return some of the columns, in the order of `names`."""
        kinds = {name: self.kinds[name] for name in names}
        places = [self.names.index(name) for name in kinds]
        return Rows(kinds, [tuple(row[place] for place in places) for row in self.tuples])

    def where(self, name: str, value: object) -> "Rows":
        """Return the rows that have a value in one column."""
        place = self.names.index(name)
        return Rows(self.kinds, [row for row in self.tuples if row[place] == value])

    def beside(self, columns: Mapping[str, Sequence[Any]], kind: str) -> "Rows":
        """Return the rows with further columns of one type."""
        added = zip(self.tuples, zip(*columns.values(), strict=True), strict=True)
        kinds = {**self.kinds, **dict.fromkeys(columns, kind)}
        return Rows(kinds, [(*row, *values) for row, values in added])
