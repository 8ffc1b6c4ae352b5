"""People one by one: how far each came, when, and why not further."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, get_args

import polars as pl

from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.funnel import count, judged_at
from hourglass.analyses.mapping import input_facts, map_events, missing_events
from hourglass.analyses.question import Delivery, Question
from hourglass.engines import Maker
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError, nearest
from hourglass.result import Column, Json, Kind, Result, Table
from hourglass.scope import people_view
from hourglass.stages import Model, Stage

Reason = Literal[
    "completed", "not entered", "still open", "never",
    "too late", "too soon", "reused", "tie", "before",
]  # fmt: skip
"""Why a person came no further; what each means is in docs/people.md."""
REASONS: tuple[Reason, ...] = get_args(Reason)

PEOPLE = "people_wide"
"""The relation with one row a person, which `DuckDBEngine.copy` writes to a file."""

_EXPLAINED: dict[str, tuple[Json, ...]] = {
    "order": ("ordered",),
    "window_from": ("entry", "previous"),
    "entry": ("best", "first", "last"),
    "ties": ("helpful", "later"),
    "tie_tolerance": (0,),
    "reuse": (False, True),
    "range": ("entry", "all"),
    "closed": (True,),
    "hold": (None,),
}
"""Rules that decide who gets how far, with the values under which reasons are known."""
_KNOWN = frozenset({"name", "stages", "steps", "within", "min_gap"})
"""What a model and its stages say that reasons take into account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people a list holds; null is everybody who entered."""

    stage: str | None = None
    """Those who reached this stage."""
    dropped: str | None = None
    """Those who reached this stage and none after it."""
    reason: Reason | None = None
    everybody: bool = False
    """People who never entered too, with reached 0."""
    most: int | None = None
    """How many, the first by their ids."""
    guarded: bool = False
    """Whether ids that a spreadsheet would take for a formula get an apostrophe before them."""


def people(
    engine: DuckDBEngine,
    question: Question,
    wanted: Wanted,
    delivery: Delivery | None = None,
    *,
    brief: bool = False,
) -> Result:
    """List people with the stage each reached, why not further, and the times of each stage.

    The result has the table `people`, one row a person in the order of ids: user_id, reached
    (position, 0 is never entered), stage, reason, entered (naive UTC), `t_` and the stage for the
    instant it was reached, `seconds_to_` and the stage for the time from the stage before; `brief`
    leaves the instants out. The table `reasons` counts all of the people asked for by stage and
    reason, however many are listed. Raises UsageError for a stage that the model lacks and for
    rules whose reasons are not known.
    """
    select(engine, question, wanted)
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model)
    reasons = engine.fetch("people/reasons")
    listed = _people(engine, question.model, brief=brief)
    total = int(reasons["people"].sum())
    return Result(
        analysis="people",
        title=f"People of {question.model.name}",
        model=question.model.name,
        rules=question.rules.as_json(),
        period=question.period,
        tables=(listed, _reasons(reasons)),
        input=facts,
        as_of=judged_at(engine),
        notes=(*warnings, *_notes(listed.frame.height, total, facts.without_user)),
        warnings=tuple(warnings),
    )


def select(engine: DuckDBEngine, question: Question, wanted: Wanted) -> None:
    """Make the relation `people_wide`, and all that it reads."""
    refuse_unexplained(question)
    values = {
        "everybody": wanted.everybody or wanted.reason == "not entered",
        "least": _position(question.model, wanted.stage),
        "stopped_at": _stopped_at(question.model, wanted.dropped),
        "reason": wanted.reason,
    }
    map_events(engine, question)
    count(engine, question)
    judge(engine, question)
    engine.make("selected", "people/selected", values)
    engine.make("listed", "people/listed", {"guarded": wanted.guarded, "most": wanted.most})
    engine.make("steps_taken", "people/steps")
    engine.view(PEOPLE, people_view(*columns_of(question.model)))


def judge(engine: Maker, question: Question) -> None:
    """Make `outcomes` of what `count` made: how far everybody came, and the reason."""
    bounds = Bounds.of(question)
    engine.define(
        "gaps",
        {"position": "INTEGER", "min_gap_us": "BIGINT"},
        [
            (position, microseconds(stage.min_gap))
            for position, stage in enumerate(question.model.stages[1:], start=2)
        ],
    )
    reads = {"since_us": bounds.since_us, "read_until_us": bounds.read_until_us}
    engine.make("next_seen", "people/next_seen", reads)
    at_once = "tie" if question.rules.ties == "later" else "reused"
    engine.make("outcomes", "people/outcomes", {"at_once": at_once})


def refuse_unexplained(question: Question) -> None:
    """Raise UsageError for a rule under which nobody can say yet why a person stopped.

    Whatever a stage or a model may ask for beyond what is known here is refused by its name.
    """
    rules = question.rules.as_json().items()
    beyond: dict[str, object] = {
        name: value for name, value in rules if value not in _EXPLAINED.get(name, (value,))
    }
    parts: tuple[Model | Stage, ...] = (question.model, *question.model.stages)
    for one in parts:
        beyond |= _beyond(one)
    for name, value in beyond.items():
        said = f"{name} = {value}" if isinstance(value, str | int | float) else name
        raise UsageError(
            f"why people stop is not known under {said}",
            f"leave out {name}, or ask hourglass funnel for the counts",
        )


def _beyond(one: Model | Stage) -> dict[str, object]:
    given = {field.name: (getattr(one, field.name), field.default) for field in fields(one)}
    return {
        name: value
        for name, (value, default) in given.items()
        if name not in _KNOWN and value not in (default, (), None)
    }


def columns_of(model: Model) -> tuple[list[str], list[str]]:
    """Name the columns of the stages: instants, and seconds from the second stage on.

    Names that differ in case alone would be one to a database: later ones get their position.
    """
    names: dict[str, str] = {}
    for position, stage in enumerate(model.stages, start=1):
        name = stage.name
        while name.casefold() in names:
            name = f"{name}_{position}"
        names[name.casefold()] = name
    found = list(names.values())
    return [f"t_{name}" for name in found], [f"seconds_to_{name}" for name in found[1:]]


def _position(model: Model, name: str | None) -> int | None:
    if name is None:
        return None
    names = [stage.name for stage in model.stages]
    if name not in names:
        raise UsageError(
            f'model {model.name} has no stage "{name}"{nearest(name, names)}',
            f"its stages are {', '.join(names)}",
        )
    return names.index(name) + 1


def _stopped_at(model: Model, name: str | None) -> int | None:
    position = _position(model, name)
    if position == len(model.stages):
        raise UsageError(
            f"{name} is the last stage: nobody drops after it",
            f'people who reached it: --stage "{name}"',
        )
    return position


def _people(engine: DuckDBEngine, model: Model, *, brief: bool) -> Table:
    instants, seconds = columns_of(model)
    placed: Sequence[tuple[str, Kind, str]] = (
        ("user_id", "text", "person"),
        ("reached", "count", "reached"),
        ("stage", "text", "stage"),
        ("reason", "text", "reason"),
        ("entered", "moment", "entered"),
        *((name, "moment", name.removeprefix("t_")) for name in instants if not brief),
        *((name, "seconds", name.replace("seconds_", "", 1).replace("_", " ", 1))
          for name in seconds),
    )  # fmt: skip
    columns = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in placed)
    frame = engine.rows(PEOPLE).select(column.name for column in columns)
    return Table(name="people", title="People", frame=frame, columns=columns)


def _notes(listed: int, total: int, without_user: int) -> list[str]:
    notes = []
    if not total:
        notes.append("nobody is asked for by that")
    elif listed < total:
        notes.append(f"{listed:,} of {total:,} people are listed")
    if without_user:
        rows = "row" if without_user == 1 else "rows"
        notes.append(f"{without_user:,} {rows} without a person left out")
    return notes


def _reasons(frame: pl.DataFrame) -> Table:
    return Table(
        name="reasons",
        title="Where people stop, and why",
        frame=frame,
        columns=(
            Column(name="reached", kind="count", label="reached"),
            Column(name="stage", kind="text", label="stage"),
            Column(name="reason", kind="text", label="reason"),
            Column(name="people", kind="count", label="people"),
        ),
    )
