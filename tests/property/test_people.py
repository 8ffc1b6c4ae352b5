"""Every person of a list: as far as the funnel says, for the reason that the definition says."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from hourglass.analyses.people import REASONS, Wanted, people
from hourglass.result import Result
from tests.property import oracle, product
from tests.property.oracle import SECOND, Ask, Row, Times
from tests.property.strategies import TWISTS, Case, cases, crowd, moment

RULES = (
    *("count = session", "window_from = previous", "entry = first", "entry = last"),
    *("ties = later", "reuse"),
)
"""Rules under which people are explained; under the others the list is refused."""


def listed(case: Case, wanted: Wanted) -> Result:
    return people(product.fill(case.log), product.question(case), wanted)


def reason(person: list[Row], times: Times, ask: Ask) -> str:
    """Why a person came no further: docs/people.md, sentence by sentence."""
    if not times:
        return "not entered"
    if len(times) == len(ask.stages):
        return "completed"
    entered, last = times[0], times[-1]
    if not oracle.window_over(ask, entered):
        return "still open"
    stage, rules = ask.stages[len(times)], ask.rules
    came = [event.ts for _, event in person if stage.matches(event)]
    if not came:
        return "never"
    start = entered if rules.window_from == "entry" else last
    if any(
        ts >= last
        and (
            (rules.window is not None and ts - start > rules.window)
            or (stage.within is not None and ts - last > stage.within)
        )
        and ts - last >= stage.min_gap
        for ts in came
    ):
        return "too late"
    if any(last <= ts < last + stage.min_gap for ts in came):
        return "too soon"
    if last in came:
        return "tie" if rules.ties == "later" else "reused"
    assert all(ts < last for ts in came)
    return "before"


def as_defined(case: Case) -> product.Rows:
    """Compare everybody with the oracle; the rows of all."""
    ask = oracle.judged(case.log, case.ask())
    readable = {user: person.events for user, person in oracle.people(case.log, ask).items()}
    journeys = oracle.journeys(case.log, ask)
    keys = {oracle.key_of(event, ask.rules) for event in case.log}
    everybody = sorted(key for key in keys if key is not None)
    expected = []
    for user in everybody:
        times = journeys.get(user, ())
        empty = [None] * (len(ask.stages) - len(times))
        gaps = [(b - a) / SECOND for a, b in pairwise(times)]
        expected.append(
            {
                "user_id": user,
                "reached": len(times),
                "stage": f"s{len(times)}" if times else None,
                "reason": reason(readable.get(user, []), times, ask),
                "entered": moment(times[0]) if times else None,
                **dict(zip(_names("t_s", 1, ask), [*map(moment, times), *empty], strict=True)),
                **dict(
                    zip(_names("seconds_to_s", 2, ask), ([*gaps, *empty])[: len(ask.stages) - 1],
                        strict=True)
                ),
            }
        )  # fmt: skip
    found = listed(case, Wanted(everybody=True)).table("people").frame.to_dicts()
    assert found == expected
    return found


def _names(stem: str, first: int, ask: Ask) -> list[str]:
    return [f"{stem}{position}" for position in range(first, len(ask.stages) + 1)]


def as_in_the_funnel(case: Case, found: product.Rows) -> None:
    """Those who reached a stage, dropped there or are still inside the window, as counted."""
    for row in product.stages(case):
        position = row["position"]
        stopped = [one for one in found if one["reached"] == position]
        assert sum(one["reached"] >= position for one in found) == row["users"]
        assert row["dropped"] in (None, len(stopped))
        assert sum(one["reason"] == "still open" for one in stopped) == row["immature"]


@settings(max_examples=settings().max_examples // 2)
@given(cases())
def test_everybody_is_listed_as_the_definition_and_the_funnel_say(case: Case) -> None:
    as_in_the_funnel(case, as_defined(case))


def test_thousands_of_people_are_listed_as_the_definition_and_the_funnel_say() -> None:
    given = set()
    for seed in range(6):
        case = crowd(seed, 300)
        found = as_defined(case)
        as_in_the_funnel(case, found)
        given |= {row["reason"] for row in found}
    assert given >= {*REASONS} - {"tie"}


@pytest.mark.parametrize("twist", RULES)
def test_every_rule_that_is_explained_agrees_too(twist: str) -> None:
    for seed in range(3):
        case = TWISTS[twist](crowd(seed, 100))
        as_in_the_funnel(case, as_defined(case))


@pytest.mark.parametrize("seed", range(2))
def test_what_is_asked_for_is_part_of_the_whole_list(seed: int) -> None:
    case = crowd(seed, 100)
    whole = listed(case, Wanted(everybody=True)).table("people").frame.to_dicts()
    for wanted, fits in [
        (Wanted(), lambda row: row["reached"] > 0),
        (Wanted(stage="s2"), lambda row: row["reached"] >= 2),
        (Wanted(dropped="s1"), lambda row: row["reached"] == 1),
        (Wanted(reason="never"), lambda row: row["reason"] == "never"),
        (Wanted(reason="not entered"), lambda row: row["reached"] == 0),
    ]:
        found = listed(case, wanted)
        rows = [row for row in whole if fits(row)]
        assert found.table("people").frame.to_dicts() == rows
        assert found.table("reasons").frame["people"].sum() == len(rows)
    first = listed(case, Wanted(everybody=True, most=7))
    assert first.table("people").frame.to_dicts() == whole[:7]
    assert first.table("reasons").frame["people"].sum() == len(whole)
