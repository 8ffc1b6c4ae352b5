"""Paths by hand: one person's events in a row, one sentence of the definition each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from tests.property.oracle import SECOND, Ask, Event, in_period, key_of, rate, wilson

LONGEST = 12


@dataclass(frozen=True)
class Buying:
    """What a purchase is, how near two are one, and at which stages first and further ones are."""

    matches: Callable[[Event], bool]
    min_gap: int = 0
    first_at: int | None = None
    further_at: int | None = None


@dataclass(frozen=True)
class Visit:
    """A person comes to a stage."""

    ts: int
    position: int
    first_bought: bool = False


def purchases(history: Sequence[Event], buying: Buying | None) -> list[int]:
    """The instants of purchases: one nearer than the gap to the purchase before is part of it."""
    found: list[int] = []
    for ts in sorted(event.ts for event in history if buying and buying.matches(event)):
        if not found or not buying.min_gap or ts - found[-1] >= buying.min_gap:
            found.append(ts)
    return found


def stage_of(event: Event, ask: Ask) -> int | None:
    """The first of an event's stages."""
    return next((at for at, one in enumerate(ask.stages, 1) if one.matches(event)), None)


def path(history: Sequence[Event], ask: Ask, buying: Buying | None) -> list[Visit]:
    """Stage after stage in the period; repeats of one are left out."""
    found = []
    split = buying is not None and buying.first_at is not None
    for event in history:
        position = stage_of(event, ask)
        if position is not None and not (split and buying.matches(event)):
            found.append(Visit(event.ts, position))
    if split:
        for number, ts in enumerate(purchases(history, buying), 1):
            first = number == 1
            found.append(Visit(ts, buying.first_at if first else buying.further_at, first))
    found = sorted(
        (one for one in found if in_period(ask, one.ts)),
        key=lambda one: (one.ts, one.position, not one.first_bought),
    )
    return [
        one
        for before, one in zip([None, *found], found, strict=False)
        if before is None or before.position != one.position
    ]


def histories(log: Sequence[Event], ask: Ask) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in log:
        key = key_of(event, ask.rules)
        if key is not None and ask.rules.where(event):
            found.setdefault(key, []).append(event)
    return found


def paths(log: Sequence[Event], ask: Ask, buying: Buying | None) -> dict[str, list[Visit]]:
    found = {key: path(history, ask, buying) for key, history in histories(log, ask).items()}
    return {key: one for key, one in found.items() if one}


def share(people: int, of: int) -> dict[str, Any]:
    low, high = wilson(people, of)
    return {"people_rate": rate(people, of), "people_low": low, "people_high": high}


def moves(found: dict[str, list[Visit]]) -> list[dict[str, Any]]:
    """One row a pair of stages."""
    times: dict[tuple[int, int], list[int]] = {}
    people: dict[tuple[int, int], set[str]] = {}
    for key, visits in found.items():
        for one, other in pairwise(visits):
            pair = one.position, other.position
            times.setdefault(pair, []).append(other.ts - one.ts)
            people.setdefault(pair, set()).add(key)
    rows = []
    for pair in sorted(times):
        start, end = pair
        at = sum(any(visit.position == start for visit in one) for one in found.values())
        rows.append(
            {
                "from_position": start,
                "from_stage": f"s{start}",
                "to_position": end,
                "to_stage": f"s{end}",
                "backward": end < start,
                "moves": len(times[pair]),
                "people": len(people[pair]),
                "visitors": at,
                **share(len(people[pair]), at),
                "median_seconds": median(times[pair]) / SECOND,
            }
        )
    return rows


def passes(log: Sequence[Event], ask: Ask, buying: Buying) -> list[dict[str, Any]]:
    """How often those who first bought in the period went back before they did."""
    counts: dict[int, int] = {}
    for history in histories(log, ask).values():
        bought = purchases(history, buying)[:1]
        if not bought or not in_period(ask, bought[0]):
            continue
        back = sum(
            other.position < one.position and other.ts <= bought[0] and not other.first_bought
            for one, other in pairwise(path(history, ask, buying))
        )
        counts[back] = counts.get(back, 0) + 1
    buyers = sum(counts.values())
    return [
        {"passes": times, "people": counts[times], **share(counts[times], buyers)}
        for times in sorted(counts)
    ]


def routes(found: dict[str, list[Visit]], top: int = 20) -> list[dict[str, Any]]:
    """The routes that most people took, in words; the others are one row."""
    times: dict[str, list[int | None]] = {}
    for visits in found.values():
        said = [f"s{one.position}" for one in visits[:LONGEST]]
        route = " > ".join([*said, *(["…"] if len(visits) > LONGEST else [])])
        took = visits[-1].ts - visits[0].ts if len(visits) > 1 else None
        times.setdefault(route, []).append(took)
    order = sorted(times, key=lambda one: (-len(times[one]), one))
    groups: list[tuple[str | None, bool, list[int | None]]] = [
        (one, False, times[one]) for one in order[:top]
    ]
    if order[top:]:
        groups.append((None, True, [took for one in order[top:] for took in times[one]]))
    rows = []
    for route, other, all_times in groups:
        known = [one for one in all_times if one is not None]
        rows.append(
            {
                "route": route,
                "route_other": other,
                "people": len(all_times),
                **share(len(all_times), len(found)),
                "median_seconds": median(known) / SECOND if known else None,
            }
        )
    return rows
