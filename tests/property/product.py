"""The product's side of a case: its log as `events`, its question, its answers as plain rows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hourglass.analyses.funnel import funnel, journeys
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError
from hourglass.result import Period, Result
from hourglass.rules import Rules
from hourglass.stages import Exclusion, Model, Stage, Step
from tests.property.oracle import EPOCH, Event
from tests.property.strategies import Case, StageSpec, moment

ROW = tuple[str | None, str, datetime, str | None, int | None, str | None]

Rows = list[dict[str, Any]]


def fill(log: Iterable[Event]) -> DuckDBEngine:
    """A new engine whose `events` are this log, in this order.

    It is new so that no question finds a table that another one made.
    """
    rows = [_row(event) for event in log]
    engine = DuckDBEngine.in_memory()
    connection = engine.connection
    connection.execute(
        "create table events "
        "(user_id varchar, event varchar, ts timestamp, channel varchar, amount integer, "
        "session_id varchar)"
    )
    if rows:
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        values = [value for row in rows for value in row]
        connection.execute(f"insert into events values {marks}", values)
    return engine


def _row(event: Event) -> ROW:
    found = event.properties
    ts = moment(event.ts)
    assert ts is not None
    properties = found.get("channel"), found.get("amount"), found.get("session_id")
    return event.user, event.name, ts, *properties


def _span(length: int | None) -> timedelta | None:
    return None if length is None else timedelta(microseconds=length)


def _rules(case: Case) -> dict[str, Any]:
    """The rules that differ from their defaults, in the product's types."""
    return {
        name: timedelta(microseconds=value) if name == "tie_tolerance" else value
        for name, value in case.rules.items()
    }


def _options(spec: StageSpec) -> dict[str, Any]:
    """What is said of a stage beyond its events, where something is."""
    said = {"optional": spec.optional, "first_time": spec.first_time, "nth": spec.nth}
    return {name: value for name, value in said.items() if value}


def _model(case: Case, stages: tuple[Stage, ...]) -> Model:
    exclusions = tuple(
        Exclusion(
            step=Step(events=one.step.names, where=one.step.where),
            after=one.after,
            before=one.before,
        )
        for one in case.exclusions
    )
    return Model(name="case", stages=stages, exclusions=exclusions)


def builds(case: Case) -> bool:
    """Whether the product has the rules of a case at all: its types say so, or it refuses."""
    hints = get_type_hints(Rules)
    try:
        asked = question(case)
        stages(case)
    except (UsageError, TypeError):
        return False
    return all(_allows(hints[name], getattr(asked.rules, name)) for name in case.rules)


def _allows(hint: Any, value: Any) -> bool:
    """Whether a value is of a type; of a `Literal` it must be one."""
    options = get_args(hint)
    if get_origin(hint) is Literal:
        return value in options
    return any(_allows(one, value) for one in options) if options else isinstance(value, hint)


def question(case: Case, **more: Any) -> Question:
    """The question of a case as the product takes it; stages are called s1, s2…"""
    stages = tuple(
        Stage(
            name=f"s{position}",
            steps=tuple(Step(events=step.names, where=step.where) for step in spec.steps),
            within=_span(spec.within),
            min_gap=timedelta(microseconds=spec.min_gap),
            **_options(spec),
        )
        for position, spec in enumerate(case.stages, 1)
    )
    return Question(
        model=_model(case, stages),
        rules=Rules(
            window=_span(case.window),
            range=case.range,
            where=case.where,
            timezone=case.timezone,
            week_start=case.week_start,
            **_rules(case),
        ),
        period=Period(since=moment(case.since), until=moment(case.until), timezone=case.timezone),
        as_of=moment(case.as_of),
        **more,
    )


def result(case: Case, **more: Any) -> Result:
    return funnel(fill(case.log), question(case, **more))


def stage_rows(found: Result) -> Rows:
    return found.table("stages").frame.to_dicts()


def stages(case: Case) -> Rows:
    """The stage rows of the funnel."""
    return stage_rows(result(case))


def times(case: Case) -> dict[str, tuple[int | None, ...]]:
    """Everybody who entered, with the instants of the journey in microseconds, null for none."""
    frame = journeys(fill(case.log), question(case))
    found: dict[str, tuple[int | None, ...]] = {}
    for row in sorted(frame.to_dicts(), key=lambda row: (row["user_id"], row["position"])):
        so_far = found.get(row["user_id"], ())
        without = (None,) * (row["position"] - 1 - len(so_far))
        found[row["user_id"]] = (*so_far, *without, _microseconds(row["ts"]))
    return found


def _microseconds(ts: datetime) -> int:
    return (ts - EPOCH.replace(tzinfo=None)) // timedelta(microseconds=1)


def groups(found: Result) -> list[tuple[tuple[Any, ...], bool, Rows]]:
    """For each row of the breakdown: the values, whether it is `other`, and its stage rows."""
    table = found.table("breakdown")
    grouped: dict[tuple[Any, ...], Rows] = {}
    for row in table.frame.to_dicts():
        values = tuple(row.pop(name) for name in table.by)
        grouped.setdefault((values, row.pop("other")), []).append(row)
    return [(values, other, rows) for (values, other), rows in grouped.items()]


def trends(case: Case, unit: str) -> dict[date, Rows]:
    """The stage rows of each bucket."""
    from hourglass.analyses.trend import trend

    table = trend(fill(case.log), question(case), unit=unit).table("trend")
    found: dict[date, Rows] = {}
    for row in table.frame.to_dicts():
        found.setdefault(row["bucket"], []).append(row)
    return found
