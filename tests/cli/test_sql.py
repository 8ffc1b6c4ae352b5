"""`hourglass sql NAME` with data: a script where the question has one, and else a refusal."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.cli.questions import ANSWERS

LOG = "user_id,event,ts\nu,view,2026-01-05\nu,order_paid,2026-01-06\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_text(LOG)


def sql(*words):
    return CliRunner().invoke(app, ["sql", *words])


@pytest.mark.parametrize(
    "name",
    ["people", "explain", "reconcile", "check", "compare", "inspect", "report", "funnel/walk"],
)
def test_a_question_without_a_script_is_refused(name):
    done = sql(name, "export.csv")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f'error: "{name}" has no script' in done.stderr
    assert f"have one: {', '.join(ANSWERS)};" in done.stderr


def test_data_do_not_matter_to_a_refusal():
    done = sql("retentoin", "--db", "none.duckdb")
    assert done.exit_code == 2
    assert 'did you mean "retention"?' in done.stderr
    assert "a script of what?" in sql("--db", "none.duckdb").stderr


@pytest.mark.parametrize("name", ["funnel", "trend", "paths"])
def test_a_question_with_a_script_is_written_down(name):
    done = sql(name, "export.csv", "--steps", "view,order_paid")
    assert done.exit_code == 0, done.stderr
    assert "CREATE OR REPLACE TEMP" in done.stdout


def test_without_data_the_files_of_a_question_are_listed():
    done = sql("people")
    assert done.exit_code == 0
    assert all(line.startswith("people/") for line in done.stdout.splitlines())


def test_the_help_names_all_questions_that_have_a_script():
    told = " ".join(sql("--help").stdout.split())
    assert all(name in told for name in ANSWERS)
