"""People one by one: how far each came, when, and why not further."""

from collections.abc import Sequence
from typing import NamedTuple

from hourglass.analyses.any_order import row_names
from hourglass.analyses.funnel import count, judged_at
from hourglass.analyses.mapping import map_events
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.reasons import Reason, judge, refuse_unexplained
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError, nearest
from hourglass.result import Column, Kind, Result, Table
from hourglass.rows import Rows
from hourglass.scope import people_view

PEOPLE = "people_wide"
"""The relation with one row a person, which `DuckDBEngine.copy` writes to a file."""


class Wanted(NamedTuple):
    """Which people a list holds; null is everybody who entered."""

    stage: str | None = None
    """Those whom the funnel counts at this stage."""
    dropped: str | None = None
    """Those at this stage but not at the next that is not optional."""
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
    leaves the instants out. In any order the stages are called any 1, any 2…, and `missing` names
    those of the model that never came inside the window. The table `reasons` counts all of the
    people asked for by stage and reason, however many are listed. Raises UsageError for a stage
    that the model lacks and for rules whose reasons are not known.
    """
    select(engine, question, wanted)
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model) + facts.beyond(question.period)
    reasons = engine.ask("people/reasons")
    listed = _people(engine, question, brief=brief)
    total = sum(reasons.column("people"))
    return Result(
        analysis="people",
        title=f"People of {question.model.name}",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=(listed, _reasons(reasons)),
        input=facts,
        as_of=judged_at(engine),
        notes=(*warnings, *_notes(listed.height, total), *facts.nobodys()),
        warnings=tuple(warnings),
    )


def select(engine: DuckDBEngine, question: Question, wanted: Wanted) -> None:
    """Make the relation `people_wide`, and all that it reads."""
    refuse_unexplained(question)
    values = {
        "everybody": wanted.everybody or wanted.reason == "not entered",
        "here": _bit(_position(question, wanted.stage)),
        **_left(question, wanted.dropped),
        "reason": wanted.reason,
    }
    map_events(engine, question)
    count(engine, question, mature=False)
    judge(engine, question)
    if question.rules.where is not None:
        engine.make("outcomes", "people/present")
    engine.let("selected", "people/selected", values)
    engine.let(
        "listed", "people/listed", {"listed_guarded": wanted.guarded, "listed_most": wanted.most}
    )
    if question.rules.order == "any":
        engine.make("listed", "people/missing", {"guarded": wanted.guarded})
    if question.model.exclusions:
        engine.make("listed", "people/excluded", {"guarded": wanted.guarded})
    engine.let("steps_taken", "people/steps")
    named = columns_of(row_names(question))
    engine.view(PEOPLE, people_view(*named, [*_also(question)], engine.dialect))


def _also(question: Question) -> dict[str, tuple[Kind, str]]:
    """Name what the list says of everybody beyond what every list does, with kinds and labels."""
    also: dict[str, tuple[Kind, str]] = {}
    if question.rules.order == "any":
        also["missing"] = "text", "missing"
    if question.model.exclusions:
        also |= {"excluded": ("moment", "excluded"), "excluded_by": ("text", "by")}
    return also


def columns_of(stages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Name the columns of the stages: instants, and seconds from the second stage on.

    Names that differ in case alone would be one to a database: later ones get their position.
    """
    names: dict[str, str] = {}
    for position, stage in enumerate(stages, start=1):
        name = stage
        while name.casefold() in names:
            name = f"{name}_{position}"
        names[name.casefold()] = name
    found = list(names.values())
    return [f"t_{name}" for name in found], [f"seconds_to_{name}" for name in found[1:]]


def _position(question: Question, name: str | None) -> int | None:
    if name is None:
        return None
    names = row_names(question)
    if name not in names:
        where = " in any order" if question.rules.order == "any" else ""
        raise UsageError(
            f'model {question.model.name} has no stage "{name}"{where}{nearest(name, names)}',
            f"its stages are {', '.join(names)}",
        )
    return names.index(name) + 1


def _left(question: Question, name: str | None) -> dict[str, int | None]:
    """Return the bits of a stage and of the one that follows, as `people/selected` takes them."""
    position, needed = _position(question, name), None
    if position is not None:
        needed = question.model.following(position)
        if needed is None:
            is_last = position == len(question.model.stages)
            last = "the last stage" if is_last else "followed by optional stages alone"
            raise UsageError(
                f"{name} is {last}: nobody drops after it",
                f'people who reached it: --stage "{name}"',
            )
    return {"left_at": _bit(position), "next": _bit(needed)}


def _bit(position: int | None) -> int | None:
    return None if position is None else 1 << (position - 1)


def _people(engine: DuckDBEngine, question: Question, *, brief: bool) -> Table:
    instants, seconds = columns_of(row_names(question))
    placed: Sequence[tuple[str, Kind, str]] = (
        ("user_id", "text", "person"),
        ("reached", "count", "reached"),
        ("stage", "text", "stage"),
        ("reason", "text", "reason"),
        ("entered", "moment", "entered"),
        *((name, *kind) for name, kind in _also(question).items()),
        *((name, "moment", name.removeprefix("t_")) for name in instants if not brief),
        *((name, "seconds", name.replace("seconds_", "", 1).replace("_", " ", 1))
          for name in seconds),
    )  # fmt: skip
    columns = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in placed)
    rows = engine.rows(PEOPLE).pick(column.name for column in columns)
    return Table(name="people", title="People", data=rows, columns=columns)


def _notes(listed: int, total: int) -> list[str]:
    if not total:
        return ["nobody is asked for by that"]
    return [f"{listed:,} of {total:,} people are listed"] if listed < total else []


def _reasons(rows: Rows) -> Table:
    return Table(
        name="reasons",
        title="Where people stop, and why",
        data=rows,
        columns=(
            Column(name="reached", kind="count", label="reached"),
            Column(name="stage", kind="text", label="stage"),
            Column(name="reason", kind="text", label="reason"),
            Column(name="people", kind="count", label="people"),
        ),
    )
