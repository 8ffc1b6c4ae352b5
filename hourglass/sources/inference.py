"""What columns hold, judged by all of their values: roles and types."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import literal
from hourglass.sources.amounts import is_none, looks_like_amount
from hourglass.sources.inside import has_inside, proposed
from hourglass.sources.places import is_nobody
from hourglass.sources.roles import CANONICAL, REQUIRED, candidates, described, lacked, missing
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.types import exact, is_fraction, is_number

_SAMPLE = 1000
_AMOUNTS = 0.9
"""How many of the values have to be amounts before a column is guessed to have them."""
_SOURCE_KINDS = {"web", "mobile", "server", "sources"}
"""What some exports keep in a column called channel: the kind of sender."""

_TYPES = ("BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "JSON")


class Roles(NamedTuple):
    """The columns that play roles, which of them were guessed, and what to say of it."""

    columns: Mapping[str, str]
    guessed: frozenset[str]
    """Those that nobody named: the guess, or the format, may be wrong."""
    notes: tuple[str, ...]
    how: str = "guessed"
    currencies: tuple[str, ...] = ()
    """What the revenue is in, or would be: the first and the last of several."""


def find_roles(
    staging: Staging,
    source: Relation,
    found: Sequence[str],
    settled: Mapping[str, str],
    *,
    named: Collection[str],
    form: str = "",
    files: Sequence[str] = (),
    known: Mapping[str, str] | None = None,
) -> Roles:
    """Take the settled columns, guess others; DataError if one that is needed is missing.

    `named` are the roles that a person settled; the others are of the format `form`, which says
    all that it knows: only what it needs is guessed. `files` are the names of what is read.
    `known` are roles that a database has had played: its columns are not doubted again.
    """
    roles = dict(settled)
    doubted: list[str] = []
    guessed = settled.keys() - set(named)
    closed = {*named, *settled, *(CANONICAL.keys() - set(REQUIRED) if form else ())}
    for role in CANONICAL:
        if role in closed:
            continue
        for column in candidates(found, role):
            if column in roles.values():
                continue
            is_known = role == "timestamp" or (known or {}).get(role) == column
            if is_known or _fits(staging, source, role, column):
                roles[role] = column
                guessed.add(role)
                break
            if role == "revenue":
                doubted += _no_amounts(staging, source, column)
    inside = proposed(staging, source, lacking) if (lacking := lacked(roles)) else {}
    if problem := missing(found, roles, files, inside):
        raise problem
    ordered = {role: roles[role] for role in CANONICAL if role in roles}
    how = f"as {form} has them" if form else "guessed"
    notes = [described(ordered, guessed, how)] if guessed else []
    notes += doubted if "revenue" not in ordered else []
    return Roles(columns=ordered, guessed=frozenset(guessed), notes=tuple(notes), how=how)


def judged(staging: Staging, source: Relation, times: str) -> Relation:
    """Leave out lines of names that come again, as in files put together: they say no types.

    As the name of a column is no time, they are rejected.
    """
    if not source.staged or source.lines or source.columns[times] != "VARCHAR":
        return source
    names = ", ".join(map(literal, times.split("|")))
    again = f"coalesce({source.ref(times)} IN ({names}), false)"
    if not staging.rows(f"SELECT 1 FROM {source.text} AS s WHERE {again} LIMIT 1"):
        return source
    return source._replace(text=f"(SELECT * FROM {source.text} AS s WHERE NOT {again})")


def find_types(staging: Staging, source: Relation, columns: Iterable[str]) -> dict[str, str]:
    """Give each column the narrowest type that all its values have; Parquet has types already."""
    columns = list(columns)
    if not source.staged or not columns:
        return {column: source.columns[column] for column in columns}
    sample = f"(SELECT * FROM {source.text} LIMIT {_SAMPLE})"
    possible = dict.fromkeys(columns, _TYPES)
    held = _holding(staging, sample, possible)
    left = {column: [kind for kind in _TYPES if held[column, kind]] for column in columns}
    types: dict[str, str] = {}
    while left:
        tried = {column: kinds[:1] for column, kinds in left.items()}
        held = _holding(staging, source.text, tried)
        for column, kinds in list(left.items()):
            if not kinds or held[column, ""] == 0:
                types[column] = "VARCHAR"
            elif held[column, kinds[0]]:
                types[column] = kinds[0]
            else:
                left[column] = kinds[1:]
                continue
            del left[column]
    return {column: types[column] for column in columns}


def _holding(
    staging: Staging, relation: str, kinds: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], object]:
    """Ask for each column which types hold, and (under no type) how many values it has."""
    asked = [(column, kind) for column, some in kinds.items() for kind in ("", *some)]
    tests = ", ".join(exact(column, kind) for column, kind in asked)
    return dict(zip(asked, staging.rows(f"SELECT {tests} FROM {relation}")[0], strict=True))


def some_nobody(staging: Staging, source: Relation, columns: Iterable[str]) -> bool:
    """Say whether ids may stand for nobody; statistics of the rows mostly answer it."""
    if source.staged and not source.instants:
        return True
    columns = list(columns)
    if any(is_fraction(source.columns[column]) for column in columns):
        return True  # one may be NaN
    texts = [source.ref(column) for column in columns if source.columns[column] == "VARCHAR"]
    if not texts:
        return False
    either = " OR ".join(map(is_nobody, texts))
    return bool(staging.rows(f"SELECT 1 FROM {source.text} AS s WHERE {either} LIMIT 1"))


def _fits(staging: Staging, source: Relation, role: str, column: str) -> bool:
    """Check a guess against values: a usual name may mean something else."""
    kind = source.columns[column]
    if role == "revenue" and is_number(kind):
        return True
    if role not in ("channel", "revenue", "referrer"):
        return not has_inside(staging, source, column)
    if role == "revenue":
        values = _amounts(staging, source, column)
        return kind == "VARCHAR" and sum(map(looks_like_amount, values)) > _AMOUNTS * len(values)
    values = sample(staging, source, column)
    if role == "channel":
        return column.casefold() != role or not values or not set(values) <= _SOURCE_KINDS
    return not any("/" in value or value.startswith("www.") for value in values)


def _amounts(staging: Staging, source: Relation, column: str) -> list[str]:
    """Return the first values of a column but those that say that there is no amount."""
    return sample(staging, source, column, f"NOT {is_none(f'{source.ref(column)}::VARCHAR')}")


def _no_amounts(staging: Staging, source: Relation, column: str) -> list[str]:
    """Say why a column that is called as revenues are is not one, if most would expect it."""
    values = _amounts(staging, source, column) if source.columns[column] == "VARCHAR" else []
    odd = [value for value in values if not looks_like_amount(value)]
    if not odd or (column.casefold() != "revenue" and 2 * len(odd) > len(values)):
        return []
    return [
        f'"{column}" is not taken for the revenue: {len(odd):,} of {len(values):,} values looked at'
        f' are no amounts, as "{odd[0]}" (revenue = {json.dumps(column)} under [columns] takes it)'
    ]


def sample(staging: Staging, source: Relation, column: str, condition: str = "") -> list[str]:
    """Return the first values of a column that satisfy a condition, or are filled, as text."""
    text = f"{source.ref(column)}::VARCHAR"
    where = condition or f"{text} <> ''"
    rows = staging.rows(f"SELECT {text} FROM {source.text} AS s WHERE {where} LIMIT {_SAMPLE}")
    return [str(value) for (value,) in rows]
