"""The command `friction`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but


@asks
def friction(
    flags: Flags,
    *,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count who tried to do a stage, who failed, and who got it done after all.

    [friction] of the configuration names the events of attempts and of failures, stage by stage;
    hourglass init export.csv proposes them where the names of events say so. The period binds
    attempts and failures; a stage has W, the window or 30 days, to be done. Here --by reads the
    failing event: which browser fails, which version.

    Example: hourglass friction export.csv --by device
    """
    from hourglass.analyses.friction import friction as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    refuse_rules_but(flags, "like", "count", "window", "range", "where", "week_start")
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.config.friction, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
