"""Attempts that may go on without some of their stages.

Where every stage is needed, the latest event of the stage before carries the latest entry. Here an
attempt may come from several stages and times are from the one it came from, so that this does
not hold: all events in time are looked at. It is the general way; it finds the same where no
stage is optional.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hourglass.analyses.attempts import Bounds, enter_undecided, limits
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def find(engine: Maker, question: Question) -> None:
    """Make `unmet`: the instants at which there are too few events for all that claim them."""
    if question.claims:
        engine.make("unmet", "optional/unmet")
    else:
        numbers = dict.fromkeys(("ts_us", "stages", "events"), "BIGINT")
        engine.define("unmet", {"person_key": "BIGINT", **numbers}, ())


def advance(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `nodes` and `chosen`: where attempts from the entries in `alive` come, and the best."""
    engine.make("nodes", "optional/begin")
    for position in range(2, len(question.model.stages) + 1):
        values = {
            **_limits(question, position),
            "from_position": min(before(question, position)),
            "window_us": bounds.window_us,
            "read_until_us": bounds.read_until_us,
        }
        engine.add("nodes", "optional/advance", values)
    engine.make("chosen", "optional/choose")


def walk(engine: Maker, question: Question) -> None:
    """Make `journeys`, one row a person and stage taken, from `chosen` and `nodes`."""
    last = len(question.model.stages)
    engine.make("ways", "optional/ends", {"position": last})
    for position in range(last - 1, 0, -1):
        engine.add("ways", "optional/ends", {"position": position})
        for following in range(position + 1, last + 1):
            if position in before(question, following):
                step = {"position": position, "next_position": following}
                engine.add("ways", "optional/ways", worth(question, following) | step)
    engine.make("journeys", "optional/first_step")
    for position in range(2, last + 1):
        engine.add("journeys", "optional/walk", worth(question, position))


@contextmanager
def again(engine: Maker, question: Question, bounds: Bounds) -> Iterator[None]:
    """Make `matured` of `taken` and of the attempts that are chosen and walked inside, anew.

    Those begin with the mature entries in `alive`. Afterwards `chosen` and `journeys` are what they
    were.
    """
    engine.make("whole_chosen", "open/whole")
    engine.make("whole_journeys", "optional/whole_journeys")
    enter_undecided(engine, question, bounds)
    yield
    engine.make("matured", "funnel/taken_of_journeys")
    engine.add("matured", "optional/matured")
    engine.make("chosen", "open/restored")
    engine.make("journeys", "optional/restored")


def worth(question: Question, position: int) -> dict[str, int]:
    """Return the limits of a stage, and whether an attempt gains an optional stage by it."""
    return {**_limits(question, position), "worth": int(position in question.model.optional)}


def _limits(question: Question, position: int) -> dict[str, int]:
    """Return the limits of a stage; `apart_us` is how far another instant lies from it at least."""
    values = limits(question, position)
    return {**values, "apart_us": max(values["min_gap_us"], 1)}


def before(question: Question, position: int) -> list[int]:
    """Return the stages that one may come from: back to the nearest that is not optional."""
    return list(_back_to_needed(question, position))


def _back_to_needed(question: Question, position: int) -> Iterator[int]:
    for before in range(position - 1, 0, -1):
        yield before
        if before not in question.model.optional:
            return
