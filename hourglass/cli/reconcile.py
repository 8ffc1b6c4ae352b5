"""The command `reconcile`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.errors import UsageError


@asks
def reconcile(
    flags: Flags,
    *,
    show_ids: options.ShowIds = False,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count one funnel by the rules of several tools, and say which rule makes each difference.

    Example: hourglass reconcile export.csv --steps "ad_impression,order_paid" --window "7 days"
    """
    from hourglass.analyses.reconcile import reconcile as count
    from hourglass.cli.output import chosen_format, write

    if flags.by:
        raise UsageError("reconcile has no breakdown", "leave out --by")
    chosen_format(format, output)
    with asking(flags) as asked:
        result = count(asked.engine, asked.question, asked.delivery, show_ids=show_ids)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
