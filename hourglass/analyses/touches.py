"""The one value of everybody for each column of a breakdown: their first or last touch."""

from hourglass.analyses.mapping import definition
from hourglass.analyses.question import Question
from hourglass.engines import Maker

KEPT = "channel"
"""The column that a database keeps with its stage events."""
DIRECTIONS = {"first_touch": 1, "last_touch": -1}
"""Which end of the touches of a person says the value."""


def touch(engine: Maker, question: Question, since_us: int, read_until_us: int) -> None:
    """Make `touches` (person_key, dimension, value) of the events between two instants.

    KeyError for an attribution that is no touch.
    """
    values = {
        "direction": DIRECTIONS[question.rules.attribution],
        "since_us": since_us,
        "read_until_us": read_until_us,
    }
    narrowed = any(stage.first_time or stage.nth for stage in question.model.stages)
    kept = engine.kept.get(definition(question))
    if narrowed:
        engine.make("touches", "breakdown/narrowed_touches", values)
    elif kept is not None and question.by == (KEPT,):
        engine.make("touches", "compact/touches", {**values, "model": kept})
    else:
        engine.make("touches", "breakdown/touches", values)


def touch_entries(engine: Maker, question: Question, query: str) -> None:
    """Make `touches` of the events that chosen attempts began with; reads `chosen`.

    `query` finds the events of their instants. Where one event fills one stage it reads `journeys`
    too, since not each of them need be left for the entry.
    """
    engine.make("entry_events", query, {"any_stage": question.rules.order == "any"})
    if question.claims:
        engine.make("entry_events", "breakdown/contested_entries")
    engine.make("touches", "breakdown/entry_touches")
