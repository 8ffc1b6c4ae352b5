"""SQL that brings rows of one export into the table of all: more columns, wider types."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from hourglass.engines.sqltext import identifier
from hourglass.sources.types import LARGE, WHOLE, as_text, is_number

_TIMES = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_EXACT = 2**53
"""Whole numbers beyond it have no fraction's exactness."""


class Meeting(NamedTuple):
    """How the columns of a table and of new rows meet."""

    statements: tuple[str, ...]
    """What makes the table fit for the rows."""
    kinds: Mapping[str, tuple[str, str]]
    """Columns of the rows that must be cast, each with its type there and in the table."""
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
    kinds: dict[str, tuple[str, str]] = {}
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
            value = cast_to(column, old, both)
            statements.append(
                f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {both} USING {value}"
            )
            if folded not in unfilled:
                notes.append(f'the column "{name}" was {old} and comes as {kind}: now {both}')
        if both != kind:
            kinds[name] = (kind, both)
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


def filled(column: str, kind: str) -> str:
    """Write whether a column has a value in any row."""
    value = identifier(column)
    if kind == "VARCHAR":
        value = f"nullif({value}, '')"
    return f"count({value}) > 0"


def is_large(column: str, kind: str) -> str:
    """Write whether a column has whole numbers that fractions would not hold exactly."""
    if kind not in WHOLE | LARGE and not kind.startswith("DECIMAL("):
        return "false"
    return f"coalesce(max(abs({identifier(column)}::HUGEINT)) > {_EXACT}, false)"


def cast_rows(kinds: Mapping[str, tuple[str, str]]) -> str:
    """Write the REPLACE clause that casts columns of new rows, nothing where there are none."""
    if not kinds:
        return ""
    casts = (
        f"{cast_to(identifier(name), kind, both)} AS {identifier(name)}"
        for name, (kind, both) in kinds.items()
    )
    return f" REPLACE ({', '.join(casts)})"


def wider(one: str, other: str) -> str:
    """Return the type that holds the values of both."""
    if one == other:
        return one
    if {one, other} <= WHOLE:
        return "BIGINT"
    if {one, other} <= WHOLE | LARGE:
        return "HUGEINT"
    if is_number(one) and is_number(other):
        return "DOUBLE"
    if {one, other} <= _TIMES:
        return "TIMESTAMP"
    return "VARCHAR"


def _agreed(old: str, new: str, *, empty: bool, empty_new: bool, is_large: bool) -> str:
    if empty_new:
        return old
    if empty:
        return new
    both = wider(old, new)
    return "VARCHAR" if both == "DOUBLE" and is_large else both


def cast_to(value: str, kind: str, both: str) -> str:
    """Write a value of one type as that of another which holds it."""
    if kind == both:
        return value
    if both == "VARCHAR":
        return as_text(value, kind)
    if (kind in WHOLE | LARGE and is_number(both)) or (kind == "DATE" and both == "TIMESTAMP"):
        return f"{value}::{both}"
    return f"TRY_CAST(nullif({value}::VARCHAR, '') AS {both})"
