"""A breakdown by personas is the funnel of the people who have each.

Who has a persona is read off the log here, event by event; their funnel is the oracle's.
"""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hourglass.errors import UsageError
from tests.property import oracle, product
from tests.property.strategies import PREDICATES, TWISTS, Case, cases, crowd
from tests.property.test_oracle_funnel import same

NAMES = dict(zip(("spender", "nobody's", "Ärztin"), sorted(PREDICATES), strict=True))
"""A persona for each predicate."""

Members = dict[str | None, set[str]]


def members(case: Case, names: dict[str, str]) -> Members:
    """Who has which persona, by any event there is; null is whoever has none."""
    rules = case.ask().rules
    had = [(oracle.key_of(event, rules), event) for event in case.log]
    found: Members = {
        name: {key for key, event in had if key is not None and PREDICATES[where](event)}
        for name, where in names.items()
    }
    everybody = {key for key, _ in had if key is not None}
    return {**found, None: everybody.difference(*found.values())}


def of(case: Case, people: set[str]) -> Case:
    """The same question about some of the people, judged at the same moment."""
    rules = case.ask().rules
    log = tuple(event for event in case.log if oracle.key_of(event, rules) in people)
    return replace(case, log=log, as_of=oracle.judged(case.log, case.ask()).as_of)


def wanted(case: Case, people: set[str]) -> product.Rows | None:
    """The rows of those people; null where none of them did anything that the funnel reads."""
    part = of(case, people)
    rows = oracle.stage_rows(part.log, part.ask())
    return rows if any(row["ever"] for row in rows) else None


def agree(case: Case, names: dict[str, str]) -> None:
    found = product.result(case, by=("persona",), personas=names)
    rows = {values[0]: stages for values, _, stages in product.groups(found)}
    expected = {
        name: stages
        for name, people in members(case, names).items()
        if (stages := wanted(case, people)) is not None
    }
    assert rows.keys() == expected.keys()
    for name, stages in rows.items():
        same(stages, expected[name])
    ordered = [name for name in rows if name is not None]
    assert ordered == sorted(ordered, key=lambda name: (_ranked(rows[name]), name))


def _ranked(stages: product.Rows) -> list[int]:
    return [-row["users"] for row in reversed(stages)]


@settings(max_examples=settings().max_examples // 2)
@given(cases(), st.sets(st.sampled_from(sorted(NAMES)), min_size=1))
def test_a_persona_is_the_funnel_of_whoever_has_it(case: Case, chosen: set[str]) -> None:
    agree(case, {name: NAMES[name] for name in NAMES if name in chosen})


@pytest.mark.parametrize(
    "twist",
    ["count = session", "entry = first", "optional", "closed = false", "exclusion = drop", "hold"],
)
@settings(max_examples=settings().max_examples // 8)
@given(case=cases())
def test_under_other_rules_too(twist: str, case: Case) -> None:
    case = TWISTS[twist](case)
    assume(case.answerable())
    agree(case, NAMES)


@given(cases())
@settings(max_examples=settings().max_examples // 4)
def test_beside_another_column_each_combination_is_a_row(case: Case) -> None:
    """Whoever is in the row of a channel is in those of their personas there."""
    found = product.result(case, by=("persona", "channel"), personas=NAMES)
    alone = product.result(case, by=("channel",), personas={})
    have = members(case, NAMES)
    channels = {values[0]: rows for values, _, rows in product.groups(alone)}
    for values, _, rows in product.groups(found):
        assert rows[0]["ever"] <= channels[values[1]][0]["ever"]
        assert rows[0]["ever"] <= len(have[values[0]])


@pytest.mark.parametrize("seed", range(2))
def test_in_the_row_of_folded_personas_everybody_counts_once(seed: int) -> None:
    case = crowd(seed, 200)
    names = {"ad": PREDICATE, "web": "channel = 'Web'", "other": "channel = 'ärzte'"}
    found = product.result(case, by=("persona",), personas=names, top=1)
    (kept,) = [values[0] for values, other, _ in product.groups(found) if not other and values[0]]
    rest = {_value(where) for name, where in names.items() if name != kept}
    people = {event.user for event in case.log if event.properties["channel"] in rest}
    (rows,) = [rows for _, other, rows in product.groups(found) if other]
    expected: Any = wanted(case, {user for user in people if user is not None})
    same(rows, expected)


PREDICATE = "channel = 'ads'"


def _value(where: str) -> str:
    found = re.search("'(.*)'", where)
    assert found is not None
    return found[1]


def test_personas_that_are_not_named_are_refused() -> None:
    with pytest.raises(UsageError, match="no personas"):
        product.result(crowd(0, 5), by=("persona",))
