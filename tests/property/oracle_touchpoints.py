"""Touchpoints by hand: every event, every person, one sentence of the definition each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.property.oracle import (
    SECOND,
    Ask,
    Event,
    in_period,
    judged,
    key_of,
    rate,
    value_of,
    wilson,
)

DAY = 86_400 * SECOND
Row = tuple[int, Event]
Fits = Callable[[Event], bool]


def in_window(log: Sequence[Event], ask: Ask) -> Ask:
    """W is the window of the rules, 30 days where they have none."""
    window = 30 * DAY if ask.rules.window is None else ask.rules.window
    return judged(log, replace(ask, rules=replace(ask.rules, window=window)))


def histories(log: Sequence[Event], ask: Ask) -> dict[str, list[Row]]:
    """The events of everybody who is counted, each with its row."""
    found: dict[str, list[Row]] = {}
    for row, event in enumerate(log):
        key = key_of(event, ask.rules)
        if key is not None and ask.rules.where(event):
            found.setdefault(key, []).append((row, event))
    return found


def touches(history: Sequence[Row], ask: Ask, position: int, fits: Fits) -> list[Row]:
    """A person's events of a stage in the period, of those channels."""
    stage = ask.stages[position - 1]
    return [
        (row, event)
        for row, event in history
        if stage.matches(event) and in_period(ask, event.ts) and fits(event)
    ]


def following(ask: Ask, position: int) -> int | None:
    """The next stage that may not be left out."""
    later = range(position + 1, len(ask.stages) + 1)
    return next((one for one in later if not ask.stages[one - 1].optional), None)


def goes_on(history: Sequence[Row], ask: Ask, position: int, here: Sequence[Row]) -> bool:
    """Whether some event of the next stage is at or after the first one here, and in time.

    Of several first ones at one instant any may be meant. One event fills one stage.
    """
    assert ask.rules.window is not None
    nearest = following(ask, position)
    assert nearest is not None
    stage, rules = ask.stages[nearest - 1], ask.rules
    last = ask.until + (0 if rules.range == "all" else rules.window)
    first = min(event.ts for _, event in here)
    for row, _ in (one for one in here if one[1].ts == first):
        for other, event in history:
            gap = event.ts - first
            if (
                stage.matches(event)
                and event.ts < last
                and (rules.reuse or other != row)
                and (gap > 0 or (gap == 0 and rules.ties != "later"))
                and stage.min_gap <= gap <= rules.window
                and (stage.within is None or gap <= stage.within)
            ):
                return True
    return False


def figures(log: Sequence[Event], ask: Ask, position: int, fits: Fits) -> dict[str, Any] | None:
    """The figures of a stage over those channels; null where it has no event of them."""
    ask = in_window(log, ask)
    assert ask.rules.window is not None
    assert ask.as_of is not None
    people = histories(log, ask)
    here = {
        key: found for key, one in people.items() if (found := touches(one, ask, position, fits))
    }
    if not here:
        return None
    row: dict[str, Any] = {"events": sum(map(len, here.values())), "people": len(here)}
    if following(ask, position) is None:
        return row | dict.fromkeys(
            ("onward", "onward_rate", "onward_low", "onward_high", "immature", "mature_people",
             "mature_onward", "mature_onward_rate")
        )  # fmt: skip
    on = {key for key, found in here.items() if goes_on(people[key], ask, position, found)}
    ripe = {
        key
        for key, found in here.items()
        if min(event.ts for _, event in found) + ask.rules.window <= ask.as_of
    }
    low, high = wilson(len(on), len(here))
    return row | {
        "onward": len(on),
        "onward_rate": rate(len(on), len(here)),
        "onward_low": low,
        "onward_high": high,
        "immature": len(set(here) - on - ripe),
        "mature_people": len(ripe),
        "mature_onward": len(ripe & on),
        "mature_onward_rate": rate(len(ripe & on), len(ripe)),
    }


def channels(log: Sequence[Event], ask: Ask) -> list[str | None]:
    """Channels by people in the period, then by name; none comes last."""
    people: dict[str | None, set[str]] = {}
    for key, history in histories(log, ask).items():
        for position in range(1, len(ask.stages) + 1):
            for _, event in touches(history, ask, position, lambda event: True):
                people.setdefault(value_of(event, "channel"), set()).add(key)
    return sorted(people, key=lambda one: (one is None, -len(people[one]), one or ""))


def kind(channel: str | None, physical: Collection[str] | None) -> str:
    if channel is None or physical is None:
        return "unknown"
    return "physical" if channel in physical else "digital"


def by_channel(
    log: Sequence[Event], ask: Ask, physical: Collection[str] | None, top: int = 20
) -> list[dict[str, Any]]:
    """One row a stage and channel; beyond the top they share one row."""
    found = channels(log, ask)
    named = [one for one in found if one is not None]
    rest = named[top:]
    lanes: list[tuple[str | None, bool, Collection[str | None]]] = [
        *((one, False, [one]) for one in named[:top]),
        *([(None, True, rest)] if rest else []),
        *([(None, False, [None])] if None in found else []),
    ]
    rows = []
    for position in range(1, len(ask.stages) + 1):
        for channel, other, several in lanes:
            row = figures(log, ask, position, lambda event, those=several: channel_in(event, those))
            if row is not None:
                said = {
                    "position": position,
                    "stage": f"s{position}",
                    "channel": channel,
                    "channel_other": other,
                    "kind": None if other else kind(channel, physical),
                }
                rows.append(said | row)
    return rows


def channel_in(event: Event, those: Collection[str | None]) -> bool:
    return value_of(event, "channel") in those


def by_kind(
    log: Sequence[Event], ask: Ask, physical: Collection[str] | None
) -> list[dict[str, Any]]:
    """One row a stage and kind."""
    rows = []
    for position in range(1, len(ask.stages) + 1):
        for one in ("digital", "physical", "unknown"):
            row = figures(
                log, ask, position,
                lambda event, one=one: kind(value_of(event, "channel"), physical) == one,
            )  # fmt: skip
            if row is not None:
                rows.append({"position": position, "stage": f"s{position}", "kind": one} | row)
    return rows


def ends(
    log: Sequence[Event], ask: Ask, purchase: Fits, buying: Fits
) -> dict[str, tuple[str | None, str | None]]:
    """The channel of the first and of the last touch of everybody who first bought in the period.

    `buying` are events that the model knows for purchases.
    """
    found = {}
    for key, history in histories(log, ask).items():
        bought = min((event.ts for _, event in history if purchase(event)), default=None)
        if bought is None or not in_period(ask, bought):
            continue
        touched = [
            (event, value_of(event, "channel"))
            for _, event in history
            if event.ts <= bought
            and any(stage.matches(event) for stage in ask.stages)
            and value_of(event, "channel") is not None
        ]
        itself = [one for one in touched if one[0].ts == bought and buying(one[0])]
        before = [one for one in touched if one not in itself] or itself
        first = min(((event.ts, channel) for event, channel in touched), default=(0, None))
        last = min(((-event.ts, channel) for event, channel in before), default=(0, None))
        found[key] = first[1], last[1]
    return found


def buyers(
    found: Mapping[str, tuple[str | None, str | None]],
    physical: Collection[str] | None,
    top: int = 20,
) -> list[dict[str, Any]]:
    """One row a channel: most first touches first, then most last ones, then the name."""
    firsts, lasts = [one for one, _ in found.values()], [one for _, one in found.values()]
    order = sorted(
        {*firsts, *lasts},
        key=lambda one: (one is None, -firsts.count(one), -lasts.count(one), one or ""),
    )
    named = [one for one in order if one is not None]
    lanes: list[tuple[str | None, bool, Collection[str | None]]] = [
        *((one, False, [one]) for one in named[:top]),
        *([(None, True, named[top:])] if named[top:] else []),
        *([(None, False, [None])] if None in order else []),
    ]
    rows = []
    for channel, other, several in lanes:
        row: dict[str, Any] = {
            "channel": channel,
            "channel_other": other,
            "kind": None if other else kind(channel, physical),
        }
        for name, side in (("first_touch", firsts), ("last_touch", lasts)):
            people = sum(one in several for one in side)
            low, high = wilson(people, len(found))
            row |= {
                name: people,
                f"{name}_rate": rate(people, len(found)),
                f"{name}_low": low,
                f"{name}_high": high,
            }
        rows.append(row)
    return rows
