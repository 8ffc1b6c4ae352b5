"""The only SQL about sources that is put together from text: reading them, and `events`.

Column names are quoted here and nowhere else; values are written as literals, so that each
statement also runs by itself in a DuckDB shell whose time zone is UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hourglass.engines.sqltext import identifier, literal
from hourglass.reading import Decimal
from hourglass.scope import PERSON, WHOLE_ID
from hourglass.sources.amounts import bounded, number
from hourglass.sources.keys import Key, repeated
from hourglass.sources.places import is_nobody
from hourglass.sources.roles import CANONICAL, IDS
from hourglass.sources.scans import FILE, RAW, Relation, as_json, filled, parquet
from hourglass.sources.times import EARLIEST, LATEST, Clock, instant
from hourglass.sources.types import WHOLE, as_text, cast

_ADDED = (PERSON, WHOLE_ID, "hourglass load")
"""Columns that `events` may have beside those of its source."""
REPEATS, BAD = "hourglass_repeats", "hourglass_bad"

_CHEAP = ("timestamp", "zoned", "date", "nanoseconds", "epoch")


def is_cheap(clock: Clock) -> bool:
    """Say whether a view may read the times again for every question."""
    return clock.form in _CHEAP and clock.zone == "UTC"


def source_names(columns: Iterable[str], roles: Mapping[str, str]) -> dict[str, str]:
    """Map each source column that `events` also has under its own name to that name.

    A name that `events` reserves for a role, or for what is added to it, is kept for that: a column
    that does not play that role is called `source_` and its name.
    """
    reserved = {*CANONICAL.values(), *_ADDED}
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


class Shape(NamedTuple):
    """How rows of a source become rows of `events`."""

    source: Relation
    roles: Mapping[str, str]
    clock: Clock
    others: Mapping[str, tuple[str, str]]
    """Source column -> its name and type in `events`."""
    decimal: Decimal | None = None
    """The decimal sign of amounts; null where they are plain numbers."""
    nobody: bool = True
    """Whether some user ids may stand for nobody."""
    bad_rows: bool = True
    """Whether some rows must be left out."""

    @property
    def is_light(self) -> bool:
        """Whether a view may make events of rows of text for every question: nothing is cast."""
        plain = all(
            kind == self.source.columns[column] for column, (_, kind) in self.others.items()
        )
        return bool(self.source.instants) and plain and "revenue" not in self.roles

    @property
    def moment(self) -> str:
        """The instant of a row, null where it is not understood."""
        return instant(self.source.ref(self.roles["timestamp"]), self.clock)

    def bad(self) -> str:
        """Write the condition of rows that cannot be events."""
        return _bad(self.moment, self.source.ref(self.roles["event"]))

    def drop_bad(self, table: str) -> str:
        """Take the rows that cannot be events from a table of all rows."""
        return f"DELETE FROM {identifier(table)} WHERE {_bad('ts', 'event')}"

    def any_bad(self) -> str:
        """Write the query that has a row if some rows cannot be events."""
        return f"SELECT 1 FROM {self.source.text} AS s WHERE {self.bad()} LIMIT 1"

    def select(self, repeats: bool, paths: Sequence[str] | None = None) -> str:
        """Write the rows of `events`, the canonical columns first; `repeats`: without those.

        With `paths` each row also has the number of its file among them, from 1; without, the whole
        number that its user's id is, where ids are.
        """
        number = [f"{self._number(paths)} AS {identifier(FILE)}"] if paths else self._whole_id()
        fields = ", ".join([*self._canonical(), *self._others(), *number])
        conditions = [f"NOT {self.bad()}"] if self.bad_rows else []
        if repeats:
            conditions.append(
                f"NOT EXISTS (FROM {REPEATS} AS r"
                f" WHERE r.file = {self.source.file} AND r.row = s.{self.source.row})"
            )
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {fields} FROM {self.source.text} AS s{where}"

    def told(self, paths: Sequence[str]) -> str:
        """Write person, name and instant of events, with the number of their file, from 1."""
        good = f" WHERE NOT {self.bad()}" if self.bad_rows else ""
        fields = f"{self._role('user')} AS person, {self._role('event')} AS event"
        return (
            f"SELECT {fields}, {self.moment} AS ts, {self._number(paths)} AS file"
            f" FROM {self.source.text} AS s{good}"
        )

    def spans(self, paths: Sequence[str]) -> str:
        """Write the first instant of each file, the last, and how many rows it has."""
        span = f"SELECT min({self.moment}), max({self.moment}), count(*)"
        if self.source.text != parquet(paths):
            return f"{span} FROM {self.source.text} AS s GROUP BY {self.source.file}"
        # of a Parquet file alone its own statistics say it
        return " UNION ALL ".join(f"{span} FROM {parquet([one])} AS s" for one in paths)

    def find_repeats(self, key: Key) -> str:
        """Make the table of rows whose key was there before: the earliest one stays."""
        source = self.source
        good = f" AND NOT {self.bad()}" if self.bad_rows else ""
        return (
            f"CREATE OR REPLACE TEMP TABLE {REPEATS} AS SELECT file, row FROM ("
            f"SELECT {source.file} AS file, s.{source.row} AS row, row_number() OVER (PARTITION BY"
            f" {key.value(source)} ORDER BY {self.moment}, {source.file}, s.{source.row}) AS nth"
            f" FROM {source.text} AS s WHERE {repeated(source, key)}{good}"
            ") WHERE nth > 1"
        )

    def find_bad(self, paths: Sequence[str], *, empty: bool) -> str:
        """Make the table of rows that cannot be events, each with the reason and its text.

        `empty` is for a source without any: the table is made without looking.
        """
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
        number = self._number(paths)
        return (
            f"CREATE OR REPLACE TEMP TABLE {BAD} AS SELECT file, row, NULL::BIGINT AS line,"
            " CASE WHEN reason LIKE '%timestamp%' THEN stands"
            f" WHEN reason LIKE '%event%' THEN {literal(self.roles['event'])} END AS \"column\","
            " CASE WHEN reason LIKE '%timestamp%' THEN value END AS value, reason, raw FROM ("
            f"SELECT {number}::BIGINT AS file, {source.origin}::BIGINT AS row, {reason} AS reason,"
            f" {time}::VARCHAR AS value, {source.origin_of(self.roles['timestamp'])} AS stands,"
            f" {raw if lines else as_json(source)} AS raw"
            f" FROM {source.text} AS s WHERE {self.bad()}"
            f"{f' AND {filled(raw)}' if lines else ''}){' LIMIT 0' if empty else ''}"
        )

    def _number(self, paths: Sequence[str]) -> str:
        file = self.source.file
        return file if self.source.staged else f"list_position({literal(paths)}, {file})"

    def _canonical(self) -> Iterable[str]:
        for role, name in CANONICAL.items():
            if role in self.roles:
                yield f"{self._role(role)} AS {name}"

    def _whole_id(self) -> list[str]:
        """Write the user's id as the number it is: texts of numbers take longer to tell apart."""
        column = self.roles["user"]
        whole = self.source.columns[column] in WHOLE
        return [f"{self.source.ref(column)}::BIGINT AS {identifier(WHOLE_ID)}"] if whole else []

    def _role(self, role: str) -> str:
        column = self.roles[role]
        value, kind = self.source.ref(column), self.source.columns[column]
        if role == "timestamp":
            return self.moment
        if role == "revenue":
            return self._amount(value, kind)
        text = as_text(value, kind)
        if role in IDS:
            return _person(text) if self.nobody else text
        return f"nullif({text}, '')" if self.source.staged and role != "event" else text

    def _amount(self, value: str, kind: str) -> str:
        if self.decimal and kind == "VARCHAR":
            return bounded(number(value, self.decimal))
        return bounded(value if kind == "DOUBLE" else f"TRY_CAST({value} AS DOUBLE)")

    def _others(self) -> Iterable[str]:
        for column, (name, kind) in self.others.items():
            value = self.source.ref(column)
            typed = value if kind == self.source.columns[column] else cast(value, kind)
            yield f"{typed} AS {identifier(name)}"


def _bad(moment: str, event: str) -> str:
    return (
        f"({moment} IS NULL OR {moment} < TIMESTAMP '{EARLIEST}'"
        f" OR {moment} >= TIMESTAMP '{LATEST}' OR {event} IS NULL OR {_blank(event)})"
    )


def _person(text: str) -> str:
    return f"CASE WHEN {is_nobody(text)} THEN NULL ELSE {text} END"


def _blank(text: str) -> str:
    """Write that a text is nothing or spaces; those few that sort before `!` are looked at."""
    return f"({text}::VARCHAR < '!' AND trim({text}::VARCHAR) = '')"


def table_exists(name: str) -> str:
    """Write the query that has a row if there is a temporary table of a name.

    Not asked of views: all the system's own are written out for an answer, in 6 ms.
    """
    return f"SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = {literal(name)}"
