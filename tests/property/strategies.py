"""Small event logs and questions in which everything that can go wrong is likely.

Instants come from a short list, so that ties abound, and lie apart by exactly a window, a limit
between stages, or one microsecond more or less. Three names serve up to five stages, so that
stages share events: neighbours, a-b-a, or all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import inf

from hypothesis import strategies as st

from tests.property.oracle import EPOCH, SECOND, Ask, Event, Predicate, Rules, Stage

LIMIT = 600 * SECOND
HOUR = 6 * LIMIT
DAY = 24 * HOUR
START = 1_711_836_000 * SECOND
"""Saturday 2024-03-30 22:00 UTC, hours before clocks in Europe go forward."""

GAPS = (
    *(near + off for near in (LIMIT, HOUR) for off in (-1, 0, 1)),
    *(1, HOUR - LIMIT, HOUR + LIMIT, DAY, 7 * DAY),
)
ZONES = ("UTC", "Europe/Helsinki", "America/New_York", "Asia/Kathmandu")

PREDICATES: dict[str, Predicate] = {
    "amount >= 2": lambda event: (event.properties["amount"] or 0) >= 2,
    "amount is null": lambda event: event.properties["amount"] is None,
    "channel = 'ads' or amount = 1": lambda event: (
        event.properties["channel"] == "ads" or event.properties["amount"] == 1
    ),
}
"""Predicates as an analyst writes them, each with what it means."""


@dataclass(frozen=True)
class StepSpec:
    names: tuple[str, ...]
    where: str | None = None

    def matches(self, event: Event) -> bool:
        return event.name in self.names and (self.where is None or PREDICATES[self.where](event))


@dataclass(frozen=True)
class StageSpec:
    steps: tuple[StepSpec, ...]
    within: int | None = None
    min_gap: int = 0

    def matches(self, event: Event) -> bool:
        return any(step.matches(event) for step in self.steps)


@dataclass(frozen=True)
class Case:
    """A log and a question about it, in words that neither oracle nor product owns."""

    log: tuple[Event, ...]
    stages: tuple[StageSpec, ...]
    where: str | None = None
    window: int | None = None
    range: str = "entry"
    since: int | None = None
    until: int | None = None
    as_of: int | None = None
    timezone: str = "UTC"
    week_start: str = "monday"

    def ask(self) -> Ask:
        """The question as the oracle takes it."""
        rules = Rules(
            window=self.window,
            range=self.range,
            timezone=self.timezone,
            week_start=self.week_start,
            where=PREDICATES[self.where] if self.where else lambda event: True,
        )
        return Ask(
            stages=[Stage(spec.matches, spec.within, spec.min_gap) for spec in self.stages],
            rules=rules,
            since=-inf if self.since is None else self.since,
            until=inf if self.until is None else self.until,
            as_of=self.as_of,
        )


def moment(ts: int | None) -> datetime | None:
    """A naive UTC moment."""
    return None if ts is None else (EPOCH + timedelta(microseconds=ts)).replace(tzinfo=None)


def instants() -> st.SearchStrategy[list[int]]:
    """One to six instants; repeated draws from so few make the ties."""
    gaps = st.lists(st.sampled_from(GAPS), max_size=5)
    return gaps.map(lambda found: list(accumulate(found, initial=START)))


@st.composite
def logs(draw: st.DrawFn, moments: Sequence[int]) -> tuple[Event, ...]:
    """Up to four people with up to fourteen events each, in any order, some of them twice."""
    users = ["u1", "u2", "u3", "u4"][: draw(st.integers(1, 4))]
    size = draw(st.integers(0, 14 * len(users)))
    rows = draw(st.lists(events([*users] * 3 + [None], moments), min_size=size, max_size=size))
    again = draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    return (*rows, *again)


def events(users: Sequence[str | None], moments: Sequence[int]) -> st.SearchStrategy[Event]:
    properties = st.fixed_dictionaries(
        {
            "channel": st.sampled_from([None, "", "ads", "Web", "ärzte"]),
            "amount": st.sampled_from([None, 1, 2, 3]),
        }
    )
    names = st.sampled_from("aaabbbcccx")
    return st.builds(Event, st.sampled_from(users), names, st.sampled_from(moments), properties)


def steps() -> st.SearchStrategy[tuple[StepSpec, ...]]:
    """Mostly one event; at times several, or one that only counts under a predicate."""
    plain = st.sampled_from([("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "b", "c")])
    where = st.one_of(st.none(), st.none(), st.sampled_from(sorted(PREDICATES)))
    step = st.builds(StepSpec, plain, where)
    return st.one_of(
        plain.map(lambda names: (StepSpec(names),)), st.tuples(step), st.tuples(step, step)
    )


@st.composite
def stages(draw: st.DrawFn) -> tuple[StageSpec, ...]:
    """Two to five stages: all of the same events, of two in turn, or of any."""
    size = draw(st.integers(2, 5))
    variety = draw(st.sampled_from([1, 2, 2, 5, 5, 5]))
    choices = [draw(steps()) for _ in range(min(variety, size))]
    first, *rest = [choices[position % len(choices)] for position in range(size)]
    limits = st.sampled_from([None, None, LIMIT, HOUR])
    gaps = st.sampled_from([0, 0, 0, 1, LIMIT])
    return (
        StageSpec(first),
        *(StageSpec(found, within=draw(limits), min_gap=draw(gaps)) for found in rest),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A log and a question whose period begins and ends at, or beside, an instant of the log."""
    moments = draw(instants())
    bounds = st.one_of(
        st.none(),
        st.builds(int.__add__, st.sampled_from(moments), st.sampled_from([-1, 0, 0, 1])),
    )
    since, until = draw(bounds), draw(bounds)
    if since is not None and until is not None and since > until:
        since, until = until, since
    later = st.sampled_from([HOUR - 1, HOUR, HOUR + 1, 30 * DAY])
    ends = st.one_of(st.none(), st.builds(int.__add__, st.sampled_from(moments), later))
    return Case(
        log=draw(logs(moments)),
        stages=draw(stages()),
        where=draw(st.one_of(st.none(), st.none(), st.sampled_from(sorted(PREDICATES)))),
        window=draw(st.sampled_from([None, LIMIT, HOUR, HOUR, DAY])),
        range=draw(st.sampled_from(["entry", "entry", "all"])),
        since=since,
        until=until,
        as_of=draw(ends),
        timezone=draw(st.sampled_from(ZONES)),
        week_start=draw(st.sampled_from(["monday", "sunday"])),
    )
