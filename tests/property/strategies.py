"""Small event logs and questions in which everything that can go wrong is likely.

Instants come from a short list, so that ties abound, and lie apart by exactly a window, a limit
between stages, or one microsecond more or less. Three names serve up to five stages, so that
stages share events: neighbours, a-b-a, or all of them.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate
from math import inf
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.property.oracle import (
    EPOCH,
    SECOND,
    Ask,
    Event,
    Exclusion,
    Predicate,
    Rules,
    Stage,
)

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

CHANNELS = (None, "", "ads", "Web", "ärzte")
SESSIONS = (None, "s1", "s2", "s3", "s4")

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
        return (event.name in self.names or "*" in self.names) and (
            self.where is None or PREDICATES[self.where](event)
        )


@dataclass(frozen=True)
class StageSpec:
    steps: tuple[StepSpec, ...]
    within: int | None = None
    min_gap: int = 0
    optional: bool = False
    first_time: str | None = None
    nth: int | None = None

    def matches(self, event: Event) -> bool:
        return any(step.matches(event) for step in self.steps)

    def named(self, event: Event) -> bool:
        return any(event.name in step.names or "*" in step.names for step in self.steps)


@dataclass(frozen=True)
class ExclusionSpec:
    """Events that may not lie between two stages, given by their positions."""

    step: StepSpec
    after: int
    before: int


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
    rules: Mapping[str, Any] = field(default_factory=dict)
    """The other rules that differ from their defaults, by name; durations in microseconds."""
    exclusions: tuple[ExclusionSpec, ...] = ()

    def answerable(self) -> bool:
        """A log that has events, but none that any stage names, is an error and no funnel."""
        named = {name for stage in self.stages for step in stage.steps for name in step.names}
        return not self.log or "*" in named or any(event.name in named for event in self.log)

    def ask(self) -> Ask:
        """The question as the oracle takes it."""
        asked = dict(self.rules)
        if asked.get("count") == "session":
            asked["count"] = "session_id"
        rules = Rules(
            **asked,
            window=self.window,
            range=self.range,
            timezone=self.timezone,
            week_start=self.week_start,
            where=PREDICATES[self.where] if self.where else lambda event: True,
        )
        return Ask(
            stages=[
                Stage(
                    spec.matches,
                    spec.within,
                    spec.min_gap,
                    f"s{position}",
                    spec.optional,
                    spec.first_time,
                    spec.nth,
                    spec.named,
                )
                for position, spec in enumerate(self.stages, 1)
            ],
            rules=rules,
            since=-inf if self.since is None else self.since,
            until=inf if self.until is None else self.until,
            as_of=self.as_of,
            exclusions=[
                Exclusion(one.step.matches, one.after, one.before) for one in self.exclusions
            ],
        )


def moment(ts: int | None) -> datetime | None:
    """A naive UTC moment."""
    return None if ts is None else (EPOCH + timedelta(microseconds=ts)).replace(tzinfo=None)


def instants() -> st.SearchStrategy[list[int]]:
    """One to six instants; repeated draws from so few make the ties."""
    sizes = st.sampled_from([3, 2, 4, 5, 1, 0])
    gaps = sizes.flatmap(lambda size: st.lists(st.sampled_from(GAPS), min_size=size, max_size=size))
    return gaps.map(lambda found: list(accumulate(found, initial=START)))


@st.composite
def logs(draw: st.DrawFn, moments: Sequence[int]) -> tuple[Event, ...]:
    """Up to four people with about fourteen events each, in any order, some of them twice."""
    users = ["u1", "u2", "u3", "u4"][: draw(st.integers(1, 4))]
    size = draw(st.sampled_from([5, 8, 12, 16, 24, 32, 48, 0, 1, 2, 3]))
    rows = draw(st.lists(events([*users] * 4 + [None], moments), min_size=size, max_size=size))
    again = draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    return (*rows, *again)


def events(users: Sequence[str | None], moments: Sequence[int]) -> st.SearchStrategy[Event]:
    properties = st.fixed_dictionaries(
        {
            "channel": st.sampled_from(CHANNELS),
            "amount": st.sampled_from([None, 1, 2, 3]),
            "session_id": st.sampled_from(SESSIONS),
        }
    )
    names = st.sampled_from("aaabbbcccx")
    return st.builds(Event, st.sampled_from(users), names, st.sampled_from(moments), properties)


def steps() -> st.SearchStrategy[tuple[StepSpec, ...]]:
    """Mostly one event; at times several, or one that only counts under a predicate."""
    names = st.sampled_from(
        [("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "b", "c"), ("*",)]
    )
    plain = st.tuples(st.builds(StepSpec, names))
    where = st.one_of(st.none(), st.none(), st.sampled_from(sorted(PREDICATES)))
    special = st.lists(st.builds(StepSpec, names, where), min_size=1, max_size=2).map(tuple)
    return st.one_of(plain, plain, plain, special)


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


def periods(moments: Sequence[int]) -> st.SearchStrategy[tuple[int | None, int | None]]:
    """Mostly open; else bounds at an instant of the log or beside it, seldom empty."""
    middle = moments[len(moments) // 2]
    since = [moments[0], moments[0] - 1, middle, middle - 1, moments[0] + 1]
    until = [moments[-1] + 1, moments[-1], middle + 1, middle]
    either = st.tuples(
        st.sampled_from([None, None, None, None, *since]),
        st.sampled_from([None, None, None, None, *until]),
    )
    return either.filter(lambda period: None in period or period[0] <= period[1])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A log and a question whose period begins and ends at, or beside, an instant of the log."""
    moments = draw(instants())
    since, until = draw(periods(moments))
    later = st.sampled_from([HOUR - 1, HOUR, HOUR + 1, 30 * DAY])
    ends = st.one_of(st.none(), st.builds(int.__add__, st.sampled_from(moments), later))
    case = Case(
        log=draw(logs(moments)),
        stages=draw(stages()),
        where=draw(st.one_of(*[st.none()] * 7, st.sampled_from(sorted(PREDICATES)))),
        window=draw(st.sampled_from([None, LIMIT, HOUR, HOUR, DAY])),
        range=draw(st.sampled_from(["entry", "entry", "all"])),
        since=since,
        until=until,
        as_of=draw(ends),
        timezone=draw(st.sampled_from(ZONES)),
        week_start=draw(st.sampled_from(["monday", "sunday"])),
    )
    assume(case.answerable())
    return case


def crowd(seed: int, size: int = 1000) -> Case:
    """Very many people at once, the same for a seed: what Hypothesis would need hours for."""
    dice = random.Random(seed)
    moments = list(accumulate(dice.choices(GAPS, k=dice.randint(0, 5)), initial=START))
    shapes = [
        "a b",
        "a a",
        "a b a",
        "a a|b b",
        "a b c",
        "a|b a|b a|b",
        "a b a b",
        "a|b b|c a|c b c",
    ]
    spelled = dice.choice(shapes).split()
    limits, gaps = [None, None, LIMIT, HOUR], [0, 0, 0, 1, LIMIT]
    found = [StepSpec(tuple(names.split("|"))) for names in spelled]
    log = [
        Event(
            f"u{person}",
            dice.choice("aabbcx"),
            dice.choice(moments),
            {"channel": dice.choice(CHANNELS), "session_id": dice.choice(SESSIONS)},
        )
        for person in range(size)
        for _ in range(dice.randint(0, 9))
    ]
    dice.shuffle(log)
    window = dice.choice([None, LIMIT, HOUR, DAY])
    return Case(
        log=tuple(log),
        stages=(
            StageSpec((found[0],)),
            *(StageSpec((one,), dice.choice(limits), dice.choice(gaps)) for one in found[1:]),
        ),
        window=window,
        range=dice.choice(["entry", "entry", "all"]),
        since=dice.choice([None, moments[0], moments[0] + 1]),
        until=dice.choice([None, moments[-1], *(ts + 1 for ts in moments)]),
        as_of=dice.choice([None, *(ts + (window or 0) for ts in moments)]),
    )


Twist = Callable[[Case], Case]


def rule(**values: Any) -> Twist:
    """The same question under other rules."""
    return lambda case: replace(case, rules={**case.rules, **values})


def without_gaps(case: Case) -> Case:
    """`strict` and `any` are refused with times from the stage before."""
    plain = tuple(replace(stage, within=None, min_gap=0) for stage in case.stages)
    return replace(case, stages=plain)


def unshared(case: Case) -> Case:
    """Up to three stages that share no event."""
    named = zip("abc", case.stages, strict=False)
    stages = tuple(
        replace(stage, steps=(StepSpec((name,), stage.steps[0].where),)) for name, stage in named
    )
    return replace(case, stages=stages)


def tolerant(span: int) -> Twist:
    """Events out of their place are tolerated, where no stage keeps its distance from another."""

    def twisted(case: Case) -> Case:
        return rule(tie_tolerance=span)(unshared(without_gaps(case)))

    return twisted


def at_stage(position: int, **options: Any) -> Twist:
    """The same question with more said of one stage (of the last one, if there are fewer)."""

    def twisted(case: Case) -> Case:
        stages = list(case.stages)
        place = min(position, len(stages)) - 1
        stages[place] = replace(stages[place], **options)
        return replace(case, stages=tuple(stages))

    return twisted


def excluding(after: int, before: int | None, how: str) -> Twist:
    """No `x` may lie between two stages; null is the last."""

    def twisted(case: Case) -> Case:
        last = len(case.stages) if before is None else before
        found = ExclusionSpec(StepSpec(("x",)), after, last)
        rules = {**case.rules, **({} if how == "drop" else {"exclusion": how})}
        others = (one for one in case.exclusions if one != found)
        return replace(case, rules=rules, exclusions=(*others, found))

    return twisted


TWISTS: Mapping[str, Twist] = {
    "count = session": rule(count="session"),
    "count = channel": rule(count="channel"),
    "order = strict": lambda case: without_gaps(rule(order="strict")(case)),
    "order = strict, pass": lambda case: without_gaps(
        rule(order="strict", strict_repeat="pass")(case)
    ),
    "order = any": lambda case: rule(order="any")(unshared(without_gaps(case))),
    "order = any, shared": lambda case: without_gaps(rule(order="any", reuse=True)(case)),
    "window_from = previous": rule(window_from="previous"),
    "entry = first": rule(entry="first"),
    "entry = last": rule(entry="last"),
    "ties = later": rule(ties="later"),
    "ties = row": rule(ties="row"),
    "tie_tolerance": tolerant(1),
    "tie_tolerance, long": tolerant(LIMIT),
    "reuse": rule(reuse=True),
    "closed = false": rule(closed=False),
    "hold": rule(hold="session_id"),
    "attribution = last_touch": rule(attribution="last_touch"),
    "attribution = entry": rule(attribution="entry"),
    "attribution = stage:s1": rule(attribution="stage:s1"),
    "attribution = stage:s2": rule(attribution="stage:s2"),
    "attribution = all": rule(attribution="all"),
    "optional": at_stage(2, optional=True),
    "optional, third": at_stage(3, optional=True),
    "first_time = event": at_stage(1, first_time="event"),
    "first_time = matching": at_stage(2, first_time="matching"),
    "nth = 1": at_stage(1, nth=1),
    "nth = 2": at_stage(2, nth=2),
    "exclusion = drop": excluding(1, 2, "drop"),
    "exclusion = drop, all along": excluding(1, None, "drop"),
    "exclusion = void": excluding(1, 2, "void"),
    "exclusion = keep": excluding(1, None, "keep"),
}
"""Every rule that differs from its default, alone."""
