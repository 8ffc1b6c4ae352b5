"""What is known of all stage events, whatever is asked of them: kept by load, or found once."""

from datetime import timedelta

from hourglass.analyses.question import Question
from hourglass.engines import Maker

STOOD_FOR = (
    "map/matching", "map/coded_matching",
    "funnel/advance", "funnel/choose", "funnel/entries", "funnel/ever",
)  # fmt: skip
"""Queries that are not asked for what is found already, or not of everybody."""

_STAGE_EVENTS = "stage_events"
_FINDINGS = ("histories", "second_events")
"""What each person did, and which entry each event of the second stage follows."""


def definition(question: Question) -> str:
    """Write what decides which events are whose, match which stage, and may share an instant."""
    rules, stages = question.rules, question.model.stages
    mapping = [(stage.steps, stage.min_gap > timedelta()) for stage in stages]
    strict = rules.order == "strict" and rules.strict_repeat
    instants = rules.shares_instants and ("with optional" if question.model.optional else True)
    return repr((rules.count, rules.where, instants, strict, mapping))


def mapped(question: Question) -> str:
    """Say what `stage_events` holds where nothing took the place of what was mapped."""
    return repr((definition(question), question.model.predicates))


def is_mapped(engine: Maker, question: Question) -> bool:
    """Whether `stage_events` has all events that match a stage.

    It has not where n-th events, first times or held values took their place.
    """
    return engine.remembers(mapped(question), _STAGE_EVENTS)


def recall_stage_events(engine: Maker, question: Question, kept: int) -> None:
    """Let `stage_events` be the kept ones of a model."""
    if not is_mapped(engine, question):
        engine.let(_STAGE_EVENTS, f"compact/{_STAGE_EVENTS}", {"kept_model": kept})
        engine.remember(mapped(question), _STAGE_EVENTS)


def can_find(engine: Maker, question: Question) -> bool:
    """Whether `find` serves the question: files of one's own must not be stood for."""
    changed = any(engine.catalog.is_overridden(name) for name in STOOD_FOR)
    return engine.joins_latest and not changed and is_mapped(engine, question)


def find(engine: Maker, question: Question) -> None:
    """Make `histories` and `second_events` of all `stage_events`, if they are not there."""
    if not are_found(engine, question):
        engine.let("histories", "funnel/histories")
        engine.let("second_events", "funnel/second_events")
        engine.remember(mapped(question), *_FINDINGS)


def are_found(engine: Maker, question: Question) -> bool:
    """Whether `histories` and `second_events` tell of all that `stage_events` has.

    What is kept of them is let stand for them.
    """
    if not is_mapped(engine, question):
        return False
    kept = engine.kept.get(definition(question))
    if kept is not None and not engine.remembers(mapped(question), *_FINDINGS):
        for name in _FINDINGS:
            engine.let(name, f"compact/{name}", {"kept_model": kept})
        engine.remember(mapped(question), *_FINDINGS)
    return engine.remembers(mapped(question), *_FINDINGS)
