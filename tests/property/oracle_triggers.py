"""Triggers by brute force, from the definition alone: shares no code with the product.

Instants and durations are whole microseconds since 1970, UTC.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, exp, sqrt
from typing import Any, NamedTuple

Z = 1.959963984540054
FEWEST = 30
"""People on each side from which an event is tested."""


class Event(NamedTuple):
    """One row of a log; two equal rows are two events."""

    user: str | None
    name: str
    ts: int
    channel: str | None = None
    amount: int | None = None


Fits = Callable[[Event], bool]


@dataclass(frozen=True)
class Ask:
    """A question: who enters by what, what a purchase is, which rows count, and until when."""

    enters: Fits
    buys: Fits
    buying_names: frozenset[str]
    min_gap: int
    counts: Fits
    since: float
    until: float
    binds_all: bool
    as_of: int

    @property
    def seen(self) -> float:
        """Last instant that is known of anybody."""
        return min(self.as_of, self.until - 1) if self.binds_all else self.as_of


@dataclass(frozen=True)
class Trigger:
    """What starts it, what keeps it from firing, and how long it waits."""

    starts: Fits
    stops: Fits
    within: int


class Followed(NamedTuple):
    """A person from the first entry on."""

    state: str
    bought: bool
    did: frozenset[str]


class Firing(NamedTuple):
    event: Event
    at: int
    over: bool


def people(events: Iterable[Event], ask: Ask) -> dict[str, list[Event]]:
    """Everybody with the rows that count, in order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.user is not None:
            mine = found.setdefault(event.user, [])
            if ask.counts(event):
                mine.append(event)
    return {user: sorted(mine, key=lambda one: one.ts) for user, mine in found.items()}


def purchases(person: Iterable[Event], ask: Ask) -> list[int]:
    """When a person bought; what is nearer than the gap to a purchase is part of it."""
    found: list[int] = []
    for event in person:
        if ask.buys(event) and not (found and event.ts - found[-1] < ask.min_gap):
            found.append(event.ts)
    return found


def followed(person: Sequence[Event], ask: Ask, landmark: int, horizon: int) -> Followed | None:
    """What became of a person; null for who never entered in the period."""
    entries = [one.ts for one in person if ask.enters(one) and ask.since <= one.ts < ask.until]
    if not entries:
        return None
    entry = min(entries)
    middle, end = entry + landmark, entry + landmark + horizon
    bought = purchases(person, ask)
    did = {
        one.name for one in person if entry <= one.ts <= middle and one.name not in ask.buying_names
    }
    if end > ask.seen:
        state = "unobserved"
    elif any(ts <= middle for ts in bought):
        state = "customer"
    else:
        state = "followed"
    return Followed(state, any(middle < ts <= end for ts in bought), frozenset(did))


def channel_of(person: Iterable[Event], staged: Fits, seen: int) -> str | None:
    """The first value seen on an event of a stage of a person; of equal ones the least."""
    mine = (one for one in person if one.ts <= seen and staged(one))
    shown = [(one.ts, one.channel) for one in mine if one.channel]
    return min(shown)[1] if shown else None


def tested(groups: dict[Any, list[Followed]], fewest: int) -> dict[Any, dict[str, Any]]:
    """By group and event what is said of it, with q over all events that are tested."""
    rows: dict[Any, dict[str, Any]] = {}
    for group, everyone in groups.items():
        for event in {name for one in everyone for name in one.did}:
            done = [one.bought for one in everyone if event in one.did]
            rest = [one.bought for one in everyone if event not in one.did]
            if min(len(done), len(rest)) >= fewest:
                rows[group, event] = row(sum(done), len(done), sum(rest), len(rest))
    for key, q in adjusted({key: found["p"] for key, found in rows.items()}).items():
        rows[key] |= {"q": q, "marked": q <= 0.05}
    return rows


def row(a: int, n: int, c: int, m: int) -> dict[str, Any]:
    """Compare a of n people who did it with c of m who did not."""
    ratio = (a / n) / (c / m) if c else None
    bounds: tuple[float, float] | tuple[None, None] = (None, None)
    if a and c and a < n and c < m:
        assert ratio is not None
        spread = Z * sqrt(1 / a - 1 / n + 1 / c - 1 / m)
        bounds = ratio * exp(-spread), ratio * exp(spread)
    return {
        "with": (n, a, *wilson(a, n)),
        "without": (m, c, *wilson(c, m)),
        "ratio": (ratio, *bounds),
        "p": float(fisher(a, n, c, m)),
    }


def wilson(a: int, n: int) -> tuple[float, float, float]:
    """A rate and its interval (Wilson 1927)."""
    rate = a / n
    centre = (a + Z * Z / 2) / (n + Z * Z)
    half = Z * sqrt(n) / (n + Z * Z) * sqrt(rate * (1 - rate) + Z * Z / (4 * n))
    return rate, 0.0 if a == 0 else centre - half, 1.0 if a == n else centre + half


def fisher(a: int, n: int, c: int, m: int) -> Fraction:
    """Two-sided: all tables with these margins that are at most as likely, in whole numbers."""
    bought = a + c
    ways = [comb(n, k) * comb(m, bought - k) for k in range(max(0, bought - m), min(n, bought) + 1)]
    seen = comb(n, a) * comb(m, c)
    return Fraction(sum(one for one in ways if one <= seen), sum(ways))


def adjusted(p_values: dict[Any, float]) -> dict[Any, float]:
    """The least of p times tests over rank, of this p and all larger ones."""
    ordered = sorted(p_values, key=lambda key: p_values[key])
    many = len(ordered)
    return {
        key: min(1.0, *(p_values[other] * many / rank
                        for rank, other in enumerate(ordered, start=1)
                        if p_values[other] >= p_values[key]))
        for key in ordered
    }  # fmt: skip


def firings(person: Sequence[Event], ask: Ask, trigger: Trigger) -> list[Firing]:
    """Every row that makes a trigger fire, or will if nothing more comes."""
    known = [one for one in person if one.ts <= ask.seen]
    return [
        Firing(event, event.ts + trigger.within, event.ts + trigger.within <= ask.seen)
        for place, event in enumerate(known)
        if trigger.starts(event)
        and ask.since <= event.ts < ask.until
        and not any(
            trigger.stops(other) and event.ts <= other.ts <= event.ts + trigger.within
            for where, other in enumerate(known)
            if where != place
        )
    ]


def summary(crowd: Iterable[Sequence[Event]], ask: Ask, trigger: Trigger, window: int) -> tuple:
    """Firings, pending ones, people, those seen for a window after the first, who bought in it."""
    fired = pending = users = mature = bought = 0
    for person in crowd:
        found = firings(person, ask, trigger)
        over = sorted(one.at for one in found if one.over)
        fired += len(over)
        pending += len(found) - len(over)
        users += bool(over)
        if over and over[0] + window <= ask.seen:
            mature += 1
            end = over[0] + window
            bought += any(over[0] < ts <= end for ts in purchases(person, ask))
    return fired, pending, users, mature, bought


def listed(crowd: dict[str, list[Event]], ask: Ask, trigger: Trigger) -> dict[str, tuple]:
    """For whom it fired: when last, for what, how often, when first, and what was bought since."""
    found = {}
    for user, person in crowd.items():
        over = [one for one in firings(person, ask, trigger) if one.over]
        if not over:
            continue
        at = [one.at for one in over]
        names = {one.event.name for one in over if one.at == max(at)}
        since = [ts for ts in purchases(person, ask) if max(at) < ts <= ask.seen]
        found[user] = (max(at), ", ".join(sorted(names)), max(at) - trigger.within, len(at),
                       min(at), min(since, default=None))  # fmt: skip
    return found


def grouped(crowd: dict[str, list[Event]], staged: Fits, seen: int) -> dict[str, str | None]:
    """Everybody's channel."""
    return {user: channel_of(person, staged, seen) for user, person in crowd.items()}


def by_value(keys: dict[str, Any], found: dict[str, Any]) -> dict[Any, list[Any]]:
    """Put what was found of people into the groups of their keys."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for user, one in found.items():
        groups[keys[user]].append(one)
    return groups
