"""Purchases: what people bought and when, whatever model is asked about.

How to use it, after `map_events` (or anything that made `people`, `tally` and `latest`):

    as_of = observe(engine, question)                     # the table `observed`, one row
    warnings += make_purchases(engine, question, as_of)   # the table `purchases`
    span = window(question)                        # W, to be printed: window_note(question)

`purchases(person_key, number, ts_us, revenue, cost)`: number counts from 1 in each person, over the
whole of the data that pass `where` (the period does not cut it: number 1 is the first purchase
there is). `revenue` and `cost` are those of all events that are part of the purchase, null where
none has any.
`observed(as_of, as_of_us, window_us)`: the moment at which windows are judged, and W.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hourglass.analyses.attempts import NEVER, instant, microseconds
from hourglass.analyses.kept import is_mapped
from hourglass.analyses.mapping import scope_read
from hourglass.analyses.numbering import keys
from hourglass.analyses.question import Question
from hourglass.durations import said
from hourglass.engines import Engine, Maker
from hourglass.errors import DataError, nearest, unseen
from hourglass.scope import keyed_view, scope_view
from hourglass.stages import ANY, Model, Stage

BUYING = ("buy", "repeat")
"""Stages whose events are purchases."""

MONEY = ("cost", "revenue")
"""Columns of `events` that hold money."""

USUAL_WINDOW = timedelta(days=30)
"""W where the rules have no window."""

_NAME_IT = (
    'name the events of the stage buy: under [stages] in hourglass.toml write buy = ["…"];'
    " hourglass init EVENTS, or --db FILE, proposes it"
)


_COLUMNS = {
    "person_key": "BIGINT", "number": "INTEGER", "ts_us": "BIGINT", "revenue": "DOUBLE",
    "cost": "DOUBLE",
}  # fmt: skip


class Buying(NamedTuple):
    """The stages that say what a purchase is, and how far apart two purchases lie at least."""

    model: Model
    stages: tuple[Stage, ...]
    min_gap: timedelta

    @property
    def events(self) -> tuple[str, ...]:
        """Names of all events with which people buy, each once."""
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.events))


def buying(question: Question) -> Buying:
    """Return what a purchase is: by the model asked about, or else by the hourglass.

    So a model of one's own, or a rolled-up one, has purchases too. Of a stage its events and their
    `where` count. DataError if neither has the stage buy or repeat.
    """
    for model in (question.model, question.hourglass):
        stages = tuple(one for one in model.stages if one.name in BUYING) if model else ()
        if model and stages:
            gaps = (stage.min_gap for stage in stages if stage.name == "repeat")
            return Buying(model=model, stages=stages, min_gap=next(gaps, timedelta()))
    raise DataError(
        f"model {question.model.name} has no stage buy, and nothing configured says what a purchase"
        " is",
        _NAME_IT,
    )


def make_purchases(
    engine: Engine, question: Question, known: datetime | None = None, *, money: bool = True
) -> list[str]:
    """Make `purchases`; return what is to be said of events that the data lack.

    Reads `tally`, and makes `buying`, `purchase_steps`, `bought` on its way (where
    purchases keep a gap also `instants` and `starts`). Of a purchase money counts up to the
    moment `known` (null: all of it). Revenue and cost may be missing where `money` is not asked
    for: then the stage events may tell all there is. Raises DataError if no
    stage says what a purchase is, or if the data have none of its events.
    """
    found = buying(question)
    warnings = _lacking(engine, found)
    carry_stages(engine, question, found.stages, "buying", "purchase_steps")
    known_us = instant(known, NEVER) if found.min_gap else NEVER
    content = repr((found.stages, found.min_gap, known_us, scope_read(engine, question)))
    if engine.remembers(content, "purchases"):
        return warnings
    places = None if money and has_money(engine) else places_told(engine, question)
    if places is None:
        engine.make("bought", "purchases/bought")
    else:
        engine.let("bought", "purchases/told", places)
    gather(engine, found.min_gap, known_us)
    if places is None or not has_money(engine):
        engine.remember(content, "purchases")
    return warnings


def purchases_or_reason(engine: Engine, question: Question) -> tuple[list[str], DataError | None]:
    """Make `purchases` without money, empty where nobody knows what one is.

    Returns what is to be said of events that the data lack, and why nobody knows.
    """
    try:
        return make_purchases(engine, question, money=False), None
    except DataError as unknown:
        no_purchases(engine)
        return [], unknown


def no_purchases(engine: Maker) -> None:
    """Make `purchases` without rows."""
    engine.define("purchases", _COLUMNS, [])


def has_money(engine: Engine) -> bool:
    """Whether the events have a column that holds money."""
    columns = engine.event_columns()
    return columns is None or not columns.keys().isdisjoint(MONEY)


def places_told(engine: Engine, question: Question) -> dict[str, int | None] | None:
    """Return the positions of the stages whose stage events are purchases, each event once.

    Null where stage events do not tell: another model says what a purchase is, something took the
    place of what was mapped, the two stages share some of their events, or a file of one's own says
    which events were bought with.
    """
    found = buying(question)
    if found.model is not question.model or not is_mapped(engine, question):
        return None
    if engine.catalog.is_overridden("purchases/bought"):
        return None
    first, *rest = found.stages
    first_position, *positions = [
        place for place, stage in enumerate(found.model.stages, start=1) if stage in found.stages
    ]
    if not rest or rest[0].steps == first.steps:
        return {"buying_position": first_position, "other_buying_position": None}
    if ANY in found.events or not set(rest[0].events).isdisjoint(first.events):
        return None
    return {"buying_position": first_position, "other_buying_position": positions[0]}


def gather(engine: Maker, min_gap: timedelta, known_us: int = NEVER) -> None:
    """Make `purchases` from `bought`: what is nearer than the gap is one, its money as known."""
    if not min_gap:
        engine.make("purchases", "purchases/each")
        return
    engine.make("instants", "purchases/instants", {"min_gap_us": microseconds(min_gap)})
    engine.make("starts", "purchases/starts")
    engine.make("purchases", "purchases/apart", {"known_us": known_us})


def carry_stages(
    engine: Maker, question: Question, stages: Sequence[Stage], view: str, steps: str
) -> None:
    """Make the view `view` of the events that pass `where`, with their revenue and cost.

    Its `passed` are the conditions of these stages alone; the table `steps` (stage, event, needs)
    says which of them an event needs to be of which stage, by its number among them.
    """
    parts = [(number, step) for number, one in enumerate(stages, 1) for step in one.steps]
    wheres = (step.where for _, step in parts)
    conditions = tuple(dict.fromkeys(where for where in wheres if where is not None))
    text = scope_view(
        engine.event_columns(),
        count=question.rules.count,
        where=question.rules.where,
        predicates=conditions,
        carry={"revenue": "DOUBLE", "cost": "DOUBLE"},
        dialect=engine.dialect,
    )
    engine.view(view, keyed_view(text, keys(engine, question)))
    rows = [
        (number, event, 0 if step.where is None else 1 << conditions.index(step.where))
        for number, step in parts
        for event in step.events
    ]
    columns = {"stage": "INTEGER", "event": "VARCHAR", "needs": "BIGINT"}
    engine.define(steps, columns, rows)


def window(question: Question) -> timedelta:
    """Return W: the window of the rules, 30 days where they have none."""
    return question.rules.window or USUAL_WINDOW


def observe(engine: Engine, question: Question) -> datetime | None:
    """Make `observed` (reads `latest`); return the moment it holds, null if there are no events."""
    values = {"as_of": question.as_of, "window_us": microseconds(window(question))}
    engine.make("observed", "purchases/observed", values)
    moment: datetime | None = engine.ask("purchases/as_of").first()["as_of"]
    return moment


def window_note(question: Question) -> str:
    """Say what W is, for the notes of a result."""
    why = "" if question.rules.window else ", as the rules have no window"
    return f"W is {said(window(question))}{why}"


def borrowed(question: Question) -> list[str]:
    """Say whose purchases they are, for the notes of a result, if not of the model asked about."""
    try:
        model = buying(question).model
    except DataError:
        return []
    asked = question.model
    if model is asked:
        return []
    return [f"purchases are those of model {model.name}: {asked.name} has no stage buy"]


def _lacking(engine: Engine, found: Buying) -> list[str]:
    seen = engine.ask("map/seen").column("event")
    lacking = [name for name in found.events if name not in {*seen, ANY}]
    if seen and len(lacking) == len(found.events):
        raise DataError(
            f"nobody buys: none of the events of {' and '.join(s.name for s in found.stages)}"
            f" in {found.model.name} is in the data{nearest(lacking[0], seen)}",
            f"the data have {', '.join(seen[:8])}{' …' if len(seen) > 8 else ''}; {_NAME_IT}",
        )
    return [
        said
        for stage in found.stages
        for said in unseen(f"stage {stage.name}", (one for one in stage.events if one != ANY), seen)
    ]
