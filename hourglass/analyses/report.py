"""The questions of the report, asked one after the other; nothing is counted here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from hourglass.analyses import report_measures
from hourglass.analyses.friction import friction
from hourglass.analyses.funnel import funnel
from hourglass.analyses.lower import with_lower_half
from hourglass.analyses.paths import paths
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.referrals import referrals
from hourglass.analyses.report_measures import Seen, measures
from hourglass.analyses.report_periods import Spans, as_it_stood, spans
from hourglass.analyses.report_rest import with_rest
from hourglass.analyses.report_warnings import warnings
from hourglass.analyses.retention import retention
from hourglass.analyses.times import with_times
from hourglass.analyses.touchpoints import touchpoints
from hourglass.analyses.trend import last_entry, trend
from hourglass.analyses.triggers import Wanted, triggers
from hourglass.engines import Engine
from hourglass.errors import DataError, UsageError
from hourglass.result import Result, entrants_of
from hourglass.settings.friction import Friction
from hourglass.settings.touchpoints import Touchpoints
from hourglass.settings.triggers import Trigger

USUAL_BREAKDOWN = "channel"
SEGMENTS = 6
"""Values of the first breakdown that the trend, and the switch of the page, have of their own."""
_BY = 'name one with --by, or under [columns] channel = "utm_source"'
_EVENTS = 20
"""Events that the triggers list."""
_Answer = tuple[str, Callable[[], Result]]
"""The name of a question, and what answers it."""


class Settings(NamedTuple):
    """What a configuration says that single questions need."""

    touchpoints: Touchpoints | None = None
    triggers: Mapping[str, Trigger] = {}
    friction: Mapping[str, Friction] = {}
    columns: Sequence[str] = ()
    """Columns of the exports, to be named where one is missing."""
    show_ids: bool = False
    """Whether champions are named by their ids."""


class Answers(NamedTuple):
    """What a report shows, by the names of its questions.

    They are `funnel` (with the breakdown, the lower half and the times of everybody), `previous`
    (the same of the period before, as it stood then), `measures`, `trend`, `breakdown_1` and on,
    `touchpoints`, `triggers`, `retention`, `referrals`, `paths`, `friction`.
    """

    results: Mapping[str, Result]
    reasons: Mapping[str, str]
    """Why a question has no result."""
    warnings: tuple[str, ...]
    """What is odd about the data of the period, as a whole."""


def ask(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    settings: Settings | None = None,
) -> Answers:
    """Answer everything that a report shows; broken down by channel unless the question says.

    Each column of `question.by` is a breakdown of its own. Raises DataError where nobody entered:
    a delivery that stopped must not look like a report.
    """
    if not question.by and USUAL_BREAKDOWN in (engine.event_columns() or ()):
        question = question._replace(by=(USUAL_BREAKDOWN,))
    counted = _whole(engine, question._replace(by=question.by[:1]), delivery)
    if not entrants_of(counted.table("stages").dicts()):
        raise DataError(
            f"nobody entered at {_first(question)} in the period, so there is nothing to report",
            _span(counted),
        )
    entered = last_entry(engine, question._replace(by=()))
    times = spans(question, counted.input, counted.as_of, entered)
    found, reasons = {"funnel": counted}, dict[str, str]()
    asked = _Asked(
        engine=engine, question=question, delivery=delivery, settings=settings or Settings(),
        entered=entered,
    )  # fmt: skip
    for name, answer in _answers(asked, times, found):
        try:
            found[name] = answer()
        except (DataError, UsageError) as problem:
            reasons[name] = _reason(problem)
    before = found.get("previous")
    return Answers(results=found, reasons=reasons, warnings=warnings(counted, before))


def _first(question: Question) -> str:
    return question.model.stages[0].name if question.rules.closed else "any stage"


def _whole(engine: Engine, question: Question, delivery: Delivery | None) -> Result:
    """Count the funnel, its times and its lower half."""
    counted = funnel(engine, question, delivery)
    alone = question._replace(by=())
    return with_lower_half(engine, alone, with_times(engine, alone, counted))


class _Asked(NamedTuple):
    engine: Engine
    question: Question
    delivery: Delivery | None
    settings: Settings
    entered: datetime | None
    """When somebody last entered in the period."""


def _answers(asked: _Asked, times: Spans, found: Mapping[str, Result]) -> Iterator[_Answer]:
    """Name each question with what answers it; `found` holds what was answered before."""
    engine, question, delivery = asked.engine, asked.question, asked.delivery
    settings = asked.settings
    alone = question._replace(by=())
    long = alone._replace(period=times.long)
    weekly, entries = (alone._replace(period=one) for one in (times.weekly, times.entries))
    counted = found["funnel"]
    if times.previous is not None:
        then = as_it_stood(alone, times.previous, counted.as_of)
        yield "previous", lambda: with_lower_half(engine, then, funnel(engine, then, delivery))
    seen = Seen(funnel=counted, previous=found.get("previous"), entered=asked.entered)
    yield report_measures.NAME, lambda: measures(engine, alone, seen)
    yield "trend", lambda: _trend(engine, entries._replace(by=question.by[:1]), delivery)
    yield from _breakdowns(engine, question._replace(period=times.long), delivery, counted)
    yield "touchpoints", lambda: touchpoints(engine, alone, settings.touchpoints, delivery)
    wanted = Wanted(configured=settings.triggers, most=_EVENTS)
    yield "triggers", lambda: triggers(engine, long, wanted, delivery)
    yield "retention", lambda: retention(engine, weekly, delivery, unit=times.unit)
    ask_referrals = partial(referrals, columns=settings.columns, show_ids=settings.show_ids)
    yield "referrals", lambda: ask_referrals(engine, long, delivery)
    yield "paths", lambda: paths(engine, long, delivery)
    yield "friction", lambda: friction(engine, alone, settings.friction, delivery)


def _breakdowns(
    engine: Engine, question: Question, delivery: Delivery | None, counted: Result
) -> Iterator[_Answer]:
    position = question.model.goal
    if not question.by:

        def missing() -> Result:
            raise DataError(f"the data have no column {USUAL_BREAKDOWN} to break down by", _BY)

        yield "breakdown_1", missing
    for number, column in enumerate(question.by, start=1):
        asked = question._replace(by=(column,))

        def answer(asked: Question = asked, number: int = number) -> Result:
            same = number == 1 and asked.period == counted.period
            return with_rest(counted if same else funnel(engine, asked, delivery), position)

        yield f"breakdown_{number}", answer


def _trend(engine: Engine, question: Question, delivery: Delivery | None) -> Result:
    """Follow everybody by week of entry, and values of the breakdown where rows do not overlap."""
    try:
        return trend(engine, question._replace(top=SEGMENTS), delivery)
    except UsageError:
        if not question.by:
            raise
        return trend(engine, question._replace(by=()), delivery)


def _reason(problem: DataError | UsageError) -> str:
    message = problem.message[:1].upper() + problem.message[1:]
    return f"{message}; {problem.hint}." if problem.hint else f"{message}."


def _span(result: Result) -> str | None:
    first, last = result.input.first, result.input.last
    if first is None or last is None:
        return None
    return (
        f"the events reach from {first.date()} to {last.date()} (UTC): "
        "choose another --since or --until"
    )
