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
from hourglass.cli.flags import Flags, reads
from hourglass.cli.on_spark import opened_cluster
from hourglass.cli.opening import Wanted, check_data, opened
from hourglass.cli.reading_options import ReadingFlags
from hourglass.cli.stitching import who_is_who

if TYPE_CHECKING:
    from hourglass.cli.opening import Opened
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
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
    show_ids: options.ShowIds = False,
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
    engine: options.Engine = "duckdb",
    master: options.Master = None,
    memory_limit: options.MemoryLimit = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say what an export holds: files, columns, events, what is odd, what a load would reject.

    The stage of an event is the configured one, else one proposed from its name.

    Example: hourglass inspect export.csv
    """
    from hourglass.cli.output import chosen_format, write, write_bytes

    chosen_format(format, output)
    asked = Flags(
        **asdict(flags),
        events=events,
        db=db,
        config=config,
        engine=engine,
        master=master,
        memory_limit=memory_limit,
        threads=threads,
    )
    check_data(asked, "inspect")
    if identity:
        with asking(asked) as question:
            write(who_is_who(question, show_ids=show_ids), format, output, color, html)
        return
    with opened_cluster(asked) if engine == "spark" else opened(asked) as data:
        result, stages = _inspected(data, asked, show_ids=show_ids)
        page = _page(data.engine, result, stages) if html else None
    write(result, format, output, color)
    if html and page:
        write_bytes(page, str(html))


def _inspected(data: "Opened", flags: Flags, *, show_ids: bool) -> "tuple[Result, Sequence[str]]":
    """Read everything, say what was guessed of it, and look at it; return the stages too."""
    from hourglass.analyses.inspect import inspect as inspect_events

    from_database, from_file = bool(flags.db), not flags.db and flags.engine == "duckdb"
    attached = data.read(Wanted())
    for note in attached.notes:
        diagnostics.note(note)
    stages = _stages(data.engine, data.config)
    result = inspect_events(
        data.engine,
        attached,
        stages,
        datetime.now(UTC).replace(tzinfo=None),
        configured=None if from_database else data.config.columns,
        said=not from_database and data.reading.event_name is not None,
        zones=from_file and _has_zones(data, attached),
        show_ids=show_ids,
        id_columns=data.config.identity.columns if data.config.identity else (),
    )
    return result, list(stages)


def _page(engine: "DuckDBEngine", result: "Result", stages: "Sequence[str]") -> bytes:
    from hourglass.analyses.inspect import days
    from hourglass.render.html.quality import render_quality

    return render_quality(result, list(days(engine).iter_rows()), stages)


def _has_zones(data: "Opened", attached: "Attached") -> bool:
    """Put the times beside the events as they are written, where that can be."""
    from hourglass.offsets import attach_times

    files = [one.file for one in attached.files]
    return attach_times(data.engine, files, attached.roles["timestamp"], data.reading)


def _stages(engine: "DuckDBEngine", config: "Config") -> Mapping[str, Sequence[str]]:
    """Take the configured stages, else propose some."""
    from hourglass.config import choose_model
    from hourglass.proposals.stages import propose_stages

    if config.models:
        return {stage.name: stage.events for stage in choose_model(config, None).stages}
    return propose_stages(engine.fetch("inspect/events")["event"].to_list())
