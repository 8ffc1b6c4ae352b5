"""Files as `events` on a connection: what was read, what was left out and why."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import duckdb

from hourglass.engines.sqltext import identifier, literal
from hourglass.errors import DataError
from hourglass.reading import Decimal, Reading
from hourglass.sources import keys, scans, view
from hourglass.sources.clocks import find_clock
from hourglass.sources.container import Container, recognise
from hourglass.sources.facts import Attached, FileFacts
from hourglass.sources.files import SourceFile
from hourglass.sources.inference import (
    Roles,
    any_repeated,
    find_roles,
    find_types,
    settle_amounts,
    some_nobody,
    whole_users,
    without_shared_ids,
)
from hourglass.sources.keys import Key
from hourglass.sources.rejects import Rejects, collect_rejects, first_place
from hourglass.sources.roles import CANONICAL, REQUIRED, candidates
from hourglass.sources.scans import Relation
from hourglass.sources.staging import Staging
from hourglass.sources.times import Clock
from hourglass.sources.view import Shape

__all__ = ["Attached", "FileFacts", "attach", "attach_containers", "recognised"]


def attach(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SourceFile],
    columns: Mapping[str, str] | None = None,
    needed: Collection[str] | None = None,
    *,
    name: str = "events",
    reading: Reading | None = None,
) -> Attached:
    """Create the temporary view or table `name`, and `rejects` if rows had to be left out.

    (It is `NAME_rejects` under any other name than `events`.)

    `columns` are configured roles; `needed` are the columns asked for beside those with roles
    (null is all, `a.b` is the nested b of a), so that no others are read. `reading` is what a
    person said of the text. Raises DataError if the files cannot be read as events.
    """
    groups, notes = recognised(files, reading)
    if len(groups) > 1:
        pairs = ", ".join(f"{group[0].file.name} is {group[0].format}" for group in groups)
        raise DataError(
            f"files of several formats cannot be read together: {pairs}",
            f"hourglass load {' '.join(group[0].file.name for group in groups)} --db events.duckdb",
        )
    return attach_containers(
        connection,
        groups[0],
        columns=columns,
        needed=needed,
        name=name,
        notes=notes,
        reading=reading,
    )


def attach_containers(
    connection: duckdb.DuckDBPyConnection,
    containers: Sequence[Container],
    *,
    columns: Mapping[str, str] | None = None,
    needed: Collection[str] | None = None,
    name: str = "events",
    notes: Sequence[str] = (),
    numbered: bool = False,
    reading: Reading | None = None,
) -> Attached:
    """Do what `attach` does, for files of one format that were looked at before.

    `numbered` adds the column `hourglass file`, the number of each row's file, from 1.
    """
    attaching = _Attaching(connection, list(containers), dict(columns or {}), needed, name)
    attaching.numbered = numbered
    attaching.reading = reading or Reading()
    return attaching.done(notes)


def recognised(
    files: Sequence[SourceFile], reading: Reading | None = None
) -> tuple[list[list[Container]], list[str]]:
    """Look at all files; return those that can be read together, and notes on them.

    DataError if there is nothing in any of them, or if columns are named that they name
    themselves.
    """
    groups: dict[str, list[Container]] = {}
    notes: list[str] = []
    empty: list[str] = []
    for file in files:
        container = recognise(file, reading)
        notes += container.notes
        if container.kind == "empty":
            empty.append(file.name)
        elif reading and reading.columns and container.dialect is None:
            raise DataError(
                f"{file.name} is {container.kind}, which names its columns itself",
                "leave out --columns",
            )
        else:
            groups.setdefault(container.kind.split()[0], []).append(container)
    if not groups:
        verb = "is" if len(empty) == 1 else "are"
        raise DataError(f"{', '.join(empty)} {verb} empty", "export the events again")
    return list(groups.values()), [*notes, *(f"{name} is empty" for name in empty)]


class _Attaching:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        containers: list[Container],
        wanted: dict[str, str],
        needed: Collection[str] | None,
        name: str,
    ) -> None:
        self.staging = Staging(connection)
        self.containers = containers
        self.wanted = wanted
        self.needed = needed
        self.name = name
        self.typed = containers[0].kind == "parquet"
        self.rejects = "rejects" if name == "events" else f"{name}_rejects"
        self.numbered = False
        self.reading = Reading()

    def done(self, notes: Sequence[str]) -> Attached:
        source, found = self._source()
        roles = find_roles(self.staging, source, found, self.wanted)
        roles, key = self._key(source, roles)
        roles, decimal = settle_amounts(self.staging, source, roles, self.reading.decimal)
        self._refuse_strangers(roles.columns)
        clock, clock_notes = find_clock(
            self.staging,
            source,
            roles.columns["timestamp"],
            self.reading,
            partial(self._place, source),
        )
        shape = self._shape(source, found, roles.columns, clock, decimal)
        repeats = self._repeats(shape, key) if key else Counter[int]()
        rows = self._rows(source)
        shape = self._create(shape, sum(rows.values()), repeats)
        rejects = collect_rejects(self.staging, shape, self.containers, self.rejects)
        facts = self._facts(rows, rejects, repeats)
        self._refuse_nothing(facts, rejects)
        if source.staged:
            self.staging.run(f"DROP TABLE {scans.STAGED}")
        return Attached(
            files=facts,
            format=", ".join(dict.fromkeys(one.format for one in self.containers)),
            roles=roles.columns,
            columns=self._all_columns(shape, found),
            notes=(*notes, *roles.notes, *clock_notes),
            examples=rejects.examples,
            key=self._key_names(source, found, roles.columns),
            statements=("SET TimeZone = 'UTC'", *self.staging.statements),
        )

    def _place(self, source: Relation, column: str, condition: str) -> str:
        return first_place(self.staging, source, self.containers, column, condition)

    def _source(self) -> tuple[Relation, list[str]]:
        if not self.typed:
            source, found, self.containers = self.staging.text(self.containers, self._kept)
            return source, found
        return self._parquet()

    def _parquet(self) -> tuple[Relation, list[str]]:
        paths = [str(one.path) for one in self.containers]
        text = scans.parquet(paths)
        try:
            described = self.staging.rows(f"DESCRIBE SELECT * FROM {text}")
        except DataError as error:
            raise DataError(
                f"{self.containers[0].file.name} could not be read: {error.message}",
                "export it again, or copy it again",
            ) from error
        columns = {str(name): str(kind) for name, kind, *_ in described}
        file = "s.filename"
        if "filename" in map(str.casefold, columns):  # theirs hides the engine's own
            text = scans.parquet(paths, named=True)
            file = f"s.{identifier(scans.FILE)}"
        return Relation(text=text, columns=columns, row="file_row_number", file=file), list(columns)

    def _kept(self, found: Sequence[str]) -> list[str] | None:
        """Columns worth staging: those asked for and those that may play a role."""
        heads = self._heads(found)
        if heads is None or self.reading.dedupe == keys.ROW:
            return None
        usual = [column for role in CANONICAL for column in candidates(found, role)]
        return [
            *heads,
            *usual,
            *self.wanted.values(),
            *self._source_heads(heads),
            *self.reading.dedupe,
        ]

    def _heads(self, found: Sequence[str]) -> set[str] | None:
        """Reduce what is needed to names of columns; null if some may be nested anywhere."""
        if self.needed is None:
            return None
        have = {name.casefold() for name in found}
        have |= {f"source_{name}" for name in have} | set(CANONICAL.values())
        heads = set()
        for name in map(str.casefold, self.needed):
            head = name if name in have else name.split(".", 1)[0]
            if head not in have:
                return None
            heads.add(head)
        return heads

    @staticmethod
    def _source_heads(heads: Collection[str]) -> list[str]:
        return [head.removeprefix("source_") for head in heads]

    def _shape(
        self,
        source: Relation,
        found: Sequence[str],
        roles: Mapping[str, str],
        clock: Clock,
        decimal: Decimal | None,
    ) -> Shape:
        heads = self._heads(found)
        named = view.source_names(found, roles)
        if heads is not None and source.staged:
            named = {
                column: name
                for column, name in named.items()
                if column.casefold() in heads or name.casefold() in heads
            }
        types = find_types(self.staging, source, [c for c in named if c in source.columns])
        ids = [roles[role] for role in ("user", "session", "referrer") if role in roles]
        return Shape(
            source=source,
            roles=roles,
            clock=clock,
            decimal=decimal,
            others={column: (named[column], kind) for column, kind in types.items()},
            nobody=some_nobody(self.staging, source, ids),
            whole_users=whole_users(self.staging, source, roles["user"]),
        )

    def _key(self, source: Relation, roles: Roles) -> tuple[Roles, Key | None]:
        """Find what tells duplicates; null if there are none."""
        if not self.reading.dedupe:
            return without_shared_ids(self.staging, source, roles)
        key = keys.declared(source, roles.columns, self.reading.dedupe)
        return roles, key if key and any_repeated(self.staging, source, key) else None

    def _key_names(
        self, source: Relation, found: Sequence[str], roles: Mapping[str, str]
    ) -> tuple[str, ...] | None:
        """Name the columns of the declared key as `events` does."""
        if not self.reading.dedupe:
            return None
        names = view.source_names(found, roles)
        by_role = {column: CANONICAL[role] for role, column in roles.items()}
        key = keys.declared(source, roles, self.reading.dedupe)
        return tuple(names.get(one) or by_role[one] for one in key.columns) if key else ()

    def _repeats(self, shape: Shape, key: Key) -> Counter[int]:
        """Find the rows that repeat a key; count them by file number, from 1."""
        self.staging.run(shape.find_repeats(key))
        counted = self.staging.rows(f"SELECT file, count(*) FROM {view.REPEATS} GROUP BY ALL")
        paths = [str(one.path) for one in self.containers]
        return Counter(
            {
                paths.index(str(file)) + 1 if self.typed else int(str(file)): int(str(count))
                for file, count in counted
            }
        )

    def _facts(
        self, rows: Counter[int], rejects: Rejects, repeats: Counter[int]
    ) -> tuple[FileFacts, ...]:
        return tuple(
            FileFacts(
                file=replace(one.file, path=one.path),
                format=one.format,
                rows=rows[number] + rejects.unparsed[number],
                rejected=rejects.by_file[number],
                duplicates=repeats[number],
            )
            for number, one in enumerate(self.containers, start=1)
        )

    def _rows(self, source: Relation) -> Counter[int]:
        if source.staged:
            counted = self.staging.rows(scans.rows_by_file(source))
            return Counter({int(str(number)): int(str(count)) for number, count in counted})
        counted = self.staging.rows(
            "SELECT file_name, num_rows FROM parquet_file_metadata("
            f"{literal([str(one.path) for one in self.containers])})"
        )
        rows = {str(name): int(str(count)) for name, count in counted}
        return Counter(
            {number: rows[str(one.path)] for number, one in enumerate(self.containers, start=1)}
        )

    def _refuse_strangers(self, roles: Mapping[str, str]) -> None:
        """Raise DataError for a file that lacks a column all of its events would need."""
        for one in self.containers:
            have = {name.casefold() for name in one.dialect.columns} if one.dialect else None
            for role in REQUIRED:
                if have is not None and roles[role].casefold() not in have:
                    raise DataError(
                        f'{one.file.name} has no column "{roles[role]}", which holds the {role}'
                        " in the other files",
                        "load them into a database: hourglass load FILES --db events.duckdb",
                    )

    @staticmethod
    def _refuse_nothing(facts: Sequence[FileFacts], rejects: Rejects) -> None:
        if rejects.examples and not any(one.accepted for one in facts):
            raise DataError(
                "no row could be read as an event:\n" + "\n".join(rejects.examples),
                "name the columns under [columns] in hourglass.toml, or run hourglass init",
            )

    def _create(self, shape: Shape, rows: int, repeats: Counter[int]) -> Shape:
        """Make `events`; return the shape that says whether rows had to be left out.

        A table is made first and counted, so that the time of each row is read once.
        """
        if view_suffices := self.typed and view.is_cheap(shape.clock):
            shape = replace(shape, bad_rows=bool(self.staging.rows(shape.any_bad())))
        for old in ("VIEW", "TABLE"):
            if self.staging.rows(view.exists(old, self.name)):
                self.staging.rows(f"DROP {old} temp.{identifier(self.name)}")
        kind = "VIEW" if view_suffices else "TABLE"
        paths = [str(one.path) for one in self.containers] if self.numbered else None
        select = shape.select(bool(repeats), paths)
        self.staging.run(f"CREATE TEMP {kind} {identifier(self.name)} AS {select}")
        if view_suffices:
            return shape
        made = self.staging.rows(f"SELECT count(*) FROM {identifier(self.name)}")[0][0]
        return replace(shape, bad_rows=made != rows - repeats.total())

    def _all_columns(self, shape: Shape, found: Sequence[str]) -> dict[str, str]:
        made = self.staging.rows(f"DESCRIBE {identifier(self.name)}")
        columns = {str(name): str(kind) for name, kind, *_ in made}
        for name in view.source_names(found, shape.roles).values():
            columns.setdefault(name, "VARCHAR")
        return columns
