"""The `hourglass` command: commands in panels, one way to fail."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hourglass import __version__, diagnostics
from hourglass.cli.funnel import funnel
from hourglass.cli.init import init
from hourglass.cli.inspect import inspect
from hourglass.cli.load import load
from hourglass.cli.report import report
from hourglass.cli.sample import sample
from hourglass.cli.sql import sql
from hourglass.errors import UsageError


class Hourglass(TyperGroup):
    """The group of all commands; however one fails, it is reported in the same way."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401  as the method it replaces
    ) -> Any:  # noqa: ANN401
        """Run the command line and exit by the table of exit codes."""
        words = list(sys.argv[1:] if args is None else args)
        code = diagnostics.run(lambda: self._run(words))
        if not standalone_mode:
            return code
        sys.exit(code)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Parse; without a single word print the help, to stderr, and exit 2."""
        if not args and not ctx.resilient_parsing:
            with contextlib.redirect_stdout(sys.stderr):
                typer.echo(ctx.get_help(), nl=False)
            raise typer.Exit(diagnostics.ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def _run(self, words: list[str]) -> int:
        try:
            with self.make_context("hourglass", words) as ctx:
                self.invoke(ctx)
        except typer.Exit as stop:
            return stop.exit_code
        except typer.Abort:
            return diagnostics.ExitCode.INTERRUPTED
        except typer.TyperException as wrong:
            raise _usage_error(wrong) from wrong
        return diagnostics.ExitCode.DONE


def _usage_error(wrong: typer.TyperException) -> UsageError:
    text = wrong.format_message().rstrip(".")
    ctx = getattr(wrong, "ctx", None)
    command = ctx.command_path if ctx else "hourglass"
    return UsageError(text[:1].lower() + text[1:], f"{command} --help")


app = typer.Typer(
    name="hourglass",
    cls=Hourglass,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
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
    "ask": (funnel,),
    "explain": (sql,),
    "deliver": (report,),
}
for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(_command.__name__, rich_help_panel=_panel)(_command)
