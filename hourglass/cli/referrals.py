"""The command `referrals`."""

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but


@asks
def referrals(
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
    """Count what customers bring: K and its parts, how fast, through whom, and what it is worth.

    Who brought a person stands in the column of referrers: [columns] referrer = "invited_by".
    A referral counts inside the window after the referrer's first purchase, 30 days where there is
    none. --top is also the number of champions.

    Example: hourglass referrals export.csv --window "30 days" --by channel
    """
    from hourglass.analyses.referrals import RULES
    from hourglass.analyses.referrals import referrals as count
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output)
    refuse_rules_but(flags, *RULES)
    with asking(flags) as asked:
        result = count(
            asked.engine,
            asked.question,
            asked.delivery,
            show_ids=show_ids,
            columns=asked.attached.columns,
        )
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color, html)
