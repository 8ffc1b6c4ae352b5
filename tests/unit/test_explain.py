"""How events are dealt out to stages, and what is said where not everything is looked at."""

from datetime import datetime, timedelta

import pytest

from hourglass.analyses import explain as module
from hourglass.analyses.dealing import Row, dealt
from hourglass.analyses.explain import explain
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError
from hourglass.stages import Model, Stage, Step

NOON = datetime(2026, 1, 1, 12)
US = 1_767_268_800_000_000


def row(n: int, *positions: int) -> Row:
    stages = sum(1 << (position - 1) for position in positions)
    return Row(n, NOON, "e", stages, stages)


def test_an_event_gives_way_to_a_stage_that_has_no_other() -> None:
    rows = [row(1, 1, 2), row(2, 1)]
    assert dealt(rows, {1: US, 2: US}, reuse=False) == {1: 2, 2: 1}
    rows = [row(1, 1, 2), row(2, 1, 3), row(3, 1)]
    assert dealt(rows, {1: US, 2: US, 3: US}, reuse=False) == {1: 3, 2: 1, 3: 2}


def test_with_reuse_an_event_may_serve_all_its_stages() -> None:
    assert dealt([row(1, 1, 2)], {1: US, 2: US}, reuse=True) == {1: 1, 2: 1}


def test_of_events_before_the_instant_the_latest_that_is_tolerated_counts() -> None:
    early, earlier = (Row(n, NOON - timedelta(seconds=s), "e", 2, 2) for n, s in [(2, 1), (1, 2)])
    rows = [earlier, early, row(3, 1)]
    reached = {1: US, 2: US}
    assert dealt(rows, reached, reuse=False, tolerated=2_000_000) == {1: 3, 2: 2}
    assert dealt([*rows, row(4, 2)], reached, reuse=False, tolerated=2_000_000) == {1: 3, 2: 4}


def model(*events: str) -> Model:
    stages = (Stage(name=event, steps=(Step(events=(event,)),)) for event in events)
    return Model(name="m", stages=tuple(stages))


@pytest.fixture
def engine() -> DuckDBEngine:
    engine = DuckDBEngine.in_memory()
    engine.connection.execute(
        "CREATE TABLE events AS SELECT 'Anna-7' AS user_id, if(i % 2 = 0, 'a', 'b') AS event, "
        "TIMESTAMP '2026-01-01' + to_hours(i) AS ts FROM range(20) AS t(i)"
    )
    return engine


def test_where_not_every_entry_is_followed_no_reason_is_made_up(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FOLLOWED", 40)
    frame = explain(engine, Question(model=model("a", "b")), "Anna-7").table("events").frame
    reasons = frame.filter(~frame["used"] & (frame["event"] == "a"))["reason"].to_list()
    assert reasons == [
        "later entry: not chosen because its attempt comes to b later",
        *["later entry: not chosen because another attempt is the better one"] * 8,
    ]


@pytest.mark.parametrize("typed", ["anna-7", "Anna-77", "Ana-7", "anna7"])
def test_the_nearest_id_is_named(engine: DuckDBEngine, typed: str) -> None:
    with pytest.raises(DataError, match='did you mean "Anna-7"'):
        explain(engine, Question(model=model("a", "b")), typed)


@pytest.mark.parametrize("typed", ["", "somebody else", "x" * 10_000])
def test_an_id_like_no_other_names_none(engine: DuckDBEngine, typed: str) -> None:
    with pytest.raises(DataError) as caught:
        explain(engine, Question(model=model("a", "b")), typed)
    assert "did you mean" not in caught.value.message
    assert len(caught.value.message) < 150
