"""The `hourglass` command."""

from typing import Annotated

import typer

from hourglass import __version__, diagnostics
from hourglass.cli.commands import Hourglass

app = typer.Typer(
    name="hourglass",
    cls=Hourglass,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: hourglass funnel export.csv",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"hourglass {__version__}")
        raise typer.Exit


def _debug(value: bool) -> None:
    diagnostics.be(debug=value)


@app.callback()
def hourglass(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", callback=_debug, help="Print a traceback with every error."),
    ] = False,
) -> None:
    """Follow people through the seven stages of the marketing hourglass.

    From event exports (CSV, JSON, Parquet) to counts, rates, times and reports.
    """
