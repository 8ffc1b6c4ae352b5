"""`order = any`: so many different stages inside one window, whichever comes first."""

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.modelled import name_rows
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def row_names(question: Question) -> list[str]:
    """Name the rows of a funnel: its stages, or in any order any 1, any 2 and so on."""
    stages = question.model.stages
    if question.rules.order == "any":
        return [f"any {k}" for k in range(1, len(stages) + 1)]
    return [stage.name for stage in stages]


def choose(
    engine: Maker,
    question: Question,
    bounds: Bounds,
    events: str = "stage_events",
    openings: str = "stage_events",
) -> None:
    """Make `chosen`; position k is the k-th stage a person came to.

    Windows are opened by the stage events in the table `openings`, and hold those in `events`. The
    rows of the funnel are called any 1, any 2 and so on.
    """
    name_rows(engine, row_names(question))
    engine.alias("attempt_events", events)
    engine.alias("opening_events", openings)
    _open(engine, question, bounds, "any/openings")
    engine.make("chosen", "any/choose")


def choose_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `matured`: how many stages people came to from mature openings alone."""
    if question.rules.entry == "last":  # the last mature one may be another
        _open(engine, question, bounds, "any/mature_openings")
    engine.make("matured", "any/matured")


def _open(engine: Maker, question: Question, bounds: Bounds, openings: str) -> None:
    """Make `found`, the stages that each opening leads to, and `opened`, how many they are."""
    period = bounds.period
    engine.make("alive", openings, period)
    if question.rules.entry != "best":
        engine.make("alive", f"funnel/{question.rules.entry}_entries")
    reads = {"window_us": bounds.window_us, "read_until_us": bounds.read_until_us}
    engine.make("found", "any/found", {**reads, "position": 1})
    for position in range(2, len(question.model.stages) + 1):
        engine.add("found", "any/found", {**reads, "position": position})
    engine.make("opened", "any/depths")
    if question.model.exclusions:
        whole = {"stages": len(question.model.stages), "window_us": bounds.window_us}
        engine.make("opened", "any/standing", whole)
