"""`order = any`: so many different stages inside one window, whichever comes first."""

from collections.abc import Iterator

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.question import Question
from hourglass.claims import claims
from hourglass.engines import Maker
from hourglass.errors import UsageError


def refuse(question: Question) -> None:
    """Raise UsageError for rules that have no meaning, or none yet, where any order counts."""
    if reason := next(_reasons(question), None):
        raise UsageError(f"order = any: {reason}", "leave one of the two out")


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
    engine.make("depths", "any/depths")
    engine.make("chosen", "any/choose")
    engine.make("journeys", "any/journeys")


def name_rows(engine: Maker, question: Question) -> None:
    """Make `stages`, whose rows are called any 1, any 2 and so on."""
    engine.define(
        "stages",
        {"position": "INTEGER", "stage": "VARCHAR"},
        [(k, f"any {k}") for k in range(1, len(question.model.stages) + 1)],
    )


def _reasons(question: Question) -> Iterator[str]:
    rules, stages = question.rules, question.model.stages
    if any(stage.within is not None for stage in stages):
        yield "within is a time from the stage before, and there is none"
    if any(stage.min_gap for stage in stages):
        yield "min_gap is a time from the stage before, and there is none"
    if rules.window_from == "previous":
        yield "window_from = previous needs a stage before"
    if rules.ties != "helpful":
        yield f"ties = {rules.ties} needs an order of stages"
    if not rules.reuse and claims(question.model):
        yield "stages that share events are counted only with reuse = true (--reuse)"
    if rules.entry == "last" and rules.window is not None:
        yield "entry = last is not counted over mature entries yet"
