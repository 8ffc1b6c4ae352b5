"""Attempts and failures by hand: person by person, one sentence of the definition each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from tests.property.oracle import (
    SECOND,
    Ask,
    Event,
    Stage,
    in_period,
    judged,
    key_of,
    rate,
    value_of,
    wilson,
)

DAY = 86_400 * SECOND
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Tried:
    """Names of events: somebody sets about a stage; it fails."""

    attempted: Sequence[str]
    failed: Sequence[str]


def in_window(ask: Ask) -> Ask:
    """W is the window of the rules, 30 days where they have none."""
    window = 30 * DAY if ask.rules.window is None else ask.rules.window
    return replace(ask, rules=replace(ask.rules, window=window))


def histories(log: Sequence[Event], ask: Ask) -> dict[str, list[Event]]:
    """The events of everybody who is counted."""
    found: dict[str, list[Event]] = {}
    for event in log:
        key = key_of(event, ask.rules)
        if key is not None and ask.rules.where(event):
            found.setdefault(key, []).append(event)
    return found


def firsts(people: Mapping[str, list[Event]], ask: Ask, names: Sequence[str]) -> dict[str, int]:
    """When each person who did so first did one of `names` in the period."""
    found: dict[str, int] = {}
    for key, events in people.items():
        instants = [
            event.ts for event in events if event.name in names and in_period(ask, event.ts)
        ]
        if instants:
            found[key] = min(instants)
    return found


def done(
    people: Mapping[str, list[Event]], ask: Ask, stage: Stage, tries: dict[str, int]
) -> set[str]:
    """Of these, who did the stage at or after that, inside W; a period reads on for so long."""
    assert ask.rules.window is not None
    last = ask.until + (0 if ask.rules.range == "all" else ask.rules.window)
    return {
        key
        for key, first in tries.items()
        if any(
            stage.matches(event)
            and first <= event.ts <= first + ask.rules.window
            and event.ts < last
            for event in people[key]
        )
    }


def open_still(ask: Ask, tries: dict[str, int]) -> set[str]:
    assert ask.rules.window is not None
    as_of = -inf if ask.as_of is None else ask.as_of
    return {key for key, first in tries.items() if first + ask.rules.window > as_of}


def rows(log: Sequence[Event], ask: Ask, tried: Mapping[int, Tried]) -> list[dict[str, Any]]:
    """One row a stage, by its position."""
    ask = judged(log, in_window(ask))
    people = histories(log, ask)
    found = []
    for position, names in sorted(tried.items()):
        stage = ask.stages[position - 1]
        attempts = firsts(people, ask, names.attempted)
        got, waiting = done(people, ask, stage, attempts), open_still(ask, attempts)
        ripe = set(attempts) - waiting
        low, high = wilson(len(got), len(attempts))
        found.append(
            {
                "position": position,
                "stage": f"s{position}",
                "attempted": len(attempts),
                "done": len(got),
                "done_rate": rate(len(got), len(attempts)),
                "done_low": low,
                "done_high": high,
                **failures(people, ask, stage, firsts(people, ask, names.failed)),
                "immature": len(waiting - got),
                "mature_attempted": len(ripe),
                "mature_done": len(ripe & got),
                "mature_done_rate": rate(len(ripe & got), len(ripe)),
            }
        )
    return found


def failures(
    people: Mapping[str, list[Event]], ask: Ask, stage: Stage, tries: dict[str, int]
) -> dict[str, Any]:
    never = set(tries) - done(people, ask, stage, tries)
    low, high = wilson(len(never), len(tries))
    return {
        "failed": len(tries),
        "never_done": len(never),
        "never_done_rate": rate(len(never), len(tries)),
        "never_done_low": low,
        "never_done_high": high,
        "immature_failed": len(never & open_still(ask, tries)),
    }


def by_value(
    log: Sequence[Event], ask: Ask, tried: Mapping[int, Tried], columns: Sequence[str]
) -> dict[Values, list[dict[str, Any]]]:
    """Failures by what the failing events carry; most people first, nobody's values last."""
    ask = judged(log, in_window(ask))
    people = histories(log, ask)
    names = {name for one in tried.values() for name in one.failed}
    seen: dict[Values, set[str]] = {}
    for key, events in people.items():
        for event in events:
            if event.name in names and in_period(ask, event.ts):
                seen.setdefault(values_of(event, columns), set()).add(key)
    order = sorted(
        seen,
        key=lambda values: (
            not any(one is not None for one in values),
            -len(seen[values]),
            [(one is None, one or "") for one in values],
        ),
    )
    found: dict[Values, list[dict[str, Any]]] = {}
    for values in order:
        for position, one in sorted(tried.items()):
            tries = _with_values(people, ask, one.failed, columns, [values])
            if tries:
                stage = ask.stages[position - 1]
                row = failures(people, ask, stage, tries)
                found.setdefault(values, []).append(
                    {"position": position, "stage": f"s{position}", **row}
                )
    return found


def values_of(event: Event, columns: Sequence[str]) -> Values:
    """What an event carries, as text."""
    found = (value_of(event, column) for column in columns)
    return tuple(None if one is None else str(one) for one in found)


def folded(
    log: Sequence[Event],
    ask: Ask,
    one: Tried,
    position: int,
    columns: Sequence[str],
    values: Sequence[Values],
) -> dict[str, Any]:
    """The row of values put together: everyone once, from the first failure with any of them."""
    ask = judged(log, in_window(ask))
    people = histories(log, ask)
    tries = _with_values(people, ask, one.failed, columns, values)
    return failures(people, ask, ask.stages[position - 1], tries)


def _with_values(
    people: Mapping[str, list[Event]],
    ask: Ask,
    names: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Values],
) -> dict[str, int]:
    carrying = {
        key: [event for event in events if values_of(event, columns) in values]
        for key, events in people.items()
    }
    return firsts(carrying, ask, names)
