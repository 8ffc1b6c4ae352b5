"""From the flags of a question to an engine that holds the events and the question to ask it."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hourglass import diagnostics
from hourglass.cli import settling
from hourglass.cli.failing import naming
from hourglass.cli.flags import Flags
from hourglass.cli.opening import Wanted, check_data, opened
from hourglass.cli.reading import tell_rejected, typed
from hourglass.cli.stitching import arriving, stitch
from hourglass.cli.unfilled import tell_unfilled
from hourglass.errors import DataError, UsageError

if TYPE_CHECKING:
    from hourglass.analyses.question import Delivery, Question
    from hourglass.config import Config
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.identity_events import Stitched
    from hourglass.rules import Rules
    from hourglass.sources.attach import Attached
    from hourglass.stages import Model


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
    from hourglass.conditions import placed
    from hourglass.engines.connect import lock_down
    from hourglass.engines.script import Statement

    settling.refuse_contradictions(flags)
    if flags.engine == "spark":
        with asking_cluster(flags, conditions) as asked:
            yield asked
        return
    check_data(flags)
    with opened(flags, outputs, wait) as data:
        engine, config = data.engine, data.config
        model = settling.model_of(flags, config)
        rules = settling.rules_of(flags, config)
        _refuse_order(flags, rules)
        settling.times_of(flags, rules)  # a mistyped date must not wait for the data
        hourglass = config.models.get("hourglass")
        personas = settling.personas_of(flags, config)
        more = settling.predicates_of(config, conditions, personas)
        with placed(config):
            needed = settling.columns_of(flags, rules, more, model, hourglass)
        wanted = arriving(config, None if every_column else needed)
        attached = data.read(Wanted(**wanted, in_order=rules.ties == "row"))
        engine.statements.extend(map(Statement, attached.statements))
        tell(attached)
        _tell_zone(attached, rules)
        stitched = stitch(engine, config, attached, flags.db)
        if stitched.kept:
            recall(engine)
        if model is None:
            model, hourglass = guessed(engine, attached, flags)
        question = settling.question_of(flags, rules, model, hourglass, personas)
        question = question._replace(aliases=stitched.aliases)
        _tell_mapping(engine, question, flags)
        tell_unfilled(engine, question)
        inputs = [*(one.file.path for one in attached.files), *outputs]
        enclosed = None if flags.db else inputs  # a database is enclosed already
        lock_down(engine.connection, enclosed, ordered=rules.ties == "row")
        asked_of = [*question.model.predicates, question.rules.where, *more]
        with placed(config), naming(engine, asked_of, config):
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


def _refuse_order(flags: Flags, rules: "Rules") -> None:
    """Raise UsageError where a database is asked for the order of the files."""
    if flags.db and rules.ties == "row":
        raise UsageError(
            "ties = row: a database does not keep the order of the files",
            "ask the exports themselves: hourglass funnel EVENTS --ties row",
        )


def guessed(engine: "DuckDBEngine", attached: "Attached", flags: Flags) -> "tuple[Model, Model]":
    """Guess the hourglass from the names of the events, and say so; DataError if there is none.

    Return the model that is asked about, and the hourglass.
    """
    from hourglass.config import Config, choose_model
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
    return choose_model(guess, flags.model), guess.models["hourglass"]


def again(flags: Flags, command: str, *words: str) -> str:
    """Write another command about the same data, read alike, as it is to be typed."""
    data = ("--db", str(flags.db)) if flags.db else flags.events or ()
    told = (
        word
        for name, value in typed(flags).items()
        for word in (f"--{name}".replace("_", "-"), value)
    )
    return shlex.join(["hourglass", command, *data, *told, *words])


def _tell_zone(attached: "Attached", rules: "Rules") -> None:
    """Say that days are counted in a zone which times without one may be of, too."""
    from hourglass.sources.clocks import AS_UTC

    if rules.timezone != "UTC" and AS_UTC in attached.notes:
        diagnostics.note(
            f"days are those of {rules.timezone}: if the times are, too, --source-tz"
            f" {rules.timezone}"
        )


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
