"""People are known by hashes of their ids, and those whose ids share one are told apart."""

import re
from pathlib import Path

import polars as pl
import pytest

from hourglass import queries, scope
from hourglass.analyses.funnel import funnel
from hourglass.analyses.people import Wanted, people
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.queries import Catalog
from hourglass.rules import Rules
from hourglass.steps import parse_steps

HASH = re.compile(r"hash\(([\w.]+)\) >> 1", re.IGNORECASE)


def answers(
    hashes: str, folder: Path, ids: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[pl.DataFrame, ...]:
    """Ask of a small log with the first hash of an id put as `hashes`."""

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
        before = answers("hash({}) >> 1", tmp_path / "as it is", 97, undone)
    assert before[0].height == 97
    for one, other in zip(before, answers(hashes, tmp_path / "weak", 97, monkeypatch), strict=True):
        assert one.equals(other)
