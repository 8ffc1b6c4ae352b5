"""The command `inspect`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.configured import configuration
from hourglass.cli.flags import Flags, reads
from hourglass.cli.reading_options import ReadingFlags
from hourglass.cli.stitching import who_is_who
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.reading import Reading
    from hourglass.result import Result
    from hourglass.sources.facts import Attached


@reads
def inspect(
    flags: ReadingFlags,
    events: options.Events = None,
    *,
    db: options.Db = None,
    config: options.Config = None,
    identity: Annotated[
        bool,
        typer.Option(
            "--identity",
            help="Say which ids are one person, by [identity], and what it does to the funnel.",
        ),
    ] = False,
    show_ids: Annotated[
        bool,
        typer.Option(
            "--show-ids", help="Show ids of odd people as they are.", rich_help_panel=options.OUTPUT
        ),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write it as a page too, which needs no network.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    memory_limit: options.MemoryLimit = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say what an export holds: files, columns, events, what is odd, what a load would reject.

    The stage of an event is the configured one, else one proposed from its name.

    Example: hourglass inspect export.csv
    """
    from hourglass.analyses.inspect import inspect as inspect_events
    from hourglass.cli.output import chosen_format, write, write_bytes
    from hourglass.cli.reading import reading, refuse_typed
    from hourglass.database import open_database
    from hourglass.engines.connect import connect
    from hourglass.engines.duckdb import DuckDBEngine

    if bool(events) == bool(db):
        raise UsageError(
            "name either exports or a database with --db", "hourglass inspect export.csv"
        )
    chosen_format(format, output)
    if db:
        refuse_typed(flags)
    if identity:
        question = Flags(
            **asdict(flags),
            events=events,
            db=db,
            config=config,
            memory_limit=memory_limit,
            threads=threads,
        )
        with asking(question) as asked:
            result = who_is_who(asked)
        write(result, format, output, color)
        return
    found = configuration(config)
    how = reading(found, flags)
    if db:
        connection, attached = open_database(db, memory_limit, threads)
    else:
        connection = connect(memory_limit=memory_limit, threads=threads)
        attached = _attached(connection, events or [], found, how)
    try:
        for note in attached.notes:
            diagnostics.note(note)
        engine = DuckDBEngine(connection)
        result = inspect_events(
            engine,
            attached,
            _stages(engine, found),
            datetime.now(UTC).replace(tzinfo=None),
            configured=None if db else (found.columns if found else {}),
            zones=not db and _has_zones(engine, attached, how),
            show_ids=show_ids,
        )
        page = _page(engine, result) if html else None
    finally:
        connection.close()
    write(result, format, output, color)
    if html and page:
        write_bytes(page, str(html))


def _page(engine: "DuckDBEngine", result: "Result") -> bytes:
    from hourglass.analyses.inspect import days
    from hourglass.render.html.quality import render_quality

    return render_quality(result, list(days(engine).iter_rows()))


def _has_zones(engine: "DuckDBEngine", attached: "Attached", how: "Reading") -> bool:
    """Put the times beside the events as they are written, where that can be."""
    from hourglass.offsets import attach_times

    files = [one.file for one in attached.files]
    return attach_times(engine, files, attached.roles["timestamp"], how)


def _attached(
    connection: "DuckDBPyConnection", events: list[str], config: "Config | None", how: "Reading"
) -> "Attached":
    from hourglass.sources.attach import attach
    from hourglass.sources.files import find_files

    try:
        columns = config.columns if config else {}
        return attach(connection, find_files(events), columns, reading=how)
    except BaseException:
        connection.close()
        raise


def _stages(engine: "DuckDBEngine", config: "Config | None") -> Mapping[str, Sequence[str]]:
    """Take the configured stages, else propose some."""
    from hourglass.config import choose_model
    from hourglass.proposal import propose_stages

    if config and config.models:
        return {stage.name: stage.events for stage in choose_model(config, None).stages}
    return propose_stages(engine.fetch("inspect/events")["event"].to_list())
