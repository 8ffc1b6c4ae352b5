"""Funnels in which a person is followed once for every value that their events carry.

`hold` wants one value in all events of an attempt, `attribution = all` makes a funnel of the events
of each value, `stage:NAME` one for each value that events of a stage carry. In all of them person
and value take the place of the person (a track), and then the best track of everybody counts.
"""

from hourglass.analyses.any_order import row_names
from hourglass.analyses.attempts import Bounds
from hourglass.analyses.chosen import prepare, settle
from hourglass.analyses.mapping import map_stages, match_stages, narrow, scope
from hourglass.analyses.modelled import define_model, name_rows
from hourglass.analyses.numbering import keys
from hourglass.analyses.question import Question
from hourglass.claims import Claim, claims
from hourglass.engines import Maker


def hold(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make what `funnel/stages` reads, with attempts of which every event has the same value."""
    _reads_whole(engine, question, bounds)
    _map(engine, question, bounds)
    settle(engine, question, bounds)
    engine.make("track_rows", "tracks/persons")
    _count_best(engine, question)
    scope(engine, question, keys(engine, question))
    name_rows(engine, row_names(question))
    engine.make("stage_events", "tracks/restored")


def break_down(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make what `funnel/stages` reads of the rows of a breakdown by `all` or `stage:NAME`.

    Everybody is once in each row that they are in: the rows of a breakdown overlap, but that of
    the folded values has nobody twice.
    """
    reads = {"since_us": bounds.read_since_us, "read_until_us": bounds.read_until_us}
    if question.rules.attribution == "all":
        # each track has an n-th event of its own
        _find(engine, question, bounds, "plain")
        _replace_events(engine, question)
        narrow(engine, question)
        prepare(engine, question, bounds)
        engine.make("ever", "funnel/ever", reads)
        if question.rules.order == "any":
            engine.make("ever", "any/ever")
    else:
        prepare(engine, question, bounds)
        _reads_whole(engine, question, bounds, position=_named(question))
        _map(engine, question, bounds, position=_named(question))
        engine.make("ever", "tracks/ever")
    settle(engine, question, bounds)
    engine.make("value_stages", "tracks/value_stages")
    engine.make("ranks", "breakdown/ranks", {"top": question.top})
    engine.make("track_rows", "tracks/rows")
    engine.make("ever", "tracks/did")
    _count_best(engine, question)
    engine.make("segments", "tracks/segments")


def _named(question: Question) -> int:
    name = question.rules.attribution.removeprefix("stage:")
    return [stage.name for stage in question.model.stages].index(name) + 1


def _reads_whole(engine: Maker, question: Question, bounds: Bounds, *, position: int = 0) -> None:
    engine.make("whole_stage_events", "tracks/whole")
    narrowed = any(stage.first_time or stage.nth for stage in question.model.stages)
    _find(engine, question, bounds, "tracks" if narrowed else "plain", position)


def _find(engine: Maker, question: Question, bounds: Bounds, kind: str, position: int = 0) -> None:
    """Make `tracks` of the values that events of the stage at `position` carry, or of any."""
    everything = question.rules.order == "strict" or bool(question.model.exclusions)
    taken = {"own_values": not position, "everything": everything}
    engine.make("carried", "tracks/carried", taken)
    reads = {"since_us": bounds.read_since_us, "read_until_us": bounds.read_until_us}
    engine.make("tracks", f"tracks/{kind}", {"position": position, **reads})


def _map(engine: Maker, question: Question, bounds: Bounds, *, position: int = 0) -> None:
    """Make the stage events of tracks, as far as they are stage events of the person."""
    _replace_events(engine, question, position=position)
    first = {"first_entry": question.rules.entry == "first", "since_us": bounds.since_us}
    engine.make("stage_events", "tracks/stage_events", first)
    if question.model.exclusions:
        engine.make("excluding", "tracks/excluding")


def _replace_events(engine: Maker, question: Question, *, position: int = 0) -> None:
    """Let tracks take the place of people, and map their events to stages anew.

    A track has the events that carry its value; if there is a `position` all events of the person,
    of which only those that carry it fill that stage: it is one more predicate.
    """
    bit = 1 << len(question.model.predicates) if position else 0
    engine.make("track_events", "tracks/events", {"own_values": not position, "bit": bit})
    engine.alias("scope", "track_events")
    engine.alias("everything", "track_events")
    if not position:  # rows are of the kinds that they were of
        match_stages(engine, question)
        return
    define_model(engine, question.model, {position: bit})
    claimed = _claims(question, position)
    map_stages(engine, question, question.clock, claimed)


def _claims(question: Question, position: int) -> tuple[Claim, ...] | None:
    """Return what stages claim where one of them takes only some of the events that match it."""
    if not question.rules.shares_instants:
        return None
    stages = list(question.model.stages)
    stage = stages[position - 1]
    marked = tuple(step._replace(where=f"{step.where} and carried") for step in stage.steps)
    stages[position - 1] = stage._replace(steps=marked)
    return claims(question.model._replace(stages=tuple(stages)))


def _count_best(engine: Maker, question: Question) -> None:
    engine.make("matured", "tracks/matured")
    engine.make("rivals", "tracks/rivals")
    engine.make("best", "tracks/alone")
    engine.add("best", "tracks/best", {"any_order": question.rules.order == "any"})
    engine.make("journeys", "tracks/journeys")
    engine.make("chosen", "tracks/chosen")
    engine.make("taken", "funnel/taken")
