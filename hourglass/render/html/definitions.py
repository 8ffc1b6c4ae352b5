"""Rules and stages in words."""

from collections.abc import Iterator, Mapping

from hourglass.nouns import meaning
from hourglass.render import values
from hourglass.render.html.tables import name
from hourglass.result import Json
from hourglass.stages import Stage, Step

_WORDS: Mapping[tuple[str, Json], str] = {
    ("count", "user"): "one person is one user id",
    ("order", "ordered"): "stages in their order; other events may lie between",
    ("order", "strict"): "nothing may lie between two stages",
    ("order", "any"): "so many different stages inside one window, in any order",
    ("window", None): "none: any time from the entry counts",
    ("window_from", "entry"): "counted from the entry",
    ("entry", "best"): "every entry may start an attempt; each person counts with the deepest",
    ("entry", "first"): "only the person's first entry in the period may start an attempt",
    ("entry", "last"): "only the person's last entry in the period may start an attempt",
    ("closed", False): "an attempt may begin at any stage",
    ("ties", "later"): "each stage comes strictly later than the one before",
    ("ties", "helpful"): "events at one instant count in whatever order helps",
    ("tie_tolerance", 0): "none",
    ("reuse", False): "one event fills one stage",
    ("range", "entry"): "the period binds entries; later stages read on to the end of their window",
    ("range", "all"): "the period binds every event",
    ("attribution", "first_touch"): "the value of the person's earliest stage event that has one",
    ("attribution", "last_touch"): "the value of the person's latest stage event that has one",
    ("attribution", "entry"): "the value at the entry of the attempt that counts",
    ("attribution", "all"): "one funnel per value, over the events that carry it",
    ("where", None): "all events",
    ("week_start", "monday"): "Monday",
    ("reuse", True): "one event may fill several stages",
    ("window_from", "previous"): "counted anew from each stage",
}
_TERMS: Mapping[str, str] = {
    "count": "Counted",
    "order": "Order",
    "window": "Window",
    "window_from": "Window begins",
    "landmark": "Landmark",
    "horizon": "Horizon",
    "entry": "Entry",
    "ties": "Ties",
    "reuse": "Reuse of events",
    "range": "Period",
    "attribution": "Breakdown by",
    "where": "Events",
    "timezone": "Time zone",
    "week_start": "Weeks begin on",
}
_STRUCK: Mapping[str, str] = {
    "drop": "the person counts nowhere, unless another attempt at least as deep is clean",
    "void": "the attempt does not count",
    "keep": "only what came before it counts",
}
"""What becomes of an attempt with an excluding event, by the rule `exclusion`."""
_DURATIONS = ("window", "tie_tolerance", "landmark", "horizon")


def rules_in_words(rules: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """Say the rules that shape the numbers: term and meaning, in the order of the definition."""
    terms = [(term, _meaning(rule, rules[rule])) for rule, term in _TERMS.items() if rule in rules]
    if not rules.get("closed", True):
        terms.append(("Open", _WORDS["closed", False]))
    if rules.get("hold"):
        terms.append(
            ("Held", f"all events of an attempt carry the same {name(str(rules['hold']))}")
        )
    return (*terms, *_exclusions(rules))


def _exclusions(rules: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    found = rules.get("exclusions")
    how = _STRUCK.get(str(rules.get("exclusion")), "")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one["events"], list):
            where = str(one["where"]) if one["where"] else None
            step = Step(events=tuple(map(str, one["events"])), where=where)
            between = f"between {name(str(one['from']))} and {name(str(one['to']))}"
            yield "Excluded", f"{' or '.join(_steps((step,)))} {between}: {how}"


def _meaning(rule: str, value: Json) -> str:
    if not isinstance(value, list | dict) and (words := _WORDS.get((rule, value))):
        return words
    if rule == "count":
        return values.visible(meaning(value))
    if rule in _DURATIONS and isinstance(value, int | float):
        return f"{values.seconds(value)}, the end included"
    return values.visible(str(value))


def stage_in_words(stage: Stage) -> str:
    """Say what reaches a stage, its limits in time included."""
    limits = []
    if stage.within is not None:
        limits.append(f"within {values.seconds(stage.within.total_seconds())} of the stage before")
    if stage.min_gap:
        limits.append(f"at least {values.seconds(stage.min_gap.total_seconds())} after it")
    if stage.optional:
        limits.append("optional")
    if stage.first_time is not None:
        first = "that matches" if stage.first_time == "matching" else "ever, if it matches"
        limits.append(f"only the person's first such event {first}")
    if stage.nth is not None:
        limits.append(f"only the person's event number {stage.nth} in the period")
    steps = " or ".join(_steps(stage.steps))
    return "; ".join((steps or "no events", *limits))


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        events = ", ".join("any event" if event == "*" else name(event) for event in step.events)
        yield f"{events} where {name(step.where)}" if step.where else events
