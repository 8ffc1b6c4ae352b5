"""How an export is to be read, from the flags to one value, and what could not be read of it."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hourglass import diagnostics
from hourglass.cli.reading_options import ReadingFlags
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.config import Config
    from hourglass.reading import Reading

_FIELDS = {"source_tz": "timezone", "source_format": "format"}
"""Flags that `Reading` has under another name."""


def typed(flags: ReadingFlags) -> dict[str, str]:
    """Return what was typed, by the name of each flag."""
    values = {one.name: getattr(flags, one.name) for one in fields(ReadingFlags)}
    return {name: value for name, value in values.items() if value is not None}


def refuse_typed(flags: ReadingFlags) -> None:
    """Raise UsageError if anything was typed: a database is read already."""
    if names := typed(flags):
        raise UsageError(
            f"--{next(iter(names)).replace('_', '-')} is about exports; a database is read already",
            "give it to hourglass load",
        )


def reading(config: "Config | None", flags: ReadingFlags) -> "Reading":
    """Let flags beat `[source]` of the configuration; UsageError for one that makes no sense."""
    from hourglass.reading import Reading

    return (config.source if config else Reading())._replace(**said(flags))


def said(flags: ReadingFlags) -> dict[str, Any]:
    """Return the fields of `Reading` that were typed; UsageError for one that makes no sense."""
    return {_FIELDS.get(name, name): _parsed(name, text) for name, text in typed(flags).items()}


def differing(how: "Reading") -> dict[str, object]:
    """Return what `[source]` must say for exports to be read so."""
    from hourglass.reading import Reading

    usual = Reading()
    return {
        name: value
        for name, value in how._asdict().items()
        if name != "formats" and value != getattr(usual, name)
    }


def _parsed(name: str, text: str) -> Any:  # noqa: ANN401  (a value of the field of that name)
    from hourglass.reading import parse_encoding, parse_names
    from hourglass.rules import parse_timezone

    parse: dict[str, Callable[[str], object]] = {
        "encoding": parse_encoding,
        "columns": parse_names,
        "source_tz": parse_timezone,
        "dedupe": parse_names,
    }
    return parse.get(name, str)(text)


def tell_rejected(rejected: int, rows: int, examples: Iterable[str]) -> None:
    """Warn of rows that had to be left out, with the first of them."""
    if rejected:
        shown = "".join(f"\n{example}" for example in examples)
        diagnostics.warn(f"{rejected:,} of {rows:,} rows cannot be events{shown}")
