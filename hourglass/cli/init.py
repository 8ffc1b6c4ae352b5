"""`hourglass init`: a commented configuration for an export."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli.flags import reads
from hourglass.cli.options import OUTPUT, Config, Db, Events, Quiet
from hourglass.cli.reading import differing, reading, refuse_typed
from hourglass.cli.reading_options import ReadingFlags
from hourglass.errors import ConfigError, UsageError, shown
from hourglass.stages import HOURGLASS, MIN_STAGES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from hourglass.config import Config as Configuration
    from hourglass.identity_proposal import TwoIds
    from hourglass.reading import Reading
    from hourglass.sources.facts import Attached
    from hourglass.sources.files import SourceFile

_COUNTS = "SELECT event, count(*) FROM events GROUP BY event ORDER BY count(*) DESC, event"
_IDS = "hourglass_ids"
"""The table of exports once more, with the column of a second id."""
_NAMED = 6
"""So many events of a stage are named on the screen; the file has them all."""


@reads
def init(
    flags: ReadingFlags,
    events: Events = None,
    *,
    db: Db = None,
    config: Config = None,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to FILE; - is standard output.",
            rich_help_panel=OUTPUT,
        ),
    ] = "hourglass.toml",
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace the file if it is there.", rich_help_panel=OUTPUT),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented configuration for an export: its columns, its events by stage.

    The stages are proposed from the names of the events: correct them in the file.

    Columns that a configuration names already are taken over, the others guessed. How the export
    is to be read is written down as typed; a format that its content tells needs no word.

    Example: hourglass init export.csv
    """
    from hourglass.proposal import propose_stages
    from hourglass.proposal_text import write_config
    from hourglass.tomltext import parse_toml

    if bool(events) == bool(db):
        raise UsageError("name either exports or a database with --db", "hourglass init export.csv")
    if db:
        refuse_typed(flags)
    _check_output(output, force)
    columns, known = _known(config)
    how = reading(known, flags)
    roles, counts, two_ids = _contents(events or [], db, columns, how)
    stages = propose_stages([name for name, _ in counts])
    source = differing(how)
    formats = parse_toml(known.text, "").data.get("formats") if known else None
    proposed = None if known and known.identity else two_ids
    text = write_config(
        roles, counts, stages, source=source, formats=formats, identity=_written(proposed)
    )
    _deliver(text, output)
    _tell(stages, counts)
    if proposed:
        diagnostics.note(
            f"{shown(proposed.column)} names people before they are known: [identity], written as a"
            " comment, joins both ids"
        )
    if len(stages) < MIN_STAGES:
        diagnostics.warn(_to_fill_in(stages, output))
    elif output != "-":
        diagnostics.note(f"next: {_next(events or [], db, output)}")


def _written(found: "TwoIds | None") -> dict[str, object] | None:
    from hourglass.identity_proposal import PERSON

    return {**found._asdict(), "person": PERSON} if found else None


def _check_output(output: str, force: bool) -> None:
    if output != "-" and not force and Path(output).exists():
        raise UsageError(
            f"{output} is there already", "add --force to replace it, or name another with --output"
        )


def _contents(
    events: list[str], db: Path | None, columns: dict[str, str], how: "Reading"
) -> tuple[Mapping[str, str], list[tuple[str, int]], "TwoIds | None"]:
    """Return the columns by role, the names of events with their counts, and a second id.

    Most frequent events come first.
    """
    from hourglass.database import open_database
    from hourglass.engines.connect import connect, translated

    connection = open_database(db)[0] if db else connect()
    two_ids = None
    try:
        if not db:
            found, two_ids = _attach(connection, events, columns, how)
            columns = {**columns, **found}
        with translated(db):
            counted = connection.execute(_COUNTS).fetchall()
    finally:
        connection.close()
    return columns, [(str(name), int(count)) for name, count in counted], two_ids


def _known(config: Path | None) -> "tuple[dict[str, str], Configuration | None]":
    """Return the columns of the configuration there is, and itself; a broken one is replaced."""
    from hourglass.config import find_config

    try:
        known = find_config(config, Path())
    except ConfigError as error:
        if config:
            raise
        diagnostics.warn(f"its columns are not taken over: {error.problems[0]}")
        return {}, None
    return (dict(known.columns), known) if known else ({}, None)


def _attach(
    connection: "DuckDBPyConnection",
    events: list[str],
    columns: Mapping[str, str],
    how: "Reading",
) -> "tuple[Mapping[str, str], TwoIds | None]":
    """Put the exports on the connection, say what was assumed; return the columns by role.

    Those of a format, and what every row is, are known without being written down. With them comes
    the column that names people before they are known, if there is one.
    """
    from hourglass.sources.attach import attach
    from hourglass.sources.files import find_files

    files = find_files(events)
    attached = attach(connection, files, columns, needed=(), reading=how)
    for text in attached.notes:
        diagnostics.note(text)
    if attached.rejected:
        diagnostics.warn(f"{attached.rejected:,} of {attached.rows:,} rows are no events")
    two_ids = _second_id(connection, files, columns, how, attached)
    if attached.source_format:
        return {}, two_ids
    return {role: name for role, name in attached.roles.items()
            if role != "event" or not how.event_name}, two_ids  # fmt: skip


def _second_id(
    connection: "DuckDBPyConnection",
    files: "Sequence[SourceFile]",
    columns: Mapping[str, str],
    how: "Reading",
    attached: "Attached",
) -> "TwoIds | None":
    """Look at the ids of a column that stands in for the user, which is read for that."""
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.identity_proposal import anonymous_column, two_ids
    from hourglass.sources.attach import attach

    column = anonymous_column(list(attached.columns), attached.roles)
    if column is None:
        return None
    again = attach(connection, files, columns, needed=(column,), name=_IDS, reading=how)
    return two_ids(DuckDBEngine(connection), column, again.columns, again.roles, _IDS)


def _deliver(text: str, output: str) -> None:
    if output == "-":
        from hourglass.cli.output import write_text

        write_text(text)
    else:
        from hourglass.files import replace_file

        replace_file(Path(output), text.encode())
        typer.echo(output)


def _tell(stages: Mapping[str, Sequence[str]], counts: Sequence[tuple[str, int]]) -> None:
    lines = [f"{stage} = {_some(names)}" for stage, names in stages.items()]
    claimed = {name for names in stages.values() for name in names}
    left = sum(name not in claimed for name, _ in counts)
    if lines and left:
        lines.append(f"{left:,} of {len(counts):,} names of events are in no stage")
    if lines:
        diagnostics.note("\n".join(["stages, by the names of their events:", *lines]))


def _to_fill_in(stages: Mapping[str, Sequence[str]], output: str) -> str:
    empty = ", ".join(stage for stage in HOURGLASS if stage not in stages)
    where = "the configuration" if output == "-" else output
    return (
        f"fewer than {MIN_STAGES} stages could be told from the names of events;"
        f" fill in [stages] in {where}: {empty}"
    )


def _some(names: Sequence[str]) -> str:
    words = [shown(name, 40) for name in names[:_NAMED]]
    more = len(names) - len(words)
    return ", ".join([*words, *([f"and {more} more"] if more > 0 else [])])


def _next(events: list[str], db: Path | None, output: str) -> str:
    words = ["hourglass", "funnel", *(["--db", str(db)] if db else events)]
    if Path(output) != Path("hourglass.toml"):
        words += ["--config", output]
    return shlex.join(words)
