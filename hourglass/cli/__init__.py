"""The `hourglass` command: its commands in panels."""

from collections.abc import Callable
from typing import Annotated

import typer

from hourglass import __version__, diagnostics
from hourglass.cli.check import check
from hourglass.cli.compare import compare
from hourglass.cli.doctor import doctor
from hourglass.cli.explain import explain
from hourglass.cli.friction import friction
from hourglass.cli.funnel import funnel
from hourglass.cli.group import Command, Group
from hourglass.cli.init import init
from hourglass.cli.inspect import inspect
from hourglass.cli.load import load
from hourglass.cli.paths import paths
from hourglass.cli.people import people
from hourglass.cli.reconcile import reconcile
from hourglass.cli.referrals import referrals
from hourglass.cli.report import report
from hourglass.cli.retention import retention
from hourglass.cli.sample import sample
from hourglass.cli.sql import sql
from hourglass.cli.touchpoints import touchpoints
from hourglass.cli.trend import trend
from hourglass.cli.triggers import triggers

app = typer.Typer(
    name="hourglass",
    cls=Group,
    add_completion=False,
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


_PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "set up": (init, inspect, load, sample),
    "ask": (funnel, trend, compare, retention, referrals, triggers, touchpoints, paths, friction),
    "explain": (people, explain, reconcile, sql),
    "deliver": (report, check, doctor),
}
for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(_command.__name__, cls=Command, rich_help_panel=_panel)(_command)
