"""Write docs/cli.md from the commands themselves: python -m tests.docs.reference."""

import inspect
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperOption
from typer.main import get_command

from hourglass.cli import app

CLI = Path(__file__).parents[2] / "docs" / "cli.md"

HEAD = """# Commands and options

Made from the commands' own help by `python -m tests.docs.reference`; a test compares them.
"""


def commands() -> dict[str, TyperCommand]:
    """Return all commands by name, in the order of the help."""
    return dict(get_command(app).commands)


def flags(option: TyperOption) -> list[str]:
    """Return all spellings of an option."""
    return [*option.opts, *option.secondary_opts]


def reference() -> str:
    """Return the whole text of docs/cli.md."""
    group = get_command(app)
    parts = [HEAD, *_options(group.params)]
    for name, command in commands().items():
        parts += [f"\n## hourglass {name}\n", *_command(command)]
    return "\n".join(parts) + "\n"


def _command(command: TyperCommand) -> Iterator[str]:
    yield inspect.cleandoc(command.help or "") + "\n"
    if command.epilog:
        yield f"{command.epilog}\n"
    for argument in command.params:
        if isinstance(argument, TyperArgument):
            yield f"`{argument.metavar or argument.human_readable_name}`: {argument.help}\n"
    yield from _options(command.params)


def _options(params: list[object]) -> Iterator[str]:
    yield "| option | meaning |\n|---|---|"
    for option in params:
        if isinstance(option, TyperOption) and not option.hidden:
            yield f"| {_spelling(option)} | {_in_cell(option.help or '')}{_default(option)} |"


def _spelling(option: TyperOption) -> str:
    value = "" if option.is_flag else f" {option.metavar or _choices(option)}"
    return ", ".join(f"`{flag}{_in_cell(value)}`" for flag in flags(option))


def _choices(option: TyperOption) -> str:
    return "|".join(chain(*map(get_args, _members(option.type_descriptor.annotation))))


def _members(annotation: object) -> tuple[object, ...]:
    return (annotation,) if get_origin(annotation) is Literal else get_args(annotation)


def _default(option: TyperOption) -> str:
    given = option.default
    said = isinstance(given, str | int) and not isinstance(given, bool)
    return f" Default: {given}." if said else ""


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    CLI.write_text(reference(), encoding="utf-8")
