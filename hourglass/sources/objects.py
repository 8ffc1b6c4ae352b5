"""JSON objects as rows of text: a column for each key, in whatever case objects write it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import identifier, literal
from hourglass.sources.dialect import distinct
from hourglass.sources.scans import FILE, LINES, RAW, STAGED

KEYS = f"""
SELECT key FROM (
    SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS place, row
    FROM (SELECT try(json_keys(line)) AS keys, min(rowid) AS row FROM {LINES} GROUP BY ALL)
) GROUP BY key ORDER BY min(row), min(place), key
"""
"""All keys of the JSON objects at hand, in the order of their first appearance."""


class Column(NamedTuple):
    """The key that a column holds, as objects write it, and which value of a row it takes."""

    spellings: tuple[str, ...]
    nth: int = 0
    """Of those that a row has, in the order of the spellings."""


def spellings(keys: Iterable[str]) -> list[tuple[str, ...]]:
    """Group keys that differ only in case, by which columns cannot be told apart."""
    by_folded: dict[str, list[str]] = {}
    for key in keys:
        by_folded.setdefault(key.casefold(), []).append(key)
    return [tuple(group) for group in by_folded.values()]


def together(groups: Sequence[Sequence[str]]) -> str:
    """Write the query for how many spellings of each group one object has at most."""
    most = ", ".join(f"max(len(list_intersect(keys, {literal(group)})))" for group in groups)
    return f"SELECT {most} FROM (SELECT DISTINCT try(json_keys(line)) AS keys FROM {LINES})"


def columns(groups: Sequence[tuple[str, ...]], most: Mapping[str, int]) -> dict[str, Column]:
    """Give each group a column, and further ones where one object has `most` several of it.

    Further ones are named as equal names of separated text are. `most` is by first spelling.
    """
    made = [
        (name, Column(group, nth))
        for group in groups
        for nth, name in enumerate(group[: most.get(group[0], 1)])
    ]
    names = distinct([name for name, _ in made])
    return {name: column for name, (_, column) in zip(names, made, strict=True)}


def stage_json(found: Mapping[str, Column], keep: Iterable[str] | None) -> str:
    """Stage the values of JSON objects as text, one column a key; nested ones stay JSON."""
    kept = None if keep is None else {name.casefold() for name in keep}
    wanted = {name: one for name, one in found.items() if kept is None or name.casefold() in kept}
    plain = [name for name, one in wanted.items() if one.spellings == (name,)]
    shape = literal(json.dumps(dict.fromkeys(plain, "VARCHAR"), ensure_ascii=False))
    fields = [
        f"struct_extract(o, {literal(name)}) AS {identifier(name)}"
        if one.spellings == (name,)
        else f"{_value(one)} AS {identifier(name)}"
        for name, one in wanted.items()
    ]
    parsed = f"json_transform(sound, {shape})" if plain else "NULL"
    written = ", ".join([*fields, identifier(FILE), f"line AS {identifier(RAW)}"])
    return (
        f"CREATE TEMP TABLE {STAGED} AS SELECT {written} FROM (SELECT *, {parsed} AS o"
        f" FROM (SELECT *, CASE WHEN json_valid(line) THEN line END AS sound FROM {LINES}))"
    )


def _value(one: Column) -> str:
    values = [f"sound ->> {literal(_pointer(key))}" for key in one.spellings]
    if len(values) == 1:
        return values[0]
    return f"list_filter([{', '.join(values)}], lambda v: v IS NOT NULL)[{one.nth + 1}]"


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
