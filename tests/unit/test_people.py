"""The columns of a list of people, and the rules under which it is refused."""

import csv
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import polars as pl
import pytest

from hourglass.analyses.people import PEOPLE, Wanted, columns_of, people, select
from hourglass.analyses.question import Question
from hourglass.analyses.reasons import REASONS, refuse_unexplained
from hourglass.cli.people import ReasonName
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step

ODD = ('say "hi"', "a b", "Ärzte", "x" * 10_000, "ÄRZTE", "a b_3", "=1+1", "A B", "new\nline")


def model(*names: str) -> Model:
    steps = (Step(events=(event,)) for event in "abcdefghij")
    return Model(
        name="odd",
        stages=tuple(Stage(name=n, steps=(s,)) for n, s in zip(names, steps, strict=False)),
    )


@pytest.fixture
def engine() -> DuckDBEngine:
    engine = DuckDBEngine.in_memory()
    engine.connection.execute("CREATE TABLE events (user_id VARCHAR, event VARCHAR, ts TIMESTAMP)")
    engine.connection.execute(
        "INSERT INTO events SELECT 'p', substr('abcdefghij', i, 1), "
        "TIMESTAMP '2026-01-01' + to_hours(i) FROM range(1, 10) AS t(i)"
    )
    return engine


def test_names_that_differ_in_case_alone_get_their_position() -> None:
    instants, seconds = columns_of(("a", "A", "a_2", "B"))
    assert instants == ["t_a", "t_A_2", "t_a_2_3", "t_B"]
    assert seconds == ["seconds_to_A_2", "seconds_to_a_2_3", "seconds_to_B"]


def test_odd_names_of_stages_are_columns_of_every_format(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    question = Question(model=model(*ODD))
    instants, seconds = columns_of(ODD)
    table = people(engine, question, Wanted()).table("people")
    assert table.frame.columns[5:] == [*instants, *seconds]
    assert table.frame.row(0)[1:4] == (9, "new\nline", "completed")
    assert [one.label for one in table.columns[5:7]] == ['say "hi"', "a b"]
    assert table.columns[-1].label == "to new\nline"
    engine.copy(PEOPLE, tmp_path / "people.csv", "csv")
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == table.frame.columns
    engine.copy(PEOPLE, tmp_path / "people.parquet", "parquet")
    assert pl.read_parquet(tmp_path / "people.parquet").equals(table.frame)


def test_a_model_of_32_stages_is_listed(engine: DuckDBEngine) -> None:
    stages = tuple(Stage(name=f"s{n}", steps=(Step(events=("*",)),)) for n in range(32))
    table = people(engine, Question(model=Model(name="long", stages=stages)), Wanted())
    assert table.table("people").frame.row(0)[:4] == ("p", 9, "s8", "reused")


def test_reasons_are_the_choices_of_the_option() -> None:
    assert get_args(ReasonName) == REASONS


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOfTomorrow(Rules):
    haste: str = "none"


StageOfTomorrow = namedtuple(
    "StageOfTomorrow",
    (*Stage._fields, "tries"),
    defaults=(*Stage._field_defaults.values(), None),
)


def test_what_reasons_are_not_known_for_is_refused_by_name() -> None:
    stages = model("a", "b").stages
    new = StageOfTomorrow(name="c", steps=stages[0].steps, tries=3)
    for question, said in [
        (Question(model=model("a", "b"), rules=RulesOfTomorrow(haste="much")), "haste = much"),
        (Question(model=Model(name="m", stages=(*stages, new))), "tries = 3"),
    ]:
        with pytest.raises(UsageError, match=f"not known under {said}"):
            refuse_unexplained(question)


@pytest.mark.parametrize("wanted", [Wanted(stage="b"), Wanted(dropped="b"), Wanted(dropped="B")])
def test_a_stage_that_is_not_there_is_named(engine: DuckDBEngine, wanted: Wanted) -> None:
    question = Question(model=model("a", "c", "d"))
    with pytest.raises(UsageError, match=r'has no stage "[bB]"'):
        select(engine, question, wanted)
    with pytest.raises(UsageError, match="d is the last stage"):
        select(engine, question, Wanted(dropped="d"))


def test_ids_that_a_spreadsheet_would_run_are_guarded(engine: DuckDBEngine) -> None:
    ids = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=1", "'=1"]
    engine.connection.execute("DELETE FROM events")
    engine.connection.executemany(
        "INSERT INTO events VALUES (?, 'a', TIMESTAMP '2026-01-01')", [[one] for one in ids]
    )
    question = Question(model=model("=a", "b"))
    frame = people(engine, question, Wanted(guarded=True)).table("people").frame
    assert set(frame["user_id"]) == {*(f"'{one}" for one in ids[:6]), "a=1", "'=1"}
    assert set(frame["stage"]) == {"'=a"}
    plain = people(engine, question, Wanted()).table("people").frame
    assert set(plain["user_id"]) == set(ids)
    assert set(plain["stage"]) == {"=a"}


@pytest.mark.parametrize(("guarded", "missing"), [(True, "'=z"), (False, "=z")])
def test_names_of_missing_stages_are_guarded_where_that_is_asked_for(
    engine: DuckDBEngine, guarded: bool, missing: str
) -> None:
    stages = (*model("a").stages, Stage(name="=z", steps=(Step(events=("z",)),)))
    question = Question(model=Model(name="m", stages=stages), rules=Rules(order="any"))
    frame = people(engine, question, Wanted(guarded=guarded)).table("people").frame
    assert set(frame["missing"]) == {missing}


def test_reasons_are_in_the_order_of_stages_then_the_most_people_then_by_name(
    engine: DuckDBEngine,
) -> None:
    engine.connection.execute("DELETE FROM events")
    logs = ["a", "a", "ba", *["ab"] * 3, *["cab"] * 3]
    engine.connection.executemany(
        "INSERT INTO events VALUES (?, ?, TIMESTAMP '2026-01-01' + to_hours(?))",
        [[f"u{n}", event, hour] for n, log in enumerate(logs) for hour, event in enumerate(log)],
    )
    found = people(engine, Question(model=model("a", "b", "c")), Wanted()).table("reasons").frame
    assert found.select("reached", "reason", "people").rows() == [
        (1, "never", 2),
        (1, "before", 1),
        (2, "before", 3),
        (2, "never", 3),
    ]
