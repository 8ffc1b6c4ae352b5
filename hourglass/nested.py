"""Nested columns of `events`: which one a name leads into, and the text that is there."""

import re
from collections.abc import Iterator, Mapping, Sequence

from hourglass.engines.sqltext import Dialect

_HOMES = (
    "properties", "event_properties", "event_params", "params", "user_properties",
    "person_properties", "traits", "context",
)  # fmt: skip
"""Columns that usually hold what an event has beside the rest, the likeliest first."""
SESSION = "session_id"
"""The column that sessions are counted by, as people by that of the user: where `events` has none,
no key that JSON may or may not have stands for it."""
_KINDS = ("JSON", "VARCHAR", "STRING", "MAP", "STRUCT")
"""How the names of types begin that may have something inside."""
_PARAMETER = re.compile(r"(.+)\[([^\[\]]+)\]")
_FIELD = re.compile(r' ?("(?:[^"]|"")*"|[^ ]+) ')


def paths(name: str) -> Iterator[tuple[str, list[str]]]:
    """Part `column[key]` and `column.key.key` into the column that may be meant and the keys."""
    if match := _PARAMETER.fullmatch(name):
        yield match[1], [match[2]]
    first, *keys = name.split(".")
    if keys:
        yield first, keys


def value_at(column: str, kind: str, keys: Sequence[str], dialect: Dialect) -> str | None:
    """Write what stands at a path into a column; null if its type has no such field."""
    if kind.startswith("MAP") and not kind.endswith("]"):
        return f"{dialect.identifier(column)}[{dialect.literal('.'.join(keys))}]"
    if kind.startswith("STRUCT<"):  # as Spark writes it, which says itself what is not there
        return ".".join(map(dialect.identifier, (column, *keys)))
    if not _is_struct(kind):
        return dialect.json_text(column, kind, keys)
    names = [column]
    for key in keys:
        inside = {name.casefold(): (name, of) for name, of in fields(kind)}
        if key.casefold() not in inside:
            return None
        name, kind = inside[key.casefold()]
        names.append(name)
    return ".".join(map(dialect.identifier, names))


def has_inside(kind: str) -> bool:
    """Say whether a type may have something inside that a path leads to."""
    return kind.startswith(_KINDS) or kind.endswith("]")


def engine_reaches(kind: str) -> bool:
    """Say whether engines themselves take `column.key` for what is inside of a type."""
    return kind.startswith(("STRUCT", "MAP")) and not kind.endswith("]")


def homes(columns: Mapping[str, str]) -> list[str]:
    """List the columns that may have any key, the likeliest first."""
    return [name for name, kind in _homes(columns) if kind != "VARCHAR"]


def anywhere(name: str, columns: Mapping[str, str], dialect: Dialect) -> str | None:
    """Write the value of a key in whatever nested column has it; null if none can."""
    structs = {column: kind for column, kind in columns.items() if _is_struct(kind)}
    for column, kind in structs.items():
        if found := value_at(column, kind, [name], dialect):
            return found
    if name.casefold() == SESSION:
        return None
    homes = [one for one in _homes(columns) if one[0] not in structs]
    values = [value_at(column, kind, [name], dialect) for column, kind in homes]
    texts = [dialect.text(value) for value in values if value]
    return f"coalesce({', '.join(texts)})" if texts else None


def _is_struct(kind: str) -> bool:
    return kind.startswith("STRUCT(") and not kind.endswith("]")


def fields(kind: str) -> Iterator[tuple[str, str]]:
    """Yield name and type of each field of a STRUCT, as the engine writes its type."""
    inside = kind.removeprefix("STRUCT(").removesuffix(")")
    for one in _parts(inside):
        if match := _FIELD.match(one):
            name = match[1]
            quoted = name.startswith('"')
            yield name[1:-1].replace('""', '"') if quoted else name, one[match.end() :]


def _parts(text: str) -> Iterator[str]:
    """Part a list at its commas, but for those in brackets and in quotes."""
    depth, quoted, start = 0, False, 0
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign == "(") - (sign == ")")
            if sign == "," and not depth:
                yield text[start:place]
                start = place + 1
    yield text[start:]


def _homes(columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """List the columns that may have any key, the likeliest first."""
    by_folded = {name.casefold(): (name, kind) for name, kind in columns.items()}
    usual = [by_folded[name] for name in _HOMES if name in by_folded]
    able = [one for one in usual if one[1].startswith(_KINDS)]
    return able + [one for one in columns.items() if one[1] == "JSON" and one not in able]
