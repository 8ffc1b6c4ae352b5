"""The one value of everybody for each column of a breakdown: their first or last touch."""

from hourglass.analyses.attempts import NEVER
from hourglass.analyses.kept import definition
from hourglass.analyses.question import Question
from hourglass.engines import Maker

KEPT = "channel"
"""The column that a database keeps with its stage events."""
_FIRST_OF_ALL = {"direction": 1, "since_us": -NEVER, "read_until_us": NEVER}
"""Which touches a database keeps."""
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
    kept = kept_channels(engine, question)
    if kept is not None and values == _FIRST_OF_ALL:
        engine.make("touches", "compact/first_touches", {"model": kept})
    elif kept is not None:
        engine.make("touches", "compact/touches", {**values, "model": kept})
    elif _is_narrowed(question):
        engine.make("touches", "breakdown/narrowed_touches", values)
    else:
        engine.make("touches", "breakdown/touches", values)


def kept_channels(engine: Maker, question: Question) -> int | None:
    """Return the number of the kept model whose events say all values of a breakdown, if any."""
    alone = question.by == (KEPT,) and not _is_narrowed(question)
    # without a column of that name it is what JSON has there, which is not kept
    there = alone and KEPT in (engine.event_columns() or ())
    return engine.kept.get(definition(question)) if there else None


def _is_narrowed(question: Question) -> bool:
    return any(stage.first_time or stage.nth for stage in question.model.stages)


def touch_entries(engine: Maker, question: Question, folder: str) -> None:
    """Make `touches` of the events that chosen attempts began with; reads `chosen`.

    Queries of `folder` find the events of their instants. Where one event fills one stage it reads
    `journeys` too, since not each of them need be left for the entry.
    """
    engine.make("entering", f"{folder}/entering", {"any_stage": question.rules.order == "any"})
    engine.make("entry_events", f"{folder}/entry_events")
    if question.claims:
        engine.make("entry_events", "breakdown/contested_entries")
    engine.make("touches", "breakdown/entry_touches")
