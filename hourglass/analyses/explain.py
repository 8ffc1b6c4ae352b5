"""One person's events one by one: which count, and why the others do not."""

import polars as pl

from hourglass.analyses.any_order import row_names
from hourglass.analyses.attempts import Bounds, microseconds
from hourglass.analyses.dealing import Row, Strike, Verdict, moment_of
from hourglass.analyses.entries import attempts_of
from hourglass.analyses.funnel import count, judged_at
from hourglass.analyses.mapping import map_events
from hourglass.analyses.openings import Opening
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts, missing_events
from hourglass.analyses.reasons import judge, refuse_unexplained
from hourglass.analyses.sentences import sentence
from hourglass.analyses.trail import Trail
from hourglass.analyses.verdicts import Judge
from hourglass.engines import Engine
from hourglass.errors import DataError, nearest
from hourglass.result import Column, Result, Table

_FOLLOWED = 2_000_000
"""Events that the attempts of other entries may be followed through, all together."""


def explain(
    engine: Engine,
    question: Question,
    user: str,
    delivery: Delivery | None = None,
    most: int = 200,
    *,
    everybody: str = "hourglass people EVENTS --all",
) -> Result:
    """Say of each event of a person whether it counts, and why not.

    The result has the table `events`, one row an event in order of time: n (its place among all
    events of the person), ts (naive UTC), event, stages (those that it matches), used, reason and
    the rule behind it; events of the chosen attempt are always there, of the others at most
    `most`, those that match a stage first. The table `journey` has one row a stage: position,
    stage, ts, seconds (from the stage before), and in any order `came`, the stage of the model that
    came k-th. Raises DataError with the nearest id for a person that the data lack, and the command
    that lists `everybody`, UsageError for rules that cannot be explained yet.
    """
    refuse_unexplained(question)
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    warnings = missing_events(engine, question.model)
    person = _person(engine, user, everybody)
    engine.make("stage_events", "explain/stage_events", {"person": person})
    _number(engine, question, user)
    if question.rules.ties == "row":  # rows are read from the events of people
        engine.make("one_person", "explain/one_person", {"person": person})
        engine.alias("people", "one_person")
    count(engine, question, mature=False)
    judge(engine, question)
    own = _rows_taken(engine, question)
    shown = {"most": most, "tie_tolerance_us": microseconds(question.rules.tie_tolerance)}
    rows = [Row(*row) for row in engine.fetch("explain/events", shown).iter_rows()]
    tallied = engine.fetch("explain/counts", {"user": user}).row(0, named=True)
    reason = engine.fetch("explain/outcome", {"person": person})["reason"][0]
    struck = engine.fetch("explain/struck", {"person": person})
    most = min(most, _FOLLOWED // max(tallied["of_stages"], 1))
    trail = _trail(engine, question, person, most, own)
    strike = next((Strike(*row) for row in struck.iter_rows()), None)
    return Result(
        analysis="explain",
        title=f"{user} in {question.model.name}",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=(_events(rows, trail.verdicts(rows), trail), _journey(trail)),
        input=facts,
        as_of=judged_at(engine),
        notes=(*warnings, sentence(user, trail, reason, strike), *_left_out(rows, tallied)),
        warnings=tuple(warnings),
    )


def _person(engine: Engine, user: str, everybody: str) -> int:
    found = engine.fetch("explain/person", {"user": user})
    if found.height:
        return int(found["person_key"][0])
    similar = engine.fetch("explain/similar", {"user": user})["user_id"].to_list()
    raise DataError(
        f'nobody in the data is called "{user[:100]}"{nearest(user, similar)}',
        f"{everybody} lists everybody",
    )


def _number(engine: Engine, question: Question, user: str) -> None:
    """Make `numbered`, before anything else takes the place of the events of people."""
    if not question.model.exclusions:
        columns = {"exclusion": "INTEGER", "event": "VARCHAR", "needs": "BIGINT"}
        engine.define("exclusion_steps", columns, ())
    rules = question.rules
    kind = "_held" if rules.hold else "_row" if rules.ties == "row" else ""
    engine.make("own_events", f"explain/own_events{kind}", {"user": user})
    engine.make("numbered", "explain/numbered")


def _rows_taken(engine: Engine, question: Question) -> dict[int, int]:
    """Find the event of each stage taken, where rows tell events of one instant apart."""
    if question.rules.ties != "row":
        engine.define("taken_rows", {"position": "INTEGER", "n": "BIGINT"}, ())
        return {}
    engine.make("taken_rows", "explain/taken_rows")
    return dict(engine.fetch("explain/taken_rows").iter_rows())


def _trail(
    engine: Engine, question: Question, person: int, most: int, own: dict[int, int]
) -> Judge:
    """Collect what the verdicts look at; the attempts last, which take the place of the chosen."""
    bounds, rules = Bounds.of(question), question.rules
    journey = engine.fetch("explain/journey")
    times, taken = tuple(journey["ts_us"].to_list()), tuple(journey["position"].to_list())
    unordered = rules.order == "any"
    if unordered:
        taken = _taken(engine, bounds)
    between = {} if unordered or not taken else _between(engine, question, taken[-1] + 1)
    attempts, strikes = attempts_of(engine, question, taken[:1], person=person, most=most)
    return (Opening if unordered else Judge)(
        question=question, bounds=bounds, times=times, taken=taken, attempts=attempts,
        between=between, strikes=strikes, own=own,
        value=next(iter(engine.fetch("explain/value")["value"]), None) if rules.hold else None,
    )  # fmt: skip


def _between(engine: Engine, question: Question, position: int) -> dict[int, tuple[str, int]]:
    """Find what lies just before each event of the stage that was not reached, in strict order."""
    if question.rules.order != "strict":
        return {}
    passing = question.rules.strict_repeat == "pass"
    asked = {"position": position, "repeats_pass": passing}
    rows = engine.fetch("explain/between", asked).iter_rows()
    return {ts: (event, between) for ts, event, between in rows}


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
        data=frame,
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
    unordered = isinstance(trail, Opening)
    places = range(1, len(trail.times) + 1) if unordered else trail.taken
    at = dict(zip(places, trail.times, strict=True))
    gaps = {
        place: (ts - before) / 1e6
        for (place, ts), before in zip([*at.items()][1:], trail.times, strict=False)
    }
    positions = range(1, len(names) + 1)
    frame = pl.DataFrame(
        {
            "position": pl.Series(positions, dtype=pl.Int32),
            "stage": names,
            "ts": pl.Series(
                [moment_of(at[p]) if p in at else None for p in positions], dtype=pl.Datetime("us")
            ),
            "seconds": pl.Series([gaps.get(p) for p in positions], dtype=pl.Float64),
        }
    )
    columns = [
        Column(name="position", kind="count", label="#"),
        Column(name="stage", kind="text", label="stage"),
        Column(name="ts", kind="moment", label="reached"),
        Column(name="seconds", kind="seconds", label="after"),
    ]
    if unordered:
        came = [*map(trail.name, trail.taken), *[None] * (len(names) - len(trail.taken))]
        frame = frame.insert_column(2, pl.Series("came", came, dtype=pl.String))
        columns.insert(2, Column(name="came", kind="text", label="which"))
    return Table(
        name="journey", title="The attempt that counts", data=frame, columns=tuple(columns)
    )


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
