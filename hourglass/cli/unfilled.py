"""Names of `--by` and of predicates that lead into nested columns and find nothing there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hourglass import diagnostics
from hourglass.errors import nearest

if TYPE_CHECKING:
    from hourglass.analyses.question import Question
    from hourglass.engines.duckdb import DuckDBEngine


def tell_unfilled(engine: "DuckDBEngine", question: "Question") -> None:
    """Warn of paths that no event has a value at, which a mistyped key leads to.

    A column that is there is what was meant, filled or not; a key in a nested column is known by
    its values alone.
    """
    from hourglass.scope import scope_view

    columns = engine.event_columns() or {}
    for name in _paths(question, columns):
        engine.view("dimension_asked", scope_view(columns, by=[name]))
        if not engine.ask("inspect/filled").first()["filled"]:
            guess = "" if "." in name else nearest(name, columns)
            diagnostics.warn(f'no event has a value of "{name}"{guess}')


def _paths(question: "Question", columns: Mapping[str, str]) -> list[str]:
    """List the names that are of no column, each once."""
    from hourglass.paths_in_predicates import nested_paths

    have = {name.casefold() for name in columns}
    predicates = [
        *question.model.predicates,
        *([question.rules.where] if question.rules.where else []),
    ]
    by = [one for one in question.by if not (one == "persona" and question.personas)]
    names = [*by, *(name for text in predicates for name in nested_paths(text, columns))]
    return list(dict.fromkeys(name for name in names if name.casefold() not in have))
