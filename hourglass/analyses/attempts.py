"""Attempts: follow every entry from stage to stage, choose each person's best, walk it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hourglass.analyses.kept import are_found
from hourglass.analyses.question import Question
from hourglass.engines import Maker

NEVER = 2**62
"""Microseconds that no instant and no distance reaches."""

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


class Bounds(NamedTuple):
    """The bounds of a run in whole microseconds."""

    since_us: int
    """First instant of entries."""
    until_us: int
    """First instant after entries."""
    read_since_us: int
    """First instant that may be read."""
    read_until_us: int
    """First instant that may not be read any more."""
    window_us: int
    """Longest time from the entry."""

    @classmethod
    def of(cls, question: Question) -> "Bounds":
        """Work out what a question may read."""
        rules = question.rules
        until = instant(question.period.until, NEVER)
        reads_on = rules.range == "entry"
        reach = microseconds(question.reach)
        known = instant(question.read_until, NEVER)
        entered = question.entered or question.period
        since = instant(question.period.since, -NEVER)
        return cls(
            since_us=max(since, instant(entered.since, -NEVER)),
            until_us=min(until, instant(entered.until, NEVER), known),
            read_since_us=since,
            read_until_us=min(until + reach if reads_on else until, known, NEVER),
            window_us=microseconds(rules.window) if rules.window_from == "entry" else NEVER,
        )

    @property
    def period(self) -> dict[str, int]:
        """The period of entries, as queries ask for it."""
        return {"since_us": self.since_us, "until_us": self.until_us}


def instant(moment: datetime | None, otherwise: int) -> int:
    """Whole microseconds since 1970 of a naive UTC moment."""
    return otherwise if moment is None else (moment - _EPOCH) // _MICROSECOND


def microseconds(span: timedelta | None) -> int:
    """Whole microseconds of a duration; none is longer than any."""
    return NEVER if span is None else span // _MICROSECOND


def follow(engine: Maker, question: Question, bounds: Bounds, events: str) -> None:
    """Make `alive`, what attempts reach of the table `events`, and `chosen`, each person's best.

    Where it is known which entries the second stage follows, `alive` has none but those that the
    choice still depends on.
    """
    known = events == "stage_events" and _knows_second(engine, question)
    if known:
        engine.alias("attempt_events", events)
        engine.make("alive", "funnel/shared_entries", bounds.period)
    else:
        enter(engine, question, bounds, events)
    advance(engine, question, bounds, known=known)
    engine.make("chosen", "funnel/choose")
    if known:
        engine.add("chosen", "funnel/entered", bounds.period)


def _knows_second(engine: Maker, question: Question) -> bool:
    """Whether `second_events` says which entries lead to the second stage.

    It does not where another entry than the latest may count, nor what lies between.
    """
    rules = question.rules
    if rules.entry != "best" or rules.order == "strict" or len(question.model.stages) == 1:
        return False
    if rules.tie_tolerance or limits(question, 2)["min_gap_us"]:
        return False
    return are_found(engine, question)


def enter(engine: Maker, question: Question, bounds: Bounds, events: str) -> None:
    """Make `alive`: the entries of the period in the table `events`, as far as the rules admit."""
    engine.alias("attempt_events", events)
    engine.make("alive", "funnel/entries", bounds.period)
    admit(engine, question)


def enter_undecided(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `alive`: mature entries of people whose chosen one is not, as far as the rules admit."""
    engine.alias("attempt_events", "stage_events")
    least = {"least_reached": 1 if question.rules.entry == "last" else 2}
    engine.make("alive", "funnel/undecided", bounds.period | least)
    admit(engine, question)


def admit(engine: Maker, question: Question) -> None:
    """Leave in `alive` the entries that the rules admit: all, or each person's first or last."""
    if question.rules.entry != "best":
        engine.make("alive", f"funnel/{question.rules.entry}_entries")


def advance(
    engine: Maker,
    question: Question,
    bounds: Bounds,
    *,
    first: int = 1,
    few: bool = False,
    known: bool = False,
) -> None:
    """Take the entries in `alive`, which are of stage `first`, through all further stages.

    Once the second stage is reached, only the events of people who reached it are looked at, and
    once the third is; where `few` people enter, their events from the first on. Which entries
    the second stage follows may be `known`.
    """
    narrow_at = () if few else (first + 1, first + 2)
    if question.claims:
        engine.make("runs", "funnel/first_runs")
    if few:
        _narrow(engine, first)
    for position in range(first + 1, len(question.model.stages) + 1):
        values = limits(question, position) | {
            "window_us": bounds.window_us,
            "read_until_us": bounds.read_until_us,
        }
        if known and position == 2:
            _add_second(engine, bounds, values)
        else:
            engine.add("alive", "funnel/advance", values)
        tolerance = microseconds(question.rules.tie_tolerance)
        if tolerance and not values["min_gap_us"]:  # what counts at one instant keeps no gap
            late = {"tie_tolerance_us": tolerance, "since_us": bounds.read_since_us}
            engine.add("alive", "funnel/late", values | late)
        if question.claims:
            engine.add("runs", "funnel/runs", values)
            engine.add("alive", "funnel/advance_contested", {"position": position})
        if position in narrow_at and position < len(question.model.stages):
            _narrow(engine, position)


def _add_second(engine: Maker, bounds: Bounds, values: dict[str, int]) -> None:
    engine.add("alive", "funnel/second", values | bounds.period)
    if bounds.until_us < NEVER:
        engine.add("alive", "funnel/second_later", values | bounds.period)


def _narrow(engine: Maker, position: int) -> None:
    engine.make("living", "funnel/living", {"position": position})
    engine.alias("attempt_events", "living")


def walk(engine: Maker, question: Question) -> None:
    """Make `journeys`, one row a person and stage reached, from `chosen` and `alive`."""
    positions = range(2, len(question.model.stages) + 1)
    bound = any(limits(question, position)["within_us"] < NEVER for position in positions)
    if bound or question.rules.order == "strict":
        _look_back(engine, question)
    else:
        engine.make("onward", "funnel/onward")
    engine.make("journeys", "funnel/first_step")
    for position in positions:
        engine.add("journeys", "funnel/walk", limits(question, position))


def _look_back(engine: Maker, question: Question) -> None:
    """Make `onward` from the last stage to the first: an early event may miss a later `within`."""
    last = len(question.model.stages)
    engine.make("onward", "funnel/onward_end", {"position": last})
    for position in range(last - 1, 1, -1):
        onward = limits(question, position + 1) | {"position": position}
        engine.add("onward", "funnel/onward_before", onward)
        engine.add("onward", "funnel/onward_end", {"position": position})


def limits(question: Question, position: int) -> dict[str, int]:
    """Return how close to and how far from the stage before it a stage may be."""
    rules, stage = question.rules, question.model.stages[position - 1]
    window = microseconds(rules.window) if rules.window_from == "previous" else NEVER
    return {
        "position": position,
        "min_gap_us": max(microseconds(stage.min_gap), int(rules.ties == "later")),
        "within_us": min(microseconds(stage.within), window),
    }
