"""Purchases and retention by brute force, from the definition alone: no code is shared.

Instants and durations are whole microseconds since 1970, UTC. A purchase is `(ts, revenue)`.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scipy.stats import t as student

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Z = 1.959963984540054


class Event(NamedTuple):
    """One row of a log; two equal rows are two events."""

    user: str | None
    name: str
    ts: int
    revenue: float | None = None
    channel: str | None = None


class Purchase(NamedTuple):
    """When it began, and what all its events brought; null where none says."""

    ts: int
    revenue: float | None


@dataclass(frozen=True)
class Ask:
    """A question about retention."""

    buys: Callable[[Event], bool]
    min_gap: int
    window: int
    as_of: int
    since: float
    until: float
    unit: str
    timezone: str
    week_start: str


def histories(
    log: Iterable[Event], buys: Callable[[Event], bool], min_gap: int, known: float = math.inf
) -> dict[str, list[Purchase]]:
    """Everybody's purchases in order: an event too near to the purchase before it is part of it.

    What is paid after `known` nobody knows of yet.
    """
    found: dict[str, list[Purchase]] = {}
    # sorted by time and then amount, those without an amount last
    for event in sorted(log, key=lambda one: (one.ts, one.revenue is None, one.revenue or 0)):
        if event.user is None or not buys(event):
            continue
        mine = found.setdefault(event.user, [])
        if mine and event.ts - mine[-1].ts < min_gap:
            new = event.revenue if event.ts <= known else None
            amounts = [one for one in (mine[-1].revenue, new) if one is not None]
            mine[-1] = Purchase(mine[-1].ts, sum(amounts) if amounts else None)
        else:
            mine.append(Purchase(event.ts, event.revenue))
    return found


def cohort(log: Iterable[Event], ask: Ask) -> dict[str, list[Purchase]]:
    """Those whose first purchase is in the period, with what they bought up to as-of."""
    return {
        user: [one for one in bought if one.ts <= ask.as_of]
        for user, bought in histories(log, ask.buys, ask.min_gap, ask.as_of).items()
        if ask.since <= bought[0].ts < ask.until and bought[0].ts <= ask.as_of
    }


def curve(people: dict[str, list[Purchase]], ask: Ask) -> list[dict[str, Any]]:
    """One row for each n that somebody's n-th purchase has."""
    rows = []
    for nth in range(max(map(len, people.values()), default=0)):
        have = [bought for bought in people.values() if len(bought) > nth]
        mature = [bought for bought in have if bought[nth].ts + ask.window <= ask.as_of]
        gaps = [one[nth + 1].ts - one[nth].ts for one in have if len(one) > nth + 1]
        again = sum(
            len(one) > nth + 1 and one[nth + 1].ts - one[nth].ts <= ask.window for one in mature
        )
        rows.append({
            "purchase": nth + 1,
            "people": len(have),
            "mature_people": len(mature),
            **rated("again", again, len(mature)),
            **rated("ever", len(gaps), len(have)),
            "median_seconds": quantile(gaps, 0.5),
        })  # fmt: skip
    return rows


def summary(people: dict[str, list[Purchase]], threshold: float | None, ask: Ask) -> dict[str, Any]:
    """What became of some of the buyers; `threshold` (that of all) says who has lapsed."""
    buyers = len(people)
    further = [len(bought) - 1 for bought in people.values()]
    mature = [one for one in people.values() if one[0].ts + ask.window <= ask.as_of]
    again = sum(len(one) > 1 and one[1].ts - one[0].ts <= ask.window for one in mature)
    gaps = all_gaps(people)
    row: dict[str, Any] = {
        "buyers": buyers,
        "purchases": sum(further) + buyers,
        "further": sum(further),
        **averaged("further_per_buyer", further),
        "mature_buyers": len(mature),
        **rated("again", again, len(mature)),
        **rated("ever", sum(map(bool, further)), buyers),
        "gaps": len(gaps),
        "median_seconds": quantile(gaps, 0.5),
        "p90_seconds": quantile(gaps, 0.9),
        "lapsed": None, "lapsed_rate": None, "lapsed_low": None, "lapsed_high": None,
    }  # fmt: skip
    if threshold is not None:
        late = sum(ask.as_of - bought[-1].ts > threshold for bought in people.values())
        row |= rated("lapsed", late, buyers)
    return row | paid([sum(one.revenue or 0 for one in bought) for bought in people.values()])


def lapsed_after(people: dict[str, list[Purchase]]) -> float | None:
    """Microseconds without a purchase after which a buyer has lapsed; 30 gaps say it."""
    gaps = all_gaps(people)
    ninth = quantile(gaps, 0.9)
    return None if len(gaps) < 30 or ninth is None else ninth * 1e6


def grid(people: dict[str, list[Purchase]], ask: Ask) -> list[dict[str, Any]]:
    """Every cohort and every period from it to the last one there can be, those to come as null."""
    if not people:
        return []
    firsts = {user: period(bought[0].ts, ask) for user, bought in people.items()}
    days = [min(firsts.values())]
    while (following := after(days[-1], ask)) <= period(ask.as_of, ask):
        days.append(following)
    rows = []
    for day in days:
        members = [people[user] for user, first in firsts.items() if first == day]
        if not members:
            continue
        for count in range(len(days) - days.index(min(firsts.values()))):
            place = days.index(day) + count
            target = days[place] if place < len(days) else None
            rows.append({"cohort": day, "buyers": len(members), "periods": count,
                         **cell(members, target, ask)})  # fmt: skip
    return rows


def cell(members: Sequence[list[Purchase]], target: date | None, ask: Ask) -> dict[str, Any]:
    """What the members of a cohort did in one period."""
    bought_then = any(period(one.ts, ask) == target for bought in members for one in bought)
    begun = target is not None and period(ask.as_of - 1, ask) >= target
    if target is None or not (begun or bought_then):
        return dict.fromkeys((
            "again", "again_rate", "again_low", "again_high", "revenue", "revenue_per_buyer",
            "revenue_per_buyer_low", "revenue_per_buyer_high", "running",
        ))  # fmt: skip
    again = sum(any(period(one.ts, ask) == target for one in bought[1:]) for bought in members)
    amounts = [
        sum(one.revenue or 0 for one in bought if period(one.ts, ask) == target)
        for bought in members
    ]
    ended = period(ask.as_of + 1, ask) > target
    return {**rated("again", again, len(members)), **paid(amounts), "running": not ended}


def paid(amounts: Sequence[float]) -> dict[str, Any]:
    """The sum of what some people paid, and its mean."""
    total = sum(amounts) if amounts else None
    return {"revenue": total, **averaged("revenue_per_buyer", amounts)}


def period(ts: int, ask: Ask) -> date:
    """The first day, in the zone, of the day, week or month of an instant."""
    moment = EPOCH + timedelta(microseconds=ts)
    day = moment.astimezone(ZoneInfo(ask.timezone)).date()
    if ask.unit == "month":
        return day.replace(day=1)
    if ask.unit == "week":
        return day - timedelta(days=(day.weekday() - WEEKDAYS.index(ask.week_start)) % 7)
    return day


def after(day: date, ask: Ask) -> date:
    """The first day of the period after that of `day`."""
    if ask.unit == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if ask.unit == "week" else 1)


def all_gaps(people: dict[str, list[Purchase]]) -> list[int]:
    """Times between consecutive purchases, of everybody."""
    return [later.ts - one.ts for bought in people.values() for one, later in pairwise(bought)]


def quantile(gaps: Sequence[int], share: float) -> float | None:
    """A quantile by linear interpolation, in seconds."""
    if not gaps:
        return None
    place = share * (len(gaps) - 1)
    low, high = sorted(gaps)[math.floor(place)], sorted(gaps)[math.ceil(place)]
    return (low + (high - low) * (place - math.floor(place))) / 1e6


def rated(stem: str, some: int, of: int) -> dict[str, Any]:
    """A count with its share of others and Wilson's interval."""
    names = f"{stem}_rate", f"{stem}_low", f"{stem}_high"
    if not of:
        return {stem: some, **dict.fromkeys(names)}
    rate = some / of
    centre = (rate + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * math.sqrt(rate * (1 - rate) / of + Z**2 / (4 * of**2)) / (1 + Z**2 / of)
    return {stem: some, **dict(zip(names, (rate, centre - half, centre + half), strict=True))}


def averaged(name: str, values: Sequence[float]) -> dict[str, Any]:
    """A mean with Student's interval, which takes two people who differ; counts from 0 on."""
    names = f"{name}_low", f"{name}_high"
    if len(values) < 2:
        return {name: values[0] if values else None, **dict.fromkeys(names)}
    mean = statistics.fmean(values)
    if max(values) - min(values) <= 1e-12 * abs(mean):
        return {name: mean, **dict.fromkeys(names)}
    half = student.ppf(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    low = mean - half if "revenue" in name else max(0.0, mean - half)
    return {name: mean, names[0]: low, names[1]: mean + half}
