"""What all commands have in common: one way to fail, one plain help that is there at once.

The help is written without rich, whose import alone takes longer than everything else in it.
"""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from hourglass import diagnostics
from hourglass.errors import UsageError

# typer keeps the types of contexts and formatters to itself, hence Any.


class Command(TyperCommand):
    """A command whose help lists its options in panels, and whose options have values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Parse; the name of an option is no value of another, which would be a file `--help`."""
        options: list[Any] = [one for one in self.get_params(ctx) if one.opts[0].startswith("-")]
        names = {name for one in options for name in (*one.opts, *one.secondary_opts)}
        valued = {name for one in options if not one.is_flag for name in one.opts}
        words = args[: args.index("--")] if "--" in args else args
        for word, value in pairwise(words):
            if word in valued and value in names:
                wrong = f"option '{word}' requires an argument"
                raise UsageError(wrong, f"{ctx.command_path} --help")
        return super().parse_args(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write arguments, then options by panel."""
        _write_parameters(self.get_params(ctx), ctx, formatter)


class Group(TyperGroup):
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
                typer.echo(ctx.get_help())
            raise typer.Exit(diagnostics.ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the options, then the commands by panel."""
        _write_parameters(self.get_params(ctx), ctx, formatter)
        panels: dict[str, list[tuple[str, str]]] = {}
        for panel, name, summary in self.summaries():
            panels.setdefault(panel, []).append((name, summary))
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows)

    def summaries(self) -> Iterator[tuple[str, str, str]]:
        """Yield panel, name and first sentence of each command."""
        for name, command in self.commands.items():
            yield "Commands", name, command.get_short_help_str(200)

    def _run(self, words: list[str]) -> int:
        try:
            self._main_shell_completion({}, "hourglass")  # where a shell asks what may follow
            with self.make_context("hourglass", words) as ctx:
                self.invoke(ctx)
        except typer.Exit as stop:
            return stop.exit_code
        except typer.Abort:
            return diagnostics.ExitCode.INTERRUPTED
        except typer.TyperException as wrong:
            raise _usage_error(wrong) from wrong
        return diagnostics.ExitCode.DONE


def _write_parameters(parameters: Iterable[Any], ctx: Any, formatter: Any) -> None:  # noqa: ANN401
    panels: dict[str, list[tuple[str, str]]] = {}
    for parameter in parameters:
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        argument = parameter.param_type_name == "argument"
        panel = parameter.rich_help_panel or ("Arguments" if argument else "Options")
        # The name of an argument says what it is; its type (`<list[str]>`) would not.
        shown = (record[0].partition(" <")[0], record[1]) if argument else record
        panels.setdefault(panel, []).append(shown)
    # Options of no panel, --help among them, stand last.
    for panel in sorted(panels, key=lambda one: one == "Options"):
        with formatter.section(panel):
            formatter.write_dl(panels[panel])


def _usage_error(wrong: typer.TyperException) -> UsageError:
    text = wrong.format_message().rstrip(".").replace("Value error, ", "")  # pydantic's own
    ctx = getattr(wrong, "ctx", None)
    command = ctx.command_path if ctx else "hourglass"
    return UsageError(text[:1].lower() + text[1:], f"{command} --help")
