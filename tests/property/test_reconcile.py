"""Each row of reconcile is the funnel under those rules, and each difference moves who it says."""

from dataclasses import replace
from typing import Any

import pytest

from hourglass.analyses.funnel import funnel, journeys
from hourglass.analyses.question import Question
from hourglass.analyses.reconcile import OURS, reconcile
from hourglass.rules import PRESETS
from tests.property import product
from tests.property.strategies import DAY, START, TWISTS, Case, crowd

Taken = dict[str, tuple[int, ...]]
"""The stages that everybody took, by their positions."""

FIGURES = ("position", "stage", "users", "step_rate", "step_low", "total_rate", "total_high")


def taken(case: Case, question: Question) -> Taken:
    """The stages that everybody took."""
    rows = journeys(product.fill(case.log), question).sort("user_id", "position").to_dicts()
    found: Taken = {}
    for row in rows:
        found[row["user_id"]] = (*found.get(row["user_id"], ()), row["position"])
    return found


def expected_difference(old: Taken, new: Taken) -> dict[str, Any]:
    moved = {
        user: max(new.get(user, (0,))) - max(old.get(user, (0,)))
        for user in old.keys() | new.keys()
        if old.get(user) != new.get(user)
    }
    return {
        "people": len(moved),
        "deeper": sum(stages > 0 for stages in moved.values()),
        "less_deep": sum(stages < 0 for stages in moved.values()),
        "examples": ", ".join(sorted(moved)[:3]),
    }


def agrees(case: Case) -> int:
    """Compare every row; how many are moved by one rule or another."""
    question = product.question(case)
    found = reconcile(product.fill(case.log), question, show_ids=True)
    presets = found.table("presets").frame
    for name in presets["preset"].unique():
        rules = replace(question.rules, **({} if name == OURS else PRESETS[name]))
        alone = funnel(product.fill(case.log), question._replace(rules=rules))
        rows = presets.filter(presets["preset"] == name).select(FIGURES).to_dicts()
        assert rows == alone.table("stages").frame.select(FIGURES).to_dicts()
    ours, total = taken(case, question), 0
    for (name,), rows in found.table("differences").frame.group_by("preset", maintain_order=True):
        rules, before = question.rules, ours
        for row in rows.to_dicts():
            rules = replace(rules, **{row["rule"]: PRESETS[str(name)][row["rule"]]})
            after = taken(case, question._replace(rules=rules))
            if row["people"] is not None:
                expected = expected_difference(before, after)
                assert {name: row[name] for name in expected} == expected
                total += row["people"]
            before = after
    return total


@pytest.mark.parametrize("seed", range(2))
def test_every_row_is_the_funnel_under_those_rules(seed: int) -> None:
    assert agrees(crowd(seed, 60)) > 0


@pytest.mark.parametrize(
    "twists",
    [
        ("order = strict",),
        ("order = any",),
        ("optional",),
        ("exclusion = drop",),
        ("ties = later",),
        ("hold",),
        ("ties = row", "optional"),
    ],
    ids=" & ".join,
)
def test_every_row_is_the_funnel_from_other_rules_on(twists: tuple[str, ...]) -> None:
    case = crowd(0, 60)
    for twist in twists:
        case = TWISTS[twist](case)
    assert agrees(case) > 0


def test_where_nobody_enters_nobody_moves_and_there_are_no_rates() -> None:
    case = replace(crowd(0, 10), since=START + 365 * DAY, until=None)
    assert agrees(case) == 0
