"""The people for whom a trigger fired: a list to act on, one row a person."""

from collections.abc import Mapping

from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import purchases_or_reason
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts
from hourglass.analyses.triggers import rules_in_force, seen_until
from hourglass.analyses.triggers_configured import fire
from hourglass.engines import Engine
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.result import Column, Kind, Result, Table
from hourglass.settings.triggers import Trigger

TRIGGERED = "triggered_people"
"""The relation with one row a person, which `DuckDBEngine.copy` writes to a file."""

_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("user_id", "text", "person"),
    ("trigger", "text", "trigger"),
    ("fired", "moment", "fired"),
    ("events", "text", "events"),
    ("event_ts", "moment", "event at"),
    ("times", "count", "times"),
    ("first_fired", "moment", "first fired"),
    ("bought", "moment", "bought since"),
)


def select(
    engine: Engine,
    question: Question,
    trigger: Mapping[str, Trigger],
    *,
    most: int | None = None,
    guarded: bool = False,
) -> list[str]:
    """Make the relation `triggered_people` for one trigger; return what is to be warned of.

    `most` takes the first by their ids; `guarded` puts an apostrophe before text that a
    spreadsheet would take for a formula.
    """
    map_events(engine, question)
    _, unknown = purchases_or_reason(engine, question)
    seen, _ = seen_until(engine, question)
    warnings = fire(engine, question, trigger, seen)
    if unknown:
        warnings.append(f"who bought since is not known: {unknown.message}")
    engine.make(TRIGGERED, "triggers/listed", {"guarded": guarded, "most": most})
    return warnings


def listed(
    engine: DuckDBEngine,
    question: Question,
    trigger: Mapping[str, Trigger],
    delivery: Delivery | None = None,
    *,
    most: int | None = None,
) -> Result:
    """List the people for whom a trigger fired, in the order of ids.

    The table `people`: user_id, trigger, fired (the last time it fired, naive UTC), events (what
    it fired for, names separated by comma), event_ts (when that was), times (firings in the
    period), first_fired, bought (first purchase after `fired`, null for none up to as-of).
    """
    warnings = select(engine, question, trigger, most=most)
    facts = input_facts(engine, delivery)
    warnings += facts.beyond(question.period)
    _, as_of = seen_until(engine, question)
    rows = engine.rows(TRIGGERED)
    columns = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in _COLUMNS)
    counts = engine.ask("triggers/counts").first()
    (name,) = trigger
    return Result(
        analysis="people",
        title=f"People for whom {name} fired",
        model=question.model.name,
        rules=rules_in_force(question),
        period=question.period,
        tables=(Table(name="people", title="People", data=rows, columns=columns),),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(len(rows.tuples), counts)),
        warnings=tuple(warnings),
    )


def _notes(listed: int, counts: Mapping[str, int]) -> list[str]:
    notes = []
    if not counts["users"]:
        notes.append("it fired for nobody")
    elif listed < counts["users"]:
        notes.append(f"{listed:,} of {counts['users']:,} people are listed")
    if counts["pending"]:
        notes.append(f"{counts['pending']:,} more may fire: their time is not over")
    return notes
