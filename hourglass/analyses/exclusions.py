"""Exclusions: events that may not lie between two stages, and what becomes of whoever did them.

Each entry makes one attempt here, by the earliest next event of each stage, so that an attempt
that was struck cannot be mended by a later event: only a new entry is a new attempt.
"""

from hourglass.analyses.attempts import NEVER, Bounds, limits, microseconds
from hourglass.analyses.question import Question
from hourglass.engines import Maker
from hourglass.stages import Model


def define(engine: Maker, model: Model, predicates: tuple[str, ...]) -> None:
    """Make `exclusions` (their stages) and `exclusion_steps` (their events)."""
    numbered = list(enumerate(model.exclusions, start=1))
    engine.define(
        "exclusions",
        {"exclusion": "INTEGER", "after_position": "INTEGER", "before_position": "INTEGER"},
        [(number, one.after, one.before) for number, one in numbered],
    )
    engine.define(
        "exclusion_steps",
        {"exclusion": "INTEGER", "event": "VARCHAR", "needs": "BIGINT"},
        [
            (number, event, 1 << predicates.index(one.step.where) if one.step.where else 0)
            for number, one in numbered
            for event in one.step.events
        ],
    )


def follow(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `tried` and `strikes`: every entry in `alive` stage by stage, and where it is struck.

    `tried_ends` has what each of these attempts comes to.
    """
    engine.make("tried", "exclusions/tries")
    for position in range(2, len(question.model.stages) + 1):
        values = {
            **limits(question, position),
            "window_us": bounds.window_us,
            "tie_tolerance_us": microseconds(question.rules.tie_tolerance),
            "since_us": bounds.read_since_us,
            "read_until_us": bounds.read_until_us,
        }
        engine.add("tried", "exclusions/next", values)
    step = (
        microseconds(question.rules.window) if question.rules.window_from == "previous" else NEVER
    )
    windows = {"window_us": bounds.window_us, "step_window_us": step}
    engine.make("spans", "exclusions/spans", windows)
    engine.make("strikes", "exclusions/strikes")
    engine.make("tried_ends", "exclusions/ends", {"exclusion": question.rules.exclusion})


def choose(engine: Maker, question: Question) -> None:
    """Make `chosen`, each person's best of the attempts that stand."""
    engine.make("standing", "exclusions/standing", {"exclusion": question.rules.exclusion})
    engine.make("chosen", "exclusions/choose")


def choose_mature(engine: Maker, question: Question) -> None:
    """Make `matured`: how deep people got by mature attempts that stand among mature ones."""
    engine.make("tried_ends", "exclusions/mature_ends")
    engine.make("standing", "exclusions/standing", {"exclusion": question.rules.exclusion})
    engine.make("matured", "exclusions/matured")
