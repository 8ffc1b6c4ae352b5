"""People are known by hashes of their ids, and those whose ids share one are told apart."""

import re
from pathlib import Path

import polars as pl
import pytest

from hourglass import queries, scope
from hourglass.analyses.funnel import funnel
from hourglass.analyses.mapping import map_events
from hourglass.analyses.people import Wanted, people
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.queries import Catalog
from hourglass.rules import Rules
from hourglass.steps import parse_steps

VIEWS = """
    CREATE OR REPLACE TEMP VIEW everybody_said AS
    SELECT user_id, stages, entered_us
    FROM everybody JOIN (SELECT DISTINCT person_key, user_id FROM everything) USING (person_key);
    CREATE OR REPLACE TEMP VIEW events_say AS
    SELECT user_id, coalesce(bit_or(bit) FILTER (WHERE inside), 0) AS stages,
      min(ts_us) FILTER (WHERE inside AND bit = 1) AS entered_us
    FROM everything LEFT JOIN matches USING (event, passed)
    WHERE user_id IS NOT NULL
    GROUP BY user_id;
"""
HASH = re.compile(r"hash\(([\w.]+)\) >> 1", re.IGNORECASE)


def prepared(hashes: str, folder: Path, ids: int, monkeypatch: pytest.MonkeyPatch) -> DuckDBEngine:
    """Return an engine on a small log that has the first hash of an id put as `hashes`."""

    def put(text: str) -> str:
        assert HASH.search(text)
        return HASH.sub(lambda found: f"({hashes.format(found[1])})", text)

    (folder / "map").mkdir(parents=True)
    for name in ("people", "coded_events"):
        text = (queries.bundled() / f"map/{name}.sql").read_text()
        (folder / f"map/{name}.sql").write_text(put(text))
    monkeypatch.setitem(scope._KEYED, "hashed", put(scope._KEYED["hashed"]))
    engine = DuckDBEngine.in_memory()
    engine.catalog = Catalog(folder)
    engine.connection.execute(
        "CREATE TABLE events AS SELECT 'u' || i % ? AS user_id,"
        " list_value('a', 'b', 'c', 'd')[1 + i * 7 % 11 % 4] AS event,"
        " TIMESTAMP '2026-01-01' + to_minutes(i) AS ts FROM range(2000) AS r (i)",
        [ids],
    )
    return engine


def answers(engine: DuckDBEngine, ids: int) -> tuple[pl.DataFrame, ...]:
    question = Question(model=parse_steps("a,b,c"))
    by_event = funnel(engine, question._replace(by=("event",)))
    assert by_event.input is not None
    assert by_event.input.users == ids
    return (
        people(engine, question, Wanted()).table("people").frame,
        funnel(engine, question).table("stages").frame,
        by_event.table("breakdown").frame,
        funnel(engine, question._replace(rules=Rules(order="strict"))).table("stages").frame,
        funnel(engine, question._replace(rules=Rules(closed=False))).table("stages").frame,
    )


@pytest.mark.parametrize("hashes", ["hash({}) % 7", "hash({}) % 2", "0"])
def test_ids_that_share_a_hash_are_people_of_their_own(
    hashes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as undone:
        before = answers(prepared("hash({}) >> 1", tmp_path / "as it is", 97, undone), 97)
    assert before[0].height == 97
    after = answers(prepared(hashes, tmp_path / "weak", 97, monkeypatch), 97)
    for one, other in zip(before, after, strict=True):
        assert one.equals(other)


@pytest.mark.parametrize("hashes", ["hash({}) >> 1", "hash({}) % 7", "0"])
@pytest.mark.parametrize(
    ("where", "steps"),
    [(None, ""), ("event <> 'b'", ""), (None, "event_id % 2 = 0"), ("ts_odd", "event_id % 3 = 0")],
    ids=["all events", "where", "a predicate", "both"],
)
def test_what_is_found_of_numbers_is_what_events_say(
    hashes: str, where: str | None, steps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = prepared(hashes, tmp_path / "sql", 97, monkeypatch)
    engine.connection.execute(
        "CREATE OR REPLACE TABLE events AS SELECT"
        " if(rowid % 13 = 0, NULL, user_id) AS user_id, event, rowid AS event_id,"
        " rowid % 5 > 1 AS ts_odd, ts + to_years(if(rowid % 17 = 0, 100, 0)::INTEGER) AS ts"
        " FROM events"
    )
    model = parse_steps("a,b|c,d")
    if steps:
        changed = [
            stage._replace(steps=tuple(step._replace(where=steps) for step in stage.steps))
            for stage in model.stages
        ]
        model = model._replace(stages=tuple(changed))
    question = Question(model=model, rules=Rules(where=where))
    map_events(engine, question)
    engine.make("plain_tally", "map/tally", {"clock": question.clock})
    engine.connection.execute(VIEWS)
    found = {
        name: engine.connection.execute(f"FROM {name} ORDER BY ALL").fetchall()
        for name in ("tally", "plain_tally", "everybody_said", "events_say")
    }
    assert found["tally"] == found["plain_tally"]
    assert found["everybody_said"] == found["events_say"]
