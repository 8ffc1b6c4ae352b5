"""The command `load`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options

if TYPE_CHECKING:
    from hourglass.load import Loaded


def load(  # noqa: PLR0917  (a command is its options)
    events: Annotated[
        list[str],
        typer.Argument(
            metavar="EVENTS", help="Event exports: files, globs, folders, or - for standard input."
        ),
    ],
    db: Annotated[
        Path,
        typer.Option("--db", metavar="FILE", help="The database; made if it is not there."),
    ],
    config: options.Config = None,
    encoding: options.Encoding = None,
    columns: options.Columns = None,
    source_tz: options.SourceTz = None,
    date_order: options.DateOrder = None,
    decimal: options.Decimal = None,
    dedupe: options.Dedupe = None,
    memory_limit: options.MemoryLimit = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Load event exports into a DuckDB database, for questions with --db.

    A file that was loaded before changes nothing. Rows that are no events are kept in the table
    rejects, with file, line and reason.

    Example: hourglass load exports/*.csv.gz --db events.duckdb
    """
    from hourglass.cli.reading import reading
    from hourglass.config import find_config
    from hourglass.load import load as load_events

    found = find_config(config, Path.cwd())
    how = reading(
        found,
        encoding=encoding,
        columns=columns,
        source_tz=source_tz,
        date_order=date_order,
        decimal=decimal,
        dedupe=dedupe,
    )
    loaded = load_events(db, events, found, reading=how, memory_limit=memory_limit, threads=threads)
    _tell(loaded, db)


def _tell(loaded: "Loaded", db: Path) -> None:
    for name in loaded.known:
        diagnostics.note(f"{name} was loaded before; nothing changes")
    for note in loaded.notes:
        diagnostics.note(note)
    rejected = sum(one.rejected for one in loaded.files)
    if rejected:
        rows = sum(one.rows for one in loaded.files)
        examples = "".join(f"\n{example}" for example in loaded.examples)
        diagnostics.warn(f"{rejected:,} of {rows:,} rows cannot be events{examples}")
    if loaded.files:
        accepted = sum(one.accepted for one in loaded.files)
        duplicates = sum(one.duplicates for one in loaded.files)
        diagnostics.note(
            f"loaded {_count(accepted, 'event')} from {_count(len(loaded.files), 'file')} into {db}"
            f" ({rejected:,} rejected, {duplicates:,} duplicates)"
        )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
