"""The command `paths`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but
from hourglass.errors import UsageError


@asks
def paths(
    flags: Flags,
    *,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Follow people from stage to stage, backward too: moves, times, and the routes they take.

    And how often buyers went back before they first bought. The period binds events. A first
    purchase is at the stage buy, later ones are at repeat. --top is also the number of routes.

    Example: hourglass paths export.csv --top 10 --by channel
    """
    from hourglass.analyses.paths import paths as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    refuse_rules_but(flags, "count", "where", "week_start", "attribution")
    if flags.as_of is not None:
        raise UsageError("--as-of has no say here: paths have no window", "end the period: --until")
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
