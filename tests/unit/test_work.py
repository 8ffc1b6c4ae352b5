"""How much work questions are: statements, rows read, operators, columns of a file.

These counts do not depend on the machine, so that a regression is seen where times would only
waver. Who makes a question cheaper writes the smaller number here; who makes it dearer says in
the commit what it buys.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.engines.duckdb import DuckDBEngine

PEOPLE, STAGES = 400, ("know", "like", "trust", "try", "buy", "repeat", "refer")
EVENTS = (*STAGES, "scroll", "search")
ROWS = PEOPLE * 10
CONFIG = '[columns]\nchannel = "way"\n[rules]\nwindow = "14 days"\n[stages]\n' + "".join(
    f'{stage} = ["{stage}"]\n' for stage in STAGES
)


HEAVY = ("JOIN", "GROUP_BY", "ORDER_BY", "WINDOW", "CROSS_PRODUCT")
"""Endings of operators that keep or sort what they read."""


class Work(NamedTuple):
    """What the statements of one question did."""

    statements: int
    """Tables and views made, values set and rows fetched."""
    scanned: float
    """Rows read of tables and files, small ones too, for each row of the events."""
    heavy: int
    """Joins, groupings, sorts and windows."""
    files: int
    """How often a file was scanned."""
    columns: set[str]
    """Columns read of files."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each person does ten things, an hour apart; a loaded database beside the file."""
    made = tmp_path_factory.mktemp("work")
    duckdb.sql(
        f"""
        COPY (
            SELECT 'p' || range % {PEOPLE} AS user_id,
                list_value({", ".join(map(repr, EVENTS))})[1 + range * 7 % 11 % {len(EVENTS)}]
                    AS event,
                TIMESTAMP '2026-01-01' + to_hours(range // {PEOPLE}) AS ts,
                list_value('ads', 'mail', 'shop')[1 + range % 3] AS way,
                range AS weight, 'long text ' || range AS note
            FROM range({ROWS})
        ) TO '{made}/events.parquet' (FORMAT parquet)
        """
    )
    (made / "hourglass.toml").write_text(CONFIG)
    run("load", made, f"{made}/events.parquet", "--db", f"{made}/events.duckdb")
    return made


def run(command: str, folder: Path, *words: str) -> None:
    words = (*command.split(), *words, "--config", f"{folder}/hourglass.toml", "-q")
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.stderr


def operators(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Walk the operators of a profile."""
    yield node
    for child in node.get("children", ()):
        yield from operators(child)


class Watched:
    """Stands in for a connection: every statement is profiled."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.profiles: list[dict[str, Any]] = []
        connection.execute("PRAGMA enable_profiling = 'no_output'")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, *words: Any) -> Any:
        """Run a statement and keep its profile."""
        self.connection.execute(*words)
        profile = json.loads(self.connection.get_profiling_information(format="json") or "{}")
        self.profiles += profile.get("operator", [])
        return self.connection


@pytest.fixture
def work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def count(command: str, *words: str) -> Work:
        engines: list[DuckDBEngine] = []
        begin = DuckDBEngine.__init__

        def watched(self: DuckDBEngine, connection: Any, *more: Any) -> None:
            begin(self, Watched(connection), *more)
            engines.append(self)

        monkeypatch.setattr(DuckDBEngine, "__init__", watched)
        run(command, folder, *words, "--threads", "1", "--format", "json")
        return summed(engines)

    return count


def summed(engines: list[DuckDBEngine]) -> Work:
    profiles = [one for engine in engines for one in engine.connection.profiles]
    found = [one for profile in profiles for one in operators(profile)]
    files = [one for one in found if one["extra_info"].get("Function") == "READ_PARQUET"]
    return Work(
        statements=sum(len(engine.statements) for engine in engines),
        scanned=sum(one.get("rows_scanned", 0) for one in found) / ROWS,
        heavy=sum(one["type"].endswith(HEAVY) for one in found),
        files=len(files),
        columns={name for one in files for name in _read(one["extra_info"])},
    )


def _read(said: dict[str, Any]) -> list[str]:
    named = said.get("Projections", [])
    return [named] if isinstance(named, str) else named


SLACK = 1.05
"""Another version of the engine may plan a little differently."""

LOADED = {
    "funnel": (156, 11.1, 77),
    "funnel --by channel": (166, 13.0, 90),
    "trend": (90, 9.2, 32),
    "people": (169, 12.3, 64),
    "touchpoints": (59, 8.2, 74),
    "triggers": (41, 3.1, 32),
    "triggers --by channel": (50, 4.0, 41),
    "retention": (44, 3.3, 53),
    "paths": (46, 7.7, 51),
}
"""Statements, rows read for each row of the events, heavy operators."""


@pytest.mark.parametrize("question", LOADED)
def test_a_question_about_a_database_does_no_more_than_this(question, work, folder):
    statements, scanned, heavy = LOADED[question]
    done = work(question, "--db", f"{folder}/events.duckdb")
    assert done.statements <= statements * SLACK
    assert done.scanned <= scanned * SLACK
    assert done.heavy <= heavy * SLACK


@pytest.mark.parametrize(
    ("question", "columns", "files"),
    [
        ("funnel", {"user_id", "event", "ts"}, 3),
        ("funnel --by way", {"user_id", "event", "ts", "way"}, 4),
        ("trend", {"user_id", "event", "ts"}, 3),
    ],
)
def test_of_a_file_only_the_columns_needed_are_read(question, columns, files, work, folder):
    done = work(question, f"{folder}/events.parquet")
    assert done.columns == columns
    assert done.files <= files
