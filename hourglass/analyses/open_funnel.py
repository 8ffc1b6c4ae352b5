"""`closed = false`: an attempt may begin at any stage.

An attempt that begins at stage k is an attempt of the funnel of stage k and those after it; so
these funnels are asked one after the other, each only of people who may come further by it.
"""

from hourglass.analyses.attempts import Bounds, admit, advance, walk
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def choose(
    engine: Maker,
    question: Question,
    bounds: Bounds,
    events: str = "stage_events",
    entries: str = "stage_events",
    *,
    mature: bool = False,
) -> None:
    """Make `chosen`, with the stage that each attempt began with, and `alive`.

    Attempts begin with the stage events in the table `entries` and go on through those in
    `events`.
    """
    engine.alias("opening_events", entries)
    engine.alias("attempt_events", events)
    engine.make("furthest", "open/furthest")
    engine.define("openings", _columns("first_position", "reached"), ())
    for position in range(1, len(question.model.stages) + 1):
        engine.alias("attempt_events", events)
        period = {"since_us": bounds.since_us, "until_us": bounds.until_us, "mature": mature}
        engine.make("alive", "open/entries", {"position": position, **period})
        admit(engine, question)
        advance(engine, question, bounds, first=position)
        collect = engine.add if position > 1 else engine.make
        collect("alive_everywhere", "open/living", {"first_position": position})
        engine.make("chosen", "funnel/choose")
        engine.add("openings", "open/openings", {"position": position})
    engine.make("chosen", "open/choose")
    engine.make("alive", "open/alive")


def settle(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `chosen`, `journeys`, `taken` and `matured`."""
    choose(engine, question, bounds)
    walk(engine, question)
    engine.make("taken", "funnel/taken")
    if question.reach is None:
        engine.make("matured", "funnel/taken")
        return
    everybody = {"everybody": question.rules.entry == "last"}
    engine.make("whole_chosen", "open/whole")
    engine.make("undecided", "open/undecided", everybody)
    choose(engine, question, bounds, "undecided", "undecided", mature=True)
    engine.make("matured", "open/matured", everybody)
    engine.make("chosen", "open/restored")


def _columns(*places: str) -> dict[str, str]:
    instants = dict.fromkeys(("entered_us", "completed_us"), "BIGINT")
    return {"person_key": "BIGINT", **dict.fromkeys(places, "INTEGER"), **instants}
