"""The lower half of a funnel: what buyers bought, the short way and the long way, by an oracle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass import queries
from hourglass.analyses import lower
from hourglass.analyses.funnel import funnel, journeys
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.queries import Catalog
from tests.property import oracle_purchases as oracle
from tests.property.oracle_purchases import Event
from tests.property.test_retention import (
    HOUR,
    START,
    TOLD,
    asks,
    filled,
    logs,
    question,
    same,
    without_money,
)

NEVER = 2**62


def microseconds(moment: datetime) -> int:
    return (moment.replace(tzinfo=UTC) - oracle.EPOCH) // timedelta(microseconds=1)


def counted(engine: DuckDBEngine, asked: Question) -> list[dict[str, Any]]:
    result = lower.with_lower_half(engine, asked, funnel(engine, asked))
    return result.table("lower").frame.to_dicts()


def wanted(log: list[Event], ask: oracle.Ask, told: dict[str, Any]) -> dict[str, list[int]]:
    """The purchases of each buyer of the funnel from the one at buy on: all, first, further."""
    bought = oracle.histories(log, ask.buys, ask.min_gap)
    found = journeys(filled(log), question(told)).to_dicts()
    entered = {row["user_id"]: microseconds(row["ts"]) for row in found if row["position"] == 1}
    numbers: dict[str, list[int]] = {
        "purchases": [],
        "first purchases": [],
        "further purchases": [],
    }
    for row in found:
        if row["stage"] != "buy":
            continue
        user, at = row["user_id"], microseconds(row["ts"])
        last = entered[user] + (told["window"] or NEVER)
        if told["until"] is not None:
            last = min(last, told["until"] - 1 + (told["window"] or NEVER))
        mine = bought[user]
        begun = max(one.ts for one in mine if one.ts <= at)  # what the event at buy is part of
        counts = [place for place, one in enumerate(mine) if begun <= one.ts <= last]
        numbers["purchases"].append(len(counts))
        numbers["first purchases"].append(sum(place == 0 for place in counts))
        numbers["further purchases"].append(sum(place > 0 for place in counts))
    return numbers


@pytest.mark.parametrize(("hours", "paid"), [(1, 5.0), (2, 25.0), (None, 25.0)])
def test_what_may_not_be_read_is_not_paid_yet(hours: int | None, paid: float) -> None:
    log = [Event("a", "order", START, 5.0), Event("a", "order", START + HOUR, 20.0)]
    asked = question({**TOLD, "repeat": "order", "min_gap": 3 * HOUR})
    until = None if hours is None else datetime(2024, 3, 30, 22) + timedelta(hours=hours)
    asked = asked._replace(read_until=until)
    engine = filled(log)
    result = lower.with_lower_half(engine, asked, funnel(engine, asked))
    assert sum(one or 0.0 for one in result.table("money").column("revenue")) == paid


@given(data=st.data(), money=st.booleans())
def test_purchases_are_those_of_the_oracle(data: st.DataObject, money: bool) -> None:
    log = data.draw(logs(most=20))
    users = sorted({event.user for event in log if event.user})
    log = [*(Event(user, "view", START - HOUR) for user in users), *log]  # so that many buy
    ask, told = data.draw(asks(log))
    numbers = wanted(log, ask, told)
    if not money and "revenue" in (told["repeat"] or ""):
        return
    # the long way, or the short one: from the stage events of the funnel
    engine = filled(log) if money else without_money(log)
    found = {row["what"]: row for row in counted(engine, question(told)) if row["what"] != "people"}
    assert found.keys() == numbers.keys()
    for what, values in numbers.items():
        row = {name: found[what][name] for name in found[what] if name.startswith("per_buyer")}
        assert found[what]["number"] == sum(values)
        same([row], [oracle.averaged("per_buyer", values)])


def purchases(rows: list[dict[str, Any]]) -> list[int]:
    return [row["number"] for row in rows if row["what"] in ("purchases", "further purchases")]


@pytest.mark.parametrize(
    ("repeat", "numbers"),
    [(None, [2, 1]), ("order", [2, 1]), ("upgrade", [3, 2]), ("*", [4, 4])],  # the view is one too
)
def test_an_event_of_two_stages_is_one_purchase(repeat: str | None, numbers: list[int]) -> None:
    names = ("order", "order", "upgrade", "login")
    log = [Event("a", "view", START)]
    log += [Event("a", name, START + HOUR * place) for place, name in enumerate(names, start=1)]
    asked = question({**TOLD, "repeat": repeat})
    found = purchases(counted(without_money(log), asked))
    assert found == purchases(counted(filled(log), asked))
    assert found == numbers


@pytest.mark.parametrize("money", [True, False])
def test_windows_from_stage_to_stage_end_together(money: bool) -> None:
    """Two of an hour each after the entry: no purchase counts later than the last stage could."""
    log = [Event("a", "view", START), Event("a", "order", START + HOUR)]
    log += [Event("a", "order", START + 2 * HOUR + late) for late in (0, 1)]
    asked = question({**TOLD, "repeat": "order", "window": HOUR})
    asked = asked._replace(rules=replace(asked.rules, window_from="previous"))
    assert purchases(counted(filled(log) if money else without_money(log), asked)) == [2, 1]


def test_a_file_of_ones_own_says_what_was_bought(tmp_path: Path) -> None:
    own = tmp_path / "purchases" / "bought.sql"
    own.parent.mkdir()
    text = (queries.bundled() / "purchases" / "bought.sql").read_text("utf-8")
    own.write_text(text.replace("where event in (", "where false and event in ("), "utf-8")
    log = [Event("a", "view", START), Event("a", "order", START + HOUR)]
    asked = question({**TOLD, "repeat": None})
    found = []
    for folder in (None, tmp_path):
        engine = without_money(log)
        engine.catalog = Catalog(folder)
        found.append(purchases(counted(engine, asked)))
    assert found == [[1, 0], [0, 0]]
