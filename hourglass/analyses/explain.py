"""One person's events one by one: which count, and why the others do not."""

import polars as pl

from hourglass.analyses.any_order import row_names
from hourglass.analyses.attempts import Bounds, follow, microseconds
from hourglass.analyses.funnel import count, judged_at
from hourglass.analyses.mapping import input_facts, map_events, missing_events
from hourglass.analyses.openings import Opening
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.reasons import judge, refuse_unexplained
from hourglass.analyses.verdicts import Row, Trail, Verdict, clock, moment_of
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
    "interrupted": "{between} lay between {stage} and {next}",
    "tie": "{next} came at the very instant of {stage}, and has to be later",
    "before": "{next} came only before {stage}",
}
_WHY_ANY = {
    "completed": "that is all of them",
    "not entered": "no event of any stage in the period, so nobody to follow",
    "still open": "the window is still open, {next} may come",
    "never": "no event of {next} came at all",
    "too late": "inside the window there is no event of {next}",
    "before": "from then on there is no event of {next}",
}
"""What is said of a reason where any order counts; `next` are the stages that are missing."""


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
    stage, ts, seconds (from the stage before), and in any order `came`, the stage of the model that
    came k-th. Raises DataError with the nearest id for a person
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
    shown = {"most": most, "tie_tolerance_us": microseconds(question.rules.tie_tolerance)}
    rows = [Row(*row) for row in engine.fetch("explain/events", shown).iter_rows()]
    tallied = engine.fetch("explain/counts", {"user": user}).row(0, named=True)
    trail = _trail(engine, question, min(most, _FOLLOWED // max(tallied["of_stages"], 1)))
    reason = engine.fetch("explain/outcome", {"person": person})["reason"][0]
    return Result(
        analysis="explain",
        title=f"{user} in {question.model.name}",
        model=question.model.name,
        rules=question.in_force,
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
    """Collect what the verdicts look at."""
    bounds = Bounds.of(question)
    times = tuple(engine.fetch("explain/journey")["ts_us"].to_list())
    if question.rules.order == "any":
        return Opening(
            question=question, bounds=bounds, times=times, attempts=_openings(engine, most),
            taken=_taken(engine, bounds),
        )  # fmt: skip
    best = bool(times) and question.rules.entry == "best"
    return Trail(
        question=question, bounds=bounds, times=times,
        between=_between(engine, question, len(times) + 1),
        attempts=_attempts(engine, question, bounds, most) if best else {},
    )  # fmt: skip


def _attempts(
    engine: Engine, question: Question, bounds: Bounds, most: int
) -> dict[int, tuple[int, int]]:
    """Follow each entry alone, by the steps of the funnel itself."""
    entries = {
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "reach_us": microseconds(question.reach),
        "tie_tolerance_us": microseconds(question.rules.tie_tolerance),
        "most": most,
    }
    engine.make("entry_events", "explain/entries", entries)
    follow(engine, question, bounds, "entry_events")
    engine.make("entry_chosen", "funnel/choose")
    rows = engine.fetch("explain/attempts").iter_rows()
    return {entered: (reached, completed) for entered, reached, completed in rows}


def _between(engine: Engine, question: Question, position: int) -> dict[int, tuple[str, int]]:
    """Find what lies just before each event of the stage that was not reached, in strict order."""
    if question.rules.order != "strict" or position == 1:
        return {}
    passing = question.rules.strict_repeat == "pass"
    asked = {"position": position, "repeats_pass": passing}
    rows = engine.fetch("explain/between", asked).iter_rows()
    return {ts: (event, between) for ts, event, between in rows}


def _openings(engine: Engine, most: int) -> dict[int, tuple[int, int]]:
    rows = engine.fetch("explain/openings", {"most": most}).iter_rows()
    return {opened: (reached, completed) for opened, reached, completed in rows}


def _taken(engine: Engine, bounds: Bounds) -> tuple[int, ...]:
    reads = {"window_us": bounds.window_us, "read_until_us": bounds.read_until_us}
    return tuple(engine.fetch("explain/taken", reads)["position"].to_list())


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
    names = row_names(trail.question)
    empty = [None] * (len(names) - len(trail.times))
    frame = pl.DataFrame(
        {
            "position": pl.Series(range(1, len(names) + 1), dtype=pl.Int32),
            "stage": names,
            "ts": pl.Series([*map(moment_of, trail.times), *empty], dtype=pl.Datetime("us")),
        }
    ).with_columns(seconds=pl.col("ts").diff().dt.total_microseconds() / 1e6)
    columns = [
        Column(name="position", kind="count", label="#"),
        Column(name="stage", kind="text", label="stage"),
        Column(name="ts", kind="moment", label="reached"),
        Column(name="seconds", kind="seconds", label="after"),
    ]
    if isinstance(trail, Opening):
        came = [*map(trail.name, trail.taken), *empty]
        frame = frame.insert_column(2, pl.Series("came", came, dtype=pl.String))
        columns.insert(2, Column(name="came", kind="text", label="which"))
    return Table(
        name="journey", title="The attempt that counts", frame=frame, columns=tuple(columns)
    )


def _sentence(user: str, trail: Trail, reason: str) -> str:
    names, reached = row_names(trail.question), len(trail.times)
    why = _why(trail, reason)
    if not reached:
        return f"{user} did not enter: {why}"
    zone = trail.question.rules.timezone
    place = f"{names[reached - 1]} ({reached} of {len(names)})"
    came = f"reached {place} at {clock(trail.times[-1], zone)}"
    if reached == 1:
        came = f"came no further than {place}"
    return f"{user} entered at {clock(trail.times[0], zone)} and {came}; {reason}: {why}"


def _why(trail: Trail, reason: str) -> str:
    """Say what a reason means for this person."""
    rules, reached = trail.question.rules, len(trail.times)
    if reason == "still open" and rules.order == "strict":
        return "the window is still open"
    between = trail.interruption() if reason == "interrupted" else None
    event = f"{between[0]} at {clock(between[1], rules.timezone)}" if between else ""
    words = _WHY_ANY if rules.order == "any" else _WHY
    stage = trail.name(reached) if reached else ""
    return words[reason].format(next=trail.missed(), stage=stage, between=event)


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
