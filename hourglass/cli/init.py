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
    from hourglass.config import Config as Configuration
    from hourglass.identity_proposal import TwoIds
    from hourglass.proposals.around import Around

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

    The stages are proposed from the names of the events, and what stands around them: attempts and
    failures, reasons to act, physical channels, kinds of people. Correct them in the file.

    Columns that a configuration names already are taken over, the others guessed. How the export
    is to be read is written down as typed; a format that its content tells needs no word.

    Example: hourglass init export.csv
    """
    from hourglass.cli.contents import contents_of
    from hourglass.proposals.around import propose_around
    from hourglass.proposals.stages import propose_stages
    from hourglass.proposals.text import write_config
    from hourglass.tomltext import parse_toml

    if bool(events) == bool(db):
        raise UsageError("name either exports or a database with --db", "hourglass init export.csv")
    if db:
        refuse_typed(flags)
    _check_output(output, force)
    columns, known = _known(config)
    how = reading(known, flags)
    there = contents_of(events or [], db, columns, how)
    names = [name for name, _ in there.counts]
    stages = propose_stages(names)
    around = propose_around(stages, names, there.channels, there.about_people, there.kinds)
    proposed = None if known and known.identity else there.two_ids
    text = write_config(
        there.roles,
        there.counts,
        stages,
        source=differing(how),
        formats=parse_toml(known.text, "").data.get("formats") if known else None,
        identity=_written(proposed),
        around=around,
    )
    _deliver(text, output)
    _tell(stages, there.counts)
    _tell_around(around)
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


def _tell_around(around: "Around") -> None:
    told = {
        "friction": [
            f"{stage} attempted by {_some(attempted)}, failed by {_some(failed)}"
            for stage, (attempted, failed) in around.friction.items()
        ],
        "triggers": [
            f"{name} by {_some(events)}" for name, (events, _, _) in around.triggers.items()
        ],
        "personas": [_some(list(around.personas))] if around.personas else [],
        "physical channels": [_some(around.physical)] if around.physical else [],
    }
    lines = [f"{what}: {'; '.join(found)}" for what, found in told.items() if found]
    if lines:
        diagnostics.note("\n".join(["around the stages:", *lines]))


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
