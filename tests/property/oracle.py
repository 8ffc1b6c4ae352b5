"""A funnel by brute force: what every number must be, for logs small enough to try everything.

Written from the definition alone (docs/semantics.md) and sharing no code with the product, so
that both can only agree by being right. Clarity before speed: about forty events a person.

Instants and durations are whole microseconds; an event is `(user, name, ts, properties)`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import inf, sqrt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Z = 1.959963984540054


class Event(NamedTuple):
    """One row of a log; two equal rows are two events."""

    user: str | None
    name: str
    ts: int
    properties: dict[str, Any]


Predicate = Callable[[Event], bool]
Times = tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """A stage: which events match it, and how far from the stage before they may lie."""

    matches: Predicate
    within: int | None = None
    min_gap: int = 0


@dataclass(frozen=True)
class Rules:
    """The rules that the oracle knows, named as in the definition."""

    order: str = "ordered"  # or strict
    window: int | None = None
    window_from: str = "entry"  # or previous
    entry: str = "best"  # or first, last
    ties: str = "helpful"  # or later, row
    tie_tolerance: int = 0
    reuse: bool = False
    range: str = "entry"  # or all
    strict_repeat: str = "break"  # or pass
    where: Predicate = lambda event: True
    timezone: str = "UTC"
    week_start: str = "monday"


@dataclass(frozen=True)
class Ask:
    """One question: stages, rules, a period (`until` exclusive), and the moment to judge from."""

    stages: Sequence[Stage]
    rules: Rules = field(default_factory=Rules)
    since: float = -inf
    until: float = inf
    as_of: int | None = None
    may_enter: Callable[[int], bool] = lambda ts: True
    """Entries at other instants are left out; everything else is read as before."""


Log = Sequence[Event]
Person = list[tuple[int, Event]]
"""The events of one person that the funnel may read, each with its row as its identity."""


# --- one attempt after another -----------------------------------------------------------------


def in_period(ask: Ask, ts: int) -> bool:
    return ask.since <= ts < ask.until


def readable(ask: Ask, ts: int) -> bool:
    """Whether the funnel may read an event at this instant at all."""
    if ask.rules.range == "all":
        return in_period(ask, ts)
    if ask.rules.window is None or ask.rules.window_from == "previous":
        return ts >= ask.since
    return ask.since <= ts < ask.until + ask.rules.window


def people(log: Log, ask: Ask) -> dict[str, Person]:
    """Everybody with an event that the funnel may read; rows without a person are left out."""
    found: dict[str, Person] = {}
    for row, event in enumerate(log):
        if event.user is not None and readable(ask, event.ts) and ask.rules.where(event):
            found.setdefault(event.user, []).append((row, event))
    return found


def entries(person: Person, ask: Ask) -> Person:
    """The stage-1 events that may start an attempt."""
    found = [
        (row, e)
        for row, e in person
        if ask.stages[0].matches(e) and in_period(ask, e.ts) and ask.may_enter(e.ts)
    ]
    if not found or ask.rules.entry == "best":
        return found
    chosen = min if ask.rules.entry == "first" else max
    if ask.rules.ties == "row":
        return [chosen(found, key=lambda one: (one[1].ts, one[0]))]
    instant = chosen(e.ts for _, e in found)
    return [(row, e) for row, e in found if e.ts == instant]


def comes_after(rules: Rules, row: int, ts: int, last_row: int, instant: int) -> bool:
    """Whether an event may follow one that counts at `instant`, as far as ties are concerned."""
    if rules.ties == "row" and ts == instant:
        return row >= last_row  # the same row again is for `reuse` to judge
    if rules.ties == "later" and ts == instant:
        return row == last_row and rules.reuse
    return ts >= instant - rules.tie_tolerance


def nothing_between(person: Person, ask: Ask, position: int, start: int, end: int) -> bool:
    """`strict`: no event between two instants, but a repeat of the stage just reached may pass."""
    return not any(
        start < e.ts < end
        and not (ask.rules.strict_repeat == "pass" and ask.stages[position - 1].matches(e))
        for _, e in person
    )


def in_time(ask: Ask, position: int, entered: int, before: int, now: int) -> bool:
    """Whether stage `position` may be reached at `now`, as far as durations are concerned."""
    stage, rules = ask.stages[position - 1], ask.rules
    start = entered if rules.window_from == "entry" else before
    return (
        (rules.window is None or now - start <= rules.window)
        and (stage.within is None or now - before <= stage.within)
        and now - before >= stage.min_gap
    )


def onward_rank(times: Times) -> tuple[Any, ...]:
    """Of two ways on from the same event: deepest, earliest completion, earliest next ones."""
    return (-len(times), times[-1:], times)


def best_attempt_from(person: Person, ask: Ask, first_row: int, first: Event) -> Times:
    """Try every way on from one entry; the times of the best one, entry included.

    What lies ahead depends on the past only through the entry, the last event, the instant it
    counts at, and which events that could still be taken are used: so each is worked out once.
    """

    @cache
    def onward(position: int, last_row: int, instant: int, used: frozenset[int]) -> Times:
        ways: list[Times] = [()]
        for row, event in person if position < len(ask.stages) else []:
            now = max(event.ts, instant)
            if (
                ask.stages[position].matches(event)
                and row not in used
                and comes_after(ask.rules, row, event.ts, last_row, instant)
                and in_time(ask, position + 1, first.ts, instant, now)
                and (
                    ask.rules.order != "strict"
                    or nothing_between(person, ask, position, instant, now)
                )
            ):
                taken = frozenset() if ask.rules.reuse else still_open(used | {row}, now)
                ways.append((now, *onward(position + 1, row, now, taken)))
        return min(ways, key=onward_rank)

    def still_open(used: frozenset[int], now: int) -> frozenset[int]:
        return frozenset(row for row in used if ts_of[row] >= now - ask.rules.tie_tolerance)

    ts_of = {row: event.ts for row, event in person}
    used = frozenset() if ask.rules.reuse else frozenset({first_row})
    return (first.ts, *onward(1, first_row, first.ts, used))


def journey(person: Person, ask: Ask) -> Times:
    """The times of a person's best attempt, stage by stage; empty if there is no entry."""
    attempts = [best_attempt_from(person, ask, row, event) for row, event in entries(person, ask)]
    return min(
        attempts,
        key=lambda times: (-len(times), times[-1], -times[0], times),
        default=(),
    )


def journeys(log: Log, ask: Ask) -> dict[str, Times]:
    """Everybody who entered, with the times of the attempt that counts."""
    found = {user: journey(person, ask) for user, person in people(log, ask).items()}
    return {user: times for user, times in found.items() if times}


# --- counts, rates, times ----------------------------------------------------------------------


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    """Wilson's 95 % interval without continuity correction; null where nobody could."""
    if trials == 0:
        return None, None
    rate = successes / trials
    centre = (rate + Z * Z / (2 * trials)) / (1 + Z * Z / trials)
    spread = Z * sqrt(rate * (1 - rate) / trials + Z * Z / (4 * trials**2)) / (1 + Z * Z / trials)
    return centre - spread, centre + spread


def quantile(values: Sequence[int], share: float) -> float:
    """The quantile by linear interpolation between the two nearest of the sorted values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def rate(part: int | None, whole: int | None) -> float | None:
    return part / whole if whole and part is not None else None


def seconds_between(found: Iterable[Times], position: int) -> dict[str, float | None]:
    """Mean, median and p90 of the seconds from the stage before, of those who came."""
    gaps = [
        times[position - 1] - times[position - 2] for times in found if 2 <= position <= len(times)
    ]
    if not gaps:
        return {"mean_seconds": None, "median_seconds": None, "p90_seconds": None}
    return {
        "mean_seconds": sum(gaps) / len(gaps) / SECOND,
        "median_seconds": quantile(gaps, 0.5) / SECOND,
        "p90_seconds": quantile(gaps, 0.9) / SECOND,
    }


def reached(found: Iterable[Times], position: int) -> int:
    return sum(len(times) >= position for times in found)


def last_seen(log: Log) -> int:
    return max((event.ts for event in log), default=0)


def judged(log: Log, ask: Ask) -> Ask:
    """The question with its moment to judge from: without one, the last event of the log."""
    if ask.as_of is not None:
        return ask
    return replace(ask, as_of=max((event.ts for event in log), default=0))


def window_over(ask: Ask, entered: int) -> bool:
    assert ask.as_of is not None
    return ask.rules.window is None or entered + ask.rules.window <= ask.as_of


def mature_journeys(log: Log, ask: Ask) -> dict[str, Times]:
    """The same funnel over those entries whose window is over."""
    ripe = replace(ask, may_enter=lambda ts: ask.may_enter(ts) and window_over(ask, ts))
    return journeys(log, ripe)


def stage_rows(log: Log, ask: Ask, only: set[str] | None = None) -> list[dict[str, Any]]:
    """The rows of the funnel, one a stage; with `only`, those of some people."""

    def of_those(found: dict[str, Any]) -> list[Any]:
        return [it for user, it in found.items() if only is None or user in only]

    ask = judged(log, ask)
    persons = of_those(people(log, ask))
    found = of_those(journeys(log, ask))
    mature = None if ask.rules.window is None else of_those(mature_journeys(log, ask))
    rows = []
    for position, stage in enumerate(ask.stages, 1):
        last = position == len(ask.stages)
        users, entrants = reached(found, position), reached(found, 1)
        before = None if position == 1 else reached(found, position - 1)
        mature_entrants = None if mature is None else reached(mature, 1)
        mature_users = None if mature is None else reached(mature, position)
        step, total = wilson(users, before or 0), wilson(users, entrants)
        rows.append(
            {
                "position": position,
                "users": users,
                "ever": sum(any(stage.matches(e) for _, e in person) for person in persons),
                "dropped": None if last else users - reached(found, position + 1),
                "step_rate": rate(users, before),
                "step_low": step[0],
                "step_high": step[1],
                "total_rate": rate(users, entrants),
                "total_low": total[0],
                "total_high": total[1],
                "immature": sum(
                    not last and len(times) == position and not window_over(ask, times[0])
                    for times in found
                ),
                "mature_entrants": mature_entrants,
                "mature_users": mature_users,
                "mature_total_rate": rate(mature_users, mature_entrants),
                **seconds_between(found, position),
            }
        )
    return rows


# --- broken down, and over time ----------------------------------------------------------------


def first_touch(person: Person, ask: Ask, column: str) -> str | None:
    """The value of a person's earliest event that matches a stage and has one."""
    touches = [
        (e.ts, e.properties[column])
        for _, e in person
        if e.properties.get(column) not in (None, "") and any(s.matches(e) for s in ask.stages)
    ]
    return min(touches)[1] if touches else None


def breakdown(log: Log, ask: Ask, column: str) -> dict[str | None, list[dict[str, Any]]]:
    """The funnel of everybody who first came with each value; null holds those without one.

    People without any event of a stage are in no row: there is nothing of them to count.
    """
    groups: dict[str | None, set[str]] = {}
    for user, person in people(log, ask).items():
        if any(stage.matches(event) for _, event in person for stage in ask.stages):
            groups.setdefault(first_touch(person, ask, column), set()).add(user)
    return {value: stage_rows(log, ask, only=users) for value, users in groups.items()}


def folded(
    parts: dict[str | None, list[dict[str, Any]]], top: int
) -> tuple[set[str | None], list[int] | None]:
    """The values that keep a row of their own, and the users a stage of the rest (or none).

    The largest by the last stage come first, then by the stage before, at last by their value;
    people without a value always keep their row.
    """
    users = {value: [row["users"] for row in rows] for value, rows in parts.items()}
    values = [value for value in parts if value is not None]
    values.sort(key=lambda value: ([-count for count in reversed(users[value])], value))
    rest = [users[value] for value in values[top:]]
    own = {*values[:top], *(value for value in parts if value is None)}
    return own, [sum(counts) for counts in zip(*rest, strict=True)] if rest else None


def bucket_of(ts: int, unit: str, rules: Rules) -> date:
    """The first day of the day, week or month in which an instant lies, by the clock of a zone."""
    local = (EPOCH + timedelta(microseconds=ts)).astimezone(ZoneInfo(rules.timezone)).date()
    if unit == "day":
        return local
    if unit == "month":
        return local.replace(day=1)
    return local - timedelta(days=(local.weekday() - WEEKDAYS.index(rules.week_start)) % 7)


def bucket_end(start: date, unit: str) -> date:
    if unit == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=1 if unit == "day" else 7)


def instant_of(day: date, rules: Rules) -> int:
    """The instant at which a day begins by the clock of the zone."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(rules.timezone))
    return (midnight.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def trend(log: Log, ask: Ask, unit: str) -> dict[date, list[dict[str, Any]]]:
    """For each bucket with an entry: the funnel of the entries inside it."""
    buckets = {
        bucket_of(event.ts, unit, ask.rules)
        for person in people(log, ask).values()
        for _, event in entries(person, ask)
    }
    return {start: bucket_rows(log, ask, start, unit) for start in sorted(buckets)}


def bucket_rows(log: Log, ask: Ask, start: date, unit: str) -> list[dict[str, Any]]:
    """The funnel of one bucket: its own period, or its entries in the whole one (range all)."""
    since = max(ask.since, instant_of(start, ask.rules))
    until = min(ask.until, instant_of(bucket_end(start, unit), ask.rules))
    if ask.rules.range == "entry":
        return stage_rows(log, replace(ask, since=since, until=until))
    return stage_rows(log, replace(ask, may_enter=lambda ts: since <= ts < until))
