"""Why people stop where they do, and under which rules that is known."""

from dataclasses import fields
from typing import Literal, get_args

from hourglass.analyses.attempts import NEVER, Bounds, microseconds
from hourglass.analyses.question import Question
from hourglass.engines import Maker
from hourglass.errors import UsageError
from hourglass.result import Json
from hourglass.rules import Rules
from hourglass.stages import Model, Stage

Reason = Literal[
    "completed", "not entered", "still open", "never", "interrupted",
    "too late", "too soon", "reused", "tie", "before",
]  # fmt: skip
"""Why a person came no further; what each means is in docs/people.md."""
REASONS: tuple[Reason, ...] = get_args(Reason)

_EXPLAINED: dict[str, tuple[Json, ...]] = {
    "order": ("ordered", "strict", "any"),
    "window_from": ("entry", "previous"),
    "entry": ("best", "first", "last"),
    "ties": ("helpful", "later"),
    "reuse": (False, True),
    "range": ("entry", "all"),
    "strict_repeat": ("break", "pass"),
}
"""Rules of a few words that decide who gets how far, with those under which reasons are known."""
_ANYHOW = frozenset(
    {"count", "window", "tie_tolerance", "where", "timezone", "week_start", "exclusion",
     "attribution"}
)  # fmt: skip
"""Rules under which reasons are known whatever they say; the last two need something else as well:
exclusions, which a model that has any is refused for, and a breakdown, which no list of people has.
"""
_KNOWN = frozenset({"name", "stages", "steps", "within", "min_gap"})
"""What a model and its stages say that reasons take into account."""


def judge(engine: Maker, question: Question) -> None:
    """Make `outcomes` of what `count` made: how far everybody came, and the reason.

    `awaited` holds the stages that would have taken each person further: the next one, or in any
    order all that did not come inside the window.
    """
    bounds = Bounds.of(question)
    reads = {"since_us": bounds.since_us, "read_until_us": bounds.read_until_us}
    _define_stages(engine, question)
    if question.rules.order == "any":
        engine.make("awaited", "people/awaited_any", reads | {"window_us": bounds.window_us})
    else:
        engine.make("awaited", "people/awaited")
    previous = question.rules.window_from == "previous"
    limits = {
        "window_us": bounds.window_us,
        "within_us": microseconds(question.rules.window) if previous else NEVER,
    }
    engine.make("next_seen", "people/next_seen", reads | limits)
    at_once = "tie" if question.rules.ties == "later" else "reused"
    engine.make("outcomes", "people/outcomes", {"at_once": at_once})


def _define_stages(engine: Maker, question: Question) -> None:
    """Make `gaps` (position, min_gap_us) and `model_stages` (position, stage) of the model."""
    stages = list(enumerate(question.model.stages, start=1))
    gaps = [(position, microseconds(stage.min_gap)) for position, stage in stages[1:]]
    engine.define("gaps", {"position": "INTEGER", "min_gap_us": "BIGINT"}, gaps)
    names = [(position, stage.name) for position, stage in stages]
    engine.define("model_stages", {"position": "INTEGER", "stage": "VARCHAR"}, names)


def refuse_unexplained(question: Question) -> None:
    """Raise UsageError for a rule under which nobody can say yet why a person stopped.

    Whatever the rules, a stage or a model may ask for beyond what is known here is refused by its
    name.
    """
    parts: tuple[Model | Stage, ...] = (question.model, *question.model.stages)
    beyond = _unexplained_rules(question.rules)
    for one in parts:
        beyond |= _beyond(one)
    for name, value in beyond.items():
        said = f"{name} = {_written(value)}" if isinstance(value, str | int | float) else name
        raise UsageError(
            f"why people stop is not known under {said}",
            f"leave out {name}, or ask hourglass funnel for the counts",
        )


def _unexplained_rules(rules: Rules) -> dict[str, object]:
    defaults = Rules().as_json()
    return {
        name: value
        for name, value in rules.as_json().items()
        if name not in _ANYHOW and value not in _EXPLAINED.get(name, (defaults.get(name),))
    }


def _written(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _beyond(one: Model | Stage) -> dict[str, object]:
    given = {field.name: (getattr(one, field.name), field.default) for field in fields(one)}
    return {
        name: value
        for name, (value, default) in given.items()
        if name not in _KNOWN and value not in (default, (), None)
    }
