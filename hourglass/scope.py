"""The views that carry a user's own words: columns and predicates over `events`, names of stages.

Here, and nowhere else, words of a user become part of SQL: column names, quoted, and predicates
that `predicates` has taken apart and found to be a single expression.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from hourglass.engines.sqltext import DUCKDB, Dialect
from hourglass.errors import ConditionsError, UsageError, nearest
from hourglass.nested import SESSION, anywhere, homes, paths, value_at
from hourglass.paths_in_predicates import at_paths
from hourglass.predicates import all_columns_used

PERSON_COLUMNS = ("user_id", "reached", "stage", "reason", "entered")
"""What a list of people says of everybody, before the columns of each stage."""

PERSON = "hourglass person"
"""The column of `events` that says who a row is about, where ids are joined: a person's name."""
WHOLE_ID = "hourglass id"
"""The column of `events` that has ids of users as the whole numbers they are in the source."""

Keys = Literal["own", "hashed", "compact_people", "arrived"]
"""How a person's number is found: it is the id, or the hash of the id, or in a table of people."""

_KEYED = {
    "own": "SELECT plain_id AS person_key, * FROM (\n{rows}\n) AS found",
    "hashed": """SELECT
  coalesce(
    alike.person_key,
    if(found.user_id IS NULL, NULL, CAST(hash(found.user_id) >> 1 AS BIGINT))
  ) AS person_key,
  found.*
FROM (
{rows}
) AS found
LEFT JOIN alike
  ON alike.person_hash = CAST(hash(found.user_id) >> 1 AS BIGINT)
  AND alike.person_check = 32767 * 140737488355328
    - CAST(hash(concat('.', found.user_id)) >> 49 AS BIGINT) * 140733193388032""",
}
_LISTED = """SELECT listed.person_key, found.*
FROM (
{rows}
) AS found
LEFT JOIN {table} AS listed ON listed.user_id = found.user_id"""


def keyed_view(rows: str, keys: Keys) -> str:
    """Write the SELECT of what `scope_view` wrote, with the numbers of people as `person_key`.

    Rows without an id have none. `hashed` is as `map/coded_events` and `map/alike` say.
    """
    return _KEYED.get(keys, _LISTED).format(rows=rows, table=keys)


def scope_view(
    columns: Mapping[str, str] | None,
    *,
    count: str = "user",
    where: str | None = None,
    inside: str | None = None,
    predicates: Sequence[str] = (),
    by: Sequence[str | None] = (),
    carry: Mapping[str, str] | None = None,
    followed: str | None = None,
    numbered: bool = False,
    dialect: Dialect = DUCKDB,
) -> str:
    """Write the SELECT of the view.

    `columns` maps the columns of `events` to their types (null: not known, so that none is
    checked); `count` says whose id becomes `user_id`, as text, and `plain_id`, as a number if
    `whole_ids` are known; `where` leaves out rows, where `inside` only says of each row whether it
    does; `predicates` become the bits of `passed`,
    the first one bit 1; `by` become the list `by_values`, null where it has null; `carry` maps
    columns that come along to the types they get, null where `events` has no such column or a value
    is of another type; the values of `followed` become the column `carried`; `numbered` adds
    `row`, the place of each row in the order of `events`; `dialect` says how the
    engine spells it all.
    Raises UsageError for a column that is not there and for a predicate that is not one
    expression.
    """
    who, plain = _key(count, columns, dialect), whole_ids(count, columns)
    if columns is not None:
        columns = {name: kind for name, kind in columns.items() if name not in (PERSON, WHOLE_ID)}
    check_columns([*(one for one in (where, inside) if one is not None), *predicates], columns)
    bits = [
        f"CASE WHEN ({_condition(text, columns, dialect)}\n) THEN {1 << place} ELSE 0 END"
        for place, text in enumerate(predicates)
    ]
    values = [
        "NULL" if name is None else dialect.text(dimension(name, columns, dialect=dialect))
        for name in by
    ]
    carried = (
        ""
        if followed is None
        else (f",\n  {dialect.text(dimension(followed, columns, 'to follow', dialect))} AS carried")
    )
    fits = "TRUE" if inside is None else f"({_condition(inside, columns, dialect)}\n) IS TRUE"
    row = ",\n  row_number() OVER () AS row" if numbered else ""
    along = _carried(carry or {}, columns, dialect) + carried + row
    return (
        f"SELECT {who} AS user_id, {dialect.identifier(WHOLE_ID) if plain else who} AS plain_id,\n"
        f"  event, ts, {dialect.microseconds('ts')} AS ts_us,\n"
        f"  CAST({' + '.join(bits) or '0'} AS BIGINT) AS passed, {fits} AS inside,\n"
        f"  {dialect.texts(values)} AS by_values{along}\n"
        "FROM events"
    ) + ("" if where is None else f"\nWHERE ({_condition(where, columns, dialect)}\n)")


def whole_ids(count: str, columns: Mapping[str, str] | None) -> bool:
    """Say whether `events` has the ids of those who are counted as numbers too."""
    known = columns or ()
    return count == "user" and WHOLE_ID in known and PERSON not in known


def _condition(predicate: str, columns: Mapping[str, str] | None, dialect: Dialect) -> str:
    values = {} if columns is None else at_paths(predicate, columns, dialect)
    return dialect.condition(predicate, values)


def _carried(carry: Mapping[str, str], columns: Mapping[str, str] | None, dialect: Dialect) -> str:
    have = {name.casefold() for name in columns or {}}
    return "".join(
        f",\n  TRY_CAST({dialect.identifier(name) if name in have else 'NULL'}"
        f" AS {dialect.kind(kind)}) AS {dialect.identifier(name)}"
        for name, kind in carry.items()
    )


def _key(count: str, columns: Mapping[str, str] | None, dialect: Dialect) -> str:
    """Write who is counted; empty text is nobody.

    Users are counted as the people they are; where the columns are not known, `events` is that of
    a database, which says who they are.
    """
    if count == "user":
        known = columns is not None and PERSON not in columns
        return "user_id" if known else dialect.identifier(PERSON)
    name = SESSION if count == "session" else count
    return f"nullif({dialect.text(dimension(name, columns, 'to count', dialect))}, '')"


def people_view(
    instants: Sequence[str],
    seconds: Sequence[str],
    also: Sequence[str] = (),
    dialect: Dialect = DUCKDB,
) -> str:
    """Write the SELECT of one row a person of `listed`, with a column for each stage.

    `instants` are the names of the columns that say when each stage was reached (none: leave them
    out), `seconds` of those that say how long the stages from the second on took, `also` further
    columns of `listed`.
    """
    columns = [
        *((name, "ts", position) for position, name in enumerate(instants, start=1)),
        *((name, "seconds", position) for position, name in enumerate(seconds, start=2)),
    ]
    people = ", ".join(f"listed.{name}" for name in (*PERSON_COLUMNS, *also))
    shown = "".join(
        f",\n  step{position}.{value} AS {dialect.identifier(name)}"
        for name, value, position in columns
    )
    joined = "".join(
        f"\nLEFT JOIN steps_taken AS {step}"
        f"\n  ON {step}.person_key = listed.person_key AND {step}.position = {position}"
        for position in sorted({position for *_, position in columns})
        for step in [f"step{position}"]
    )
    return f"SELECT {people}{shown}\nFROM listed{joined}"


def check_columns(predicates: Sequence[str], columns: Mapping[str, str] | None) -> None:
    """Raise UsageError for a predicate that is none, and for columns that `events` does not have.

    Those of all predicates are said at once (ConditionsError).
    """
    used = [
        (text, parts) for text, found in all_columns_used(predicates).items() for parts in found
    ]
    if columns is None:
        return
    have = {name.casefold() for name in columns}
    unknown = [
        (text, parts)
        for text, parts in used
        if parts[0].casefold() not in have and ".".join(parts).casefold() not in have
    ]
    if unknown:
        raise ConditionsError(
            [
                (text, f"there is no column {parts[0]}{nearest(parts[0], columns)}")
                for text, parts in unknown
            ],
            f"{_meant(unknown[0], columns)}the columns are {', '.join(columns)}",
        )


def _meant(unknown: tuple[str, tuple[str, ...]], columns: Mapping[str, str]) -> str:
    """Say what may have been meant by an unknown name in a predicate: a text, or a key inside."""
    text, (name, *inner) = unknown
    if f'"{name}"' in text and not inner:
        return f"a text stands in single quotes, as '{name}'; "
    if not inner and (home := homes(columns)[:1]):
        return f"what is inside of a column is written {home[0]}.{name}; "
    return ""


def dimension(
    name: str,
    columns: Mapping[str, str] | None,
    purpose: str = "to break down by",
    dialect: Dialect = DUCKDB,
) -> str:
    """Write the expression for a column or for a path into a nested one.

    A path is `column.key.key`, or `column[key]` into a list of parameters; a key alone is looked
    for in nested columns if no column has the name. Raises UsageError with the nearest name if
    nothing fits.
    """
    if columns is None:
        return ".".join(dialect.identifier(part) for part in name.split("."))
    by_folded = {column.casefold(): column for column in columns}
    if column := by_folded.get(name.casefold()):
        return dialect.identifier(column)
    found = None
    for first, keys in paths(name):
        if column := by_folded.get(first.casefold()):
            found = value_at(column, columns[column], keys, dialect)
            break
    else:
        found = anywhere(name, columns, dialect)
    if found is None:
        raise UsageError(
            f'there is no column "{name}" {purpose}{nearest(name, columns)}',
            f"the columns are {', '.join(columns)}",
        )
    return found
