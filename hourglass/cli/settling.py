"""What flags and configuration say together, before any data are looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hourglass.cli.configured import configuration
from hourglass.cli.dimensions import dimensions
from hourglass.cli.flags import Flags
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.analyses.question import Question
    from hourglass.config import Config
    from hourglass.queries import Catalog
    from hourglass.result import Period
    from hourglass.rules import Rules
    from hourglass.stages import Model

_RULES = (
    "count", "order", "window_from", "entry", "ties", "reuse", "range", "exclusion",
    "strict_repeat", "closed",
)  # fmt: skip
"""Rules that are flags as they are; windows and zones are read first."""


def planned(flags: Flags) -> "tuple[Question, Catalog] | None":
    """Settle a question without looking at data; null if its stages would have to be guessed."""
    from hourglass.config import Config
    from hourglass.queries import Catalog

    refuse_contradictions(flags)
    config = configuration(flags.config) or Config()
    model = model_of(flags, config)
    if model is None:
        return None
    hourglass = config.models.get("hourglass")
    rules, personas = rules_of(flags, config), personas_of(flags, config)
    question = question_of(flags, rules, model, hourglass, personas)
    return question, Catalog(flags.queries or config.queries)


def refuse_contradictions(flags: Flags) -> None:
    """Raise UsageError for flags that contradict each other."""
    dimensions(flags.by)  # before any data are read
    if flags.steps and flags.model:
        raise UsageError("--steps is a model of its own", "leave out --model or --steps")
    if flags.last_week and (flags.since or flags.until):
        raise UsageError("--last-week is a period of its own", "leave out --since and --until")


def model_of(flags: Flags, config: "Config") -> "Model | None":
    """Take the model that was typed or configured; null if it is to be guessed."""
    from hourglass.config import choose_model, parse_steps

    if flags.steps:
        return parse_steps(flags.steps)
    return choose_model(config, flags.model) if config.models else None


def rules_of(flags: Flags, config: "Config") -> "Rules":
    """Let flags beat the configuration."""
    from hourglass.rules import (
        PRESETS,
        parse_attribution,
        parse_span,
        parse_timezone,
        parse_tolerance,
        parse_weekday,
    )

    typed: dict[str, Any] = dict(PRESETS[flags.like]) if flags.like else {}
    for name in _RULES:
        if (value := getattr(flags, name)) is not None:
            typed[name] = value
    if flags.where:
        typed["where"] = _all_hold(flags.where)
    if flags.window is not None:
        typed["window"] = parse_span(flags.window)
    if flags.tie_tolerance is not None:
        typed["tie_tolerance"] = parse_tolerance(flags.tie_tolerance)
    if flags.hold is not None:
        typed["hold"] = None if flags.hold == "none" else flags.hold
    if flags.attribution is not None:
        typed["attribution"] = parse_attribution(flags.attribution)
    if flags.week_start is not None:
        typed["week_start"] = parse_weekday(flags.week_start)
    if flags.tz is not None:
        typed["timezone"] = parse_timezone(flags.tz)
    return replace(config.rules, **typed)


def _all_hold(conditions: Sequence[str]) -> str:
    """Put conditions together; UsageError for one that is none by itself."""
    if len(conditions) == 1:
        return conditions[0]
    from hourglass.predicates import all_columns_used

    all_columns_used(conditions)
    return " and ".join(f"({one})" for one in conditions)


def personas_of(flags: Flags, config: "Config") -> "Mapping[str, str]":
    """Take the predicates of the personas, where a question is broken down by them."""
    return config.personas if "persona" in (flags.by or ()) else {}


def predicates_of(
    config: "Config",
    conditions: "Callable[[Config], Sequence[str]] | None",
    personas: "Mapping[str, str]",
) -> list[str]:
    """Collect the predicates that a command needs beside those of stages."""
    return [*(conditions(config) if conditions else ()), *personas.values()]


def question_of(
    flags: Flags,
    rules: "Rules",
    model: "Model",
    hourglass: "Model | None",
    personas: "Mapping[str, str]",
) -> "Question":
    """Put a question together from what was typed and configured."""
    from hourglass.analyses.combinations import refuse_no_stage
    from hourglass.analyses.question import Question

    refuse_no_stage(flags.attribution or "", model)  # a configured one may be of another model
    period, as_of = times_of(flags, rules)
    return Question(
        model=model,
        hourglass=hourglass,
        rules=rules,
        like=flags.like,
        period=period,
        by=dimensions(flags.by),
        personas=personas,
        top=flags.top,
        as_of=as_of,
    )


def times_of(flags: Flags, rules: "Rules") -> "tuple[Period, datetime | None]":
    """Work out the period and the moment at which windows are judged."""
    from hourglass.calendar import last_week, moment
    from hourglass.result import Period

    zone = rules.timezone
    as_of = moment(flags.as_of, zone) if flags.as_of else None
    since = moment(flags.since, zone) if flags.since else None
    until = moment(flags.until, zone, until=True) if flags.until else None
    if flags.last_week:
        clock = as_of or datetime.now(UTC).replace(tzinfo=None)
        since, until = last_week(clock, zone, rules.week_start)
    if since and until and since >= until:
        raise UsageError("the period ends before it begins", "swap --since and --until")
    return Period(since=since, until=until, timezone=zone), as_of


def columns_of(
    flags: Flags, rules: "Rules", conditions: Sequence[str], *models: "Model | None"
) -> set[str]:
    """Collect the columns that the question names, so that no others are read."""
    used = compared_columns(rules, conditions, *models)
    if rules.hold is not None:
        used.add(rules.hold)
    if rules.count != "user":
        used.add("session_id" if rules.count == "session" else rules.count)
    return used | set(flags.by or ())


def compared_columns(
    rules: "Rules", conditions: Sequence[str], *models: "Model | None"
) -> set[str]:
    """Collect the columns of predicates: their types matter, all others are as they are written."""
    from hourglass.predicates import all_columns_used

    predicates = [*conditions, *([] if rules.where is None else [rules.where])]
    for model in (one for one in models if one):
        predicates += [step.where for step in model.steps if step.where]
    return {".".join(parts) for found in all_columns_used(predicates).values() for parts in found}
