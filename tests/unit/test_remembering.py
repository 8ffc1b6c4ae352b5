"""What is made once for all questions of a command, and when it is made anew."""

from datetime import datetime
from pathlib import Path

import pytest

from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Question
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.queries import Catalog, bundled
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step


def model(*names: str) -> Model:
    stages = tuple(Stage(name=name, steps=(Step(events=(name,)),)) for name in names)
    return Model(name="m", stages=stages)


ASKED = Question(model=model("a", "b"))


@pytest.fixture
def engine() -> DuckDBEngine:
    made = DuckDBEngine.in_memory()
    made.connection.execute(
        "create table events as from (values ('u', 'a', '2026-01-05'), ('u', 'b', '2026-01-06'),"
        " ('v', 'a', '2026-01-07'), (null, 'c', '2026-01-08')) as t(user_id, event, day)"
    )
    made.connection.execute("alter table events add column ts timestamp")
    made.connection.execute("update events set ts = cast(day as timestamp)")
    return made


def made(engine: DuckDBEngine, table: str) -> int:
    start = f'CREATE OR REPLACE TEMP TABLE "{table}"'
    return sum(one.text.startswith(start) for one in engine.statements)


def users(engine: DuckDBEngine, asked: Question) -> list[int]:
    return funnel(engine, asked).table("stages").frame["users"].to_list()


def test_events_are_mapped_once_for_questions_about_the_same(engine: DuckDBEngine) -> None:
    assert users(engine, ASKED) == [2, 1]
    before = made(engine, "stage_events"), made(engine, "tally")
    again = ASKED._replace(rules=Rules(entry="last"))
    assert users(engine, again) == [2, 1]
    assert (made(engine, "stage_events"), made(engine, "tally")) == before
    assert made(engine, "counted_people") == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ASKED._replace(model=model("b", "a")), [1, 0]),
        (ASKED._replace(rules=Rules(where="user_id = 'v'")), [1, 0]),
        (ASKED._replace(rules=Rules(count="event")), [1, 0]),
    ],
)
def test_another_question_is_mapped_anew(
    engine: DuckDBEngine, asked: Question, expected: list[int]
) -> None:
    for _ in range(2):
        assert users(engine, ASKED) == [2, 1]
        assert users(engine, asked) == expected


def test_another_moment_only_moves_what_is_in_the_future(engine: DuckDBEngine) -> None:
    users(engine, ASKED)
    before = made(engine, "stage_events")
    earlier = funnel(engine, ASKED._replace(as_of=datetime(2026, 1, 6)))
    assert earlier.input is not None
    assert earlier.input.future == 2
    assert made(engine, "stage_events") == before


def test_files_of_ones_own_map_anew(engine: DuckDBEngine, tmp_path: Path) -> None:
    """As `hourglass sql --check` asks: with the bundled files and then with others."""
    users(engine, ASKED)
    text = (bundled() / "map/matching.sql").read_text()
    (tmp_path / "map").mkdir()
    (tmp_path / "map/matching.sql").write_text(f"{text.rstrip()} and scope.user_id <> 'v'")
    engine.catalog = Catalog(tmp_path)
    assert users(engine, ASKED) == [1, 1]
    engine.catalog = Catalog()
    assert users(engine, ASKED) == [2, 1]


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("funnel/entries", "users", [0, 0]),
        ("funnel/advance", "users", [2, 0]),
        ("funnel/choose", "users", [0, 0]),
        ("funnel/ever", "ever", [0, 0]),
    ],
)
def test_nothing_that_was_found_stands_for_files_of_ones_own(
    engine: DuckDBEngine, tmp_path: Path, name: str, column: str, expected: list[int]
) -> None:
    """A funnel of everybody knows first entries and stages done without asking these."""
    lines = (bundled() / f"{name}.sql").read_text().splitlines()
    body = next(place for place, line in enumerate(lines) if not line.startswith("--"))
    own = [*lines[:body], "select * from (", *lines[body:], ") where false"]
    (tmp_path / "funnel").mkdir()
    (tmp_path / f"{name}.sql").write_text("\n".join(own))
    assert users(engine, ASKED) == [2, 1]
    engine.catalog = Catalog(tmp_path)
    assert funnel(engine, ASKED).table("stages").column(column) == expected
    engine.catalog = Catalog()
    assert users(engine, ASKED) == [2, 1]


def test_other_events_are_mapped_anew(engine: DuckDBEngine) -> None:
    engine.connection.execute("alter table events rename to kept")
    engine.view("events", "from kept")
    assert users(engine, ASKED) == [2, 1]
    engine.view("events", "from kept where user_id = 'u'")
    assert users(engine, ASKED) == [1, 1]
