"""Triggers: which events go before buying, and what became of the triggers that are configured."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from hourglass.analyses.attempts import NEVER, Bounds, instant
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import (
    borrowed,
    buying,
    observe,
    purchases_or_reason,
    window,
    window_note,
)
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.triggers_configured import configured, fire, refuse_none
from hourglass.analyses.triggers_found import HORIZON, LANDMARK, Found, found, refuse_any
from hourglass.analyses.windowed import in_force, of_purchases
from hourglass.engines import Engine
from hourglass.errors import DataError
from hourglass.result import Json, Result, Table
from hourglass.settings.triggers import Trigger

_RULES = ("count", "range", "attribution", "where", "timezone", "week_start")
"""Rules that bear on triggers, beside the spans."""


class Wanted(NamedTuple):
    """What is asked about triggers."""

    configured: Mapping[str, Trigger] = {}
    """By name, the triggers of the configuration."""
    find: bool = True
    """Whether events that go before buying are looked for."""
    landmark: timedelta = LANDMARK
    """Time from the first entry in which events count."""
    horizon: timedelta = HORIZON
    """Time after that in which purchases count."""
    most: int | None = None
    """Events listed, of each row of a breakdown; null is all."""


def triggers(
    engine: Engine, question: Question, wanted: Wanted, delivery: Delivery | None = None
) -> Result:
    """Find the events that go before buying, and count the triggers that are configured.

    Tables: those of `triggers_found.found` and, where triggers are configured, those of
    `triggers_configured.configured`. Raises UsageError where nothing is asked, DataError where
    purchases are not known and nothing else is asked.
    """
    if not wanted.find:
        refuse_none(wanted.configured)
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    warnings, unknown = purchases_or_reason(engine, question)
    if unknown and not wanted.configured:
        raise unknown
    seen, as_of = seen_until(engine, question)
    # without later events what a database keeps of everybody serves
    later = question.as_of or question.rules.range == "all" or facts.future
    until = seen + 1 if later else NEVER
    tables: list[Table] = []
    notes: list[str] = []
    finds = wanted.find and not unknown
    if finds:
        told = _find(engine, question, wanted, seen, until)
        warnings += missing_events(engine, question.model)
        tables, notes = [*told.tables], [*told.notes]
    if wanted.configured:
        warnings += fire(engine, question, wanted.configured, seen)
        tables += configured(engine, question, seen, until, buys=unknown is None)
        notes += _notes(question, unknown)
    warnings = list(dict.fromkeys(warnings)) + facts.beyond(question.period)
    return Result(
        analysis="triggers",
        title=f"Triggers of {question.model.name}",
        model=question.model.name,
        rules=_rules(question, wanted, finds=finds),
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *borrowed(question), *notes),
        warnings=tuple(warnings),
    )


def seen_until(engine: Engine, question: Question) -> tuple[int, datetime | None]:
    """Return the last instant up to which people were observed, and as a moment.

    It is as-of; where the period binds every event (`range = all`), no later than its end.
    """
    as_of = observe(engine, question)
    last = Bounds.of(question).until_us - 1 if question.rules.range == "all" else NEVER
    return min(instant(as_of, -NEVER), last), as_of


def _find(engine: Engine, question: Question, wanted: Wanted, seen: int, until: int) -> Found:
    refuse_any(buying(question).events)
    spans = wanted.landmark, wanted.horizon
    return found(engine, question, seen, spans, wanted.most, until_us=until)


def rules_in_force(question: Question) -> dict[str, Json]:
    """Return the rules that bear on triggers, by their names."""
    return in_force(question, _RULES) | of_purchases(question, question.model.stages[:1])


def _rules(question: Question, wanted: Wanted, *, finds: bool) -> dict[str, Json]:
    rules = rules_in_force(question)
    if finds:
        rules |= {"landmark": _seconds(wanted.landmark), "horizon": _seconds(wanted.horizon)}
    if wanted.configured:
        rules["window"] = _seconds(window(question))
    return rules


def _seconds(span: timedelta) -> int | float:
    seconds = span.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _notes(question: Question, unknown: DataError | None) -> list[str]:
    if unknown:
        return [f"who bought is not known: {unknown.message} ({unknown.hint})"]
    return [
        "a trigger fires at the end of its within; bought: of the people whose first firing lies W"
        f" back, with a purchase inside W after it; {window_note(question)}"
    ]
