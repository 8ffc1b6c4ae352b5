"""Where inside of nested columns something stands that may play a role which no column plays."""

import json
from collections.abc import Iterable, Iterator, Mapping

from hourglass.engines.sqltext import identifier
from hourglass.sources.roles import USUAL, folded
from hourglass.sources.scans import RAW, Relation
from hourglass.sources.staging import Staging
from hourglass.sources.types import as_text, is_nested

_ROWS = 20
_DEPTH = 4
_NAMES = {role: {folded(name): n for n, name in enumerate(USUAL[role])} for role in USUAL}


def has_inside(staging: Staging, source: Relation, column: str) -> bool:
    """Say whether a column has objects or lists, as its type tells, or the first text."""
    if not source.staged:
        return is_nested(source.columns[column])
    text = f"{source.ref(column)}::VARCHAR"
    rows = staging.rows(f"SELECT {text} FROM {source.text} AS s WHERE {text} <> '' LIMIT 1")
    return any(isinstance(_parsed(value), dict | list) for (value,) in rows)


def proposed(staging: Staging, source: Relation, roles: Iterable[str]) -> dict[str, str]:
    """Find for roles the likeliest path into a nested column, as the first rows have them."""
    found = {path: None for row in _objects(staging, source) for path in _leaves(row, ())}
    ranked = {role: [(rank, path) for path in found if (rank := _rank(role, path, found))]
              for role in roles}  # fmt: skip
    return {role: ".".join(min(some)[1]) for role, some in ranked.items() if some}


def _objects(staging: Staging, source: Relation) -> Iterator[Mapping[str, object]]:
    """Yield the first rows, of other than JSON what is nested in them."""
    if source.lines:
        for (raw,) in staging.rows(
            f"SELECT s.{identifier(RAW)} FROM {source.text} AS s LIMIT {_ROWS}"
        ):
            row = _parsed(raw)
            if isinstance(row, dict):
                yield row
        return
    if source.staged:
        kinds = dict.fromkeys(source.columns, "VARCHAR")
    else:
        kinds = {name: kind for name, kind in source.columns.items() if is_nested(kind)}
    if not kinds:
        return
    values = ", ".join(as_text(source.ref(name), kind) for name, kind in kinds.items())
    for row in staging.rows(f"SELECT {values} FROM {source.text} AS s LIMIT {_ROWS}"):
        read = zip(kinds, map(_parsed, row), strict=True)
        yield {name: value for name, value in read if isinstance(value, dict)}


def _parsed(value: object) -> object:
    try:
        return json.loads(str(value))
    except ValueError:
        return None


def _leaves(value: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the paths to plain values, but those whose keys have signs that a path is parted by."""
    for key, one in value.items():
        path = (*above, key)
        if not key or set(key) & set(".[]|"):
            continue
        if isinstance(one, dict) and len(path) < _DEPTH:
            yield from _leaves(one, path)
        elif one is not None and not isinstance(one, dict | list) and above:
            yield path


def _rank(
    role: str, path: tuple[str, ...], found: Iterable[tuple[str, ...]]
) -> tuple[int, int] | None:
    """Say how likely a path plays a role: its name or its last key, or that of its only parent."""
    names = _NAMES[role]
    whole = [names[name] for name in map(folded, (".".join(path), path[-1])) if name in names]
    if whole:
        return min(whole), len(path)
    parent = folded(path[-2])
    alone = [one for one in found if one[:-1] == path[:-1]] == [path]
    return (names[parent] + 100, len(path)) if alone and parent in names else None
