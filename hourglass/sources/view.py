"""The only SQL about sources that is put together from text: reading them, and `events`.

Column names are quoted here and nowhere else; values are written as literals, so that each
statement also runs by itself in a DuckDB shell whose time zone is UTC.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hourglass.engines.sqltext import identifier, literal
from hourglass.sources.container import Container
from hourglass.sources.dialect import distinct
from hourglass.sources.roles import CANONICAL
from hourglass.sources.times import Clock, instant

STAGED, LINES = "hourglass_staged", "hourglass_lines"
REPEATS, BAD = "hourglass_repeats", "hourglass_bad"
REJECT_ERRORS, REJECT_SCANS = "hourglass_reject_errors", "hourglass_reject_scans"
FILE, RAW = "hourglass file", "hourglass raw"
"""Columns of the staged rows beside those of the source: number of the file, text of a line."""

NOBODY = ("", " ", "null", "NULL", "Null", "(null)", "None", "none", "NaN", "nan", "NAN",
          "<NA>", "undefined", "(not set)")  # fmt: skip
"""User ids that say that there is none."""

EARLIEST, LATEST = "1900-01-01", "2201-01-01"
_LONGEST_LINE = 100_000_000

CHEAP = ("timestamp", "zoned", "date", "epoch")
"""Forms of time that a view may read again for every question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Rows as they are in the source: what to read them from, and how to name one row."""

    text: str
    columns: Mapping[str, str]
    """Name and DuckDB type of each column."""
    row: str
    file: str
    staged: bool = False
    lines: bool = False
    """Whether each row still has the line it was read from."""

    def ref(self, column: str) -> str:
        """Write a column of it."""
        return "s." + identifier(column)


def parquet(paths: Sequence[str]) -> str:
    """Write the reading of Parquet files."""
    return f"read_parquet({literal(paths)}, union_by_name = true)"


def stage_csv(groups: Sequence[Sequence[Container]], order: Sequence[str], keep: Iterable[str]) -> str:
    """Stage separated text, each group of one dialect; `order` has the paths by number."""
    kept = {name.casefold() for name in keep}
    return f"CREATE TEMP TABLE {STAGED} AS " + " UNION ALL BY NAME ".join(
        _csv_select(group, order, kept) for group in groups
    )


def _csv_select(group: Sequence[Container], order: Sequence[str], kept: set[str]) -> str:
    dialect = group[0].dialect
    assert dialect is not None
    names = [n for n in dialect.columns if n.casefold() in kept or not group[0].sound]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.columns)
    options = f"""header = true, delim = {literal(dialect.delimiter)}, quote = '"', escape = '"'"""
    scan = _read_csv(group, f"{options}, columns = {{{columns}}}")
    chosen = [identifier(name) for name in names]
    return f"SELECT {', '.join([*chosen, _file_number(order)])} FROM {scan}"


def stage_lines(groups: Sequence[Sequence[Container]], order: Sequence[str]) -> str:
    """Put JSON, one value a line or one array a file, into a table of one value a row."""
    return f"CREATE TEMP TABLE {LINES} AS " + " UNION ALL ".join(
        f"SELECT line, {_file_number(order)} FROM {_read_lines(group)}" for group in groups
    )


def _read_lines(group: Sequence[Container]) -> str:
    if group[0].kind == "json array":
        paths = literal([str(one.path) for one in group])
        return (
            f"(SELECT json AS line, filename AS {identifier(FILE)} FROM read_json_objects({paths},"
            f" format = 'array', compression = {literal(group[0].compression)},"
            f" maximum_object_size = {_LONGEST_LINE}))"
        )
    one_column = "header = false, delim = '\x01', quote = '', escape = '', columns = {line: 'VARCHAR'}"
    return _read_csv(group, one_column)


def _read_csv(group: Sequence[Container], dialect: str) -> str:
    paths = literal([str(one.path) for one in group])
    return (
        f"read_csv({paths}, auto_detect = false, {dialect}, store_rejects = true,"
        f" rejects_table = '{REJECT_ERRORS}', rejects_scan = '{REJECT_SCANS}',"
        f" filename = {literal(FILE)}, compression = {literal(group[0].compression)},"
        f" max_line_size = {_LONGEST_LINE})"
    )


def _file_number(order: Sequence[str]) -> str:
    column = identifier(FILE)
    return f"list_position({literal(order)}, {column})::USMALLINT AS {column}"


KEYS = f"""
SELECT key FROM (
    SELECT unnest(json_keys(line)) AS key, generate_subscripts(json_keys(line), 1) AS place,
           rowid AS row
    FROM {LINES} WHERE json_valid(line)
) GROUP BY key ORDER BY min(row), min(place), key
"""  # noqa: S608
"""All keys of the JSON objects at hand, in the order of their first appearance."""


def stage_json(keys: Sequence[str], keep: Iterable[str] | None) -> str:
    """Stage the values of JSON objects as text, one column a key; nested ones stay JSON."""
    kept = None if keep is None else {name.casefold() for name in keep}
    pairs = [
        (key, name)
        for key, name in zip(keys, distinct(list(keys)), strict=True)
        if kept is None or name.casefold() in kept
    ]
    plain = [key for key, name in pairs if key == name]
    shape = literal(json.dumps(dict.fromkeys(plain, "VARCHAR"), ensure_ascii=False))
    fields = [
        f"struct_extract(o, {literal(key)}) AS {identifier(name)}"
        if key == name
        else f"line ->> {literal('$.' + json.dumps(key, ensure_ascii=False))} AS {identifier(name)}"
        for key, name in pairs
    ]
    parsed = f"json_transform(line, {shape})" if plain else "NULL"
    columns = ", ".join([*fields, identifier(FILE), f"line AS {identifier(RAW)}"])
    return (
        f"CREATE TEMP TABLE {STAGED} AS SELECT {columns} FROM (SELECT *,"
        f" CASE WHEN json_valid(line) THEN {parsed} END AS o FROM {LINES})"
    )


def source_names(columns: Iterable[str], roles: Mapping[str, str]) -> dict[str, str]:
    """Map each source column that `events` also has under its own name to that name.

    A name that `events` reserves for a role is kept for it: a column that does not play that
    role is called `source_` and its name.
    """
    reserved = set(CANONICAL.values())
    taken = reserved | {name.casefold() for name in columns}
    whole = {roles.get(role) for role in ("user", "event", "timestamp")}
    named = {}
    for column in columns:
        if column in whole or any(
            column == source and column.casefold() == CANONICAL[role]
            for role, source in roles.items()
        ):
            continue
        name = column
        if column.casefold() in reserved:
            name = f"source_{column}"
            while name.casefold() in taken:
                name = f"source_{name}"
            taken.add(name.casefold())
        named[column] = name
    return named


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How rows of a source become rows of `events`."""

    source: Relation
    roles: Mapping[str, str]
    clock: Clock
    others: Mapping[str, tuple[str, str]]
    """Source column -> its name and type in `events`."""
    nobody: bool = True
    """Whether some user ids may stand for nobody."""
    whole_users: bool = False
    """Whether user ids are fractional numbers that are all whole."""
    bad_rows: bool = True
    """Whether some rows must be left out."""

    @property
    def moment(self) -> str:
        """The instant of a row, null where it is not understood."""
        return instant(self.source.ref(self.roles["timestamp"]), self.clock)

    def bad(self) -> str:
        """Write the condition of rows that cannot be events."""
        event = self.source.ref(self.roles["event"])
        moment = self.moment
        return (
            f"({moment} IS NULL OR {moment} < TIMESTAMP '{EARLIEST}'"
            f" OR {moment} >= TIMESTAMP '{LATEST}' OR {event} IS NULL OR {_blank(event)})"
        )

    def select(self, repeats: bool) -> str:
        """Write the rows of `events`, the canonical columns first; `repeats`: without those."""
        fields = ", ".join([*self._canonical(), *self._others()])
        conditions = [f"NOT {self.bad()}"] if self.bad_rows else []
        if repeats:
            conditions.append(
                f"NOT EXISTS (FROM {REPEATS} AS r"
                f" WHERE r.file = {self.source.file} AND r.row = s.{self.source.row})"
            )
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {fields} FROM {self.source.text} AS s{where}"

    def find_repeats(self) -> str:
        """Make the table of rows whose event id was there before: the earliest one stays."""
        identity, source = self.source.ref(self.roles["event_id"]), self.source
        good = f" AND NOT {self.bad()}" if self.bad_rows else ""
        return (
            f"CREATE OR REPLACE TEMP TABLE {REPEATS} AS SELECT file, row FROM ("
            f"SELECT {source.file} AS file, s.{source.row} AS row, row_number() OVER (PARTITION BY"
            f" {identity} ORDER BY {self.moment}, {source.file}, s.{source.row}) AS nth"
            f" FROM {source.text} AS s WHERE {repeated(source, self.roles['event_id'])}{good}"
            ") WHERE nth > 1"
        )

    def find_bad(self, paths: Sequence[str]) -> str:
        """Make the table of rows that cannot be events, each with the reason and its text."""
        source, raw = self.source, f's."{RAW}"'
        time, moment = source.ref(self.roles["timestamp"]), self.moment
        lines = source.lines
        not_json = (
            f"WHEN NOT coalesce(json_valid({raw}), false) THEN 'not JSON'"
            f" WHEN json_type({raw}) <> 'OBJECT' THEN 'not a JSON object'"
            if lines
            else ""
        )
        reason = (
            f"CASE {not_json} WHEN {time} IS NULL OR {_blank(time)} THEN 'no timestamp'"
            f" WHEN {moment} IS NULL THEN 'timestamp not understood'"
            f" WHEN {moment} < TIMESTAMP '{EARLIEST}' OR {moment} >= TIMESTAMP '{LATEST}'"
            " THEN 'timestamp out of range' ELSE 'no event name' END"
        )
        number = source.file if source.staged else f"list_position({literal(paths)}, {source.file})"
        return (
            f"CREATE OR REPLACE TEMP TABLE {BAD} AS SELECT file, row, NULL::BIGINT AS line,"
            f" CASE WHEN reason LIKE '%timestamp%' THEN {literal(self.roles['timestamp'])}"
            f" WHEN reason LIKE '%event%' THEN {literal(self.roles['event'])} END AS \"column\","
            " CASE WHEN reason LIKE '%timestamp%' THEN value END AS value, reason, raw FROM ("
            f"SELECT {number}::BIGINT AS file, s.{source.row}::BIGINT AS row, {reason} AS reason,"
            f" {time}::VARCHAR AS value, {raw if lines else 'to_json(s)::VARCHAR'} AS raw"
            f" FROM {source.text} AS s WHERE {self.bad()}"
            f"{f' AND {_filled(raw)}' if lines else ''})"
        )

    def _canonical(self) -> Iterable[str]:
        for role, name in CANONICAL.items():
            if role in self.roles:
                yield f"{self._role(role)} AS {name}"

    def _role(self, role: str) -> str:
        column = self.roles[role]
        value, kind = self.source.ref(column), self.source.columns[column]
        if role == "timestamp":
            return self.moment
        if role == "revenue":
            return value if kind == "DOUBLE" else f"TRY_CAST({value} AS DOUBLE)"
        if role == "user" and self.whole_users:
            return f"{value}::HUGEINT::VARCHAR"
        text = value if kind == "VARCHAR" else f"{value}::VARCHAR"
        if role == "event":
            return text
        if role in ("user", "referrer", "session"):
            return _person(text) if self.nobody else text
        return f"nullif({text}, '')" if self.source.staged else text

    def _others(self) -> Iterable[str]:
        for column, (name, kind) in self.others.items():
            value = self.source.ref(column)
            typed = value if kind == self.source.columns[column] else cast(value, kind)
            yield f"{typed} AS {identifier(name)}"


def _person(text: str) -> str:
    names = ", ".join(literal(name) for name in NOBODY)
    return f"CASE WHEN {text} IN ({names}) THEN NULL ELSE {text} END"


def _blank(text: str) -> str:
    return f"{text}::VARCHAR IN ('', ' ')"


def _filled(text: str) -> str:
    return f"trim({text}) <> ''"


def repeated(source: Relation, column: str) -> str:
    """Write the condition of rows whose value of a column may occur twice (by its hash)."""
    value = source.ref(column)
    return (
        f"{value} IS NOT NULL AND {value}::VARCHAR <> '' AND hash({value}) IN (SELECT hash({value})"
        f" FROM {source.text} AS s WHERE {value}::VARCHAR <> '' GROUP BY 1 HAVING count(*) > 1)"
    )


def rows_by_file(source: Relation) -> str:
    """Write the query for the number of rows of each staged file."""
    where = f""" WHERE {_filled(f's."{RAW}"')}""" if source.lines else ""
    return f"SELECT {source.file}::BIGINT, count(*) FROM {source.text} AS s{where} GROUP BY ALL"


def cast(value: str, kind: str) -> str:
    """Write a text column as the type that all its values have; empty text is null."""
    if kind == "TIMESTAMP":
        return instant(value, Clock("zoned text"))
    return f"TRY_CAST(nullif({value}, '') AS {kind})"


EXACT: Mapping[str, str] = {
    "BIGINT": "TRY_CAST({0} AS BIGINT)::VARCHAR = {0}",
    "DOUBLE": r"regexp_full_match({0}, '-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?') AND"
    " (length({0}) <= 16 OR TRY_CAST({0} AS DOUBLE)::VARCHAR = {0})",
    "BOOLEAN": "lower({0}) IN ('true', 'false')",
    "DATE": "TRY_CAST({0} AS DATE)::VARCHAR = {0}",
    "TIMESTAMP": r"regexp_matches({0}, '^\d{{4}}-\d\d-\d\d[ T]\d\d:\d\d') AND {1} IS NOT NULL",
    "JSON": "{0}[1] IN ('{{', '[') AND json_valid({0})",
}
"""What holds for every value of a column that may have the type."""


def exact(column: str, kind: str) -> str:
    """Write whether all non-empty values of a column are exactly of a type."""
    name = identifier(column)
    value = f"nullif({name}, '')"
    condition = EXACT[kind].format(name, cast(name, kind))
    return f"coalesce(bool_and(CASE WHEN {value} IS NOT NULL THEN coalesce({condition}, false) END), true)"
