"""Rules and stages in words."""

from collections.abc import Iterator, Mapping

from hourglass.render import values
from hourglass.render.html.tables import name
from hourglass.result import Json
from hourglass.stages import Stage, Step

_WORDS: Mapping[tuple[str, Json], str] = {
    ("count", "user"): "one person is one user id",
    ("order", "ordered"): "stages in their order; other events may lie between",
    ("window", None): "none: any time from the entry counts",
    ("window_from", "entry"): "counted from the entry",
    ("entry", "best"): "every entry may start an attempt; each person counts with the deepest",
    ("ties", "helpful"): "events at one instant count in whatever order helps",
    ("tie_tolerance", 0): "none",
    ("reuse", False): "one event fills one stage",
    ("range", "entry"): "the period binds entries; later stages read on to the end of their window",
    ("range", "all"): "the period binds every event",
    ("attribution", "first_touch"): "the value of the person's earliest stage event that has one",
    ("where", None): "all events",
    ("week_start", "monday"): "Monday",
}
_TERMS: Mapping[str, str] = {
    "count": "Counted",
    "order": "Order",
    "window": "Window",
    "entry": "Entry",
    "ties": "Ties",
    "reuse": "Reuse of events",
    "range": "Period",
    "attribution": "Breakdown by",
    "where": "Events",
    "timezone": "Time zone",
    "week_start": "Weeks begin on",
}
_DURATIONS = ("window", "tie_tolerance")


def rules_in_words(rules: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """Say the rules that shape the numbers: term and meaning, in the order of the definition."""
    return tuple(
        (term, _meaning(rule, rules[rule])) for rule, term in _TERMS.items() if rule in rules
    )


def _meaning(rule: str, value: Json) -> str:
    if words := _WORDS.get((rule, value)):
        return words
    if rule in _DURATIONS and isinstance(value, int | float):
        return f"{values.seconds(value)} from the entry, its end included"
    return values.visible(str(value))


def stage_in_words(stage: Stage) -> str:
    """Say what reaches a stage, its limits in time included."""
    limits = []
    if stage.within is not None:
        limits.append(f"within {values.seconds(stage.within.total_seconds())} of the stage before")
    if stage.min_gap:
        limits.append(f"at least {values.seconds(stage.min_gap.total_seconds())} after it")
    steps = " or ".join(_steps(stage.steps))
    return "; ".join((steps or "no events", *limits))


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        events = ", ".join("any event" if event == "*" else name(event) for event in step.events)
        yield f"{events} where {name(step.where)}" if step.where else events
