"""What a database keeps that answers a part of a question: made by load, read in its place."""

from datetime import timedelta

from hourglass.analyses.question import Question
from hourglass.engines import Maker


def definition(question: Question) -> str:
    """Write what decides which events are whose, match which stage, and may share an instant."""
    rules, stages = question.rules, question.model.stages
    mapping = [(stage.steps, stage.min_gap > timedelta()) for stage in stages]
    strict = rules.order == "strict" and rules.strict_repeat
    instants = rules.shares_instants and ("with optional" if question.model.optional else True)
    return repr((rules.count, rules.where, instants, strict, mapping))


def recall_stage_events(engine: Maker, kept: int) -> None:
    """Let `stage_events` be the kept ones of a model."""
    if not engine.remembers(_content(kept), "stage_events"):
        engine.let("stage_events", "compact/stage_events", {"kept_model": kept})
        engine.remember(_content(kept), "stage_events")


def kept_whole(engine: Maker, question: Question) -> int | None:
    """Return the number of the kept model whose events `stage_events` has, all and unchanged.

    Null where there is none, and where n-th events, first times or held values took its place.
    """
    kept = engine.kept.get(definition(question))
    return kept if kept is not None and engine.remembers(_content(kept), "stage_events") else None


def _content(kept: int) -> str:
    return f"the kept stage events of model {kept}"
