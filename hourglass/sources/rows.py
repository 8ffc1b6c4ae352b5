"""Rows that are events, made of rows that are none: lists of them, columns of times, lines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import identifier, literal
from hourglass.formats import Format
from hourglass.nouns import many
from hourglass.sources import scans
from hourglass.sources.places import Writer, parse
from hourglass.sources.scans import CELL, TIME, Relation
from hourglass.sources.staging import Staging

SHAPED = "hourglass_shaped"
EVENT = "name of the column"
"""The event of rows that were one column each: shown to people, as `TIME`, as the role it plays."""
ELEMENT = "{place}"
"""The column of the place of an element in its list, from 1."""


class Made(NamedTuple):
    """The rows, and what was done to have them."""

    source: Relation
    further: Counter[int]
    """Rows by file that are lines of an earlier row and no events."""
    notes: tuple[str, ...]


def steps_of(form: Format, found: Sequence[str]) -> dict[str, str]:
    """Return the columns of times at hand, each with the event that happened then."""
    steps: dict[str, str] = {}
    for pattern, event in form.steps.items():
        before, star, after = pattern.casefold().partition("*")
        for column in found:
            name = column.casefold()
            if not star and name == before:
                steps.setdefault(column, event)
            elif star and name.startswith(before) and name[len(before) :].endswith(after):
                middle = column[len(before) : len(column) - len(after)]
                if middle.strip():
                    steps.setdefault(column, event.replace("*", middle))
    return steps


def make_rows(
    staging: Staging, source: Relation, form: Format, found: Sequence[str], paths: Sequence[str]
) -> Made:
    """Make a row of each event, where a format has them otherwise."""
    steps = steps_of(form, found)
    if not (form.each or steps or form.further_lines):
        return Made(source, Counter(), ())
    if not source.staged:
        source = staging.parquet(source, paths)
    rows = f"SELECT s.*{place(staging, source)} FROM {source.text} AS s"
    further: Counter[int] = Counter()
    notes = []
    if form.further_lines:
        lines = _lines(source, form.further_lines, found)
        further = _counted(staging, source, lines)
        rows += f" WHERE NOT ({lines})"
        if total := further.total():
            notes.append(_told(total, form.further_lines))
    if form.each:
        (column,) = parse(form.each, found).columns
        rows = _each(rows, column, is_page=_is_page(form, column, found))
        notes.append(f'each element of "{column}" is a row')
    if steps:
        rows = _unpivoted(rows, steps)
        told = ", ".join(f"{column} = {event}" for column, event in steps.items())
        notes.append(f"each filled column of times is a row: {told}")
    return Made(replaced(staging, source, rows), further, tuple(notes))


def place(staging: Staging, source: Relation) -> str:
    """Write the place of a row in its file, which it keeps whatever is made of it."""
    if source.place:
        return ""
    first = f"list_extract({literal(staging.first_rows(source))}, {source.file})"
    return f", s.{source.row} - {first} AS {identifier(scans.PLACE)}"


def replaced(staging: Staging, source: Relation, rows: str) -> Relation:
    """Put other rows into the place of those that are staged."""
    staging.run(f"CREATE OR REPLACE TEMP TABLE {SHAPED} AS {rows}")
    staging.run(f"DROP TABLE {scans.STAGED}")
    staging.run(f"ALTER TABLE {SHAPED} RENAME TO {scans.STAGED}")
    return staging.described(lines=source.lines)


def _lines(source: Relation, text: str, found: Sequence[str]) -> str:
    """Write the condition of rows that are further lines of an earlier one."""
    writer = Writer(columns=source.columns, file=source.file, names=())
    key = writer.value(parse(text, found))
    return (
        f"{key} IS NOT NULL AND s.{source.row} NOT IN (SELECT min(s.{source.row})"
        f" FROM {source.text} AS s WHERE {key} IS NOT NULL GROUP BY {key})"
    )


def _counted(staging: Staging, source: Relation, condition: str) -> Counter[int]:
    found = staging.rows(
        f"SELECT {source.file}, count(*) FROM {source.text} AS s WHERE {condition} GROUP BY ALL"
    )
    return Counter({int(str(file)): int(str(count)) for file, count in found})


def _told(total: int, column: str) -> str:
    what = many(total, "row is a further line", "rows are further lines")
    return f"{what} of an earlier row (same {column}): no event of its own, counted as a duplicate"


def _is_page(form: Format, column: str, found: Sequence[str]) -> bool:
    """Say whether all that plays a role lies in the list of a column: nothing happens beside it."""
    return {one for text in form.columns.values() for one in parse(text, found).columns} == {column}


def _each(rows: str, column: str, *, is_page: bool) -> str:
    """Part the lists of a column; a row without any element stays as one, with none.

    Of pages, which are no event themselves, one with an empty list is no row at all.
    """
    name, whole = identifier(column), f"s.{identifier(column)}"
    is_empty = f"json_valid({whole}) AND json_type({whole}) = 'ARRAY'"
    empty = f" WHEN {is_empty} THEN []::VARCHAR[]" if is_page else ""
    elements = (
        f"CASE WHEN json_valid({whole}) AND json_array_length({whole}) > 0"
        f" THEN json_extract({whole}, '$[*]')::VARCHAR[]{empty} ELSE [NULL]::VARCHAR[] END"
    )
    return (
        f"SELECT s.* EXCLUDE ({name}), unnest({elements}) AS {name},"
        f" generate_subscripts({elements}, 1) AS {identifier(ELEMENT)} FROM ({rows}) AS s"
    )


def _unpivoted(rows: str, steps: Mapping[str, str]) -> str:
    """Make a row of each filled column of times; a row without any stays as one, with none."""
    cells = ", ".join(
        f"{{e: {literal(event)}, t: s.{identifier(column)}, c: {literal(column)}}}"
        for column, event in steps.items()
    )
    filled = f"list_filter([{cells}], lambda p: trim(p.t) <> '')"
    none = "[{e: NULL, t: NULL, c: NULL}]"
    cell = f"unnest(CASE WHEN len({filled}) > 0 THEN {filled} ELSE {none} END)"
    return (
        f"SELECT * EXCLUDE (cell), cell.e AS {identifier(EVENT)}, cell.t AS {identifier(TIME)},"
        f" cell.c AS {identifier(CELL)} FROM (SELECT s.*, {cell} AS cell FROM ({rows}) AS s)"
    )
