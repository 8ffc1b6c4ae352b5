"""What one load does inside its transaction: every row accounted for, no content twice."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from hourglass.arrivals import Earlier, keep_places, refuse_emptied, sort_files
from hourglass.config import Config
from hourglass.currencies import (
    REVENUE,
    keep_decimal,
    kept_decimal,
    remember_currencies,
    settle_revenue,
    told_currencies,
)
from hourglass.database import (
    LOAD,
    SCHEMA_VERSION,
    TABLES,
    check_version,
    kept_identity,
    roles,
)
from hourglass.engines.connect import lock_down
from hourglass.identity_keeping import keep_people
from hourglass.keeping import given, keep, read_otherwise
from hourglass.meeting import INCOMING, copies_there, meet, refuse_other_events, told_twice
from hourglass.meta import keep_value
from hourglass.rejected import keep_rejects, refuse_too_many, write_rejects
from hourglass.sources.attach import attach_containers, recognised
from hourglass.sources.container import Container
from hourglass.sources.copies import names_say
from hourglass.sources.facts import Attached, FileFacts, Known
from hourglass.sources.files import SourceFile
from hourglass.sources.scans import FILE
from hourglass.wishes import Loaded, Step, Wishes


def _size(files: Sequence[SourceFile]) -> int:
    """Return how many bytes the files have, packed as they are."""
    return sum(one.path.stat().st_size for one in files if one.path.exists())


def _alike(groups: Sequence[Sequence[Container]]) -> Iterator[list[Container]]:
    """Split files that have other columns: in these the roles may be played by others."""
    for group in groups:
        by_columns: dict[frozenset[str], list[Container]] = {}
        for one in group:
            names = one.dialect.columns if one.dialect else ()
            by_columns.setdefault(frozenset(map(str.casefold, names)), []).append(one)
        yield from by_columns.values()


class Intake:
    """A load, from files to committed tables; the transaction is its caller's."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        config: Config | None,
        wishes: Wishes,
        path: Path,
        is_new: bool,
    ) -> None:
        self.connection = connection
        self.wishes = wishes
        self.path = path
        self.notes: list[str] = []
        self.examples: list[str] = []
        self.widened = False
        self.mixed = False
        if is_new:
            connection.execute(TABLES)
            keep_value(connection, "schema_version", str(SCHEMA_VERSION))
        else:
            check_version(connection, path)
        self.config = config or given(connection) or Config()
        self.reading = self.config.source._replace(**wishes.said)

    def _begin(self, name: str, **amount: Any) -> None:  # noqa: ANN401  (the fields of a Step)
        if self.wishes.watch:
            self.wishes.watch(Step(name=name, done=self._percent, **amount))

    def _percent(self) -> float:
        """Return how far the engine is with what it does now; below 0 it cannot say."""
        try:
            return float(self.connection.query_progress())
        except duckdb.Error:  # it was closed meanwhile
            return -1.0

    def run(self, files: Sequence[SourceFile]) -> Loaded:
        """Add the files; DataError or UsageError as `load` says."""
        self._begin("comparing with what is there", size=_size(files))
        named = names_say(self.config.columns, self.reading)
        new, known, changed = sort_files(
            self.connection, files, renew=self.wishes.renew, named=named
        )
        self._forget(changed)
        self.notes += read_otherwise(self.connection, self.config)
        first, joined = self._next_number(), self._joins_ids()
        facts: list[FileFacts] = []
        if new:
            facts = self._read(new, changed, beside_known=bool(known))
        if self.wishes.rejects:
            write_rejects(self.connection, self.wishes.rejects)
        refuse_too_many(facts, self.wishes.max_rejects, self.examples)
        named = bool(self.config.columns.get(REVENUE))
        renewed = settle_revenue(self.connection, named=named) or bool(new or changed)
        if not self.mixed:  # else it was said of the files
            self.notes += told_currencies(self.connection)
        self._begin("joining ids, matching stages")
        others, told = keep_people(self.connection, self.config, changed=renewed)
        only_more = not (changed or self.widened or joined or self._joins_ids())
        since = first if only_more else None
        others = renewed or others
        self.notes += told
        # all is read: from here on conditions of the configuration run, which need no file
        lock_down(self.connection, [], ordered=True)
        self.notes += keep(
            self.connection, self.config, self.path, changed=others, first_load=since
        )
        return Loaded(
            files=tuple(facts),
            known=tuple(known),
            replaced=tuple(dict.fromkeys(one.file for one in changed)),
            notes=tuple(dict.fromkeys(self.notes)),
            examples=tuple(self.examples[:3]),
        )

    def _joins_ids(self) -> bool:
        return kept_identity(self.connection).signature is not None

    def _forget(self, changed: Collection[Earlier]) -> None:
        """Remove all that earlier loads brought."""
        if not changed:
            return
        numbers = {"numbers": [one.number for one in changed]}
        among = "IN (SELECT unnest($numbers))"
        self.connection.execute(
            f"DELETE FROM rejects WHERE file IN (SELECT file FROM loads WHERE number {among})",  # noqa: S608
            numbers,
        )
        self.connection.execute(f'DELETE FROM loaded_events WHERE "{LOAD}" {among}', numbers)  # noqa: S608
        self.connection.execute(f"DELETE FROM loads WHERE number {among}", numbers)  # noqa: S608
        others = 'SELECT count(*) FROM loads WHERE "duplicate" > 0'
        if self.connection.execute(others).fetchall() != [(0,)]:
            self.notes.append(
                "rows of other files that were duplicates of the rows removed do not come back;"
                " a new database of all files has them"
            )

    def _read(
        self, new: Mapping[SourceFile, str], changed: Mapping[Earlier, str], *, beside_known: bool
    ) -> list[FileFacts]:
        """Take new files; an empty one is none, and beside known ones no reason to fail again."""
        groups, notes = recognised(list(new), self.reading, may_be_empty=beside_known)
        refuse_emptied(new, {one.file for group in groups for one in group}, changed)
        self.notes += notes
        prints = {file.name: print_ for file, print_ in new.items()}
        facts: list[FileFacts] = []
        for group in _alike(groups):
            first = self._next_number()
            place = (len(facts) + 1, len(facts) + len(group), len(new))
            self._begin("reading", files=place, size=_size([one.file for one in group]))
            attached = self._take(group, first)
            self._book(attached, prints, first)
            numbers = range(first, first + len(attached.files))
            remember_currencies(self.connection, numbers, attached.currencies)
            self.mixed |= len(attached.currencies) > 1
            facts += attached.files
            self.notes += attached.notes
            self.examples += attached.examples
        return facts

    def _next_number(self) -> int:
        rows = self.connection.execute("SELECT coalesce(max(number), 0) + 1 FROM loads").fetchall()
        return int(rows[0][0])

    def _take(self, group: Sequence[Container], first: int) -> Attached:
        """Insert the events of some files, but those whose key is there already."""
        attached = attach_containers(
            self.connection,
            group,
            columns=self.config.columns,
            name=INCOMING,
            numbered=True,
            reading=self.reading,
            known=Known(roles(self.connection), kept_decimal(self.connection)),
        )
        met = meet(self.connection)
        self.widened |= met.widened
        self.notes += met.notes
        copies = copies_there(self.connection, attached.key, whole=self.reading.dedupe == ("row",))
        repeated: Counter[int] = Counter()
        if copies:
            rows = self.connection.execute(
                f'SELECT "{FILE}", count(*) FROM {INCOMING} AS i WHERE {copies} GROUP BY ALL'  # noqa: S608
            ).fetchall()
            repeated = Counter({int(number): int(count) for number, count in rows})
        if repeated and attached.key is None and "event_id" not in self.config.columns:
            self.notes += refuse_other_events(
                self.connection, copies, attached.roles["event_id"], repeated.total()
            )
        if not (copies or self.reading.dedupe):
            self.notes += told_twice(self.connection, attached.files[0].file.name)
        self._begin("storing", rows=sum(one.accepted for one in attached.files))
        self.connection.execute(
            f'INSERT INTO loaded_events BY NAME SELECT * EXCLUDE ("{FILE}"){met.casts},'  # noqa: S608
            f' "{FILE}" + {first - 1} AS "{LOAD}" FROM {INCOMING} AS i'
            f"{f' WHERE NOT ({copies})' if copies else ''}"
        )
        keep_rejects(self.connection, attached)
        self._remember(attached.roles)
        keep_decimal(self.connection, attached.decimal)
        files = tuple(
            one._replace(duplicates=one.duplicates + repeated[number])
            for number, one in enumerate(attached.files, start=1)
        )
        return attached._replace(files=files)

    def _book(self, attached: Attached, prints: Mapping[str, str], first: int) -> None:
        """Enter each file into the table of loads."""
        for number, one in enumerate(attached.files, start=first):
            self.connection.execute(
                "INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?, ?, ?, now() AT TIME ZONE 'UTC')",
                [number, one.file.name, prints[one.file.name], one.rows, one.accepted,
                 one.rejected, one.duplicates, one.format],
            )  # fmt: skip
        keep_places(
            self.connection, {n: one.file for n, one in enumerate(attached.files, start=first)}
        )

    def _remember(self, found: Mapping[str, str]) -> None:
        keep_value(self.connection, "roles", json.dumps({**found, **roles(self.connection)}))
