"""Questions about what follows inside W, without following a funnel."""

from collections.abc import Collection
from dataclasses import replace

from hourglass.analyses.purchases import window
from hourglass.analyses.question import Question
from hourglass.result import Json


def within_window(question: Question) -> Question:
    """Return the question with W as its window, so that its period reads on for so long."""
    rules = replace(question.rules, window=window(question), window_from="entry")
    return replace(question, rules=rules)


def in_force(question: Question, names: Collection[str]) -> dict[str, Json]:
    """Return those of the rules that have a say; how a funnel is followed has none here."""
    return {name: value for name, value in question.in_force.items() if name in names}
