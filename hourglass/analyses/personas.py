"""`--by persona`: named predicates about events, of which a person may satisfy several or none."""

from hourglass.analyses.numbering import keys
from hourglass.analyses.question import Question
from hourglass.engines import Maker
from hourglass.scope import keyed_view, scope_view


def spread(engine: Maker, question: Question, values: str) -> None:
    """Put everybody in the table `values` (person_key, by_values) into the rows of their personas.

    Does nothing where the question is not broken down by persona. Raises
    UsageError for a predicate or a column that does not fit.
    """
    if question.persona_dimension is None:
        return
    names = question.personas
    view = scope_view(
        engine.event_columns(),
        count=question.rules.count,
        predicates=tuple(names.values()),
        dialect=engine.dialect,
    )
    engine.view("persona_events", keyed_view(view, keys(engine, question)))
    engine.define(
        "personas",
        {"persona": "VARCHAR", "bit": "BIGINT"},
        [(name, 1 << place) for place, name in enumerate(names)],
    )
    engine.make("memberships", "personas/memberships")
    if values != "person_values":
        engine.alias("person_values", values)
    engine.make(values, "personas/person_values", {"dimension": question.persona_dimension})


def fold(engine: Maker, question: Question) -> None:
    """Have nobody twice in a row of `segments`."""
    if question.persona_dimension is not None:
        engine.make("segments", "personas/segments")
