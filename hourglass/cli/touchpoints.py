"""The command `touchpoints`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but


@asks
def touchpoints(
    flags: Flags,
    *,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count each stage by channel: events, people, and the share that goes on to the next stage.

    And through which channel buyers came first and last. The channel is the column of that name,
    or [columns] channel = "utm_source"; [touchpoints] physical = ["store", "phone"] says which of
    them are places. The period binds events; the next stage may follow inside W, the window or 30
    days. --top is also the number of channels.

    Example: hourglass touchpoints export.csv --since 2026-01-01 --window "14 days"
    """
    from hourglass.analyses.touchpoints import touchpoints as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    refuse_rules_but(
        flags,
        "like",
        "count",
        "window",
        "range",
        "ties",
        "reuse",
        "where",
        "week_start",
        "attribution",
    )
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.config.touchpoints, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
