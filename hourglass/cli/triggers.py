"""The command `triggers`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.config import Config

_SHOWN = 20
"""Events in the terminal, of each row of a breakdown."""


@asks
def triggers(
    flags: Flags,
    *,
    landmark: Annotated[
        str,
        typer.Option(
            "--landmark",
            metavar="SPAN",
            help="Time from the first entry in which events count.",
            rich_help_panel=options.QUESTION,
        ),
    ] = "7 days",
    horizon: Annotated[
        str,
        typer.Option(
            "--horizon",
            metavar="SPAN",
            help="Time after the landmark in which a first purchase counts.",
            rich_help_panel=options.QUESTION,
        ),
    ] = "30 days",
    configured: Annotated[
        bool,
        typer.Option(
            "--configured",
            help="Only the triggers of the configuration; no others are looked for.",
            rich_help_panel=options.QUESTION,
        ),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=1,
            metavar="N",
            help="The first N events; without it 20 in a table, all elsewhere.",
            rich_help_panel=options.QUESTION,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    html: options.Html = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find the events that go before buying, and count the triggers that are configured.

    Buyers and others had the same time to do them: what people did in the first days after
    their first entry, and who of them then bought. To configure one: [triggers.abandoned_cart]
    events = ["cart_add"], without = ["order_paid"], within = "24 hours".

    Example: hourglass triggers export.csv --landmark "7 days" --horizon "30 days"
    """
    from hourglass.analyses.triggers import Wanted
    from hourglass.analyses.triggers import triggers as count
    from hourglass.cli.output import chosen_format, write

    chosen = chosen_format(format, output)
    refuse_rules_but(flags, "like", "count", "window", "range", "attribution", "where")
    spans = _span("--landmark", landmark), _span("--horizon", horizon)
    with asking(flags, conditions=conditions) as asked:
        wanted = Wanted(
            configured=asked.config.triggers,
            find=not configured,
            landmark=spans[0],
            horizon=spans[1],
            most=_SHOWN if limit is None and chosen == "table" else limit,
        )
        result = count(asked.engine, asked.question, wanted, asked.delivery)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, chosen, output, color, html)


def conditions(config: "Config") -> Sequence[str]:
    """Return the predicates that configured triggers need beside those of stages."""
    from hourglass.analyses import triggers_configured

    return triggers_configured.conditions(config.triggers)


def _span(flag: str, text: str) -> timedelta:
    from hourglass.rules import parse_duration

    span = parse_duration(text)
    if not span:
        raise UsageError(f"{flag} is a time, and {text} is none", f'{flag} "7 days"')
    return span
