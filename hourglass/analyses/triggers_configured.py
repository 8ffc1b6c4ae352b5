"""Triggers, configured: for whom each fired, who is still waited for, and who bought after it."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.groups import by_table, everybody, group
from hourglass.analyses.numbering import keys
from hourglass.analyses.purchases import window
from hourglass.analyses.question import Question
from hourglass.analyses.tables import table_of
from hourglass.engines import Engine
from hourglass.errors import UsageError, nearest, unseen
from hourglass.result import Kind, Table
from hourglass.scope import keyed_view, scope_view
from hourglass.settings.triggers import Trigger
from hourglass.stats import wilson

_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("trigger", "text", "trigger"),
    ("fired", "count", "fired"),
    ("pending", "count", "pending"),
    ("users", "count", "people"),
    ("mature_users", "count", "mature people"),
    ("bought", "count", "bought"),
    ("bought_rate", "rate", "rate"),
    ("bought_low", "rate", "low"),
    ("bought_high", "rate", "high"),
)
_EXAMPLE = (
    'under [triggers.abandoned_cart] in hourglass.toml write events = ["cart_add"],'
    ' without = ["order_paid"], within = "24 hours"'
)


def refuse_none(triggers: Mapping[str, Trigger]) -> None:
    """Raise UsageError if no trigger is configured."""
    if not triggers:
        raise UsageError("no trigger is configured", _EXAMPLE)


def named(triggers: Mapping[str, Trigger], name: str) -> Mapping[str, Trigger]:
    """Return the one trigger that is called `name`; UsageError if there is none."""
    refuse_none(triggers)
    if name not in triggers:
        raise UsageError(
            f'there is no trigger "{name}"{nearest(name, triggers)}',
            f"there are: {', '.join(triggers)}",
        )
    return {name: triggers[name]}


def conditions(triggers: Mapping[str, Trigger]) -> tuple[str, ...]:
    """Return the predicates of the triggers, each once."""
    return tuple(dict.fromkeys(one.where for one in triggers.values() if one.where is not None))


def fire(
    engine: Engine, question: Question, triggers: Mapping[str, Trigger], seen_us: int
) -> list[str]:
    """Make `firings` and `fired`; return what is to be said of events that the data lack.

    Needs `people`, `tally` and `purchases`. The period binds the events that start a trigger; what
    is later than `seen_us` is not known yet.
    """
    _define(engine, question, triggers)
    bounds = Bounds.of(question)
    seen = {"seen_us": seen_us}
    period = bounds.period
    engine.make("trigger_instants", "triggers/instants", {**period, **seen})
    engine.make("firings", "triggers/firings", seen)
    engine.make("fired", "triggers/fired", seen)
    return _lacking(engine, triggers)


def configured(
    engine: Engine, question: Question, seen_us: int, until_us: int, *, buys: bool
) -> list[Table]:
    """Count what `fire` made: the table `configured`, and with `question.by` a breakdown of it.

    One row a trigger: fired (firings), pending, users (people for whom it fired), mature_users
    (whose first firing lies W back), bought (of those, inside W after it) with rate and interval.
    Without `buys` nobody knows who bought, and the last five are null. Events before `until_us` say
    the values of the breakdown.
    """
    engine.make("concerned", "triggers/concerned")
    group(engine, question, "concerned", until_us=until_us)
    values = {"seen_us": seen_us, "window_us": microseconds(window(question))}
    frame = _rated(engine.fetch("triggers/configured", values), buys=buys)
    shown = table_of("configured", "Triggers configured", _COLUMNS, everybody(frame).to_dicts())
    if not question.by:
        return [shown]
    name = "configured_breakdown"
    return [
        shown,
        by_table(engine, question, frame, shown.columns, name=name, rows_name="triggers"),
    ]


def _define(engine: Engine, question: Question, triggers: Mapping[str, Trigger]) -> None:
    """Make `triggers`, `trigger_steps` and the view `triggering`: rows, and what they satisfy."""
    predicates = conditions(triggers)
    rows = list(enumerate(triggers.items(), start=1))
    engine.define(
        "triggers",
        {"trigger": "INTEGER", "name": "VARCHAR", "within_us": "BIGINT"},
        [(number, name, microseconds(one.within or timedelta())) for number, (name, one) in rows],
    )
    engine.define(
        "trigger_steps",
        {"trigger": "INTEGER", "event": "VARCHAR", "starts": "BOOLEAN", "needs": "BIGINT",
         "stops": "BOOLEAN"},
        [
            (number, event, event in one.events, _bit(predicates, one.where), event in one.without)
            for number, (_, one) in rows
            for event in dict.fromkeys((*one.events, *one.without))
        ],
    )  # fmt: skip
    view = scope_view(
        engine.event_columns(),
        count=question.rules.count,
        where=question.rules.where,
        predicates=predicates,
        dialect=engine.dialect,
    )
    engine.view("triggering", keyed_view(view, keys(engine, question)))


def _bit(predicates: tuple[str, ...], where: str | None) -> int:
    return 0 if where is None else 1 << predicates.index(where)


def _lacking(engine: Engine, triggers: Mapping[str, Trigger]) -> list[str]:
    seen = engine.fetch("map/seen")["event"].to_list()
    return [
        said
        for name, one in triggers.items()
        for said in unseen(f"trigger {name}", dict.fromkeys((*one.events, *one.without)), seen)
    ]


def _rated(frame: pl.DataFrame, *, buys: bool) -> pl.DataFrame:
    """Put the share that bought, and its interval, beside the counts."""
    counts = list(frame.select("bought", "mature_users").iter_rows())
    bounds = [wilson(bought, users) for bought, users in counts]
    rated = frame.with_columns(
        pl.Series("bought_rate", [b / n if n else None for b, n in counts], dtype=pl.Float64),
        pl.Series("bought_low", [low for low, _ in bounds], dtype=pl.Float64),
        pl.Series("bought_high", [high for _, high in bounds], dtype=pl.Float64),
    )
    if buys:
        return rated
    unknown = ("mature_users", "bought", "bought_rate", "bought_low", "bought_high")
    return rated.with_columns(pl.lit(None).cast(rated.schema[name]).alias(name) for name in unknown)
