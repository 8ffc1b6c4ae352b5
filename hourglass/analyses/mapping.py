"""From events to stage events: what every question about stages begins with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.combinations import refuse_what_does_not_fit
from hourglass.analyses.kept import definition, mapped, recall_stage_events
from hourglass.analyses.modelled import define_model
from hourglass.analyses.question import PERSONA, Question
from hourglass.claims import Claim
from hourglass.engines import Maker
from hourglass.errors import UsageError
from hourglass.scope import scope_view, whole_ids


def map_events(engine: Maker, question: Question) -> None:
    """Make `people`, `tally`, `matches` and `stage_events` for the model of a question.

    Where the database keeps them they are taken from there. Raises UsageError for a predicate or
    a column that does not fit, and for rules that do not go together.
    """
    refuse_what_does_not_fit(question)
    scope(engine, question)
    kept = engine.kept.get(definition(question))
    if kept is None:
        _map_all(engine, question)
    else:
        _recall(engine, question, kept)
    narrow(engine, question)


def _map_all(engine: Maker, question: Question) -> None:
    """Map all events, as far as no question before has asked for the same."""
    _number_people(engine, question.rules.count)
    content = mapped(question)
    seen = repr((content, question.as_of))
    if not engine.remembers(content, "matches", "stage_events"):
        map_stages(engine, question, question.clock)
        engine.remember(content, "matches", "stage_events")
        engine.remember(seen, "tally")
    _define_claims(engine, question.claims)  # beyond the mapping they are needed too
    if not engine.remembers(seen, "tally"):
        engine.make("tally", "map/tally", {"clock": question.clock})
        engine.remember(seen, "tally")
    if not engine.remembers(seen, "latest"):
        engine.make("latest", "map/latest")
        engine.remember(seen, "latest")


def _number_people(engine: Maker, count: str) -> None:
    everybody = f"all who are counted by {count}"
    if not engine.remembers(everybody, "counted_people"):
        engine.forget()  # whatever knows people by the numbers they had
        whole = _knows_whole_ids(engine, count)
        engine.make("counted_people", "map/whole_people" if whole else "map/people")
        engine.remember(everybody, "counted_people")
    _call_people(engine, "counted_people")


def _knows_whole_ids(engine: Maker, count: str) -> bool:
    """Whether people are known by their ids, which are numbers: unless files of one's own count."""
    own = any(engine.catalog.is_overridden(f"map/{name}") for name in ("people", "matching"))
    return not own and whole_ids(count, engine.event_columns())


def people_table(engine: Maker, question: Question) -> str:
    """Name the table that has everybody with their numbers once `map_events` made them."""
    return "compact_people" if definition(question) in engine.kept else "counted_people"


def _call_people(engine: Maker, table: str) -> None:
    """Let `people` be the persons of a table."""
    engine.alias("persons", table)
    engine.alias("people", "persons")


def _recall(engine: Maker, question: Question, kept: int) -> None:
    """Take from the database what it keeps."""
    _call_people(engine, "compact_people")
    engine.make("tally", "compact/tally", {"model": kept})
    engine.make("latest", "compact/latest", {"clock": question.clock})
    engine.make("matches", "map/matches")
    recall_stage_events(engine, question, kept)
    _define_claims(engine, question.claims)


def narrow(engine: Maker, question: Question) -> None:
    """Leave to `first_time` and `nth` what they take of the events that match a stage."""
    bounds = Bounds.of(question)
    period = bounds.period
    for position, stage in enumerate(question.model.stages, start=1):
        if stage.first_time is not None:
            first = {"position": position, "by_name": stage.first_time == "event"}
            engine.make("stage_events", "map/first_time", first)
        if stage.nth is not None:
            values = {"position": position, "nth": stage.nth, **period}
            engine.make("stage_events", "map/nth", values)


def scope(engine: Maker, question: Question) -> None:
    """Make the views over `events` that carry the words of a question, and its model."""
    columns, rules = engine.event_columns(), question.rules
    if PERSONA in question.by and not question.personas and PERSONA not in (columns or (PERSONA,)):
        raise UsageError(
            "there are no personas to break down by",
            "name them in hourglass.toml: [personas] parent = \"interests like '%family%'\"",
        )
    words: dict[str, Any] = {
        "count": rules.count,
        "predicates": question.model.predicates,
        "by": _columns(question),
        "followed": question.followed,
        "numbered": rules.ties == "row",
        "dialect": engine.dialect,
    }
    engine.view("scope", scope_view(columns, where=rules.where, **words))
    engine.view("everything", scope_view(columns, **words))
    define_model(engine, question.model)


def _columns(question: Question) -> list[str | None]:
    """Return the columns of a breakdown; a persona is no column."""
    persona = question.persona_dimension
    return [None if place == persona else name for place, name in enumerate(question.by, 1)]


def map_kinds(engine: Maker, clock: datetime) -> None:
    """Make `tally`, the kinds of rows there are, and `matches`, the stages that each fits."""
    engine.make("tally", "map/tally", {"clock": clock})
    engine.make("matches", "map/matches")


def map_stages(
    engine: Maker,
    question: Question,
    clock: datetime,
    claims: Sequence[Claim] | None = None,
    *,
    numbered: bool = False,
) -> None:
    """Make `tally`, `matches` and `stage_events` from `scope` and `people`."""
    map_kinds(engine, clock)
    match_stages(engine, question, claims, numbered=numbered)


def match_stages(
    engine: Maker,
    question: Question,
    claims: Sequence[Claim] | None = None,
    *,
    numbered: bool = False,
) -> None:
    """Make `stage_events` from `scope`, `people` and `matches`.

    `claims` stand in for those of the question. Where `people` are not those of `map/people`, they
    are looked up by their ids, as those who are `numbered`.
    """
    claims = question.claims if claims is None else claims
    if numbered:
        engine.make("stage_events", "map/numbered_matching")
    elif _knows_whole_ids(engine, question.rules.count):
        engine.make("stage_events", "map/whole_matching")
    else:
        engine.make("stage_events", "map/matching")
    _define_claims(engine, claims)
    if claims:
        engine.make("stage_events", "map/contested")
    if question.rules.order == "strict":
        _set_floors(engine, question)


def _define_claims(engine: Maker, claims: Sequence[Claim]) -> None:
    if not claims:
        return
    numbers = dict.fromkeys(("claim", "first_position", "last_position"), "INTEGER")
    rows = [
        (number, claim.first_position, claim.last_position, claim.stages, kind)
        for number, claim in enumerate(claims)
        for kind in claim.kinds
    ]
    engine.define("claims", {**numbers, "claiming": "BIGINT", "stages": "BIGINT"}, rows)


def _set_floors(engine: Maker, question: Question) -> None:
    """Let stage events know what lies just before them: in strict order nothing may be between."""
    engine.make("person_events", "strict/person_events")
    if question.rules.strict_repeat == "break":
        engine.make("stage_events", "strict/floors")
        return
    engine.make("floored", "strict/entries")
    for position in range(2, len(question.model.stages) + 1):
        engine.add("floored", "strict/floor", {"position": position})
    engine.make("stage_events", "strict/stage_events")


def scope_read(engine: Maker, question: Question) -> str:
    """Write what decides which events `scope` has, and by which numbers people are known."""
    rules = question.rules
    return repr((rules.count, rules.where, people_table(engine, question)))
