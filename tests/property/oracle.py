"""A funnel by brute force: what every number must be, for logs small enough to try everything.

Written from the definition alone (docs/semantics.md) and sharing no code with the product, so
that both can only agree by being right. Clarity before speed: about forty events a person.

Instants and durations are whole microseconds; an event is `(user, name, ts, properties)`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
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
Times = tuple[Any, ...]
"""One instant a stage, from the first to the deepest; null where the attempt is without the stage.

Under `order = any` the instants are those of the first, second… of the stages, whichever they are.
"""


@dataclass(frozen=True)
class Stage:
    """A stage: which events match it, and how far from the stage before they may lie."""

    matches: Predicate
    within: int | None = None
    min_gap: int = 0
    name: str = ""
    optional: bool = False
    first_time: str | None = None  # or event, matching
    nth: int | None = None
    named: Predicate | None = None
    """Which are *such* events whatever their properties, for `first_time = event`."""


@dataclass(frozen=True)
class Exclusion:
    """Events that may not lie between the events of two stages, given by their positions."""

    matches: Predicate
    after: int
    before: int


@dataclass(frozen=True)
class Rules:
    """The rules that the oracle knows, named as in the definition."""

    count: str = "user"  # or any property
    order: str = "ordered"  # or strict, any
    window: int | None = None
    window_from: str = "entry"  # or previous
    entry: str = "best"  # or first, last
    ties: str = "helpful"  # or later, row
    tie_tolerance: int = 0
    reuse: bool = False
    range: str = "entry"  # or all
    exclusion: str = "drop"  # or void, keep
    strict_repeat: str = "break"  # or pass
    closed: bool = True
    hold: str | None = None
    attribution: str = "first_touch"  # or last_touch, entry, stage:NAME, all
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
    exclusions: Sequence[Exclusion] = ()
    may_enter: Callable[[int], bool] = lambda ts: True
    """Entries at other instants are left out; everything else is read as before."""
    may_fill: Callable[[int, Event], bool] = lambda position, event: True
    """Attempts may not take other events for a stage; what the stage is stays as it is."""


Log = Sequence[Event]
Row = tuple[int, Event]
"""An event with its row, which is its identity."""


@dataclass(frozen=True)
class Person:
    """The events that the funnel may read of whoever is counted, and which rows fill a stage."""

    events: list[Row]
    fills: tuple[frozenset[int], ...]


# --- which events there are --------------------------------------------------------------------


def value_of(event: Event, column: str) -> Any:
    """The value of a property; null and empty text are none."""
    value = event.properties.get(column)
    return None if value == "" else value


def key_of(event: Event, rules: Rules) -> str | None:
    """Whoever is counted, if the row has one."""
    return event.user if rules.count == "user" else value_of(event, rules.count)


def in_period(ask: Ask, ts: int) -> bool:
    return ask.since <= ts < ask.until


def reach(ask: Ask) -> float:
    """How long after its entry an attempt can go on.

    From one stage to the next the window can be used up each time. `ever` reads as far, and an
    entry is mature only then: earlier, the figure of a stage could still rise.
    """
    if ask.rules.window is None:
        return inf
    return ask.rules.window * (len(ask.stages) - 1 if ask.rules.window_from == "previous" else 1)


def readable(ask: Ask, event: Event) -> bool:
    """Whether the funnel may read an event at all."""
    beyond = 0 if ask.rules.range == "all" else reach(ask)
    return ask.since <= event.ts < ask.until + beyond and ask.rules.where(event)


def people(log: Log, ask: Ask) -> dict[str, Person]:
    """Everybody with an event that the funnel may read; rows without a key are left out."""
    histories: dict[str, list[Row]] = {}
    for row, event in enumerate(log):
        key = key_of(event, ask.rules)
        if key is not None:
            histories.setdefault(key, []).append((row, event))
    found = {
        key: Person(
            [(row, event) for row, event in history if readable(ask, event)],
            tuple(fillers(history, stage, ask) for stage in ask.stages),
        )
        for key, history in histories.items()
    }
    return {key: person for key, person in found.items() if person.events}


def fillers(history: list[Row], stage: Stage, ask: Ask) -> frozenset[int]:
    """The rows that fill a stage; the first time is sought in the whole unfiltered history."""
    found = [row for row in history if readable(ask, row[1]) and stage.matches(row[1])]
    if stage.first_time is not None:
        by_name = stage.first_time == "event" and stage.named
        such = [row for row in history if (by_name or stage.matches)(row[1])]
        first = nth_of(such, 1, ask.rules)
        found = [one for one in found if one[0] in first]
    if stage.nth is not None:
        counted = [one for one in found if in_period(ask, one[1].ts)]
        return nth_of(counted, stage.nth, ask.rules)
    return frozenset(row for row, _ in found)


def nth_of(found: list[Row], n: int, rules: Rules) -> frozenset[int]:
    """The n-th of some events; each one of its instant, as only `ties = row` knows an order."""
    ordered = sorted(found, key=lambda one: (one[1].ts, one[0]))[n - 1 : n]
    if rules.ties == "row":
        return frozenset(row for row, _ in ordered)
    instants = {event.ts for _, event in ordered}
    return frozenset(row for row, event in found if event.ts in instants)


# --- one attempt after another -----------------------------------------------------------------


class Entry(NamedTuple):
    """An event that may start an attempt, and the position of the stage that it fills."""

    position: int
    row: int
    event: Event


class Attempt(NamedTuple):
    times: Times
    entry: Event


def entries(person: Person, ask: Ask) -> list[Entry]:
    """The events that may start an attempt: those of stage 1, or of any stage."""
    anywhere = ask.rules.order == "any" or not ask.rules.closed
    found = [
        Entry(position, row, event)
        for position, rows in enumerate(person.fills, 1)
        for row, event in person.events
        if row in rows
        and (anywhere or position == 1)
        and in_period(ask, event.ts)
        and ask.may_enter(event.ts)
    ]
    if ask.rules.entry == "best":
        return found
    if ask.rules.order == "any":
        return ends(found, ask.rules)
    each = [[one for one in found if one.position == p] for p in range(1, len(ask.stages) + 1)]
    return [one for some in each for one in ends(some, ask.rules)]


def ends(found: list[Entry], rules: Rules) -> list[Entry]:
    """The first or the last of some entries; all of its instant, unless rows tell them apart."""
    if not found:
        return []
    chosen = min if rules.entry == "first" else max
    if rules.ties == "row":
        _, row = chosen((one.event.ts, one.row) for one in found)
        return [one for one in found if one.row == row]
    instant = chosen(one.event.ts for one in found)
    return [one for one in found if one.event.ts == instant]


def comes_after(rules: Rules, row: int, ts: int, last_row: int, instant: int) -> bool:
    """Whether an event may follow one that counts at `instant`, as far as ties are concerned."""
    if rules.ties == "row" and ts == instant:
        return row >= last_row  # the same row again is for `reuse` to judge
    if rules.ties == "later":
        return ts > instant
    return ts >= instant - rules.tie_tolerance


def nothing_between(person: Person, ask: Ask, position: int, start: int, end: int) -> bool:
    """`strict`: no event between two instants, but a repeat of the stage just reached may pass."""
    repeats = person.fills[position - 1] if ask.rules.strict_repeat == "pass" else frozenset()
    return not any(start < event.ts < end and row not in repeats for row, event in person.events)


def in_time(ask: Ask, position: int, entered: int, before: int, now: int) -> bool:
    """Whether stage `position` may be reached at `now`, as far as durations are concerned."""
    stage, rules = ask.stages[position - 1], ask.rules
    start = entered if rules.window_from == "entry" else before
    return (
        (rules.window is None or now - start <= rules.window)
        and (stage.within is None or now - before <= stage.within)
        and now - before >= stage.min_gap
    )


def next_positions(ask: Ask, done: frozenset[int]) -> list[int]:
    """The stages that may come next: one up to the next that is not optional, or any other."""
    everything = range(1, len(ask.stages) + 1)
    if ask.rules.order == "any":
        return [position for position in everything if position not in done]
    found = []
    for position in everything[max(done) :]:
        found.append(position)
        if not ask.stages[position - 1].optional:
            break
    return found


def late(times: Times) -> tuple[float, ...]:
    """Instants to compare by; a stage that was not taken is later than any that was."""
    return tuple(inf if ts is None else ts for ts in times)


def taken(times: Times) -> list[int]:
    return [ts for ts in times if ts is not None]


def onward_rank(ask: Ask, position: int, times: Times) -> tuple[Any, ...]:
    """Which of two ways on from the same event at stage `position` is the better (the less)."""
    if ask.rules.order == "any":  # deepest, then the earliest event of each stage
        return (-len(times), times)
    if ask.exclusions:  # the earliest next event of each stage, whatever that leads to
        padded = [*late(times), *[inf] * (len(ask.stages) - position - len(times))]
        rest = zip(ask.stages[position:], padded, strict=True)
        needed = tuple(ts for stage, ts in rest if not stage.optional)
        return (needed, -len(taken(times)), tuple(padded))
    if not ask.rules.closed:
        return (-len(times), -len(taken(times)), times[-1:], late(times))
    return (-len(times), times[-1:], -len(taken(times)), late(times))


def attempt_rank(ask: Ask, times: Times) -> tuple[Any, ...]:
    """Which of two attempts counts (the less): deepest, earliest completion, latest entry…"""
    entered = taken(times)[0]
    if ask.rules.order == "any":
        return (-len(times), entered, times)
    stages = 0 if ask.rules.closed else -len(taken(times))
    return (-len(times), stages, times[-1], -entered, -len(taken(times)), late(times))


def attempt_from(person: Person, ask: Ask, start: Entry) -> Times:
    """Try every way on from one entry; the times of the best one, entry included.

    What lies ahead depends on the past only through the entry, the stages done, the last event,
    the instant it counts at, and which events that could still be taken are used: so each is
    worked out once.
    """
    rules, first = ask.rules, start.event
    unordered = rules.order == "any"

    def fits(done: frozenset[int], position: int, row: int, event: Event) -> bool:
        place = len(done) + 1 if unordered else position
        held = rules.hold is None or value_of(event, rules.hold) == value_of(first, rules.hold)
        return row in person.fills[position - 1] and held and ask.may_fill(place, event)

    @cache
    def onward(done: frozenset[int], last_row: int, instant: int, used: frozenset[int]) -> Times:
        ways: list[Times] = [()]
        for position in next_positions(ask, done):
            for row, event in person.events:
                now = max(event.ts, instant)
                if (
                    fits(done, position, row, event)
                    and row not in used
                    and comes_after(rules, row, event.ts, last_row, instant)
                    and in_time(ask, position, first.ts, instant, now)
                    and (
                        rules.order != "strict"
                        or nothing_between(person, ask, max(done), instant, now)
                    )
                ):
                    kept = frozenset() if rules.reuse else still_open(used | {row}, now)
                    then = done | {position} if unordered else frozenset({position})
                    skipped = 0 if unordered else position - max(done) - 1
                    ways.append((*[None] * skipped, now, *onward(then, row, now, kept)))
        return min(ways, key=lambda times: onward_rank(ask, max(done), times))

    def still_open(used: frozenset[int], now: int) -> frozenset[int]:
        return frozenset(row for row in used if ts_of[row] >= now - rules.tie_tolerance)

    ts_of = {row: event.ts for row, event in person.events}
    used = frozenset() if rules.reuse else frozenset({start.row})
    ahead = onward(frozenset({start.position}), start.row, first.ts, used)
    return (*[None] * (0 if unordered else start.position - 1), first.ts, *ahead)


def may_start(ask: Ask, start: Entry) -> bool:
    place = 1 if ask.rules.order == "any" else start.position
    held = ask.rules.hold is None or value_of(start.event, ask.rules.hold) is not None
    return held and ask.may_fill(place, start.event)


def attempts(person: Person, ask: Ask) -> list[Attempt]:
    """One attempt for each entry, as far as exclusions let it count."""
    starts = [start for start in entries(person, ask) if may_start(ask, start)]
    found = [Attempt(attempt_from(person, ask, start), start.event) for start in starts]
    struck = {place: strike(person, ask, one.times) for place, one in enumerate(found)}
    clean = [one for place, one in enumerate(found) if struck[place] is None]
    ruined = [(found[place].times, ts) for place, ts in struck.items() if ts is not None]
    if ask.rules.order == "any" or ask.rules.exclusion == "void":
        return clean
    if ask.rules.exclusion == "keep":
        return [
            one if struck[place] is None else one._replace(times=cut(one.times, struck[place]))
            for place, one in enumerate(found)
        ]
    worst = max((struck_depth(times, ts) for times, ts in ruined), default=0)
    return clean if max((len(one.times) for one in clean), default=0) >= worst else []


def chosen(person: Person, ask: Ask) -> list[Attempt]:
    """The attempt that counts, or several that differ in nothing but the event of the entry."""
    found = attempts(person, ask)
    best = min((attempt_rank(ask, one.times) for one in found), default=None)
    return [one for one in found if attempt_rank(ask, one.times) == best]


def journey(person: Person, ask: Ask) -> Times:
    """The times of a person's best attempt, stage by stage; empty if there is none."""
    found = chosen(person, ask)
    return found[0].times if found else ()


def journeys(log: Log, ask: Ask) -> dict[str, Times]:
    """Everybody who entered, with the times of the attempt that counts."""
    found = {key: journey(person, ask) for key, person in people(log, ask).items()}
    return {key: times for key, times in found.items() if times}


# --- exclusions --------------------------------------------------------------------------------


def strike(person: Person, ask: Ask, times: Times) -> int | None:
    """The instant of the first excluding event that an attempt runs into, if it does."""
    return min(
        (
            event.ts
            for _, event in person.events
            for exclusion in ask.exclusions
            if exclusion.matches(event) and runs_into(ask, exclusion, times, event.ts)
        ),
        default=None,
    )


def runs_into(ask: Ask, exclusion: Exclusion, times: Times, ts: int) -> bool:
    """Whether an instant lies between the two stages, or where the later one could have come."""
    if ask.rules.order == "any":  # spans the whole model
        start, end = times[0], times[-1] if len(times) == len(ask.stages) else None
    else:  # a stage that was skipped ends where the next one is
        start = times[exclusion.after - 1] if exclusion.after <= len(times) else None
        end = next(iter(taken(times[exclusion.before - 1 :])), None)
    if start is None:
        return False
    return start < ts < end if end is not None else start < ts <= window_end(ask, times)


def window_end(ask: Ask, times: Times) -> float:
    """Until when an attempt that has come so far could have gone on."""
    if ask.rules.window is None:
        return inf
    return taken(times)[0 if ask.rules.window_from == "entry" else -1] + ask.rules.window


def struck_depth(times: Times, ts: int) -> int:
    """The first stage that an attempt came to after a strike; none: where it stood."""
    after = (place for place, at in enumerate(times, 1) if at is not None and at > ts)
    return next(after, len(times))


def cut(times: Times, ts: int | None) -> Times:
    """What came before a strike; the events at its own instant may have."""
    assert ts is not None
    kept = [place for place, at in enumerate(times, 1) if at is not None and at <= ts]
    return times[: max(kept)]


# --- counts, rates, times ----------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """Some people, the journeys of those who entered, and the journeys over mature entries."""

    people: dict[str, Person]
    found: dict[str, Times]
    mature: dict[str, Times] | None

    def only(self, keys: set[str]) -> "Counted":
        """The same for some of these people."""

        def of_those(all_of_them: dict[str, Any]) -> dict[str, Any]:
            return {key: it for key, it in all_of_them.items() if key in keys}

        mature = None if self.mature is None else of_those(self.mature)
        return Counted(of_those(self.people), of_those(self.found), mature)


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
    """Mean, median and p90 of the seconds from the stage before on the attempt, if it has one."""
    gaps = [
        times[position - 1] - taken(times[: position - 1])[-1]
        for times in found
        if has(times, position) and taken(times[: position - 1])
    ]
    if not gaps:
        return {"mean_seconds": None, "median_seconds": None, "p90_seconds": None}
    return {
        "mean_seconds": sum(gaps) / len(gaps) / SECOND,
        "median_seconds": quantile(gaps, 0.5) / SECOND,
        "p90_seconds": quantile(gaps, 0.9) / SECOND,
    }


def has(times: Times, *positions: int) -> bool:
    """Whether an attempt has come to each of these stages."""
    return all(p <= len(times) and times[p - 1] is not None for p in positions)


def reached(found: Iterable[Times], *positions: int) -> int:
    return sum(has(times, *positions) for times in found)


def nearest_needed(ask: Ask, positions: Iterable[int]) -> int | None:
    """The first of some stages that is not optional."""
    return next((p for p in positions if not ask.stages[p - 1].optional), None)


def did(ask: Ask, person: Person, position: int) -> bool:
    """`ever`: an event of the stage, or under `any` events of so many different stages."""
    if ask.rules.order == "any":
        return sum(bool(rows) for rows in person.fills) >= position
    return bool(person.fills[position - 1])


def judged(log: Log, ask: Ask) -> Ask:
    """The question with its moment to judge from: without one, the last event of the log."""
    if ask.as_of is not None:
        return ask
    return replace(ask, as_of=max((event.ts for event in log), default=0))


def window_over(ask: Ask, entered: int) -> bool:
    assert ask.as_of is not None
    return ask.rules.window is None or entered + reach(ask) <= ask.as_of


def mature_journeys(log: Log, ask: Ask) -> dict[str, Times]:
    """The same funnel over those entries whose window is over."""
    ripe = replace(ask, may_enter=lambda ts: ask.may_enter(ts) and window_over(ask, ts))
    return journeys(log, ripe)


def count(log: Log, ask: Ask) -> Counted:
    mature = None if ask.rules.window is None else mature_journeys(log, ask)
    return Counted(people(log, ask), journeys(log, ask), mature)


def stage_rows(log: Log, ask: Ask) -> list[dict[str, Any]]:
    """The rows of the funnel, one a stage."""
    ask = judged(log, ask)
    return figures(ask, count(log, ask))


def figures(ask: Ask, counted: Counted) -> list[dict[str, Any]]:
    """The figures of each stage for some people."""
    return [figures_of(ask, counted, position) for position in range(1, len(ask.stages) + 1)]


def figures_of(ask: Ask, counted: Counted, position: int) -> dict[str, Any]:
    """The figures of one stage.

    Rates and drops look at those who were in the stage before or come to the one after: whoever
    came in between is in neither.
    """
    found = [*counted.found.values()]
    mature = None if counted.mature is None else [*counted.mature.values()]
    before = nearest_needed(ask, range(position - 1, 0, -1))
    after = nearest_needed(ask, range(position + 1, len(ask.stages) + 1))
    users, entrants = reached(found, position), len(found)
    came, could = (reached(found, position, before), reached(found, before)) if before else (0, 0)
    step, total = wilson(came, could), wilson(users, entrants)
    return {
        "position": position,
        "users": users,
        "ever": sum(did(ask, person, position) for person in counted.people.values()),
        "dropped": None if after is None else users - reached(found, position, after),
        "step_rate": rate(came, could),
        "step_low": step[0],
        "step_high": step[1],
        "total_rate": rate(users, entrants),
        "total_low": total[0],
        "total_high": total[1],
        "immature": sum(
            position < len(ask.stages)
            and len(times) == position
            and not window_over(ask, taken(times)[0])
            for times in found
        ),
        "mature_entrants": None if mature is None else len(mature),
        "mature_users": None if mature is None else reached(mature, position),
        "mature_total_rate": None
        if mature is None
        else rate(reached(mature, position), len(mature)),
        **seconds_between(found, position),
    }


# --- broken down -------------------------------------------------------------------------------


def breakdown(log: Log, ask: Ask, column: str) -> dict[Any, list[dict[str, Any]]]:
    """The funnel for each value; null holds those without one."""
    ask = judged(log, ask)
    return {value: figures(ask, one) for value, one in by_value(log, ask, column).items()}


def by_value(log: Log, ask: Ask, column: str) -> dict[Any, Counted]:
    """The people of each value, and how far they came in the funnel of that value.

    People without any event of a stage are in no row: there is nothing of them to count.
    """
    if ask.rules.attribution == "all":
        return by_all(log, ask, column)
    if ask.rules.attribution.startswith("stage:"):
        return by_stage(log, ask, column)
    whole = count(log, ask)
    groups: dict[Any, set[str]] = {}
    for key, person in whole.people.items():
        if any(person.fills):
            groups.setdefault(attributed(person, ask, column), set()).add(key)
    return {value: whole.only(keys) for value, keys in groups.items()}


def attributed(person: Person, ask: Ask, column: str) -> Any:
    """The one value of a person: of the earliest or latest event of a stage, or of the entry."""
    if ask.rules.attribution == "entry":
        events = [one.entry for one in chosen(person, ask)]
    else:
        events = [event for _, event in stage_events(person) if value_of(event, column) is not None]
        end = max if ask.rules.attribution == "last_touch" else min
        instant = end((event.ts for event in events), default=None)
        events = [event for event in events if event.ts == instant]
    return min(values_of(events, column), default=None)


def stage_events(person: Person) -> list[Row]:
    return [one for one in person.events if any(one[0] in rows for rows in person.fills)]


def values_of(events: Iterable[Event], column: str) -> set[Any]:
    return {value_of(event, column) for event in events} - {None}


def by_stage(log: Log, ask: Ask, column: str) -> dict[Any, Counted]:
    """One funnel for each value that events of one stage carry, in which it must carry it."""
    place = place_of(ask)
    rows: dict[Any, set[str]] = {}
    for key, person in people(log, ask).items():
        unordered = ask.rules.order == "any"
        those = [
            event
            for row, event in stage_events(person)
            if unordered or row in person.fills[place - 1]
        ]
        for value in values_of(those, column):
            rows.setdefault(value, set()).add(key)
    return {
        value: count(log, carrying(ask, place, column, value)).only(rows[value]) for value in rows
    }


def place_of(ask: Ask) -> int:
    """The position of the stage that attribution names; under `any` only the first may be."""
    name = ask.rules.attribution.removeprefix("stage:")
    names = ["any 1"] if ask.rules.order == "any" else [stage.name for stage in ask.stages]
    return names.index(name) + 1


def carrying(ask: Ask, place: int, column: str, value: Any) -> Ask:
    return replace(
        ask,
        may_fill=lambda position, event: position != place or value_of(event, column) == value,
    )


def by_all(log: Log, ask: Ask, column: str) -> dict[Any, Counted]:
    """One funnel for each value over the events that carry it."""
    found = {}
    for value in values_of((e for p in people(log, ask).values() for _, e in p.events), column):
        one = count(log, over_events_with(ask, column, value))
        keys = {key for key, person in one.people.items() if any(person.fills)}
        if keys:
            found[value] = one.only(keys)
    return found


def over_events_with(ask: Ask, column: str, value: Any) -> Ask:
    def where(event: Event) -> bool:
        return ask.rules.where(event) and value_of(event, column) == value

    return replace(ask, rules=replace(ask.rules, where=where))


def folded(
    log: Log, ask: Ask, column: str, top: int
) -> tuple[set[Any], list[dict[str, Any]] | None]:
    """The values that keep a row of their own, and the stage rows of the rest (or none).

    The largest by the last stage come first, then by the stage before, at last by their value;
    people without a value always keep their row. In the rest each person counts once, by the
    deepest of the folded rows.
    """
    ask = judged(log, ask)
    parts = by_value(log, ask, column)
    users = {value: [row["users"] for row in figures(ask, one)] for value, one in parts.items()}
    values = [value for value in parts if value is not None]
    values.sort(key=lambda value: ([-number for number in reversed(users[value])], value))
    rest = [parts[value] for value in values[top:]]
    own = {*values[:top], *(value for value in parts if value is None)}
    return own, figures(ask, merged(ask, rest)) if rest else None


def merged(ask: Ask, parts: Sequence[Counted]) -> Counted:
    """Several rows as one, in which everybody is once."""

    def deepest(journeys: Sequence[dict[str, Times]]) -> dict[str, Times]:
        keys = {key for one in journeys for key in one}
        found = {key: [one[key] for one in journeys if key in one] for key in keys}
        return {key: min(times, key=partial(attempt_rank, ask)) for key, times in found.items()}

    people: dict[str, Person] = {}
    for key, person in [both for one in parts for both in one.people.items()]:
        known = people.get(key, person)
        fills = zip(known.fills, person.fills, strict=True)
        people[key] = Person(person.events, tuple(one | other for one, other in fills))
    mature = None if ask.rules.window is None else deepest([one.mature or {} for one in parts])
    return Counted(people, deepest([one.found for one in parts]), mature)


# --- over time ---------------------------------------------------------------------------------


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
    """For each bucket in which somebody entered: the funnel of the entries inside it."""
    buckets = {bucket_of(event.ts, unit, ask.rules) for event in log if in_period(ask, event.ts)}
    found = {start: bucket_rows(log, ask, start, unit) for start in sorted(buckets)}
    return {start: rows for start, rows in found.items() if any(row["users"] for row in rows)}


def bucket_rows(log: Log, ask: Ask, start: date, unit: str) -> list[dict[str, Any]]:
    """The funnel of one bucket: its own period, or its entries in the whole one (range all)."""
    since = max(ask.since, instant_of(start, ask.rules))
    until = min(ask.until, instant_of(bucket_end(start, unit), ask.rules))
    if ask.rules.range == "entry":
        return stage_rows(log, replace(ask, since=since, until=until))
    return stage_rows(log, replace(ask, may_enter=lambda ts: since <= ts < until))
