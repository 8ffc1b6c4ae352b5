"""Questions about what follows inside W, without following a funnel."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from hourglass.analyses.purchases import buying, window
from hourglass.analyses.question import Question, options
from hourglass.errors import DataError
from hourglass.result import Json
from hourglass.stages import Stage

_CONDITIONS = ("where", "steps")
"""What is asked of single events of a stage, whatever follows what."""


def within_window(question: Question) -> Question:
    """Return the question with W as its window, so that its period reads on for so long."""
    rules = replace(question.rules, window=window(question), window_from="entry")
    return question._replace(rules=rules)


def in_force(question: Question, names: Collection[str]) -> dict[str, Json]:
    """Return those of the rules that have a say; how a funnel is followed has none here.

    Personas have one where the answer is broken down by them.
    """
    kept = {*names, "personas"}
    return {name: value for name, value in question.in_force.items() if name in kept}


def of_purchases(question: Question, stages: Iterable[Stage] = ()) -> dict[str, Json]:
    """Return as the rule `stages` what makes an event a purchase, and one of these `stages`.

    Of stages that is their `where`, and of repeat its `min_gap`; nothing where nobody knows what a
    purchase is.
    """
    said: dict[str, Json] = {}
    for stage in (*stages, *_buying(question)):
        has = ("min_gap",) if stage.name == "repeat" else ()
        told = {name: value for name, value in options(stage).items() if name in _CONDITIONS + has}
        if told:
            said[stage.name] = told
    return {"stages": said}


def _buying(question: Question) -> Iterator[Stage]:
    try:
        yield from buying(question).stages
    except DataError:
        return
