"""The attempt that counts for each person, whichever rules it is chosen by."""

from hourglass.analyses import any_order, exclusions
from hourglass.analyses.attempts import Bounds, admit, advance, enter, follow, walk
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def choose(engine: Maker, question: Question, bounds: Bounds, events: str = "stage_events") -> None:
    """Make `chosen`, one row a person, from the stage events in the table `events`."""
    if question.rules.order == "any":
        any_order.choose(engine, question, bounds)
    elif question.model.exclusions:
        enter(engine, question, bounds, events)
        exclusions.follow(engine, question, bounds)
        exclusions.choose(engine, question)
    else:
        follow(engine, question, bounds, events)
        engine.make("chosen", "funnel/choose")


def journey(engine: Maker, question: Question) -> None:
    """Make `journeys`, one row a person and stage reached, of the attempts in `chosen`."""
    if question.rules.order == "any":
        engine.make("journeys", "any/journeys")
    elif question.model.exclusions:
        engine.make("journeys", "exclusions/journeys")
    else:
        walk(engine, question)


def choose_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `matured`: how deep people got from mature entries alone. Reads `maturity`."""
    if question.rules.order == "any":
        any_order.choose_mature(engine, question, bounds)
    elif question.model.exclusions:
        _try_mature(engine, question, bounds)
    else:
        _follow_mature(engine, question, bounds)


def _try_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    if question.rules.entry == "last":  # the last mature one may be another
        engine.alias("attempt_events", "stage_events")
        period = {"since_us": bounds.since_us, "until_us": bounds.until_us}
        engine.make("alive", "funnel/mature_entries", period)
        admit(engine, question)
        exclusions.follow(engine, question, bounds)
    exclusions.choose_mature(engine, question)


def _follow_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Follow again only people whose chosen entry is not mature: nobody else's depth differs."""
    engine.alias("attempt_events", "stage_events")
    undecided = {
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "least_reached": 1 if question.rules.entry == "last" else 2,
    }
    engine.make("alive", "funnel/undecided", undecided)
    admit(engine, question)
    if question.reach is not None:
        advance(engine, question, bounds, narrow_at=1)
    engine.make("chosen_again", "funnel/choose")
    engine.make("matured", "funnel/matured")
