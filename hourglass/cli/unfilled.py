"""Names of `--by` that lead into nested columns and find nothing there."""

from typing import TYPE_CHECKING

from hourglass import diagnostics
from hourglass.errors import nearest

if TYPE_CHECKING:
    from hourglass.analyses.question import Question
    from hourglass.engines.duckdb import DuckDBEngine


def tell_unfilled(engine: "DuckDBEngine", question: "Question") -> None:
    """Warn of dimensions that no event has a value of, which a mistyped key is.

    A column that is there is what was meant, filled or not; a key in a nested column is known by
    its values alone.
    """
    from hourglass.scope import scope_view

    columns = engine.event_columns() or {}
    have = {name.casefold() for name in columns}
    for name in question.by:
        if name.casefold() in have or (name == "persona" and question.personas):
            continue
        engine.view("dimension_asked", scope_view(columns, by=[name]))
        if not engine.fetch("inspect/filled")["filled"][0]:
            diagnostics.warn(f'no event has a value of "{name}"{nearest(name, columns)}')
