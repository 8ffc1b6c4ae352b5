"""SQL that brings rows of one export into the table of all: more columns, wider types."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from hourglass.engines.sqltext import identifier

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_LARGE = ("UBIGINT", "HUGEINT")
_NUMBERS = (*_WHOLE, *_LARGE, "FLOAT", "DOUBLE", "DECIMAL")
_EXACT = 2**53
"""Whole numbers beyond it have no fraction's exactness."""


class Meeting(NamedTuple):
    """How the columns of a table and of new rows meet."""

    statements: tuple[str, ...]
    """What makes the table fit for the rows."""
    kinds: Mapping[str, str]
    """Type in the table of each column that the rows must be cast to, by its name in the rows."""
    notes: tuple[str, ...]


def meet(
    table: str,
    have: Mapping[str, str],
    new: Mapping[str, str],
    *,
    unfilled: Collection[str],
    unfilled_new: Collection[str],
    large: Collection[str],
) -> Meeting:
    """Say how `table` can take rows with the columns `new`.

    A column without any value (`unfilled` in the table, `unfilled_new` in the rows) has no say in
    its type; `large` are columns of whole numbers that fractions would not hold. Names in these
    are casefolded.
    """
    names = {name.casefold(): name for name in have}
    statements: list[str] = []
    kinds: dict[str, str] = {}
    notes: list[str] = []
    added = []
    for name, kind in new.items():
        folded = name.casefold()
        if folded not in names:
            statements.append(f"ALTER TABLE {table} ADD COLUMN {identifier(name)} {kind}")
            added.append(name)
            continue
        old = have[names[folded]]
        if old == kind:
            continue
        both = _agreed(
            old,
            kind,
            empty=folded in unfilled,
            empty_new=folded in unfilled_new,
            is_large=folded in large,
        )
        if both != old:
            column = identifier(names[folded])
            statements.append(
                f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {both} USING {_cast(column, both)}"
            )
            if folded not in unfilled:
                notes.append(f'the column "{name}" was {old} and comes as {kind}: now {both}')
        if both != kind:
            kinds[name] = both
    if added:
        notes.insert(0, f"new columns, empty in the rows before: {', '.join(added)}")
    return Meeting(statements=tuple(statements), kinds=kinds, notes=tuple(notes))


def differing(have: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pair the names, in the table and in the rows, of columns whose types differ."""
    names = {name.casefold(): name for name in have}
    for name, kind in new.items():
        old = names.get(name.casefold())
        if old is not None and have[old] != kind:
            yield old, name


def filled(column: str) -> str:
    """Write whether a column has a value in any row."""
    return f"coalesce(bool_or({identifier(column)}::VARCHAR <> ''), false)"


def is_large(column: str, kind: str) -> str:
    """Write whether a column has whole numbers that fractions would not hold exactly."""
    if not kind.startswith((*_WHOLE, *_LARGE)):
        return "false"
    return f"coalesce(max(abs({identifier(column)}::HUGEINT)) > {_EXACT}, false)"


def cast_rows(kinds: Mapping[str, str]) -> str:
    """Write the REPLACE clause that casts columns of new rows, nothing where there are none."""
    if not kinds:
        return ""
    casts = (f"{_cast(identifier(n), kind)} AS {identifier(n)}" for n, kind in kinds.items())
    return f" REPLACE ({', '.join(casts)})"


def wider(one: str, other: str) -> str:
    """Return the type that holds the values of both."""
    if one == other:
        return one
    if one.startswith(_WHOLE) and other.startswith(_WHOLE):
        return "BIGINT"
    if one.startswith((*_WHOLE, *_LARGE)) and other.startswith((*_WHOLE, *_LARGE)):
        return "HUGEINT"
    if one.startswith(_NUMBERS) and other.startswith(_NUMBERS):
        return "DOUBLE"
    if {one, other} == {"DATE", "TIMESTAMP"}:
        return "TIMESTAMP"
    return "VARCHAR"


def _agreed(old: str, new: str, *, empty: bool, empty_new: bool, is_large: bool) -> str:
    if empty_new:
        return old
    if empty:
        return new
    both = wider(old, new)
    return "VARCHAR" if both == "DOUBLE" and is_large else both


def _cast(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"{column}::VARCHAR"
    return f"TRY_CAST(nullif({column}::VARCHAR, '') AS {kind})"
