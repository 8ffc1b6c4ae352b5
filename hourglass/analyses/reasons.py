"""Why people stop where they do, and under which rules that is known."""

from typing import Literal, get_args

from hourglass.analyses.attempts import Bounds, limits, microseconds
from hourglass.analyses.chosen import choose
from hourglass.analyses.question import Question
from hourglass.engines import Maker
from hourglass.errors import UsageError
from hourglass.result import Json
from hourglass.rules import Rules
from hourglass.stages import Model, Stage

Reason = Literal[
    "completed", "not entered", "still open", "excluded", "never", "interrupted", "other value",
    "too late", "too soon", "reused", "tie", "before",
]  # fmt: skip
"""Why a person came no further; what each means is in docs/people.md."""
REASONS: tuple[Reason, ...] = get_args(Reason)

_EXPLAINED: dict[str, tuple[Json, ...]] = {
    "order": ("ordered", "strict", "any"),
    "window_from": ("entry", "previous"),
    "entry": ("best", "first", "last"),
    "ties": ("helpful", "later", "row"),
    "reuse": (False, True),
    "range": ("entry", "all"),
    "strict_repeat": ("break", "pass"),
    "closed": (True, False),
}
"""Rules of a few words that decide who gets how far, with those under which reasons are known."""
_ANYHOW = frozenset(
    {"count", "window", "tie_tolerance", "where", "timezone", "week_start", "exclusion", "hold",
     "attribution"}
)  # fmt: skip
"""Rules under which reasons are known whatever they say; the last is about a breakdown, which no
list of people has."""
_KNOWN = frozenset(
    {"name", "stages", "steps", "within", "min_gap", "exclusions", "optional", "first_time", "nth"}
)
"""What a model and its stages say that reasons take into account."""


def judge(engine: Maker, question: Question) -> None:
    """Make `outcomes` of what `count` made: how far everybody came, and the reason.

    `awaited` holds the stages that would have taken each person further: the next one (and those
    after it that may be reached without it), or in any order all that did not come inside the
    window. `struck` says of whom an exclusion stopped when that was, and by which event.
    """
    bounds, rules = Bounds.of(question), question.rules
    reads = {"next_since_us": bounds.read_since_us, "next_until_us": bounds.read_until_us}
    unordered = rules.order == "any"
    _define_stages(engine, question)
    _find_struck(engine, question, bounds)
    if rules.hold is not None:
        engine.make("stage_events", "people/held_events")
    if unordered:
        within = {"window_us": bounds.window_us, "read_until_us": bounds.read_until_us}
        engine.make("awaited", "people/awaited_any", within)
    else:
        engine.let("awaited", "people/awaited")
    kind = "_held" if rules.hold else "_row" if rules.ties == "row" else ""
    engine.let("next_events", f"people/next_events{kind}", reads)
    timing = {
        "from_entry": unordered,
        "window_us": bounds.window_us,
        "tie_tolerance_us": microseconds(rules.tie_tolerance),
    }
    engine.make("next_seen", "people/next_seen", timing)
    at_once = "reused" if rules.ties == "helpful" else "tie"
    engine.make("outcomes", "people/outcomes", {"at_once": at_once})


def _find_struck(engine: Maker, question: Question, bounds: Bounds) -> None:
    """Make `struck`; nobody is where the model has no exclusions."""
    if not question.model.exclusions:
        nobody = {"person_key": "BIGINT", "struck_us": "BIGINT", "event": "VARCHAR"}
        engine.define("struck", nobody, ())
        return
    if question.rules.entry == "last":  # what was made since is of the last mature entries
        choose(engine, question, bounds)
    if question.rules.order == "any":
        engine.make("struck_on", "people/struck_on_any")
    else:
        engine.make("struck_on", "people/struck_on")
    engine.make("struck", "people/struck")


def _define_stages(engine: Maker, question: Question) -> None:
    """Make `model_stages`: the stages of the model, how they may follow, and from where at least.

    `min_gap_us` is what the model says, `least_us` what stages keep under the rule on ties too;
    `from_position` is the nearest stage before that is not optional.
    """
    model = question.model
    needed = [place for place in range(1, len(model.stages) + 1) if place not in model.optional]
    rows = []
    for position, stage in enumerate(model.stages, start=1):
        bound = limits(question, position)
        from_position = max((one for one in needed if one < position), default=0)
        gaps = microseconds(stage.min_gap), bound["min_gap_us"], bound["within_us"]
        rows.append((position, stage.name, from_position, *gaps))
    numbers = dict.fromkeys(("min_gap_us", "least_us", "within_us"), "BIGINT")
    columns = {"position": "INTEGER", "stage": "VARCHAR", "from_position": "INTEGER", **numbers}
    engine.define("model_stages", columns, rows)


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
    return {
        name: value
        for name, value in one._asdict().items()
        if name not in _KNOWN and value not in (one._field_defaults.get(name), (), None)
    }
