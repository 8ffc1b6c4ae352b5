"""--engine spark from the command line: what is refused, and one answer from end to end."""

import json
import sys

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.cli.flags import ON_SPARK
from tests.engines import sail

SPARK = ("--engine", "spark", "--master", "sc://127.0.0.1:9")
served = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


ELSEWHERE = "people explain reconcile paths triggers touchpoints friction retention referrals check"


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
        ((*SPARK, "--times"), "--times does not run on Spark"),
        ((*SPARK, "--steps", "a,b", "--hold", "channel"), "hold does not run on Spark"),
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


@served
def test_nobody_at_the_address_is_six() -> None:
    done = run("funnel", "/data/events/", "--engine", "spark", "--master", "sc://127.0.0.1:9")
    assert done.exit_code == 6
    assert "nobody answers at sc://127.0.0.1:9" in done.stderr


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    with sail.serving(tmp_path_factory.mktemp("sail")) as address:
        yield address


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = tmp_path_factory.mktemp("events") / "events.csv"
    path.write_text(
        "user_id,event,ts,channel,amount,event_id\n"
        "007,view,2026-01-05T10:00:00Z,ads,,1\n"
        "007,buy,2026-01-05T12:00:00+02:00,ads,5,2\n"
        "007,buy,2026-01-05T12:00:00+02:00,ads,5,2\n"
        "7,view,2026-01-06 10:00:00,mail,,3\n"
        "7,buy,2026-01-06 10:00:01,mail,1,4\n"
        "x,view,yesterday,mail,,5\n"
        ",view,2026-01-07 10:00:00,mail,,6\n"
    )
    return path


def upper(text: str) -> dict:
    """An answer without the lower half: purchases, money and referrals are not counted there."""
    lower = ("lower", "money", "notes")
    return {name: value for name, value in json.loads(text).items() if name not in lower}


@served
@pytest.mark.parametrize(
    "asked",
    [
        ["funnel", "--by", "channel"],
        ["funnel", "--where", "amount is null or amount >= 2"],
        ["trend", "--unit", "day"],
        ["compare", "--segment", "channel=ads", "--segment", "channel=mail"],
    ],
    ids=" ".join,
)
def test_the_answer_is_that_of_duckdb(master, exported, asked) -> None:
    command, *more = asked
    typed = [command, exported, "--steps", "view,buy", *more, "--format", "json", "-q"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert there.exit_code == 0, there.stderr
    assert upper(there.stdout) == upper(here.stdout)
    assert there.stderr == ""


@served
@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("/nowhere/events.parquet", 3, "the cluster"),
        ("no_such_table", 3, "the cluster cannot read no_such_table"),
        ("events.csv", 2, "events.csv is a path of this machine"),
        ("-", 2, "is a path of this machine"),
    ],
)
def test_what_the_cluster_cannot_read_is_said(master, name: str, code: int, said: str) -> None:
    done = run("funnel", name, "--steps", "a,b", "--engine", "spark", "--master", master)
    assert done.exit_code == code, done.stderr
    assert said in done.stderr
