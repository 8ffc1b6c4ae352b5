"""From events to stage events: what every question about stages begins with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hourglass.analyses.attempts import Bounds
from hourglass.analyses.combinations import refuse_what_does_not_fit
from hourglass.analyses.kept import definition, mapped, recall_stage_events
from hourglass.analyses.modelled import define_model
from hourglass.analyses.numbering import call_people, code_events, keys, number_people, people_table
from hourglass.analyses.question import PERSONA, Question
from hourglass.claims import Claim
from hourglass.engines import Maker
from hourglass.errors import UsageError
from hourglass.scope import Keys, keyed_view, scope_view


def map_events(engine: Maker, question: Question) -> None:
    """Make `people`, `tally`, `matches` and `stage_events` for the model of a question.

    Where the database keeps them they are taken from there. Raises UsageError for a predicate or
    a column that does not fit, and for rules that do not go together.
    """
    refuse_what_does_not_fit(question)
    kept = engine.kept.get(definition(question))
    if kept is None:
        _map_all(engine, question)
    else:
        _recall(engine, question, kept)
    narrow(engine, question)


def _map_all(engine: Maker, question: Question) -> None:
    """Map all events, as far as no question before has asked for the same."""
    everything(engine, question)
    code_events(engine, question)
    content = mapped(question)
    seen = repr((content, question.as_of))
    if not engine.remembers(seen, "tally"):
        _tally(engine, question.clock, coded=engine.codes_events)
        engine.remember(seen, "tally")
    if not engine.remembers(content, "matches"):
        engine.make("matches", "map/matches")
        engine.remember(content, "matches")
    number_people(engine, question)
    scope(engine, question, keys(engine, question))
    if not engine.remembers(content, "stage_events"):
        match_stages(engine, question, coded=engine.codes_events)
        engine.remember(content, "stage_events")
    _define_claims(engine, question.claims)  # beyond the mapping they are needed too
    if not engine.remembers(seen, "latest"):
        engine.make("latest", "map/latest")
        engine.remember(seen, "latest")


def _recall(engine: Maker, question: Question, kept: int) -> None:
    """Take from the database what it keeps."""
    call_people(engine, "compact_people")
    scope(engine, question, keys(engine, question))
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


def everything(engine: Maker, question: Question, known: Keys | None = None) -> None:
    """Make the view `everything` over all events, and the model of the question.

    It says whose they are where it is `known` how people are numbered.
    """
    columns, rules = engine.event_columns(), question.rules
    if PERSONA in question.by and not question.personas and PERSONA not in (columns or (PERSONA,)):
        raise UsageError(
            "there are no personas to break down by",
            "name them in hourglass.toml: [personas] parent = \"interests like '%family%'\"",
        )
    rows = scope_view(columns, inside=rules.where, **_words(engine, question))
    engine.view("everything", rows if known is None else keyed_view(rows, known))
    define_model(engine, question.model)


def scope(engine: Maker, question: Question, known: Keys) -> None:
    """Make `everything`, and the view `scope` of the events that a question looks at."""
    everything(engine, question, known)
    columns, where = engine.event_columns(), question.rules.where
    rows = scope_view(columns, where=where, **_words(engine, question))
    engine.view("scope", keyed_view(rows, known))


def _words(engine: Maker, question: Question) -> dict[str, Any]:
    """Say how a question reads an event, whichever events it looks at."""
    return {
        "count": question.rules.count,
        "predicates": question.model.predicates,
        "by": _columns(question),
        "followed": question.followed,
        "numbered": question.rules.ties == "row",
        "dialect": engine.dialect,
    }


def _columns(question: Question) -> list[str | None]:
    """Return the columns of a breakdown; a persona is no column."""
    persona = question.persona_dimension
    return [None if place == persona else name for place, name in enumerate(question.by, 1)]


def map_kinds(engine: Maker, clock: datetime) -> None:
    """Make `tally`, the kinds of rows that `everything` has, and `matches`, the stages of each."""
    _tally(engine, clock, coded=False)
    engine.make("matches", "map/matches")


def map_stages(
    engine: Maker, question: Question, clock: datetime, claims: Sequence[Claim] | None = None
) -> None:
    """Make `tally` and `matches` of `everything`, and `stage_events` of `scope`."""
    map_kinds(engine, clock)
    match_stages(engine, question, claims)


def match_stages(
    engine: Maker,
    question: Question,
    claims: Sequence[Claim] | None = None,
    *,
    coded: bool = False,
) -> None:
    """Make `stage_events` by `matches`: from `coded_events`, or else from `scope`.

    A file of one's own in the place of `map/matching` is run in any case. `claims` stand in for
    those of the question.
    """
    claims = question.claims if claims is None else claims
    own = engine.catalog.is_overridden("map/matching")
    engine.make("stage_events", "map/coded_matching" if coded and not own else "map/matching")
    _define_claims(engine, claims)
    if claims:
        engine.make("stage_events", "map/contested")
    if question.rules.order == "strict":
        _set_floors(engine, question)


def _tally(engine: Maker, clock: datetime, *, coded: bool) -> None:
    engine.make("tally", "map/coded_tally" if coded else "map/tally", {"clock": clock})


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
