"""The command `explain`: one person's events, and why each did or did not count."""

from collections.abc import Iterator
from typing import Annotated

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import again, asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.stitching import counted_as
from hourglass.errors import DataError, UsageError, quoted


@asks
def explain(
    flags: Flags,
    user: Annotated[
        str, typer.Argument(metavar="USER", help="The person's id, as in the data or in people.")
    ],
    *,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            min=0,
            metavar="N",
            help="Events to show besides those that count; those of stages first.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = 200,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show one person's events one by one, and why each did or did not count.

    Example: hourglass explain u-1042 export.csv --window "30 days"
    """
    from hourglass.analyses.explain import explain as told
    from hourglass.cli.output import chosen_format, write

    if flags.by:
        raise UsageError("--by breaks counts down; this is about one person", "leave out --by")
    chosen_format(format, output, pages=False)
    if flags.db is None and not flags.events:
        raise DataError("no events were named", f"hourglass explain {quoted(user)} export.csv")
    with asking(flags) as asked:
        person = counted_as(asked, user)
        result = told(
            asked.engine,
            asked.question,
            person,
            asked.delivery,
            limit,
            everybody=again(flags, "people", *_same(flags), "--all"),
        )
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, format, output, color)


def _same(flags: Flags) -> Iterator[str]:
    """Yield what says of which funnel and of whom a question is, as it was typed."""
    for name in ("config", "model", "steps", "count"):
        if (value := getattr(flags, name)) is not None:
            yield from (f"--{name}", str(value))
