"""The command `funnel`."""

from typing import Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks


@asks
def funnel(
    flags: Flags,
    *,
    times: Annotated[
        bool,
        typer.Option(
            "--times",
            help="How many took how long: to each stage, and from the entry to the last.",
            rich_help_panel=options.QUESTION,
        ),
    ] = False,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count people through the stages: how many, which share, how fast, who is lost.

    Example: hourglass funnel export.csv --window "30 days" --by channel
    """
    from hourglass.analyses.funnel import funnel as count
    from hourglass.analyses.lower import with_lower_half
    from hourglass.analyses.times import refuse_by, with_times
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    with asking(flags) as asked:
        if times:
            refuse_by(asked.question)
        counted = count(asked.engine, asked.question, asked.delivery)
        if times:
            counted = with_times(asked.engine, asked.question, counted)
        result = with_lower_half(asked.engine, asked.question, counted)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
