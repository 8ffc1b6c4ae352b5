"""`--verbose` names the steps of an answer, and how long each took."""

import re

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

RUN = CliRunner()
STEP = re.compile(r"hourglass: \d+\.\d{3} s ([\w /]+)")


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text(
        "user_id,event,ts\na,ad_impression,2026-01-01\na,order_paid,2026-01-02\n"
    )
    return ["log.csv", "--steps", "ad_impression,order_paid"]


def steps(*words: str) -> list[str]:
    done = RUN.invoke(app, words)
    assert done.exit_code == 0, done.stderr
    assert not STEP.search(done.stdout)
    return STEP.findall(done.stderr)


def test_the_files_that_ran_are_named_with_their_times(log) -> None:
    said = steps("funnel", *log, "-v")
    assert said[0] == "reading of the exports"
    assert {"map/coded_events", "map/coded_matching", "funnel/second", "funnel/stages"} <= set(said)


def test_a_load_says_them_too(log) -> None:
    assert "map/numbered_people" in steps("load", "log.csv", "--db", "log.duckdb", "-v")


@pytest.mark.parametrize("more", [(), ("-q",), ("-v", "-q")])
def test_nobody_else_hears_of_them(log, more) -> None:
    assert steps("funnel", *log, *more) == []
