"""`hourglass sample`: an event log to try things on, with known truth."""

from pathlib import Path
from typing import Annotated

import typer

from hourglass import diagnostics
from hourglass.cli.options import OUTPUT, Quiet


def sample(
    people: Annotated[
        int, typer.Option("--people", min=1, metavar="N", help="How many people to follow.")
    ] = 6_000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Equal seeds give equal logs.")
    ] = 1,
    weeks: Annotated[
        int, typer.Option("--weeks", min=1, max=520, metavar="N", help="Length of the log.")
    ] = 13,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A .parquet or .csv file, replaced in one step; - is CSV on standard output.",
            rich_help_panel=OUTPUT,
        ),
    ] = Path("sample_events.parquet"),
    quiet: Quiet = False,
) -> None:
    """Write an event log to try things on: made up, always the same, its truth known.

    Example: hourglass sample --people 500 --seed 7 -o trial.csv
    """
    from hourglass.cli.output import write_bytes
    from hourglass.sample.files import check_ending, csv, write
    from hourglass.sample.log import generate

    piped = str(output) == "-"
    if not piped:
        check_ending(output)
    made = generate(people, seed, weeks)
    if piped:
        write_bytes(csv(made.frame))
    else:
        write(made.frame, output)
        typer.echo(str(output))
    diagnostics.note(
        f"{made.truth.rows:,} events of {people:,} people in {weeks}"
        f" {'week' if weeks == 1 else 'weeks'} from 2026-01-05"
    )
