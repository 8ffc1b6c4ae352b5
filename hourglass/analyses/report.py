"""The questions of the report, asked one after the other."""

from dataclasses import dataclass, replace

from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.trend import trend
from hourglass.engines import Engine
from hourglass.errors import DataError
from hourglass.result import Result

USUAL_BREAKDOWN = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a report shows."""

    funnel: Result
    """The tables `stages` and, if there is something to break down by, `breakdown`."""
    trend: Result
    """The table `trend`, by week of entry."""


def ask(engine: Engine, question: Question, delivery: Delivery | None = None) -> Answers:
    """Answer everything that a report shows; broken down by channel unless the question says.

    Raises DataError where nobody entered: a delivery that stopped must not look like a report.
    """
    if not question.by and USUAL_BREAKDOWN in (engine.event_columns() or ()):
        question = replace(question, by=(USUAL_BREAKDOWN,))
    counted = funnel(engine, question, delivery)
    if not counted.table("stages").frame["users"][0]:
        raise DataError(
            f"nobody entered at {question.model.stages[0].name} in the period, "
            "so there is nothing to report",
            _span(counted),
        )
    return Answers(funnel=counted, trend=trend(engine, replace(question, by=()), delivery))


def _span(result: Result) -> str | None:
    first, last = result.input.first, result.input.last
    if first is None or last is None:
        return None
    return (
        f"the events reach from {first.date()} to {last.date()} (UTC): "
        "choose another --since or --until"
    )
