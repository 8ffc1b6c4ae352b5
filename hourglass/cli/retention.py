"""The command `retention`."""

from typing import Annotated, Literal

import typer

from hourglass import diagnostics
from hourglass.calendar import Unit
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but

MOST = 400
"""Days, weeks or months of a grid at most: it has half as many cells as their square."""


@asks
def retention(
    flags: Flags,
    *,
    unit: Annotated[
        Unit,
        typer.Option(
            "--unit",
            help="How long a row and a column of the grid are.",
            rich_help_panel=options.QUESTION,
        ),
    ] = "month",
    value: Annotated[
        Literal["people", "revenue"],
        typer.Option(
            "--value",
            help="What the grid shows: the share that bought again, or the revenue a buyer.",
            rich_help_panel=options.QUESTION,
        ),
    ] = "people",
    purchases: Annotated[
        int,
        typer.Option(
            "--purchases",
            metavar="N",
            min=1,
            help="How many purchases the repeat curve follows.",
            rich_help_panel=options.QUESTION,
        ),
    ] = 10,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Follow buyers by when they first bought: who buys again, how soon, who has stopped.

    A purchase is an event of the stage buy or repeat; the period binds first purchases. The window
    (30 days where there is none) is how long the next purchase may take in the repeat curve.

    Example: hourglass retention export.csv --unit month --window "60 days"
    """
    from hourglass.analyses.retention import RULES
    from hourglass.analyses.retention import retention as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    refuse_rules_but(flags, *RULES)
    with asking(flags) as asked:
        result = count(
            asked.engine,
            asked.question,
            asked.delivery,
            unit=unit,
            value=value,
            purchases=purchases,
            most=MOST,
        )
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
