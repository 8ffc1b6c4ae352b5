"""Attempts: follow every entry from stage to stage, choose each person's best, walk it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hourglass.analyses.question import Question
from hourglass.claims import claims
from hourglass.engines import Maker
from hourglass.stages import Model, Stage

NEVER = 2**62
"""Microseconds that no instant and no distance reaches."""

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds of a run in whole microseconds."""

    since_us: int
    until_us: int
    read_until_us: int
    """First instant that may not be read any more."""
    window_us: int

    @classmethod
    def of(cls, question: Question) -> "Bounds":
        """Work out what a question may read."""
        window = microseconds(question.rules.window)
        until = instant(question.period.until, NEVER)
        reads_on = question.rules.range == "entry"
        return cls(
            since_us=instant(question.period.since, -NEVER),
            until_us=until,
            read_until_us=min(until + window, NEVER) if reads_on else until,
            window_us=window,
        )


def instant(moment: datetime | None, otherwise: int) -> int:
    """Whole microseconds since 1970 of a naive UTC moment."""
    return otherwise if moment is None else (moment - _EPOCH) // _MICROSECOND


def microseconds(span: timedelta | None) -> int:
    """Whole microseconds of a duration; none is longer than any."""
    return NEVER if span is None else span // _MICROSECOND


def follow(engine: Maker, model: Model, bounds: Bounds, events: str) -> None:
    """Make `alive`: what attempts reach of the table `events`, from the entries of the period."""
    engine.alias("attempt_events", events)
    engine.make(
        "alive",
        "funnel/entries",
        {"since_us": bounds.since_us, "until_us": bounds.until_us},
    )
    advance(engine, model, bounds, narrow_at=2)


def advance(engine: Maker, model: Model, bounds: Bounds, *, narrow_at: int) -> None:
    """Take the entries in `alive` through all further stages.

    Once stage `narrow_at` is reached, only the events of people who reached it are looked at:
    the second stage where everybody enters, the first where few do.
    """
    contested = bool(claims(model))
    if contested:
        engine.make("runs", "funnel/first_runs")
    if narrow_at == 1:
        _narrow(engine, 1)
    for position, stage in enumerate(model.stages[1:], start=2):
        values = _limits(position, stage) | {
            "window_us": bounds.window_us,
            "read_until_us": bounds.read_until_us,
        }
        engine.add("alive", "funnel/advance", values)
        if contested:
            engine.add("runs", "funnel/runs", values)
            engine.add("alive", "funnel/advance_contested", {"position": position})
        if position == narrow_at < len(model.stages):
            _narrow(engine, position)


def _narrow(engine: Maker, position: int) -> None:
    engine.make("living", "funnel/living", {"position": position})
    engine.alias("attempt_events", "living")


def choose_and_walk(engine: Maker, model: Model) -> None:
    """Make `chosen` (one row a person) and `journeys` (one row a person and stage reached)."""
    engine.make("chosen", "funnel/choose")
    if any(stage.within is not None for stage in model.stages):
        _look_back(engine, model)
    else:
        engine.make("onward", "funnel/onward")
    engine.make("journeys", "funnel/first_step")
    for position, stage in enumerate(model.stages[1:], start=2):
        limits = _limits(position, stage)
        engine.add("journeys", "funnel/walk", limits)


def _look_back(engine: Maker, model: Model) -> None:
    """Make `onward` from the last stage to the first: an early event may miss a later `within`."""
    last = len(model.stages)
    engine.make("onward", "funnel/onward_end", {"position": last})
    for position in range(last - 1, 0, -1):
        limits = _limits(position, model.stages[position])
        engine.add("onward", "funnel/onward_before", limits)
        engine.add("onward", "funnel/onward_end", {"position": position})


def _limits(position: int, stage: Stage) -> dict[str, int]:
    return {
        "position": position,
        "min_gap_us": microseconds(stage.min_gap),
        "within_us": microseconds(stage.within),
    }
