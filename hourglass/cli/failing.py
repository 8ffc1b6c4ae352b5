"""Conditions that fail on an event, as where a cast meets a text that is no number."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hourglass.errors import ConditionsError, DataError

if TYPE_CHECKING:
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine


@contextmanager
def naming(
    engine: "DuckDBEngine", conditions: Iterable[str | None], config: "Config"
) -> Iterator[None]:
    """Let what fails on the data say which conditions do, if any does, and where they stand."""
    from hourglass.conditions import located

    try:
        yield
    except DataError as problem:
        reasons = {one: _reason(engine, one) for one in conditions if one is not None}
        found = [(written, reason) for written, reason in reasons.items() if reason]
        if not found:
            raise
        named = located(ConditionsError(found), config)
        raise DataError(named.message, problem.hint) from problem


def _reason(engine: "DuckDBEngine", condition: str) -> str | None:
    """Say why a condition cannot be asked of every event; null if it can."""
    from hourglass.engines.connect import translated
    from hourglass.scope import scope_view

    engine.view("condition_asked", scope_view(engine.event_columns(), inside=condition))
    try:
        with translated():
            engine.connection.execute("SELECT count_if(inside) FROM condition_asked").fetchall()
    except DataError as problem:
        return problem.message.removeprefix("Conversion Error: ")
    return None
