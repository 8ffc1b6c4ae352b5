"""`ties = row`: events of one instant count in the order of the file.

The general way of `optional` serves here too; at an instant an attempt holds the row it has come
to, where it otherwise holds the stages taken of events that several stages claim.
"""

from hourglass.analyses.attempts import Bounds, enter, limits
from hourglass.analyses.optional import again, before, worth
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def settle(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `chosen`, `journeys`, `taken` and `matured`."""
    engine.make("row_events", "row/events")
    enter(engine, question, bounds, "stage_events")
    _choose(engine, question, bounds)
    _walk(engine, question)
    engine.make("taken", "funnel/taken_of_journeys")
    with again(engine, question, bounds):
        _choose(engine, question, bounds)
        _walk(engine, question)


def _choose(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `nodes` and `chosen`, from the entries in `alive`."""
    engine.make("nodes", "row/entries", {"entry": question.rules.entry})
    for position in range(2, len(question.model.stages) + 1):
        values = {
            **limits(question, position),
            "from_position": min(before(question, position)),
            "reuse": question.rules.reuse,
            "window_us": bounds.window_us,
            "read_until_us": bounds.read_until_us,
        }
        engine.add("nodes", "row/advance", values)
    engine.make("chosen", "optional/choose")


def _walk(engine: Maker, question: Question) -> None:
    last = len(question.model.stages)
    engine.make("ways", "optional/ends", {"position": last})
    for position in range(last - 1, 0, -1):
        engine.add("ways", "optional/ends", {"position": position})
        for following in range(position + 1, last + 1):
            if position in before(question, following):
                step = {"position": position, "next_position": following}
                engine.add("ways", "row/ways", _step(question, following) | step)
    engine.make("journeys", "row/first_step")
    for position in range(2, last + 1):
        engine.add("journeys", "row/walk", _step(question, position))


def _step(question: Question, position: int) -> dict[str, int | bool]:
    return {**worth(question, position), "reuse": question.rules.reuse}
