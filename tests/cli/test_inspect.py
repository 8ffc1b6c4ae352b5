"""`hourglass inspect`: what an export holds, in the terminal and as data."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CSV = """\
user_id,event,ts,amount
1,visit,2024-01-01T00:00:00Z,
1,order_paid,2024-01-01T00:00:00Z,5
1,order_paid,2024-01-01T00:00:00Z,5
,visit,2024-01-04T00:00:00Z,
2,odd thing,2024-01-04T00:00:00Z,
2,visit,soon,
"""


def hourglass(*arguments: str, cwd: Path):
    return subprocess.run(
        [sys.executable, "-m", "hourglass", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(CSV)
    return tmp_path


@pytest.fixture
def told(export):
    done = hourglass("inspect", "export.csv", "--format", "json", cwd=export)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_files_are_counted(told):
    assert told["files"] == [
        {"file": "export.csv", "format": "csv", "rows": 6, "accepted": 5, "rejected": 1,
         "duplicates": 0}
    ]  # fmt: skip


def test_columns_have_type_role_and_example(told):
    assert [(one["column"], one["type"], one["role"]) for one in told["columns"]] == [
        ("user_id", "VARCHAR", "user"),
        ("event", "VARCHAR", "event"),
        ("ts", "TIMESTAMP", "timestamp"),
        ("revenue", "DOUBLE", "revenue"),
        ("amount", "BIGINT", None),
    ]
    assert told["columns"][0]["filled"] == 0.8
    assert told["columns"][4]["example"] == "5"


def test_events_have_counts_and_a_proposed_stage(told):
    assert {
        one["event"]: (one["events"], one["people"], one["stage"]) for one in told["events"]
    } == {
        "visit": (2, 1, "know"),
        "order_paid": (2, 1, "buy, repeat"),
        "odd thing": (1, 1, None),
    }


def test_what_is_odd_is_said(told):
    found = {one["check"]: one["count"] for one in told["quality"]}
    assert found == {
        "rows of one person at one instant": 3,
        "rows that repeat another exactly": 1,
        "rows without a person": 1,
        "days without events": 2,
        "rows whose event has no stage": 1,
    }


def test_late_future_and_tied_rows_are_counted(export):
    days = ["2024-01-05", "2024-01-03", "2024-01-05T05:00", "2024-01-04T23:00", "2150-01-01"]
    rows = "".join(f"{number},visit,{day}\n" for number, day in enumerate(days))
    (export / "late.csv").write_text("user_id,event,ts\n" + rows + "4,visit,2150-01-01\n")
    done = hourglass("inspect", "late.csv", "--format", "json", cwd=export)
    found = {one["check"]: one for one in json.loads(done.stdout)["quality"]}
    late = found["rows that come after a later one"]
    assert (late["count"], late["detail"]) == (2, "by 48 hours at most, 1 by over a day")
    assert found["rows later than now"]["count"] == 2
    assert found["rows of one person at one instant"]["count"] == 2


@pytest.mark.parametrize(
    "said", [["--encoding", "cp1252"], ["--columns", "a"], ["--date-order", "dmy"]]
)
def test_a_database_is_read_already(export, said):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("inspect", "--db", "e.duckdb", *said, cwd=export)
    assert done.returncode == 2
    assert "a database is read already" in done.stderr


def test_how_an_export_is_read_may_be_said(export):
    (export / "raw.csv").write_text("1,visit,02.05.2018\n")
    said = ["--columns", "user_id,event,ts", "--date-order", "dmy", "--dedupe", "row"]
    done = hourglass("inspect", "raw.csv", *said, "--format", "json", cwd=export)
    assert json.loads(done.stdout)["input"]["first"].startswith("2018-05-02")


def test_what_a_load_would_reject_is_shown(told):
    assert told["rejects"] == [
        {"reason": "timestamp not understood", "rows": 1, "file": "export.csv", "line": 7,
         "example": "soon"}
    ]  # fmt: skip


def test_a_database_is_inspected_in_the_same_way(export, told):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("inspect", "--db", "e.duckdb", "--format", "json", cwd=export)
    again = json.loads(done.stdout)
    for name in ("files", "columns", "events", "quality", "rejects"):
        assert again[name] == told[name]


def test_configured_stages_are_shown(export):
    (export / "hourglass.toml").write_text(
        '[models.m.stages]\nstart = ["visit"]\nend = ["odd thing"]\n'
    )
    done = hourglass("inspect", "export.csv", "--format", "json", cwd=export)
    stages = {one["event"]: one["stage"] for one in json.loads(done.stdout)["events"]}
    assert stages == {"visit": "start", "order_paid": None, "odd thing": "end"}


def test_the_terminal_shows_all_tables(export):
    done = hourglass("inspect", "export.csv", cwd=export)
    for title in ("Columns", "Events", "What is odd", "Rows that are no events"):
        assert title in done.stdout


@pytest.mark.parametrize("arguments", [[], ["export.csv", "--db", "e.duckdb"]])
def test_either_exports_or_a_database(export, arguments):
    done = hourglass("inspect", *arguments, cwd=export)
    assert done.returncode == 2
    assert "either exports or a database" in done.stderr


def test_a_header_alone_is_inspected(export):
    (export / "empty.csv").write_text("user_id,event,ts\n")
    done = hourglass("inspect", "empty.csv", cwd=export)
    assert done.returncode == 0, done.stderr
