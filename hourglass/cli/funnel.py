"""The command `funnel`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks


@asks
def funnel(
    flags: Flags,
    *,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count people through the stages: how many, which share, how fast, who is lost.

    Example: hourglass funnel export.csv --window "30 days" --by channel
    """
    from hourglass.analyses.funnel import funnel as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color)
