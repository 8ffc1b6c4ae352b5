"""Referrals in plain Python, written from the definition alone: slow, obvious, and nobody's copy.

Instants are whole microseconds. A log is a list of events; a person is whoever an event names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median


@dataclass(frozen=True)
class Event:
    user: str | None
    name: str
    ts: int
    referrer: str | None = None
    revenue: float | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Ask:
    """A question: purchases are events of these names; `until` is the first instant out."""

    window: int
    purchases: frozenset[str] = frozenset({"order"})
    min_gap: int = 0
    since: int | None = None
    until: int | None = None
    as_of: int | None = None


@dataclass
class Person:
    """One person: first event, who they named and when, when they bought and for how much."""

    user: str
    came: int
    named: int | None = None
    referrer: str | None = None
    orders: list[tuple[int, float]] = field(default_factory=list)
    channel: str | None = None
    fate: str | None = None
    """What naming a referrer is worth; null for those who name none."""
    counts_as_buyer: bool = False

    @property
    def bought(self) -> int | None:
        """When they bought first."""
        return self.orders[0][0] if self.orders else None

    @property
    def valid(self) -> bool:
        """Whether they were referred, as far as anybody should believe."""
        return self.fate not in (None, "self", "unknown", "cycle", "late")


@dataclass
class Answer:
    people: dict[str, Person]
    customers: list[Person]
    """Those who bought first in the period, a window or more before as-of."""

    def brought_by(self, person: Person) -> list[Person]:
        """List the people who count as brought by somebody in the window after they bought."""
        return [
            one
            for one in self.people.values()
            if one.fate == "counted" and one.referrer == person.user
        ]

    def parts(self, some: Sequence[Person]) -> tuple[int, list[int], list[int]]:
        """Count some customers, and whom each of them brought, and how many of those bought."""
        brought = [self.brought_by(one) for one in some]
        return (
            len(some),
            [len(people) for people in brought],
            [sum(one.counts_as_buyer for one in people) for people in brought],
        )

    def fates(self) -> dict[str, int]:
        return dict(Counter(one.fate for one in self.people.values() if one.fate))

    def cycle_times(self) -> dict[str, tuple[int, float | None, float | None]]:
        """People, median and p90 in seconds, until they came and until they bought."""
        counted = [one for one in self.people.values() if one.fate == "counted"]
        starts = {one.user: self.people[one.referrer or ""].bought or 0 for one in counted}
        came = [one.came - starts[one.user] for one in counted]
        bought = [one.orders[0][0] - starts[one.user] for one in counted if one.counts_as_buyer]
        return {"first event": _spread(came), "first purchase": _spread(bought)}

    def chains(self) -> dict[str, list[str]]:
        """For everybody who was referred: the line of referrers above them, up to its end."""
        found = {}
        for one in self.people.values():
            line, at = [], one
            while at.valid:
                assert at.referrer is not None
                line.append(at.referrer)
                at = self.people[at.referrer]
            if line:
                found[one.user] = line
        return found


def answer(log: Iterable[Event], ask: Ask) -> Answer:
    events = [event for event in log if event.user is not None]
    as_of = ask.as_of if ask.as_of is not None else max((one.ts for one in log), default=0)
    people = {user: _person(user, events, ask) for user in {str(one.user) for one in events}}
    for one in people.values():
        one.fate = _fate(one, people, ask, as_of)
        if one.fate == "counted":
            start = people[str(one.referrer)].bought
            assert start is not None
            one.counts_as_buyer = one.bought is not None and one.bought <= start + ask.window
    return Answer(
        people, [one for one in people.values() if in_period(one.bought, ask) and
                 one.orders[0][0] + ask.window <= as_of]
    )  # fmt: skip


def in_period(ts: int | None, ask: Ask) -> bool:
    if ts is None:
        return False
    return (ask.since is None or ts >= ask.since) and (ask.until is None or ts < ask.until)


def _person(user: str, log: Iterable[Event], ask: Ask) -> Person:
    own = [event for event in log if event.user == user]
    person = Person(user, came=min(event.ts for event in own))
    naming = sorted((event.ts, event.referrer) for event in own if event.referrer)
    if naming:
        person.named, person.referrer = naming[0]
    touched = sorted((event.ts, event.channel) for event in own if event.channel)
    person.channel = touched[0][1] if touched else None
    for event in sorted(own, key=lambda one: one.ts):
        if event.name not in ask.purchases:
            continue
        if person.orders and event.ts - person.orders[-1][0] < ask.min_gap:
            at, paid = person.orders[-1]
            person.orders[-1] = at, paid + (event.revenue or 0)
        else:
            person.orders.append((event.ts, event.revenue or 0))
    return person


def _fate(one: Person, people: dict[str, Person], ask: Ask, as_of: int) -> str | None:
    if one.referrer is None:
        return None
    if one.referrer not in people:
        return "unknown"
    if one.referrer == one.user:
        return "self"
    if _circles(one, people):
        return "cycle"
    if one.bought is not None and one.named is not None and one.named > one.bought:
        return "late"
    start = people[one.referrer].bought
    if start is None:
        return "no_purchase"
    if not in_period(start, ask):
        return "outside"
    if start + ask.window > as_of:
        return "immature"
    if one.came < start:
        return "before"
    return "after" if one.came > start + ask.window else "counted"


def _circles(one: Person, people: dict[str, Person]) -> bool:
    """Whether going from referrer to referrer comes back; nobody names themselves on the way."""
    at, seen = one, set()
    while at.referrer in people and at.referrer != at.user and at.user not in seen:
        seen.add(at.user)
        at = people[at.referrer]
        if at.user == one.user:
            return True
    return False


def _spread(spans: list[int]) -> tuple[int, float | None, float | None]:
    if not spans:
        return 0, None, None
    ordered = sorted(spans)
    place = 0.9 * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    p90 = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    return len(spans), median(spans) / 1e6, p90 / 1e6


def groups(people: Iterable[Person]) -> dict[str | None, list[Person]]:
    """Part people by the channel they came through."""
    found: dict[str | None, list[Person]] = defaultdict(list)
    for one in people:
        found[one.channel].append(one)
    return dict(found)


def came(found: Answer, ask: Ask, as_of: int) -> dict[bool, tuple[int, int, float | None]]:
    """The referred and the others: people, those who bought in time, and the median they took."""
    sides = {}
    for side in (False, True):
        some = [
            one
            for one in found.people.values()
            if one.valid is side and in_period(one.came, ask) and one.came + ask.window <= as_of
        ]
        spans = [
            one.bought - one.came
            for one in some
            if one.bought is not None and one.bought <= one.came + ask.window
        ]
        sides[side] = len(some), len(spans), median(spans) / 1e6 if spans else None
    return sides


@dataclass
class Buyers:
    count: int
    again: int
    """Who bought a second time inside the window."""
    revenue: list[float]
    """What each paid inside the window."""
    brought: list[int]


def buyers(found: Answer, ask: Ask) -> dict[bool, Buyers]:
    """The referred customers and the others."""
    sides = {}
    for side in (False, True):
        some = [one for one in found.customers if one.valid is side]
        inside = [
            [paid for at, paid in one.orders if at <= one.orders[0][0] + ask.window] for one in some
        ]
        sides[side] = Buyers(
            len(some),
            sum(len(orders) > 1 for orders in inside),
            [sum(orders) for orders in inside],
            found.parts(some)[1],
        )
    return sides


def variance(values: Sequence[float]) -> float:
    """The sample variance, by its definition."""
    middle = mean(values)
    return sum((one - middle) ** 2 for one in values) / (len(values) - 1)
