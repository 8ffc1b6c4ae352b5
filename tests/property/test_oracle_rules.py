"""The product agrees with the oracle under every rule that it has, alone and two at a time.

What the product does not have yet is left out here, so that nothing is skipped; a pair of rules
that it has must be answered, unless it is known to be refused.
"""

import re
from itertools import combinations

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

UNTYPED = ("tie_tolerance", "tie_tolerance, long")
"""Rules of which no type says whether they are there; to be emptied when they are."""

BUILT = [
    name for name, twist in TWISTS.items() if name not in UNTYPED and product.builds(twist(PLAIN))
]

THOROUGH = settings().max_examples > 100
"""A first run of the tests stays short; CI tries every pair."""


def rule_of(name: str) -> str:
    return re.split(" = |,", name)[0]


PAIRS = [pair for pair in combinations(BUILT, 2) if rule_of(pair[0]) != rule_of(pair[1])][
    :: 1 if THOROUGH else 6
]


def twisted(case: Case, *names: str) -> Case:
    for name in names:
        case = TWISTS[name](case)
    return case


def agree(case: Case) -> None:
    """Person by person, figure by figure, value by value, week by week."""
    same_funnel(case)
    if case.rules.get("order") == "any":
        with pytest.raises(UsageError):  # until a trend can be had in any order
            product.trends(case, "week")
    else:
        same_trend(case, "week")


def same_funnel(case: Case) -> None:
    assert product.times(case) == oracle.journeys(case.log, case.ask())
    whole_and_broken_down(case)


def refused(case: Case) -> bool:
    """Whether the definition, or the documentation of the product, refuses a combination."""
    stages, rules = case.stages, case.rules
    optional = any(stage.optional for stage in stages)
    if rules.get("order") == "strict":
        return optional
    if rules.get("order") == "any":
        names = [name for stage in stages for step in stage.steps for name in {*step.names}]
        shared = "*" in names or len(names) > len({*names})
        named = str(rules.get("attribution")).startswith("stage:")
        open_ = rules.get("closed") is False
        return optional or open_ or named or (shared and not rules.get("reuse"))
    return False


def agree_or_refuse(case: Case) -> None:
    if not refused(case):
        agree(case)
        return
    with pytest.raises(UsageError):
        product.stages(case)


@pytest.mark.parametrize("name", BUILT)
@settings(max_examples=settings().max_examples // 8)
@given(case=cases())
def test_a_rule_alone(name: str, case: Case) -> None:
    case = twisted(case, name)
    assume(not refused(case))
    agree(case)


@pytest.mark.parametrize("seed", range(6 if THOROUGH else 1))
@pytest.mark.parametrize("name", BUILT)
def test_a_rule_on_a_crowd(name: str, seed: int) -> None:
    agree_or_refuse(twisted(crowd(seed, 200), name))


@pytest.mark.parametrize("pair", PAIRS, ids=" & ".join)
def test_two_rules_together(pair: tuple[str, str]) -> None:
    seeds = [seed for seed in range(100) if not refused(twisted(crowd(seed, 1), *pair))]
    if not seeds:
        agree_or_refuse(twisted(crowd(0, 60), *pair))
    for seed in seeds[:1]:
        same_funnel(twisted(crowd(seed, 60), *pair))
