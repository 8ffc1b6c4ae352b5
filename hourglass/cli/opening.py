"""From flags to data: the database or the exports, the configuration, and how they are read."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hourglass import diagnostics
from hourglass.cli.configured import configuration
from hourglass.cli.flags import Flags
from hourglass.cli.reading import reading, refuse_typed
from hourglass.cli.stitching import alias_tables
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.queries import Catalog
    from hourglass.reading import Reading
    from hourglass.sources.attach import Attached

    Read = Callable[["Wanted"], Attached]


class Wanted(NamedTuple):
    """What is read of exports; of a database there is everything."""

    needed: Collection[str] | None = None
    """Columns beside those with roles; null is all."""
    name: str = "events"
    in_order: bool = False
    """Whether events have to stand in the order of the files."""


class Opened(NamedTuple):
    """Data that a command may read."""

    engine: "DuckDBEngine"
    config: "Config"
    """What the file says, or the database keeps."""
    reading: "Reading"
    read: "Read"


def check_data(flags: Flags, command: str = "funnel") -> None:
    """Raise UsageError unless either exports or a database were named."""
    if bool(flags.events) == bool(flags.db):
        raise UsageError(
            "name either exports or a database with --db", f"hourglass {command} export.csv"
        )


@contextmanager
def opened(flags: Flags, outputs: Sequence[Path] = (), wait: float = 0) -> Iterator[Opened]:
    """Open the database, or an empty one to read exports into.

    `outputs` are files that the engine itself may write; a database that is held is tried for
    `wait` seconds. Raises UsageError for a database and flags about the text of exports.
    """
    from hourglass.config import Config, parse_config
    from hourglass.database import open_database, stored_configuration
    from hourglass.engines.connect import connect
    from hourglass.engines.duckdb import DuckDBEngine

    if flags.db:
        refuse_typed(flags)
    config = configuration(flags.config)
    if flags.db:
        beside = [*outputs, *alias_tables(config)]
        connection, loaded = open_database(
            flags.db, flags.memory_limit, flags.threads, wait, beside
        )
        if config and loaded.roles:
            _tell_other_columns(flags.db, loaded.roles, config)
        stored = None if config else stored_configuration(connection)
        config = parse_config(stored, None) if stored else config
    else:
        connection = connect(memory_limit=flags.memory_limit, threads=flags.threads)
        loaded = None
    settled = config or Config()
    try:
        engine = DuckDBEngine(connection, catalog_of(flags, settled))
        how = reading(settled, flags)
        read = (lambda _: loaded) if loaded else _reader(engine, flags, settled, how)
        yield Opened(engine=engine, config=settled, reading=how, read=read)
    finally:
        connection.close()


def catalog_of(flags: Flags, config: "Config") -> "Catalog":
    """Take the files of queries that were typed or configured; warn of those that nothing reads."""
    from hourglass.queries import Catalog

    catalog = Catalog(flags.queries or config.queries)
    for idle in catalog.idle():
        diagnostics.warn(idle)
    return catalog


def _tell_other_columns(db: Path, loaded: Mapping[str, str], config: "Config") -> None:
    """Warn of columns that a configuration names, and whose place others took in a load."""
    for role, column in config.columns.items():
        kept = loaded.get(role)
        if kept is None or kept.casefold() != column.casefold():
            diagnostics.warn(
                f"[columns] {role} = {json.dumps(column, ensure_ascii=False)} has no say: {db} was"
                f" loaded with {json.dumps(kept, ensure_ascii=False) if kept else 'none'};"
                " load the exports into a new database"
            )


def _reader(engine: "DuckDBEngine", flags: Flags, config: "Config", how: "Reading") -> "Read":
    def read(wanted: Wanted) -> "Attached":
        from hourglass.engines.watching import timed
        from hourglass.sources.attach import attach
        from hourglass.sources.files import find_files, left_out

        files = find_files(flags.events or ())
        for note in left_out(flags.events or ()):
            diagnostics.note(note)
        with timed("reading of the exports"):
            return attach(
                engine.connection,
                files,
                config.columns,
                wanted.needed,
                name=wanted.name,
                reading=how._replace(in_order=wanted.in_order),
            )

    return read
