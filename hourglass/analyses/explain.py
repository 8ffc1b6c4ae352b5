"""One person's events one by one: which count, and why the others do not."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from hourglass.analyses.attempts import Bounds, follow, microseconds
from hourglass.analyses.funnel import count, judged_at
from hourglass.analyses.mapping import input_facts, map_events, missing_events
from hourglass.analyses.people import judge, refuse_unexplained
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.verdicts import Row, Trail, Verdict, moment_of
from hourglass.engines import Engine
from hourglass.errors import DataError, nearest
from hourglass.result import Column, Result, Table

_WHY = {
    "completed": "that is all the way",
    "not entered": "no event of {next} in the period, so nobody to follow",
    "still open": "the window is still open, {next} may come",
    "never": "no event of {next} came at all",
    "too late": "{next} came only when the time for it was over",
    "too soon": "{next} came before the minimum gap was over",
    "reused": "the only event of {next} fills {stage} already",
    "tie": "{next} came at the very instant of {stage}, and has to be later",
    "before": "{next} came only before {stage}",
}


_FOLLOWED = 2_000_000
"""Events that the attempts of other entries may be followed through, all together."""


def explain(
    engine: Engine,
    question: Question,
    user: str,
    delivery: Delivery | None = None,
    most: int = 200,
) -> Result:
    """Say of each event of a person whether it counts, and why not.

    The result has the table `events`, one row an event in order of time: n (its place among all
    events of the person), ts (naive UTC), event, stages (those that it matches), used, reason and
    the rule behind it; events of the chosen attempt are always there, of the others at most
    `most`, those that match a stage first. The table `journey` has one row a stage: position,
    stage, ts, seconds (from the stage before). Raises DataError with the nearest id for a person
    that the data lack, UsageError for rules that cannot be explained yet.
    """
    refuse_unexplained(question)
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model)
    person = _person(engine, user)
    engine.make("stage_events", "explain/stage_events", {"person": person})
    count(engine, question)
    judge(engine, question)
    engine.make("numbered", "explain/numbered", {"user": user})
    rows = [Row(*row) for row in engine.fetch("explain/events", {"most": most}).iter_rows()]
    tallied = engine.fetch("explain/counts", {"user": user}).row(0, named=True)
    trail = _trail(engine, question, min(most, _FOLLOWED // max(tallied["of_stages"], 1)))
    reason = engine.fetch("explain/outcome", {"person": person})["reason"][0]
    return Result(
        analysis="explain",
        title=f"{user} in {question.model.name}",
        model=question.model.name,
        rules=question.rules.as_json(),
        period=question.period,
        tables=(_events(rows, trail.verdicts(rows), trail), _journey(trail)),
        input=facts,
        as_of=judged_at(engine),
        notes=(*warnings, _sentence(user, trail, reason), *_left_out(rows, tallied)),
        warnings=tuple(warnings),
    )


def _person(engine: Engine, user: str) -> int:
    found = engine.fetch("explain/person", {"user": user})
    if found.height:
        return int(found["person_key"][0])
    similar = engine.fetch("explain/similar", {"user": user})["user_id"].to_list()
    raise DataError(
        f'nobody in the data is called "{user[:100]}"{nearest(user, similar)}',
        "hourglass people --all lists everybody",
    )


def _trail(engine: Engine, question: Question, most: int) -> Trail:
    """Collect what the verdicts look at; the attempt of each entry comes from the funnel itself."""
    bounds = Bounds.of(question)
    times = engine.fetch("explain/journey")["ts_us"].to_list()
    attempts: dict[int, tuple[int, int]] = {}
    if times and question.rules.entry == "best":
        entries = {
            "since_us": bounds.since_us,
            "until_us": bounds.until_us,
            "reach_us": microseconds(question.reach),
            "most": most,
        }
        engine.make("entry_events", "explain/entries", entries)
        follow(engine, question, bounds, "entry_events")
        engine.make("entry_chosen", "funnel/choose")
        for entered, reached, completed in engine.fetch("explain/attempts").iter_rows():
            attempts[entered] = (reached, completed)
    return Trail(question=question, bounds=bounds, times=tuple(times), attempts=attempts)


def _events(rows: list[Row], verdicts: list[Verdict], trail: Trail) -> Table:
    frame = pl.DataFrame(
        [
            (row.n, row.ts, row.event, ", ".join(map(trail.name, row.positions)) or None, *verdict)
            for row, verdict in zip(rows, verdicts, strict=True)
        ],
        schema={
            "n": pl.Int64,
            "ts": pl.Datetime("us"),
            "event": pl.String,
            "stages": pl.String,
            "used": pl.Boolean,
            "reason": pl.String,
            "rule": pl.String,
        },
        orient="row",
    )
    return Table(
        name="events",
        title="Events",
        frame=frame,
        columns=(
            Column(name="n", kind="count", label="#"),
            Column(name="ts", kind="moment", label="time"),
            Column(name="event", kind="text", label="event"),
            Column(name="stages", kind="text", label="stages"),
            Column(name="used", kind="flag", label="counts"),
            Column(name="reason", kind="text", label="why"),
            Column(name="rule", kind="text", label="rule"),
        ),
    )


def _journey(trail: Trail) -> Table:
    stages = trail.question.model.stages
    times = [*map(moment_of, trail.times), *[None] * (len(stages) - len(trail.times))]
    frame = pl.DataFrame(
        {
            "position": pl.Series(range(1, len(stages) + 1), dtype=pl.Int32),
            "stage": [stage.name for stage in stages],
            "ts": pl.Series(times, dtype=pl.Datetime("us")),
        }
    ).with_columns(seconds=pl.col("ts").diff().dt.total_microseconds() / 1e6)
    return Table(
        name="journey",
        title="The attempt that counts",
        frame=frame,
        columns=(
            Column(name="position", kind="count", label="#"),
            Column(name="stage", kind="text", label="stage"),
            Column(name="ts", kind="moment", label="reached"),
            Column(name="seconds", kind="seconds", label="after"),
        ),
    )


def _sentence(user: str, trail: Trail, reason: str) -> str:
    stages, reached = trail.question.model.stages, len(trail.times)
    after = trail.name(reached + 1) if reached < len(stages) else ""
    why = _WHY[reason].format(next=after, stage=trail.name(reached) if reached else "")
    if not reached:
        return f"{user} did not enter: {why}"
    zone = trail.question.rules.timezone
    entered, last = (_clock(moment_of(trail.times[place]), zone) for place in (0, -1))
    place = f"{trail.name(reached)} ({reached} of {len(stages)})"
    came = f"came no further than {place}" if reached == 1 else f"reached {place} at {last}"
    return f"{user} entered at {entered} and {came}; {reason}: {why}"


def _clock(moment: datetime, zone: str) -> str:
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S}"


def _left_out(rows: list[Row], tallied: dict[str, int]) -> list[str]:
    notes = []
    if hidden := tallied["events"] - len(rows):
        of_stages = tallied["of_stages"] - sum(row.stages > 0 for row in rows)
        notes.append(
            f"{hidden:,} of {tallied['events']:,} events are not shown:"
            f" {of_stages:,} of stages, {hidden - of_stages:,} of none"
        )
    if filtered := tallied["filtered"]:
        events = "event of the person is" if filtered == 1 else "events of the person are"
        notes.append(f"{filtered:,} {events} left out by where")
    return notes
