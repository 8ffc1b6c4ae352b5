"""The command `load`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.configured import configuration
from hourglass.cli.flags import reads
from hourglass.cli.progress import watching
from hourglass.cli.reading import said, tell_rejected
from hourglass.cli.reading_options import ReadingFlags
from hourglass.nouns import few_of, many

if TYPE_CHECKING:
    from hourglass.load import Loaded


@reads
def load(
    flags: ReadingFlags,
    events: Annotated[
        list[str],
        typer.Argument(
            metavar="EVENTS", help="Event exports: files, globs, folders, or - for standard input."
        ),
    ],
    *,
    db: Annotated[
        Path,
        typer.Option("--db", metavar="FILE", help="The database; made if it is not there."),
    ],
    config: options.Config = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Remove the earlier rows of files that have changed."),
    ] = False,
    max_rejects: Annotated[
        str | None,
        typer.Option(
            "--max-rejects",
            metavar="N|N%",
            help="Load nothing if more rows cannot be events, as 20 or 0.5%.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Write the rows that cannot be events to a file, .csv or .parquet.",
        ),
    ] = None,
    memory_limit: options.MemoryLimit = None,
    spill: Annotated[
        Path | None,
        typer.Option(
            "--spill",
            metavar="DIR",
            envvar="HOURGLASS_SPILL",
            help="Folder for what does not fit into memory; without it beside the database.",
            rich_help_panel=options.ENGINE,
        ),
    ] = None,
    threads: options.Threads = None,
    wait: options.Wait = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Load event exports into a DuckDB database, for questions with --db.

    A file that was loaded before changes nothing; one that has changed since needs --replace. Rows
    that are no events are kept in the table rejects, with file, line and reason.

    Example: hourglass load exports/*.csv.gz --db events.duckdb
    """
    from hourglass.load import Wishes, parse_limit
    from hourglass.load import load as load_events

    found = configuration(config)
    wishes = Wishes(
        said=said(flags),
        renew=replace,
        max_rejects=None if max_rejects is None else parse_limit(max_rejects),
        rejects=rejects,
        spill=spill,
    )
    with watching(quiet=quiet) as watch:
        loaded = load_events(
            db,
            events,
            found,
            wishes._replace(watch=watch),
            memory_limit=memory_limit,
            threads=threads,
            wait=wait,
        )
    _tell(loaded, db)


def _tell(loaded: "Loaded", db: Path) -> None:
    _tell_known(loaded.known)
    for name in loaded.replaced:
        diagnostics.note(f"{name} was loaded before with other content: its earlier rows are gone")
    for note in loaded.notes:
        diagnostics.note(note)
    rejected = sum(one.rejected for one in loaded.files)
    rows = sum(one.rows for one in loaded.files)
    tell_rejected(rejected, rows, loaded.examples)
    if loaded.files:
        accepted = sum(one.accepted for one in loaded.files)
        duplicates = sum(one.duplicates for one in loaded.files)
        diagnostics.note(
            f"loaded {many(accepted, 'event')} from {many(len(loaded.files), 'file')} into {db}"
            f" ({many(rows, 'row')} read: {accepted:,} +"
            f" {rejected:,} rejected + {duplicates:,} duplicates)"
        )


def _tell_known(names: Sequence[str]) -> None:
    """Say which files change nothing; of many, as where a folder is loaded every day, the first."""
    shown, more = few_of(names)
    for name in shown:
        diagnostics.note(f"{name} was loaded before; nothing changes")
    if more:
        diagnostics.note(f"so were {more:,} more files")
