"""Touchpoints: through which channels people come to each stage, and which go on from there."""

from collections.abc import Iterator, Sequence

import polars as pl

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.groups import by_table, everybody, group, refuse_attribution
from hourglass.analyses.kept import definition
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import (
    borrowed,
    buying,
    observe,
    purchases_or_reason,
    window_note,
)
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.rates import with_bounds
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.touchpoints_tables import define_buying, define_following
from hourglass.analyses.windowed import in_force, within_window
from hourglass.engines import Engine
from hourglass.errors import DataError, UsageError, nearest
from hourglass.result import Column, Kind, Result, Table
from hourglass.settings.touchpoints import Touchpoints

CHANNEL = "channel"
"""The column of events that says through which channel an event came."""

_Named = tuple[tuple[str, Kind, str], ...]
_STAGE: _Named = (("position", "count", "#"), ("stage", "text", "stage"))
_CHANNEL: _Named = (("channel", "text", "channel"), ("channel_other", "flag", "other"))
_KIND: _Named = (("kind", "text", "kind"),)
_COUNTS: _Named = (
    ("events", "count", "events"),
    ("people", "count", "people"),
    ("onward", "count", "went on"),
    ("onward_rate", "rate", "share"),
    ("onward_low", "rate", "share low"),
    ("onward_high", "rate", "share high"),
    ("immature", "count", "not yet"),
    ("mature_people", "count", "mature"),
    ("mature_onward", "count", "mature on"),
    ("mature_onward_rate", "rate", "mature share"),
)
_BUYERS: _Named = (
    ("first_touch", "count", "first touch"),
    ("first_touch_rate", "rate", "share"),
    ("first_touch_low", "rate", "share low"),
    ("first_touch_high", "rate", "share high"),
    ("last_touch", "count", "last touch"),
    ("last_touch_rate", "rate", "share"),
    ("last_touch_low", "rate", "share low"),
    ("last_touch_high", "rate", "share high"),
)
_RULES = (
    "count", "window", "ties", "reuse", "range", "attribution", "where", "timezone", "week_start",
    "stages",
)  # fmt: skip
"""Rules that have a say; how a funnel is followed has none."""


def touchpoints(
    engine: Engine,
    question: Question,
    settings: Touchpoints | None = None,
    delivery: Delivery | None = None,
) -> Result:
    """Count events and people of each stage through each channel, and who went on from there.

    The result has the table `touchpoints`, one row a stage and channel: kind (digital or physical
    as `settings` say, else unknown), events, people, onward (of those, who did the next stage at or
    after their first event here, inside W) with rate and Wilson interval, and who still has time;
    `kinds`, the same by kind; `buyers`, by the channel of their first and last touch, unless
    nobody knows what a purchase is; with `question.by` `breakdown`, the first table for each value.
    Raises DataError if the events have no channel.
    """
    _check(engine, question)
    map_events(engine, question._replace(by=(*question.by, CHANNEL)))
    warnings = missing_events(engine, question.model)
    facts = input_facts(engine, delivery)
    as_of = observe(engine, question)
    said, unknown = purchases_or_reason(engine, question)
    warnings += [one for one in said if one not in warnings]
    reasons = [f"no first and last touch of buyers: {unknown.message}"] if unknown else []
    define_buying(engine, question, () if unknown else buying(question).stages)
    _follow(engine, question, settings)
    warnings += _lacking(engine, settings) + facts.beyond(question.period)
    stages = engine.fetch("touchpoints/stages", {"top": question.top})
    counted = with_bounds(stages, "onward", "onward", "people")
    tables = _tables(engine, question, counted)
    if not reasons:
        tables.insert(2, _buyers(engine, question, settings))
    return Result(
        analysis="touchpoints",
        title=f"Touchpoints of {question.model.name}",
        model=question.model.name,
        rules=in_force(within_window(question), _RULES),
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(question, settings), *reasons),
        warnings=tuple(warnings),
    )


def _check(engine: Engine, question: Question) -> None:
    refuse_attribution(question)
    if question.rules.ties == "row":
        raise UsageError(
            "ties = row: what goes on from a channel at one instant is not told by its row",
            "--ties helpful, or later",
        )
    if CHANNEL in {name.casefold() for name in question.by}:
        raise UsageError("touchpoints are by channel anyway", f"leave out --by {CHANNEL}")
    columns = engine.event_columns()
    if columns is not None and CHANNEL not in columns:
        raise DataError(
            "touchpoints are by channel, and no column of the events is the channel",
            'under [columns] in hourglass.toml write channel = "utm_source", or whichever column'
            " it is; a database has to be loaded with it",
        )


def _follow(engine: Engine, question: Question, settings: Touchpoints | None) -> None:
    """Make `onward` (what people did through which channels, and after it) and `segments`."""
    bounds = Bounds.of(within_window(question))
    period = bounds.period
    define_following(engine, question, settings)
    _make_touch_events(engine, question)
    stages = question.model.stages
    if any(stage.first_time or stage.nth for stage in stages):
        numbered = sum(1 << place for place, stage in enumerate(stages) if stage.nth)
        engine.make("touch_events", "touchpoints/narrowed_events", {"numbered": numbered})
    values = {"top": question.top, "configured": settings is not None}
    engine.make("channels", "touchpoints/channels", {**period, **values})
    reads = {"read_until_us": bounds.read_until_us}
    engine.make("onward", "touchpoints/onward", {**period, **reads})
    engine.make("touched", "touchpoints/people")
    group(engine, question, "touched", until_us=bounds.until_us)


def _make_touch_events(engine: Engine, question: Question) -> None:
    """Make `touch_events`, of what the database keeps where that tells enough of each event."""
    engine.make("touch_kinds", "touchpoints/kinds")
    engine.make("lonely", "touchpoints/lonely")
    kept = engine.kept.get(definition(question))
    if kept is not None and engine.fetch("touchpoints/uniform")["uniform"][0]:
        engine.let("touch_events", "compact/touch_events", {"touch_model": kept})
    else:
        engine.make("touch_events", "touchpoints/events")


def _lacking(engine: Engine, settings: Touchpoints | None) -> list[str]:
    if settings is None:
        return []
    seen = engine.fetch("touchpoints/seen")["channel"].to_list()
    return [
        f'[touchpoints] physical: no channel "{name}" in the data{nearest(name, seen)}'
        for name in settings.physical
        if seen and name not in seen
    ]


def _tables(engine: Engine, question: Question, frame: pl.DataFrame) -> list[Table]:
    channels, kinds = frame.filter(~pl.col("by_kind")), frame.filter(pl.col("by_kind"))
    columns = _STAGE + _CHANNEL + _KIND + _COUNTS
    tables = [
        _table("touchpoints", "By stage and channel", everybody(channels), columns),
        _table("kinds", "By kind of channel", everybody(kinds), _STAGE + _KIND + _COUNTS),
    ]
    if question.by:
        named = _columns(columns)
        groups = by_table(engine, question, channels, named, rows_name="touchpoints")
        tables.append(groups._replace(keys=("stage", "channel")))
    return tables


def _buyers(engine: Engine, question: Question, settings: Touchpoints | None) -> Table:
    bounds = Bounds.of(question)
    period = bounds.period
    engine.make("buyers", "touchpoints/buyers", period)
    values = {"top": question.top, "configured": settings is not None}
    frame = engine.fetch("touchpoints/first_last", values)
    for side in ("first_touch", "last_touch"):
        frame = with_bounds(frame, side, side, "buyers")
    return _table("buyers", "First and last touch of buyers", frame, _CHANNEL + _KIND + _BUYERS)


def _table(name: str, title: str, frame: pl.DataFrame, wanted: _Named) -> Table:
    columns = _columns(wanted)
    chosen = frame.select(one.name for one in columns)
    keys = tuple(one.name for one in columns if one.name in ("stage", "channel", "kind"))
    return Table(name=name, title=title, data=chosen, columns=columns, keys=keys[:2])


def _columns(wanted: Sequence[tuple[str, Kind, str]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind, label=label) for name, kind, label in wanted)


def _shared(question: Question) -> Iterator[str]:
    """Say which events stand in the rows of several stages: first purchases in those of repeat."""
    stages: dict[str, list[str]] = {}
    for stage in question.model.stages:
        for event in stage.events:
            stages.setdefault(event, []).append(stage.name)
    for event, names in stages.items():
        if len(names) > 1:
            yield f"of {' and '.join(names)} at once, and counted at each of them: {event}"


def _notes(question: Question, settings: Touchpoints | None) -> list[str]:
    notes = [window_note(question), *borrowed(question), *_shared(question)]
    if settings is None:
        notes.append(
            "no channel is known to be digital or physical: under [touchpoints] in hourglass.toml"
            ' write physical = ["store"], with your own; all others are digital'
        )
    return notes
