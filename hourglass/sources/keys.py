"""What tells a duplicate: the event id, or the columns that a person declares."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hourglass.errors import DataError, nearest
from hourglass.sources.places import is_nobody
from hourglass.sources.roles import CANONICAL
from hourglass.sources.scans import Relation

ROW, NONE = ("row",), ("none",)
HASHES = "hourglass_hashes"


class Key(NamedTuple):
    """Columns of a source whose values together tell a duplicate."""

    columns: tuple[str, ...]
    whole: bool = False
    """Whether they are the whole row: then rows that lack a value are compared too."""

    def value(self, source: Relation) -> str:
        """Write what is compared."""
        if len(self.columns) == 1:
            return source.ref(self.columns[0])
        return f"row({', '.join(map(source.ref, self.columns))})"

    def present(self, source: Relation) -> str:
        """Write the condition of rows that have the key."""
        if self.whole:
            return "true"
        if len(self.columns) == 1:  # it is an id
            return f"NOT ({is_nobody(f'{source.ref(self.columns[0])}::VARCHAR')})"
        return " AND ".join(f"{source.ref(one)}::VARCHAR <> ''" for one in self.columns)


def declared(source: Relation, roles: Mapping[str, str], dedupe: Sequence[str]) -> Key | None:
    """Find the columns of a declared key; null for none. DataError for one that is not there.

    A name is one of a column of the source, or one of `events`, as user_id or ts.
    """
    if tuple(dedupe) == NONE:
        return None
    if tuple(dedupe) == ROW:
        return Key(tuple(source.columns), whole=True)
    by_name = _by_name(source, roles)
    for name in dedupe:
        if name.casefold() not in by_name:
            raise DataError(
                f'no column "{name}" tells duplicates{nearest(name, by_name)}',
                "name columns that are there, or row: --dedupe user_id,event,ts",
            )
    return Key(tuple(by_name[name.casefold()] for name in dedupe))


def chosen(
    source: Relation, roles: Mapping[str, str], dedupe: Sequence[str], usual: Sequence[str]
) -> Key | None:
    """Find the key that a person declares, or else that of a format whose columns are all there."""
    if dedupe:
        return declared(source, roles, dedupe)
    there = usual and set(usual) <= _by_name(source, roles).keys()
    return declared(source, roles, usual) if there else None


def _by_name(source: Relation, roles: Mapping[str, str]) -> dict[str, str]:
    by_name = {CANONICAL[role]: column for role, column in roles.items()}
    return by_name | {column.casefold(): column for column in source.columns}


def find_hashes(source: Relation, key: Key) -> str:
    """Make the table of hashes that several rows have in a key; equal values have equal hashes."""
    value = key.value(source)
    return (
        f"CREATE OR REPLACE TEMP TABLE {HASHES} AS SELECT hash({value}) AS hash"
        f" FROM {source.text} AS s WHERE {key.present(source)} GROUP BY 1 HAVING count(*) > 1"
    )


def repeated(source: Relation, key: Key) -> str:
    """Write the condition of rows whose key may occur more than once."""
    return f"{key.present(source)} AND hash({key.value(source)}) IN (SELECT hash FROM {HASHES})"
