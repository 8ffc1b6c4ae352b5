"""Triggers, found and configured, as the definition says them: against plain Python."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isclose
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hourglass.analyses import triggers_found
from hourglass.analyses.question import Question
from hourglass.analyses.triggers import Wanted, triggers
from hourglass.analyses.triggers_listed import listed
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.result import Period, Result
from hourglass.rules import Rules
from hourglass.settings.triggers import Trigger
from hourglass.stages import Model, Stage, Step
from tests.property import oracle_triggers as oracle
from tests.property import product
from tests.property.oracle_triggers import Ask, Event

EPOCH = datetime(1970, 1, 1)
START = (datetime(2026, 1, 5, tzinfo=UTC) - EPOCH.replace(tzinfo=UTC)) // timedelta(microseconds=1)
HOUR = 3_600_000_000
INSTANTS = [START + hour * HOUR + beside for hour in range(6) for beside in (0, 0, 0, -1, 1)]
"""Whole hours and their neighbours, so that ends of spans are met exactly, and just missed."""
SPANS = [HOUR, HOUR, 2 * HOUR, 1]
NAMES = "aaabbcddx"

EVERY_PERIOD = [None, None, None, *INSTANTS]
WITHIN = {"plain": 0, "abandoned": HOUR, "quiet": 2 * HOUR, "dear": HOUR, "mixed": 1}
TRIGGERS = {
    name: Trigger.model_validate(written)
    for name, written in {
        "plain": {"events": ["c"]},
        "abandoned": {"events": ["a", "c"], "without": ["b"], "within": "1 hour"},
        "quiet": {"events": ["c"], "without": ["c", "d"], "within": "2 hours"},
        "dear": {"events": ["a", "d"], "where": "amount >= 2", "without": "d", "within": "1h"},
        "mixed": {"events": ["a", "c"], "without": ["a"], "within": "1us"},
    }.items()
}


@dataclass(frozen=True)
class Case:
    """A log and a question about it."""

    log: tuple[Event, ...]
    landmark: int = HOUR
    horizon: int = HOUR
    since: int | None = None
    until: int | None = None
    as_of: int | None = None
    binds_all: bool = False
    dear: bool = False
    """Whether only purchases of two and more count."""
    where: bool = False
    """Whether rows of one are filtered out."""
    gap: int = 0
    window: int | None = None

    def question(self, *by: str) -> Question:
        where = "amount >= 2" if self.dear else None
        gap = timedelta(microseconds=self.gap)
        stages = (
            Stage(name="know", steps=(Step(events=("a",)),)),
            Stage(name="buy", steps=(Step(events=("b",), where=where),)),
            Stage(name="repeat", steps=(Step(events=("b", "e"), where=where),), min_gap=gap),
        )
        rules = Rules(
            range="all" if self.binds_all else "entry",
            where="amount is null or amount <> 1" if self.where else None,
            window=_span(self.window),
        )
        return Question(
            model=Model(name="m", stages=stages),
            rules=rules,
            period=Period(since=_moment(self.since), until=_moment(self.until)),
            as_of=_moment(self.as_of),
            by=by,
        )

    def ask(self) -> Ask:
        last = max((one.ts for one in self.log), default=-(10**18))
        return Ask(
            enters=lambda one: one.name == "a",
            buys=lambda one: one.name in "be" and (not self.dear or (one.amount or 0) >= 2),
            buying_names=frozenset("be"),
            min_gap=self.gap,
            counts=lambda one: not self.where or one.amount != 1,
            since=float("-inf") if self.since is None else self.since,
            until=float("inf") if self.until is None else self.until,
            binds_all=self.binds_all,
            as_of=last if self.as_of is None else self.as_of,
        )

    def staged(self, one: Event) -> bool:
        return one.name == "a" or self.ask().buys(one)


def _span(length: int | None) -> timedelta | None:
    return None if length is None else timedelta(microseconds=length)


def _moment(ts: int | None) -> datetime | None:
    return None if ts is None else EPOCH + timedelta(microseconds=ts)


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // timedelta(microseconds=1)


def plain(name: str) -> oracle.Trigger:
    """The configured trigger `name` as the oracle takes it."""
    configured = TRIGGERS[name]

    def starts(one: Event) -> bool:
        dear = configured.where is None or (one.amount is not None and one.amount >= 2)
        return one.name in configured.events and dear

    return oracle.Trigger(starts, lambda one: one.name in configured.without, WITHIN[name])


def fill(log: Iterable[Event]) -> DuckDBEngine:
    made = product.fill(())
    rows = [(one.user, one.name, _moment(one.ts), one.channel, one.amount, None) for one in log]
    if rows:
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        made.connection.execute(
            f"insert into events values {marks}", [value for row in rows for value in row]
        )
    return made


@contextmanager
def every_event_tested() -> Iterator[None]:
    """Let one person on each side be enough: small logs have no more."""
    with patch.object(triggers_found, "LEAST", 1):
        yield


def asked(case: Case, *by: str) -> Result:
    wanted = Wanted(
        configured=TRIGGERS,
        landmark=timedelta(microseconds=case.landmark),
        horizon=timedelta(microseconds=case.horizon),
    )
    return triggers(fill(case.log), case.question(*by), wanted)


events = st.builds(
    Event,
    st.sampled_from(["u1", "u1", "u2", "u2", "u3", None]),
    st.sampled_from(NAMES),
    st.sampled_from(INSTANTS),
    st.sampled_from([None, "", "mail", "ads"]),
    st.sampled_from([None, 1, 2, 3]),
)
# a purchase must be there, or nobody knows what one is
logs = st.lists(events, max_size=28).map(lambda rows: (*rows, Event(None, "b", START)))


def cases() -> st.SearchStrategy[Case]:
    flags = st.sampled_from([False, False, True])
    return st.builds(
        Case,
        logs,
        st.sampled_from(SPANS),
        st.sampled_from(SPANS),
        st.sampled_from(EVERY_PERIOD),
        st.sampled_from(EVERY_PERIOD),
        st.sampled_from(EVERY_PERIOD),
        flags, flags, flags,
        st.sampled_from([0, 0, HOUR, HOUR + 1]),
        st.sampled_from([None, HOUR, 2 * HOUR]),
    )  # fmt: skip


def crowd(seed: int, people: int = 1_000) -> Case:
    """Enough people that events are tested, with and without an effect."""
    dice = random.Random(seed)
    log = []
    for number in range(people):
        user, first = f"u{number:04}", START + dice.randrange(4 * HOUR)
        log.append(Event(user, "a", first, dice.choice(["mail", "ads", None])))
        does = dice.random() < 0.5
        if does:
            log.append(Event(user, "c", first + dice.randrange(2 * HOUR)))
        log += [
            Event(
                user,
                dice.choice("adx"),
                first + dice.randrange(3 * HOUR),
                None,
                dice.choice([1, 2]),
            )
            for _ in range(dice.randrange(3))
        ]
        if dice.random() < (0.5 if does else 0.2):
            log.append(
                Event(user, "b", first + dice.randrange(4 * HOUR), None, dice.choice([1, 3]))
            )
    since, until = dice.choice([None, START + HOUR]), dice.choice([None, START + 3 * HOUR])
    return Case(tuple(log), HOUR, 2 * HOUR, since, until, gap=dice.choice([0, HOUR]))


def same(one: Any, other: Any) -> bool:
    """Equal, or as close as two ways to the same float come."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def as_said(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the product in the words of the oracle."""
    sides = {
        side: tuple(row[f"{side}_{name}"] for name in ("users", "bought", "rate", "low", "high"))
        for side in ("with", "without")
    }
    ratio = tuple(row[name] for name in ("ratio", "ratio_low", "ratio_high"))
    judged = {"p": row["ratio_p"], "q": row["ratio_q"], "marked": row["ratio_marked"]}
    return {**sides, "ratio": ratio, **judged}


def found_as_defined(case: Case, fewest: int) -> int:
    """Compare what goes before buying, whole and by channel; how many events were tested."""
    ask = case.ask()
    everyone = oracle.people(case.log, ask)
    became = {
        user: one
        for user, person in everyone.items()
        if (one := oracle.followed(person, ask, case.landmark, case.horizon))
    }
    at_risk = {user: one for user, one in became.items() if one.state == "followed"}
    result = asked(case, "channel")
    states = result.table("followed").frame.row(0, named=True)
    for name, state in (("unobserved",) * 2, ("customers", "customer"), ("users", "followed")):
        assert states[name] == sum(one.state == state for one in became.values())
    assert states["entrants"] == len(became)
    assert states["bought"] == sum(one.bought for one in at_risk.values())
    expected = oracle.tested({None: list(at_risk.values())}, fewest)
    rows = result.table("triggers").frame.to_dicts()
    assert same({(None, row["event"]): as_said(row) for row in rows}, expected)
    keys = oracle.grouped(everyone, case.staged, ask.seen)
    expected = oracle.tested(oracle.by_value(keys, at_risk), fewest)
    rows = result.table("breakdown").frame.to_dicts()
    assert same({(row["channel"], row["event"]): as_said(row) for row in rows}, expected)
    return len(expected)


def configured_as_defined(case: Case, lists: Iterable[str] = TRIGGERS) -> int:
    """Compare every trigger, whole and by channel, and some lists; how many firings there were."""
    ask = case.ask()
    everyone = oracle.people(case.log, ask)
    window = case.window or 30 * 24 * HOUR
    result = asked(case, "channel")
    keys = oracle.grouped(everyone, case.staged, ask.seen)
    some = [
        user
        for user, person in everyone.items()
        if any(oracle.firings(person, ask, plain(name)) for name in TRIGGERS)
    ]
    names = ("fired", "pending", "users", "mature_users", "bought")
    assert result.table("configured").frame["trigger"].to_list() == list(TRIGGERS)
    for row in result.table("configured").frame.to_dicts():
        expected = oracle.summary(everyone.values(), ask, plain(row["trigger"]), window)
        assert tuple(row[name] for name in names) == expected
        rates = oracle.wilson(expected[4], expected[3]) if expected[3] else (None,) * 3
        assert same(tuple(row[f"bought_{name}"] for name in ("rate", "low", "high")), rates)
    groups = oracle.by_value(keys, {user: everyone[user] for user in some})
    found = {}
    for row in result.table("configured_breakdown").frame.to_dicts():
        found[row["channel"], row["trigger"]] = tuple(row[name] for name in names)
    assert found == {
        (channel, name): oracle.summary(group, ask, plain(name), window)
        for channel, group in groups.items()
        for name in TRIGGERS
    }
    for name in lists:
        people = (
            listed(fill(case.log), case.question(), {name: TRIGGERS[name]}).table("people").frame
        )
        moments = ("fired", "event_ts", "first_fired", "bought")
        rows = {
            row["user_id"]: tuple(
                _instant(row[part]) if part in moments else row[part]
                for part in ("fired", "events", "event_ts", "times", "first_fired", "bought")
            )
            for row in people.to_dicts()
        }
        assert rows == oracle.listed(everyone, ask, plain(name))
        assert [*rows] == sorted(rows)
    return sum(row["fired"] for row in result.table("configured").frame.to_dicts())


@given(cases())
def test_what_goes_before_buying_is_as_defined(case: Case) -> None:
    with every_event_tested():
        found_as_defined(case, fewest=1)


@settings(max_examples=settings().max_examples // 2)
@given(cases(), st.sampled_from(sorted(TRIGGERS)))
def test_who_a_trigger_fires_for_is_as_defined(case: Case, name: str) -> None:
    configured_as_defined(case, [name])


@pytest.mark.parametrize("seed", range(2))
def test_hundreds_of_people_are_as_defined(seed: int) -> None:
    case = crowd(seed)
    assert found_as_defined(case, oracle.FEWEST) >= 3
    assert configured_as_defined(case) > 100


def test_the_ends_of_spans_are_inside() -> None:
    """At the landmark an event counts and a purchase shuts out; at the end a purchase counts."""
    case = Case(
        log=(
            Event("at landmark", "a", START), Event("at landmark", "c", START + HOUR),
            Event("at landmark", "b", START + 2 * HOUR),
            Event("after", "a", START), Event("after", "c", START + HOUR + 1),
            Event("after", "b", START + 2 * HOUR + 1), Event("after", "d", START),
            Event("customer", "a", START), Event("customer", "b", START + HOUR),
            Event("short", "a", START + 2), Event("before", "c", START - 1),
            Event("before", "a", START), Event("long ago", "b", START - 9 * HOUR),
            Event("long ago", "a", START),
        ),
    )  # fmt: skip
    with every_event_tested():
        result = asked(case)
    states = result.table("followed").frame.row(0, named=True)
    assert {name: states[name] for name in ("entrants", "unobserved", "customers", "users")} == {
        "entrants": 6, "unobserved": 1, "customers": 2, "users": 3,
    }  # fmt: skip
    assert states["bought"] == 1
    row, other = result.table("triggers").frame.to_dicts()
    assert (row["event"], row["with_users"], row["with_bought"]) == ("c", 1, 1)
    assert (other["event"], other["with_users"], other["with_bought"]) == ("d", 1, 0)
    assert (row["without_users"], row["without_bought"]) == (2, 0)
    assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (None, None, None)


def test_a_period_binds_entries_and_what_starts_a_trigger() -> None:
    """Its first instant is inside, its end is not; what follows is read on."""
    late = 3 * HOUR
    log = (
        Event("at since", "a", START), Event("before", "a", START - 1),
        Event("at until", "a", START + HOUR), Event("just in", "a", START + HOUR - 1),
        Event("at since", "c", START), Event("before", "c", START - 1),
        Event("at until", "c", START + HOUR), Event("just in", "c", START + HOUR - 1),
        Event("just in", "b", START + 2 * HOUR), Event("end", "x", START + late),
    )  # fmt: skip
    case = Case(log, since=START, until=START + HOUR)
    result = asked(case)
    states = result.table("followed").frame.row(0, named=True)
    assert (states["entrants"], states["users"], states["bought"]) == (2, 2, 1)
    assert result.table("configured").frame.row(0, named=True)["fired"] == 2
    # where it binds every event, nobody is seen beyond its end
    case = Case(log, 1, HOUR - 2, since=START, until=START + HOUR, binds_all=True)
    states = asked(case).table("followed").frame.row(0, named=True)
    assert (states["entrants"], states["unobserved"], states["users"]) == (2, 1, 1)
    case = Case(log, 1, HOUR - 1, since=START, until=START + HOUR, binds_all=True)
    states = asked(case).table("followed").frame.row(0, named=True)
    assert (states["entrants"], states["unobserved"], states["users"]) == (2, 2, 0)


def test_a_purchase_at_the_instant_of_the_firing_is_not_after_it() -> None:
    log = (
        Event("at once", "c", START), Event("at once", "b", START),
        Event("next", "c", START), Event("next", "b", START + 1),
        Event("at the end", "c", START), Event("at the end", "b", START + HOUR),
        Event("too late", "c", START), Event("too late", "b", START + HOUR + 1),
        Event("open", "c", START + 2), Event("end", "x", START + HOUR + 1),
    )  # fmt: skip
    names = ("trigger", "fired", "users", "mature_users", "bought")
    for as_of in (None, START + HOUR):  # with the second, the window of four ends that very moment
        row = (
            asked(Case(log, window=HOUR, as_of=as_of)).table("configured").frame.row(0, named=True)
        )
        assert tuple(row[name] for name in names) == ("plain", 5, 5, 4, 2)
    bought = {"next": START + 1, "at the end": START + HOUR, "too late": START + HOUR + 1}
    assert bought_since(Case(log)) == {"at once": None, "open": None, **bought}
    # what comes after as-of is not known yet
    known = bought_since(Case(log, as_of=START + HOUR))
    assert known == {"at once": None, "open": None, **bought, "too late": None}


def test_the_first_purchase_after_a_firing_is_the_one_that_counts() -> None:
    log = (
        Event("twice", "c", START), Event("twice", "b", START + 1),
        Event("twice", "b", START + HOUR + 1),
    )  # fmt: skip
    row = asked(Case(log, window=HOUR)).table("configured").frame.row(0, named=True)
    assert (row["mature_users"], row["bought"]) == (1, 1)
    assert bought_since(Case(log)) == {"twice": START + 1}


def test_a_channel_that_shows_after_as_of_is_nobodys_yet() -> None:
    log = (
        Event("early", "a", START, "ads"), Event("early", "c", START), Event("late", "c", START),
        Event("late", "a", START + HOUR + 1, "ads"),
    )  # fmt: skip
    result = asked(Case(log, as_of=START + HOUR), "channel")
    rows = result.table("configured_breakdown").frame.to_dicts()
    fired = {row["channel"]: row["fired"] for row in rows if row["trigger"] == "plain"}
    assert fired == {"ads": 1, None: 1}


def bought_since(case: Case) -> dict[str, int | None]:
    asked_for = {"plain": TRIGGERS["plain"]}
    found = listed(fill(case.log), case.question(), asked_for).table("people").frame
    return {row["user_id"]: _instant(row["bought"]) for row in found.to_dicts()}


def test_what_is_called_as_a_purchase_goes_before_none() -> None:
    """Not even where it was too small to be one."""
    log = (
        Event("u1", "a", START), Event("u1", "b", START, None, 1), Event("u1", "c", START),
        Event("u1", "b", START + 2 * HOUR, None, 2), Event("u2", "a", START),
        Event("u1", "c", START + 1),
    )  # fmt: skip
    with every_event_tested():
        rows = asked(Case(log, dear=True)).table("triggers").frame.to_dicts()
    assert [(row["event"], row["with_users"]) for row in rows] == [("c", 1)]


def test_a_trigger_may_wait_for_the_next_of_its_own_events() -> None:
    """An event does not keep itself from firing; another at its very instant does."""
    log = (
        Event("once", "c", START), Event("twice", "c", START), Event("twice", "c", START),
        Event("again", "c", START), Event("again", "c", START + 2 * HOUR),
        Event("later", "c", START), Event("later", "c", START + 2 * HOUR + 1),
        Event("by another", "c", START), Event("by another", "d", START),
        Event(None, "b", START), Event("end", "x", START + 2 * HOUR),
    )  # fmt: skip
    result = asked(Case(log, as_of=START + 2 * HOUR))
    rows = {row["trigger"]: row for row in result.table("configured").frame.to_dicts()}
    quiet = rows["quiet"]
    # once and later have waited for two hours, the second event of again has just begun to
    assert (quiet["fired"], quiet["pending"], quiet["users"]) == (2, 1, 2)
    # what came after as-of is not known: the second event of later is not there yet
    assert rows["plain"]["fired"] == 7
