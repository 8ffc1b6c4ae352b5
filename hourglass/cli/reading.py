"""How an export is to be read, from the flags to one value, and what could not be read of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hourglass import diagnostics

if TYPE_CHECKING:
    from hourglass.config import Config
    from hourglass.reading import Reading


def reading(
    config: "Config | None",
    *,
    encoding: str | None = None,
    columns: str | None = None,
    source_tz: str | None = None,
    date_order: str | None = None,
    decimal: str | None = None,
    dedupe: str | None = None,
) -> "Reading":
    """Let flags beat `[source]` of the configuration; UsageError for one that makes no sense."""
    from hourglass.reading import Reading, parse_encoding, parse_names
    from hourglass.rules import parse_timezone

    typed: dict[str, Any] = {}
    if encoding is not None:
        typed["encoding"] = parse_encoding(encoding)
    if columns is not None:
        typed["columns"] = parse_names(columns)
    if source_tz is not None:
        typed["timezone"] = parse_timezone(source_tz)
    if date_order is not None:
        typed["date_order"] = date_order
    if decimal is not None:
        typed["decimal"] = decimal
    if dedupe is not None:
        typed["dedupe"] = parse_names(dedupe)
    return replace(config.source if config else Reading(), **typed)


def tell_rejected(rejected: int, rows: int, examples: Iterable[str]) -> None:
    """Warn of rows that had to be left out, with the first of them."""
    if rejected:
        shown = "".join(f"\n{example}" for example in examples)
        diagnostics.warn(f"{rejected:,} of {rows:,} rows cannot be events{shown}")
