"""The attempt that counts for each person, whichever rules it is chosen by."""

from hourglass.analyses import any_order, exclusions, file_order, open_funnel, optional
from hourglass.analyses.attempts import Bounds, admit, advance, enter, enter_undecided, follow, walk
from hourglass.analyses.question import Question
from hourglass.engines import Maker


def prepare(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make what `settle` and `choose` read beside `stage_events`: `excluding`, or `unmet`."""
    if question.model.exclusions:
        reads = {"since_us": bounds.read_since_us, "read_until_us": bounds.read_until_us}
        engine.make("excluding", "exclusions/excluding", reads)
    if question.model.optional:
        optional.find(engine, question)


def settle(engine: Maker, question: Question, bounds: Bounds, *, mature: bool = True) -> None:
    """Make `chosen`, `journeys`, `taken` and `matured` from `stage_events`. Reads `maturity`.

    `chosen` has one row a person, `journeys` one a person and stage taken, `taken` the stages of
    each person as bits, and `matured` the same of the funnel over mature entries alone; that may
    be missing where `mature` figures are not asked for.
    """
    if question.rules.ties == "row":
        file_order.settle(engine, question, bounds)
        return
    if question.model.optional:
        _settle_optional(engine, question, bounds)
        return
    if not question.rules.closed:
        open_funnel.settle(engine, question, bounds)
        return
    choose(engine, question, bounds)
    if question.rules.order == "any":
        engine.make("journeys", "any/journeys")
        any_order.choose_mature(engine, question, bounds)
    elif question.model.exclusions:
        engine.make("journeys", "exclusions/journeys")
        _try_mature(engine, question, bounds)
    else:
        walk(engine, question)
        if mature:
            _follow_mature(engine, question, bounds)
    engine.make("taken", "funnel/taken")


def settle_depths(
    engine: Maker,
    question: Question,
    bounds: Bounds,
    events: str = "stage_events",
    entries: str = "stage_events",
) -> None:
    """Make `chosen` and `taken` from the stage events in the table `events`. Reads `maturity`.

    Where an attempt may begin at any stage, it does with the stage events in the table `entries`.
    Neither this nor `choose` knows rows or held values: `ties = row` and `hold` are for
    `funnel.count`.
    """
    choose(engine, question, bounds, events, entries)
    if question.model.optional:
        optional.walk(engine, question)
        engine.make("taken", "funnel/taken_of_journeys")
    else:
        engine.make("taken", "funnel/taken")


def walk_depths(engine: Maker, question: Question) -> None:
    """Make `journeys` of the attempts that `settle_depths` chose, where stages have an order."""
    if question.model.exclusions:
        engine.make("journeys", "exclusions/journeys")
    elif not question.model.optional:  # there they are made already
        walk(engine, question)


def choose(
    engine: Maker,
    question: Question,
    bounds: Bounds,
    events: str = "stage_events",
    entries: str = "stage_events",
) -> None:
    """Make `chosen`, one row a person, from the stage events in the table `events`."""
    if question.rules.order == "any":
        any_order.choose(engine, question, bounds, events, entries)
    elif not question.rules.closed:
        open_funnel.choose(engine, question, bounds, events, entries)
    elif question.model.optional:
        enter(engine, question, bounds, events)
        optional.advance(engine, question, bounds)
    elif question.model.exclusions:
        enter(engine, question, bounds, events)
        exclusions.follow(engine, question, bounds)
        exclusions.choose(engine, question)
    else:
        follow(engine, question, bounds, events)


def _settle_optional(engine: Maker, question: Question, bounds: Bounds) -> None:
    settle_depths(engine, question, bounds)
    with optional.again(engine, question, bounds):
        optional.advance(engine, question, bounds)
        optional.walk(engine, question)


def _try_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    if question.rules.entry == "last":  # the last mature one may be another
        _enter_mature(engine, question, bounds)
        exclusions.follow(engine, question, bounds)
    exclusions.choose_mature(engine, question)


def _enter_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    engine.alias("attempt_events", "stage_events")
    period = bounds.period
    engine.make("alive", "funnel/mature_entries", period)
    admit(engine, question)


def _follow_mature(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Follow again only people whose chosen entry is not mature: nobody else's depth differs."""
    enter_undecided(engine, question, bounds)
    if question.reach is not None:
        advance(engine, question, bounds, few=True)
    engine.make("chosen_again", "funnel/choose")
    engine.make("matured", "funnel/matured")
