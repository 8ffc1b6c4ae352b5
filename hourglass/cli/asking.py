"""From the flags of a question to an engine that holds the events and the question to ask it."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hourglass import diagnostics
from hourglass.cli.configured import configuration
from hourglass.cli.dimensions import dimensions
from hourglass.cli.flags import Flags
from hourglass.cli.opening import Wanted, check_data, opened
from hourglass.cli.reading import tell_rejected
from hourglass.cli.stitching import arriving, stitch
from hourglass.cli.unfilled import tell_unfilled
from hourglass.errors import DataError, UsageError

if TYPE_CHECKING:
    from hourglass.analyses.question import Delivery, Question
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.identity_events import Stitched
    from hourglass.queries import Catalog
    from hourglass.result import Period
    from hourglass.rules import Rules
    from hourglass.sources.attach import Attached
    from hourglass.stages import Model

_RULES = (
    "count", "order", "window_from", "entry", "ties", "reuse", "range", "exclusion",
    "strict_repeat", "closed", "where",
)  # fmt: skip
"""Rules that are flags as they are; windows and zones are read first."""


class Asked(NamedTuple):
    """Everything an analysis needs."""

    engine: "DuckDBEngine"
    question: "Question"
    delivery: "Delivery"
    attached: "Attached"
    config: "Config"
    """What the file says, without what was guessed."""
    stitched: "Stitched"
    """How the ids of one person were joined."""


@contextmanager
def asking(
    flags: Flags,
    outputs: Sequence[Path] = (),
    *,
    every_column: bool = False,
    conditions: "Callable[[Config], Sequence[str]] | None" = None,
    wait: float = 0,
) -> Iterator[Asked]:
    """Open the data, settle model, rules and period, and lock the connection down.

    `outputs` are files that the engine itself may write. Of an export the columns that the question
    names are read, or `every_column`; `conditions` picks the predicates of a configuration that the
    command needs beside those of stages; a database that is held is tried for `wait` seconds. What
    was guessed is said on stderr.
    Raises UsageError for flags that contradict each other, DataError for data that cannot be
    read or hold no stages.
    """
    from hourglass.analyses.compact import recall
    from hourglass.cli.on_spark import asking_cluster
    from hourglass.config import choose_model
    from hourglass.engines.connect import lock_down
    from hourglass.engines.script import Statement

    _check(flags)
    if flags.engine == "spark":
        with asking_cluster(flags, conditions) as asked:
            yield asked
        return
    check_data(flags)
    with opened(flags, outputs, wait) as data:
        engine, config = data.engine, data.config
        model = model_of(flags, config)
        rules = rules_of(flags, config)
        _refuse_order(flags, rules)
        _times(flags, rules)  # a mistyped date must not wait for the data
        hourglass = config.models.get("hourglass")
        more = [*(conditions(config) if conditions else ()), *personas_of(flags, config).values()]
        needed = columns_of(flags, rules, more, model, hourglass)
        wanted = arriving(config, None if every_column else needed)
        attached = data.read(Wanted(**wanted, in_order=rules.ties == "row"))
        engine.statements.extend(map(Statement, attached.statements))
        tell(attached)
        stitched = stitch(engine, config, attached, flags.db)
        if stitched.kept:
            recall(engine)
        if model is None:
            guess = guessed(engine, attached, flags)
            model, hourglass = choose_model(guess, flags.model), guess.models["hourglass"]
        question = question_of(flags, rules, model, hourglass, personas_of(flags, config))
        question = question._replace(aliases=stitched.aliases)
        _tell_mapping(engine, question, flags)
        tell_unfilled(engine, question)
        inputs = [*(one.file.path for one in attached.files), *outputs]
        enclosed = None if flags.db else inputs  # a database is enclosed already
        lock_down(engine.connection, enclosed, ordered=rules.ties == "row")
        yield Asked(
            engine=engine,
            question=question,
            delivery=delivery_of(attached, stitched),
            attached=attached,
            config=config,
            stitched=stitched,
        )


def delivery_of(attached: "Attached", stitched: "Stitched") -> "Delivery":
    """Say what became of the rows and ids before anything was asked."""
    from hourglass.analyses.question import Delivery

    return Delivery(
        rejected=attached.rejected,
        duplicates=attached.duplicates,
        merged_ids=stitched.joined.merged if stitched.joined else None,
    )


def planned(flags: Flags) -> "tuple[Question, Catalog] | None":
    """Settle a question without looking at data; null if its stages would have to be guessed."""
    from hourglass.config import Config
    from hourglass.queries import Catalog

    _check(flags)
    config = configuration(flags.config) or Config()
    model = model_of(flags, config)
    if model is None:
        return None
    hourglass = config.models.get("hourglass")
    rules, personas = rules_of(flags, config), personas_of(flags, config)
    question = question_of(flags, rules, model, hourglass, personas)
    return question, Catalog(flags.queries or config.queries)


def personas_of(flags: Flags, config: "Config") -> "Mapping[str, str]":
    """Take the predicates of the personas, where a question is broken down by them."""
    return config.personas if "persona" in (flags.by or ()) else {}


def question_of(
    flags: Flags,
    rules: "Rules",
    model: "Model",
    hourglass: "Model | None",
    personas: "Mapping[str, str]",
) -> "Question":
    """Put a question together from what was typed and configured."""
    from hourglass.analyses.question import Question

    period, as_of = _times(flags, rules)
    return Question(
        model=model,
        hourglass=hourglass,
        rules=rules,
        period=period,
        by=dimensions(flags.by),
        personas=personas,
        top=flags.top,
        as_of=as_of,
    )


def _check(flags: Flags) -> None:
    dimensions(flags.by)  # before any data are read
    if flags.steps and flags.model:
        raise UsageError("--steps is a model of its own", "leave out --model or --steps")
    if flags.last_week and (flags.since or flags.until):
        raise UsageError("--last-week is a period of its own", "leave out --since and --until")


def _refuse_order(flags: Flags, rules: "Rules") -> None:
    """Raise UsageError where a database is asked for the order of the files."""
    if flags.db and rules.ties == "row":
        raise UsageError(
            "ties = row: a database does not keep the order of the files",
            "ask the exports themselves: hourglass funnel EVENTS --ties row",
        )


def model_of(flags: Flags, config: "Config") -> "Model | None":
    """Take the model that was typed or configured; null if it is to be guessed."""
    from hourglass.config import choose_model, parse_steps

    if flags.steps:
        return parse_steps(flags.steps)
    return choose_model(config, flags.model) if config.models else None


def guessed(engine: "DuckDBEngine", attached: "Attached", flags: Flags) -> "Config":
    """Guess the hourglass from the names of the events, and say so; DataError if there is none."""
    from hourglass.config import Config
    from hourglass.proposals.stages import guessed_models

    names = engine.ask("map/names").column("event")
    guess = Config(models=guessed_models(names))
    if not guess.models:
        seen = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        raise DataError(
            f"no two stages can be told from the events: {seen or 'there are none'}",
            f"{again(flags, 'init')} writes a configuration to fill in,"
            ' or type the stages: --steps "first event,second event"',
        )
    stages = guess.models["hourglass"].stages
    told = "; ".join(f"{stage.name} = {', '.join(stage.events)}" for stage in stages)
    diagnostics.note(f"stages guessed: {told} ({again(flags, 'init')} writes them down)")
    return guess


def again(flags: Flags, command: str, *words: str) -> str:
    """Write another command about the same data, as it is to be typed."""
    data = ("--db", str(flags.db)) if flags.db else flags.events or ()
    return shlex.join(["hourglass", command, *data, *words])


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


def _times(flags: Flags, rules: "Rules") -> "tuple[Period, datetime | None]":
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
    from hourglass.predicates import columns_used

    predicates = [*conditions, *([] if rules.where is None else [rules.where])]
    for model in (one for one in models if one):
        predicates += [step.where for step in model.steps if step.where]
    return {".".join(parts) for text in predicates for parts in columns_used(text)}


def _tell_mapping(engine: "DuckDBEngine", question: "Question", flags: Flags) -> None:
    """Say that a database does not keep what this question needs: it will take longer."""
    from hourglass.analyses.kept import definition

    if flags.db and question.rules.where is None and definition(question) not in engine.kept:
        diagnostics.note(
            f"{flags.db} keeps no compact form of {question.model.name} as asked:"
            " it is made for this run"
        )


def tell(attached: "Attached") -> None:
    """Say what was guessed of the events, and what was left out."""
    for note in attached.notes:
        diagnostics.note(note)
    tell_rejected(attached.rejected, attached.rows, attached.examples)
