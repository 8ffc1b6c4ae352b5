"""What the attempt of every entry of one person comes to, and what strikes it."""

from collections.abc import Mapping, Sequence

import polars as pl

from hourglass.analyses.attempts import Bounds, advance, microseconds
from hourglass.analyses.chosen import choose
from hourglass.analyses.dealing import Strike
from hourglass.analyses.question import Question
from hourglass.engines import Engine

Attempts = Mapping[int, tuple[int, int]]
"""How far the attempt of each entry comes, and when it gets there, in microseconds."""


def attempts_of(
    engine: Engine, question: Question, first: Sequence[int], *, person: int, most: int
) -> tuple[Attempts, Mapping[int, Strike]]:
    """Follow at most `most` entries, each alone, by the steps of the funnel itself.

    `first` is the position of the stage that the chosen attempt begins with, if there is one. What
    is made for that takes the place of what was made for the funnel. Where attempts hold a value
    they are not followed: the entries of each value are those of a person of its own; nor where
    rows tell entries of one instant apart.
    """
    rules = question.rules
    if rules.hold is not None or rules.ties == "row":
        return {}, {}
    if rules.order == "any":
        values = {"most": most, "window_us": Bounds.of(question).window_us}
        return _tries(engine.fetch("explain/windows", values))
    if question.model.exclusions:
        return _tries(engine.fetch("explain/tries", {"most": most}))
    if rules.entry != "best" or not first:
        return {}, {}
    _follow(engine, question, first[0], person=person, most=most)
    rows = engine.fetch("explain/attempts").iter_rows()
    return {entered: (reached, completed) for entered, reached, completed in rows}, {}


def _tries(found: pl.DataFrame) -> tuple[Attempts, Mapping[int, Strike]]:
    attempts, strikes = {}, {}
    for entered, reached, completed, struck, event in found.iter_rows():
        attempts[entered] = (reached, completed)
        if struck is not None:
            strikes[entered] = Strike(struck, event)
    return attempts, strikes


def _follow(engine: Engine, question: Question, first: int, *, person: int, most: int) -> None:
    """Make `chosen` with each entry in the place of a person."""
    bounds = Bounds.of(question)
    entries = {
        "position": first,
        "since_us": bounds.since_us,
        "until_us": bounds.until_us,
        "reach_us": microseconds(question.reach),
        "tie_tolerance_us": microseconds(question.rules.tie_tolerance),
        "most": most,
    }
    engine.make("entry_events", "explain/entries", entries)
    if question.model.optional:
        engine.make("unmet", "explain/unmet", {"person": person})
    if question.rules.closed:
        choose(engine, question, bounds, "entry_events", "entry_events")
        return
    engine.alias("attempt_events", "entry_events")
    engine.make("alive", "explain/alive", {"position": first})
    advance(engine, question, bounds, first=first)
    engine.make("chosen", "funnel/choose")
