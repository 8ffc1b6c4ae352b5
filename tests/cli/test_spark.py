"""--engine spark from the command line: what is refused before a cluster is asked."""

import sys

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.cli.flags import ON_SPARK

SPARK = ("--engine", "spark", "--master", "sc://127.0.0.1:9")


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


ELSEWHERE = "explain"


@pytest.mark.parametrize("command", ELSEWHERE.split())
def test_a_command_that_does_not_run_there_is_refused_by_name(command: str) -> None:
    person = ["u1"] if command == "explain" else []
    done = run(command, *person, "/data/events/", *SPARK)
    assert done.exit_code == 2
    assert f"{command} does not run on Spark" in done.stderr
    assert ", ".join(ON_SPARK) in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--engine", "spark"), "needs the address of a cluster"),
        (("--engine", "spark", "--master", "local[2]"), "no address of Spark Connect"),
        ((*SPARK, "--memory-limit", "1GB"), "--memory-limit is about DuckDB"),
        ((*SPARK, "--threads", "2"), "--threads is about DuckDB"),
        ((*SPARK, "--encoding", "cp932"), "--encoding does not run on Spark"),
        ((*SPARK, "--steps", "a,b", "--ties", "row"), "ties = row: rows have no order there"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = run("funnel", "/data/events/", *arguments)
    assert done.exit_code == 2, done.stderr
    assert said in done.stderr


def test_a_database_of_this_machine_is_refused(tmp_path) -> None:
    done = run("funnel", "--db", tmp_path / "x.duckdb", *SPARK)
    assert done.exit_code == 2
    assert "a cluster reads its own" in done.stderr


def test_without_the_client_the_line_to_install_it_is_said(monkeypatch) -> None:
    for name in [one for one in sys.modules if one.split(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    done = run("funnel", "/data/events/", *SPARK)
    assert done.exit_code == 2
    assert 'pip install "hourglass[spark]"' in done.stderr
