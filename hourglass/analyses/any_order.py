"""`order = any`: so many different stages inside one window, whichever comes first."""

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def choose(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `chosen` and `journeys`, in which position k is the k-th stage a person came to."""
    period = {"since_us": bounds.since_us, "until_us": bounds.until_us}
    engine.make("alive", "any/openings", period)
    if question.rules.entry != "best":
        engine.make("alive", f"funnel/{question.rules.entry}_entries")
    reads = {"window_us": bounds.window_us, "read_until_us": bounds.read_until_us}
    engine.make("found", "any/found", {**reads, "position": 1})
    for position in range(2, len(question.model.stages) + 1):
        engine.add("found", "any/found", {**reads, "position": position})
    engine.make("opened", "any/depths")
    engine.make("chosen", "any/choose")
    engine.make("journeys", "any/journeys")


def name_rows(engine: Maker, question: Question) -> None:
    """Make `stages`, whose rows are called any 1, any 2 and so on."""
    engine.define(
        "stages",
        {"position": "INTEGER", "stage": "VARCHAR"},
        [(k, f"any {k}") for k in range(1, len(question.model.stages) + 1)],
    )
