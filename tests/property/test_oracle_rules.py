"""The product agrees with the oracle under every rule that it has, alone and two at a time.

What the product does not have yet is left out here, so that nothing is skipped; a pair of rules
that it has must be answered, unless it is known to be refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings

from hourglass.errors import UsageError
from tests.property import oracle, product
from tests.property.strategies import (
    DAY,
    SECOND,
    START,
    TWISTS,
    Case,
    StageSpec,
    StepSpec,
    cases,
    crowd,
)
from tests.property.strategies import Event as Row
from tests.property.test_oracle_funnel import same_trend, whole_and_broken_down

PLAIN = Case(
    log=tuple(
        Row("u1", name, START + place * SECOND, {"channel": "ads", "session_id": "s1"})
        for place, name in enumerate("abc")
    ),
    stages=tuple(StageSpec((StepSpec((name,)),)) for name in "abc"),
    window=DAY,
)
"""What any rule can be asked of."""

BUILT = [name for name, twist in TWISTS.items() if product.builds(twist(PLAIN))]

THOROUGH = settings().max_examples > 100
"""A run of the tests stays short; a search (HYPOTHESIS_PROFILE=search) tries every pair."""


DEFAULTS = {
    "order": "ordered",
    "window_from": "entry",
    "entry": "best",
    "ties": "helpful",
    "tie_tolerance": 0,
    "closed": True,
    "attribution": "first_touch",
}


def rule_of(name: str) -> str:
    return re.split(" = |,", name)[0]


PAIRS = [pair for pair in combinations(BUILT, 2) if rule_of(pair[0]) != rule_of(pair[1])]
MOST = 4
"""Rules that are tried together: each case is then one of six pairs."""


def twisted(case: Case, *names: str) -> Case:
    for name in names:
        case = TWISTS[name](case)
    return case


def size(names: Sequence[str], people: int) -> int:
    """Return how many people a crowd has: fewer where one of few values is counted as a person.

    The oracle tries every way through all events of one.
    """
    return people // 3 if "count" in map(rule_of, names) else people


def agree(case: Case) -> None:
    """Person by person, figure by figure, value by value, week by week."""
    same_funnel(case)
    same_trend(case, "week")


def same_funnel(case: Case) -> None:
    assert product.times(case) == oracle.journeys(case.log, case.ask())
    whole_and_broken_down(case)


def refused(case: Case) -> bool:
    """Whether rules contradict each other, or cannot be counted together.

    Stages that share events and times from the stage before are no matter here: where they are
    refused, the twist leaves them out.
    """
    rules = {**DEFAULTS, **case.rules}
    previous, later = rules["window_from"] == "previous", rules["ties"] != "helpful"
    optional = any(stage.optional for stage in case.stages)
    tolerant = rules["tie_tolerance"]
    if against_values(case, rules) or against_rows(case, rules):
        return True
    if optional and (tolerant or case.exclusions or not rules["closed"]):
        return True
    if case.exclusions and not rules["closed"]:
        return True
    if rules["order"] == "strict":
        narrowed = any(stage.first_time or stage.nth for stage in case.stages)
        repeats = rules.get("strict_repeat") == "pass"
        return optional or bool(tolerant) or (repeats and narrowed)
    if rules["order"] == "any":
        return any([optional, not rules["closed"], previous, later, tolerant])
    return bool(tolerant) and (previous or later)


def against_rows(case: Case, rules: dict[str, Any]) -> bool:
    """Whether the order of the file cannot be kept under other rules."""
    if rules["ties"] != "row":
        return False
    special = any(stage.first_time or stage.nth for stage in case.stages) or case.exclusions
    values = rules.get("hold") or rules["attribution"] in ("all", "entry", "stage:s1", "stage:s2")
    return bool(special or values) or rules["order"] == "strict" or not rules["closed"]


def against_values(case: Case, rules: dict[str, Any]) -> bool:
    """Whether people cannot be followed by the values of their events under other rules."""
    named = str(rules["attribution"]).startswith("stage:")
    held, every = bool(rules.get("hold")), rules["attribution"] == "all"
    if not (named or held or every):
        return False
    anywhere = rules["order"] == "any" or not rules["closed"]
    if held or named:
        if rules["entry"] == "last" or (rules["entry"] == "first" and anywhere):
            return True
        if (held and case.exclusions) or (named and rules["order"] == "any"):
            return True
    if every and any(stage.first_time for stage in case.stages):
        return True
    by_entry = rules["attribution"] == "entry"
    return any(stage.optional for stage in case.stages) or (held and (named or every or by_entry))


def agree_or_refuse(case: Case) -> None:
    if not refused(case):
        agree(case)
        return
    with pytest.raises(UsageError):
        product.result(case, by=("channel",))


@pytest.mark.parametrize("name", BUILT)
@settings(max_examples=settings().max_examples // 8)
@given(case=cases())
def test_a_rule_alone(name: str, case: Case) -> None:
    case = twisted(case, name)
    assume(case.answerable() and not refused(case))
    agree(case)


@pytest.mark.parametrize("seed", range(6 if THOROUGH else 1))
@pytest.mark.parametrize("name", BUILT)
def test_a_rule_on_a_crowd(name: str, seed: int) -> None:
    agree_or_refuse(twisted(crowd(seed, size([name], 200)), name))


MEETING = (
    ("order = any", "exclusion = drop"),
    ("order = strict", "exclusion = drop"),
    ("order = any", "entry = last"),
    ("hold", "order = any"),
    ("hold", "first_time = event"),
    ("attribution = all", "nth = 1"),
)
"""Rules that only together come to all edges of the files that count them."""


@pytest.mark.parametrize("seed", [0, 3, 4, 5, 12])
@pytest.mark.parametrize("names", [(), *((name,) for name in BUILT), *MEETING], ids=" & ".join)
def test_rules_at_the_edges_of_windows_and_periods(names: tuple[str, ...], seed: int) -> None:
    """Of these crowds events lie at the very ends of windows, gaps and periods."""
    case = twisted(crowd(seed, size(names, 80)), *names)
    if not refused(case):
        agree(case)


@pytest.mark.parametrize("seed", range(2))
def test_attempts_of_open_funnels_that_begin_at_several_stages(seed: int) -> None:
    same_funnel(twisted(crowd(seed, 60), "closed = false"))


SMALL = [crowd(seed, 1) for seed in range(30)]


def fitting_seed(names: Sequence[str]) -> int | None:
    """Return the first crowd in which all of these rules are in force, and none is refused."""
    for seed, one in enumerate(SMALL):
        case = twisted(one, *names)
        if not refused(case) and all(TWISTS[name](case) == case for name in names):
            return seed
    return None


def covering(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield groups of rules that go together, so that each of these pairs is in one of them."""
    left = {frozenset(pair): pair for pair in pairs}
    while left:
        group = list(next(iter(left.values())))
        while len(group) < MOST:
            gains = {
                name: sum(frozenset((name, other)) in left for other in group)
                for name in BUILT
                if rule_of(name) not in map(rule_of, group)
            }
            fitting = (
                name
                for name in sorted(gains, key=gains.__getitem__, reverse=True)
                if gains[name] and fitting_seed([*group, name]) is not None
            )
            more = next(fitting, None)
            if more is None:
                break
            group.append(more)
        for pair in combinations(group, 2):
            left.pop(frozenset(pair), None)
        yield tuple(group)


TOGETHER = [pair for pair in PAIRS if fitting_seed(pair) is not None]


@pytest.mark.parametrize("names", list(covering(TOGETHER)), ids=" & ".join)
def test_every_two_rules_together(names: tuple[str, ...]) -> None:
    same_funnel(twisted(crowd(fitting_seed(names), size(names, 60)), *names))


@pytest.mark.parametrize("pair", sorted({*PAIRS} - {*TOGETHER}), ids=" & ".join)
def test_two_rules_that_do_not_go_together(pair: tuple[str, str]) -> None:
    agree_or_refuse(twisted(crowd(0, 60), *pair))


def test_the_entry_is_an_event_that_the_attempt_can_begin_with() -> None:
    # Without the other event there is none left for the second stage.
    log = tuple(
        Row("u1", name, START, {"channel": channel}) for name, channel in [("a", "z"), ("b", "y")]
    )
    stages = (StageSpec((StepSpec(("a", "b")),)), StageSpec((StepSpec(("b",)),)))
    whole_and_broken_down(Case(log, stages, rules={"attribution": "entry"}))


def test_what_is_tolerated_keeps_its_distance() -> None:
    # b counts at the instant of a, which min_gap forbids: the window of a is still open.
    log = (Row("u1", "b", START, {}), Row("u1", "a", START + SECOND, {}))
    stages = (StageSpec((StepSpec(("a",)),)), StageSpec((StepSpec(("b",)),), min_gap=SECOND))
    case = Case(log, stages, window=DAY, as_of=START + DAY, rules={"tie_tolerance": SECOND})
    assert product.stages(case)[0]["immature"] == 1


def test_what_is_tolerated_is_in_a_journey_once() -> None:
    log = tuple(Row("u1", name, START + at, {}) for name, at in [("b", 0), ("a", 1), ("b", 1)])
    stages = tuple(StageSpec((StepSpec((name,)),)) for name in "ab")
    case = Case(log, stages, rules={"tie_tolerance": 1})
    assert product.times(case) == oracle.journeys(case.log, case.ask())


def test_in_the_order_of_the_file_a_gap_of_a_microsecond_is_kept_too() -> None:
    # b comes a microsecond after the first a, and no time after the one that counts.
    came = [("a", 0), ("a", 1), ("b", 1), ("c", 2)]
    log = tuple(Row("u1", name, START + at, {}) for name, at in came)
    stages = (
        StageSpec((StepSpec(("a",)),)),
        StageSpec((StepSpec(("b",)),), min_gap=1, optional=True),
        StageSpec((StepSpec(("c",)),)),
    )
    case = Case(log, stages, rules={"ties": "row"})
    assert product.times(case) == {"u1": (START + 1, None, START + 2)}
    assert product.times(case) == oracle.journeys(case.log, case.ask())
