"""People are known by hashes of their ids, and those whose ids share one are told apart."""

from pathlib import Path

import polars as pl
import pytest

from hourglass import queries
from hourglass.analyses.funnel import funnel
from hourglass.analyses.people import Wanted, people
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.queries import Catalog
from hourglass.steps import parse_steps


def answers(hashes: str, folder: Path, ids: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ask of a small log with the hash of an id put as `hashes`."""
    (folder / "map").mkdir(parents=True)
    for name in ("people", "matching"):
        text = (queries.bundled() / f"map/{name}.sql").read_text()
        for column in ("user_id", "scope.user_id"):
            text = text.replace(f"hash({column}) >> 1", f"({hashes.format(column)})")
        (folder / f"map/{name}.sql").write_text(text)
    engine = DuckDBEngine.in_memory()
    engine.catalog = Catalog(folder)
    engine.connection.execute(
        "CREATE TABLE events AS SELECT 'u' || i % ? AS user_id,"
        " list_value('a', 'b', 'c', 'd')[1 + i * 7 % 11 % 4] AS event,"
        " TIMESTAMP '2026-01-01' + to_minutes(i) AS ts FROM range(2000) AS r (i)",
        [ids],
    )
    question = Question(model=parse_steps("a,b,c"))
    listed = people(engine, question, Wanted()).table("people").frame
    return funnel(engine, question).table("stages").frame, listed


@pytest.mark.parametrize("hashes", ["hash({}) % 7", "hash({}) % 2", "0"])
def test_ids_that_share_a_hash_are_people_of_their_own(hashes: str, tmp_path: Path) -> None:
    counted, listed = answers("hash({}) >> 1", tmp_path / "as it is", 97)
    also, too = answers(hashes, tmp_path / "weak", 97)
    assert listed.height == 97
    assert also.equals(counted)
    assert too.equals(listed)
