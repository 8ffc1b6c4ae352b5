"""Paths: how people move between stages, back and forth, and which routes they take."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.groups import by_table, everybody, group, refuse_attribution
from hourglass.analyses.mapping import map_events
from hourglass.analyses.numbering import keys
from hourglass.analyses.purchases import BUYING, borrowed, buying, purchases_or_reason
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.rates import with_bounds
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.windowed import in_force, of_purchases
from hourglass.engines import Engine, Maker
from hourglass.errors import DataError
from hourglass.result import Column, Kind, Result, Table
from hourglass.scope import keyed_view, scope_view
from hourglass.stages import ANY, ROLLUPS, Step

LONGEST = 12
"""Stages that a route says: beyond them a few people's wanderings would be rows of their own."""

_Named = tuple[tuple[str, Kind, str], ...]
_MOVES: _Named = (
    ("from_position", "count", "from #"),
    ("from_stage", "text", "from"),
    ("to_position", "count", "to #"),
    ("to_stage", "text", "to"),
    ("backward", "flag", "backward"),
    ("moves", "count", "moves"),
    ("people", "count", "people"),
    ("visitors", "count", "of"),
    ("people_rate", "rate", "share"),
    ("people_low", "rate", "share low"),
    ("people_high", "rate", "share high"),
    ("median_seconds", "seconds", "median"),
)
_PEOPLE: _Named = (
    ("people", "count", "people"),
    ("people_rate", "rate", "share"),
    ("people_low", "rate", "share low"),
    ("people_high", "rate", "share high"),
)
_PASSES: _Named = (("passes", "count", "times back"), *_PEOPLE)
_ROUTES: _Named = (
    ("route", "text", "route"),
    ("route_other", "flag", "other"),
    *_PEOPLE,
    ("median_seconds", "seconds", "median"),
)
_RULES = ("count", "attribution", "where", "timezone", "week_start")
"""Rules that have a say; how a funnel is followed has none."""


class _Stages(NamedTuple):
    """What is told of the stages of a model before any event is looked at."""

    first_at: int | None
    """Where first purchases are; null where purchases are events like others."""
    further_at: int | None
    plain: tuple[int, ...] | None
    """Stages whose events are of no other stage and no purchases; null if one shares some."""


def paths(engine: Engine, question: Question, delivery: Delivery | None = None) -> Result:
    """Follow everybody from stage to stage, through the events of the period.

    The result has the table `moves`, one row a pair of stages (how many moves, people, their share
    of those who were at the first of the two, median time), `passes` (how many buyers went back
    how often before they first bought; not there if nobody knows what a purchase is), `routes` (the
    `question.top` that most people took), and with `question.by` `breakdown`, the moves for each
    value.
    """
    refuse_attribution(question)
    map_events(engine, question)
    warnings = missing_events(engine, question.model)
    facts = input_facts(engine, delivery)
    said, unknown = purchases_or_reason(engine, question)
    warnings += [one for one in said if one not in warnings] + facts.beyond(question.period)
    reasons = [f"not said how often buyers went back: {unknown.message}"] if unknown else []
    _walk(engine, question)
    return Result(
        analysis="paths",
        title=f"Paths through {question.model.name}",
        model=question.model.name,
        rules=in_force(question, _RULES) | of_purchases(question, question.model.stages),
        period=question.period,
        tables=tuple(_tables(engine, question, with_passes=not reasons)),
        input=facts,
        notes=(*warnings, *_NOTES, *borrowed(question), *reasons),
        warnings=tuple(warnings),
    )


_NOTES = (
    "a time is from coming to a stage until coming to the next; repeats of a stage are one visit",
)


def _walk(engine: Maker, question: Question) -> None:
    """Make `visits` (the path of everybody), `arrivals` and `segments`."""
    bounds = Bounds.of(question)
    period = bounds.period
    stages = _look_at(question)
    if stages.plain is None:
        _define_steps(engine, question, stages)
        engine.make("path_events", "paths/first_stages", period)
    else:
        rows = [(position,) for position in stages.plain]
        engine.define("plain_stages", {"position": "INTEGER"}, rows)
        engine.make("path_events", "paths/plain", period)
    if stages.first_at is not None:
        places = {"first_at": stages.first_at, "further_at": stages.further_at}
        engine.add("path_events", "paths/purchases", {**period, **places})
    engine.make("visits", "paths/visits")
    engine.let("arrivals", "paths/arrivals")
    group(engine, question, "visits", until_us=bounds.until_us)


def _look_at(question: Question) -> _Stages:
    first_at, further_at = _places(question)
    bought = _bought(question) if first_at is not None else ()
    names = [set(stage.events) for stage in question.model.stages]
    of_purchases = {name for step in bought for name in step.events}
    plain, mixed = [], any(ANY in those for those in (*names, of_purchases))
    for position, stage in enumerate(question.model.stages, start=1):
        if all(step in bought for step in stage.steps):
            continue
        others = names[: position - 1] + names[position:]
        mixed = mixed or bool(names[position - 1] & of_purchases.union(*others))
        plain.append(position)
    return _Stages(first_at=first_at, further_at=further_at, plain=None if mixed else tuple(plain))


def _places(question: Question) -> tuple[int | None, int | None]:
    """Return the positions of first and of further purchases: of buy and repeat, or their groups.

    Where the model has one of the two, it has all purchases. In other models a purchase is an event
    like others.
    """
    model, hourglass = question.model, question.hourglass
    members = {stage.name: {stage.name} for stage in model.stages}
    if model.name in ROLLUPS and hourglass is not None:
        have = {stage.name for stage in hourglass.stages}
        members = {name: have.intersection(those) for name, those in ROLLUPS[model.name].items()}
    found = [
        next((at for at, stage in enumerate(model.stages, 1) if name in members[stage.name]), None)
        for name in BUYING
    ]
    first, further = found
    return first or further, further or first


def _bought(question: Question) -> tuple[Step, ...]:
    try:
        return tuple(step for stage in buying(question).stages for step in stage.steps)
    except DataError:
        return ()


def _define_steps(engine: Maker, question: Question, stages: _Stages) -> None:
    """Make `path_scope` and `path_steps`: those of the stages, and of purchases at position 0."""
    steps = [
        (position, step)
        for position, stage in enumerate(question.model.stages, start=1)
        for step in stage.steps
    ]
    if stages.first_at is not None:
        steps += [(0, step) for step in _bought(question)]
    conditions = tuple(dict.fromkeys(step.where for _, step in steps if step.where is not None))
    rules = question.rules
    view = scope_view(
        engine.event_columns(),
        count=rules.count,
        where=rules.where,
        predicates=conditions,
        dialect=engine.dialect,
    )
    engine.view("path_scope", keyed_view(view, keys(engine, question)))
    engine.define(
        "path_steps",
        {"position": "INTEGER", "event": "VARCHAR", "needs": "BIGINT"},
        [
            (position, event, 0 if step.where is None else 1 << conditions.index(step.where))
            for position, step in steps
            for event in step.events
        ],
    )


def _tables(engine: Engine, question: Question, *, with_passes: bool) -> list[Table]:
    moves = with_bounds(engine.fetch("paths/moves"), "people", "people", "visitors")
    title = "Moves from stage to stage"
    tables = [_table("moves", title, everybody(moves), _MOVES)._replace(keys=_BOTH)]
    if with_passes:
        bounds = Bounds.of(question)
        period = bounds.period
        passes = with_bounds(engine.fetch("paths/passes", period), "people", "people", "buyers")
        tables.append(_table("passes", "Times that buyers went back first", passes, _PASSES))
    values = {"longest": LONGEST, "top": question.top}
    routes = with_bounds(engine.fetch("paths/routes", values), "people", "people", "travellers")
    tables.append(_table("routes", "Routes that most people took", routes, _ROUTES))
    if question.by:
        groups = by_table(engine, question, moves, _columns(_MOVES), rows_name="moves")
        tables.append(groups._replace(keys=_BOTH))
    return tables


_BOTH = ("from_stage", "to_stage")


def _table(name: str, title: str, frame: pl.DataFrame, wanted: _Named) -> Table:
    columns = _columns(wanted)
    chosen = frame.select(one.name for one in columns)
    return Table(name=name, title=title, data=chosen, columns=columns)


def _columns(wanted: Sequence[tuple[str, Kind, str]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind, label=label) for name, kind, label in wanted)
