"""Exports into a database: one transaction, every row accounted for, the same file only once."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from hourglass.config import Config
from hourglass.database import SCHEMA_VERSION, TABLES, check_version
from hourglass.engines.connect import connect, translated
from hourglass.errors import DataError, OutputError
from hourglass.keeping import keep
from hourglass.reading import Reading
from hourglass.sources.attach import attach_containers, recognised
from hourglass.sources.container import Container
from hourglass.sources.facts import Attached, FileFacts
from hourglass.sources.files import SourceFile, find_files
from hourglass.sources.scans import FILE
from hourglass.sources.table import widen

INCOMING = "hourglass_incoming"

_NEW = f'SELECT * EXCLUDE ("{FILE}") FROM {INCOMING}'  # noqa: S608
_KNOWN = "event_id IN (SELECT event_id FROM events WHERE event_id IS NOT NULL)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What one load did."""

    files: tuple[FileFacts, ...]
    """The files read now; rows = accepted + rejected + duplicates in each."""
    known: tuple[str, ...] = ()
    """Files that were loaded before, by their content."""
    notes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """The first rejected rows, each as a sentence."""


def load(
    path: Path,
    arguments: Sequence[str],
    config: Config | None = None,
    *,
    reading: Reading | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> Loaded:
    """Add exports to the database at `path`, which is made if it is not there.

    All or nothing: on any failure the database stays as it was. Raises DataError for files that
    cannot be read, OutputError for a database that cannot be written or is held by another.
    """
    files = find_files(arguments)
    is_new = not path.exists()
    if not path.parent.is_dir():
        raise OutputError(f"there is no folder {path.parent}", f"mkdir -p {path.parent}")
    try:
        connection = connect(path, memory_limit=memory_limit, threads=threads)
        try:
            with translated(path):
                connection.execute("BEGIN")
                loaded = _Loading(connection, path, config or Config(), is_new, reading).run(files)
                connection.execute("COMMIT")
        finally:
            connection.close()
    except BaseException:  # an interrupt too must leave nothing behind
        if is_new:
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
        raise
    return loaded


def _alike(groups: Sequence[Sequence[Container]]) -> Iterator[list[Container]]:
    """Split files that have other columns: in these the roles may be played by others."""
    for group in groups:
        by_columns: dict[frozenset[str], list[Container]] = {}
        for one in group:
            names = one.dialect.columns if one.dialect else ()
            by_columns.setdefault(frozenset(map(str.casefold, names)), []).append(one)
        yield from by_columns.values()


def fingerprint(file: SourceFile) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    try:
        with file.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{file.name} may not be read: {error.strerror}") from error


class _Loading:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        config: Config,
        is_new: bool,
        reading: Reading | None,
    ) -> None:
        self.connection = connection
        self.config = config
        self.reading = reading or config.source
        if is_new:
            connection.execute(TABLES)
            self._note("schema_version", str(SCHEMA_VERSION))
        else:
            check_version(connection, path)

    def run(self, files: Sequence[SourceFile]) -> Loaded:
        new, known = self._unknown(files)
        facts: list[FileFacts] = []
        notes: list[str] = []
        examples: list[str] = []
        if new:
            groups, notes = recognised(list(new), self.reading)
            prints = {file.name: content for file, content in new.items()}
            for group in _alike(groups):
                attached = self._take(group)
                facts += self._booked(attached, prints)
                notes += [note for note in attached.notes if note not in notes]
                examples += attached.examples
        notes += keep(self.connection, self.config, changed=bool(new))
        return Loaded(
            files=tuple(facts), known=known, notes=tuple(notes), examples=tuple(examples[:3])
        )

    def _unknown(
        self, files: Sequence[SourceFile]
    ) -> tuple[dict[SourceFile, str], tuple[str, ...]]:
        """Tell files never loaded, with their fingerprints, from those that were."""
        rows = self.connection.execute("SELECT fingerprint FROM loads").fetchall()
        seen = {str(print_) for (print_,) in rows}
        new: dict[SourceFile, str] = {}
        known = []
        for file in files:
            content = fingerprint(file)
            if content in seen:
                known.append(file.name)
            else:
                new[file] = content
                seen.add(content)
        return new, tuple(known)

    def _take(self, group: Sequence[Container]) -> Attached:
        """Insert the events of some files; a known event id makes a row a duplicate."""
        attached = attach_containers(
            self.connection,
            group,
            columns=self.config.columns,
            name=INCOMING,
            numbered=True,
            reading=self.reading,
        )
        incoming = self._columns(INCOMING)
        incoming.pop(FILE)
        before = self._columns("events")
        for statement in widen("events", before, incoming):
            self.connection.execute(statement)
        repeated: Counter[int] = Counter()
        condition = ""
        if "event_id" in incoming and "event_id" in before:
            repeated = self._repeated()
            condition = f" WHERE event_id IS NULL OR NOT {_KNOWN}"
        self.connection.execute(f"INSERT INTO events BY NAME {_NEW}{condition}")
        if attached.rejected:
            self.connection.execute(f"INSERT INTO rejects BY NAME FROM {INCOMING}_rejects")
        self._remember(attached.roles)
        files = tuple(
            replace(one, duplicates=one.duplicates + repeated[number])
            for number, one in enumerate(attached.files, start=1)
        )
        return replace(attached, files=files)

    def _repeated(self) -> Counter[int]:
        rows = self.connection.execute(
            f'SELECT "{FILE}", count(*) FROM {INCOMING} WHERE {_KNOWN} GROUP BY ALL'  # noqa: S608
        ).fetchall()
        return Counter({int(number): int(count) for number, count in rows})

    def _booked(self, attached: Attached, prints: Mapping[str, str]) -> tuple[FileFacts, ...]:
        """Enter each file into the table of loads."""
        for one in attached.files:
            self.connection.execute(
                "INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?, ?, now() AT TIME ZONE 'UTC')",
                [one.file.name, prints[one.file.name], one.rows, one.accepted, one.rejected,
                 one.duplicates, one.format],
            )  # fmt: skip
        return attached.files

    def _columns(self, table: str) -> dict[str, str]:
        made = self.connection.execute(f"DESCRIBE {table}").fetchall()
        return {str(name): str(kind) for name, kind, *_ in made}

    def _remember(self, roles: Mapping[str, str]) -> None:
        row = self.connection.execute("SELECT value FROM meta WHERE key = 'roles'").fetchone()
        known = json.loads(row[0]) if row else {}
        self._note("roles", json.dumps({**roles, **known}))

    def _note(self, key: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])
