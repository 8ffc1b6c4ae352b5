"""Who is counted: everybody gets a number, by which all that follows knows them."""

from hourglass.analyses.kept import definition, mapped
from hourglass.analyses.question import Question
from hourglass.engines import Maker
from hourglass.scope import Keys, whole_ids

_NAMED = "named_people"
"""Everybody with number and id, as far as the database does not keep them."""
_NUMBERS = "numbers of people"
"""No table: what is remembered of it says who has a number of their own."""


def code_events(engine: Maker, question: Question) -> None:
    """Make `kinds` and `coded_events`, if those there are not of the same predicates.

    What knows people by other numbers is forgotten. An engine that codes no events has none.
    """
    counted = _counted(question)
    if not engine.remembers(counted, _NUMBERS):
        engine.forget()
        engine.remember(counted, _NUMBERS)
    if not engine.codes_events:
        return
    where, predicates = question.rules.where, question.model.predicates
    read = repr((question.rules.count, where, predicates))
    if not engine.remembers(read, "kinds", "coded_events"):
        whole = _knows_whole_ids(engine, question)
        by_name = {"by_name": where is None and not predicates}
        engine.make("kinds", "map/kinds", by_name)
        engine.make("coded_events", f"map/{'whole_' if whole else ''}coded_events", by_name)
        engine.remember(read, "kinds", "coded_events")


def number_people(engine: Maker, question: Question) -> None:
    """Make `everybody`, and `people`, who have their ids beside them.

    Where events are coded, ids are read again only for a query that wants `people`.
    """
    counted = _counted(question)
    if engine.codes_events:
        _count_coded(engine, question)
        whole = _knows_whole_ids(engine, question)
        engine.promise(_NAMED, "map/whole_people" if whole else "map/people", counted)
        engine.alias("people", _NAMED)
    else:
        engine.promise(_NAMED, "map/people", counted)
        call_people(engine, _NAMED)


def _count_coded(engine: Maker, question: Question) -> None:
    """Make `counted_people`, with what they did by `matches`, and `everybody` of them."""
    content = mapped(question)
    if not engine.remembers(content, "counted_people", "alike"):
        engine.let("kind_stages", "map/kind_stages")
        engine.make("counted_people", "map/counted_people")
        engine.make("alike", "map/alike")
        engine.remember(content, "counted_people", "alike")
    if not engine.remembers(content, "everybody"):
        engine.let("everybody", "map/everybody")
        engine.remember(content, "everybody")


def people_table(engine: Maker, question: Question) -> str:
    """Name the table that has everybody with number and id once `map_events` made them."""
    return "compact_people" if definition(question) in engine.kept else _NAMED


def keys(engine: Maker, question: Question) -> Keys:
    """Say how the number of a row's person is found once people are numbered."""
    if definition(question) in engine.kept:
        return "compact_people"
    own = not engine.codes_events or _knows_whole_ids(engine, question)
    return "own" if own else "hashed"


def call_people(engine: Maker, table: str) -> None:
    """Let `everybody` and `people` be those of a table."""
    engine.alias("everybody", table)
    engine.alias("people", table)


def _counted(question: Question) -> str:
    return f"all who are counted by {question.rules.count}"


def _knows_whole_ids(engine: Maker, question: Question) -> bool:
    """Whether ids are numbers that stand for themselves: unless files of one's own count."""
    own = any(engine.catalog.is_overridden(f"map/{one}") for one in ("people", "coded_events"))
    return not own and whole_ids(question.rules.count, engine.event_columns())
