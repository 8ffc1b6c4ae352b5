"""The command `trend`."""

from typing import Annotated

import typer

from hourglass import diagnostics
from hourglass.calendar import Unit
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks

MOST = 2_000
"""Rows of a trend at most: more than that is a mistyped unit, or a wrong date in the data."""


@asks
def trend(
    flags: Flags,
    *,
    unit: Annotated[
        Unit,
        typer.Option(
            "--unit",
            help="How long a row is, by the day of entry.",
            rich_help_panel=options.QUESTION,
        ),
    ] = "week",
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count the funnel of each day, week or month of entry.

    Each row is what funnel says for the entries of that day, week or month alone. Rows whose
    entries still have time to go on are marked. With --by each value has such rows.

    Example: hourglass trend export.csv --unit week --window "30 days"
    """
    from hourglass.analyses.trend import trend as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.delivery, unit, MOST)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
