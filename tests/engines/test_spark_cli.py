"""--engine spark from the command line, asked of a server."""

import json
import socket

import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.errors import EngineError
from tests.engines import sail

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_nobody_at_the_address_is_six() -> None:
    done = run("funnel", "/data/events/", "--engine", "spark", "--master", "sc://127.0.0.1:9")
    assert done.exit_code == 6
    assert "nobody answers at sc://127.0.0.1:9" in done.stderr


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


def test_columns_of_personas_have_types_too(master, tmp_path) -> None:
    events = tmp_path / "rated.csv"
    events.write_text(
        "user_id,event,ts,rating\n"
        "a,view,2026-01-05T10:00:00Z,4.5\n"
        "a,buy,2026-01-05T11:00:00Z,\n"
        "b,view,2026-01-05T10:00:00Z,10\n"
        "c,view,2026-01-05T10:00:00Z,3\n"
    )
    config = tmp_path / "hourglass.toml"
    config.write_text(
        '[models.m.stages]\nview = "view"\nbuy = "buy"\n[personas]\npleased = "rating >= 4"\n'
    )
    typed = ["funnel", events, "--by", "persona", "--config", config, "--format", "json", "-q"]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert there.exit_code == 0, there.stderr
    assert upper(there.stdout) == upper(here.stdout)
    assert '"pleased"' in here.stdout


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


def test_nobody_at_an_address_is_told_within_seconds(monkeypatch) -> None:
    from hourglass.engines.spark_session import connect

    monkeypatch.setenv("HOURGLASS_TOKEN", "s3cret")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(EngineError, match="nobody answers") as failed:
        connect(f"sc://127.0.0.1:{port}/;token=hidden")
    assert "hidden" not in failed.value.message + str(failed.value.hint)
    assert "s3cret" not in failed.value.message + str(failed.value.hint)


def test_amounts_that_are_no_plain_numbers_are_said(master, tmp_path) -> None:
    (tmp_path / "events.csv").write_text(
        'user_id,event,ts,revenue\n1,view,2026-01-05,\n1,buy,2026-01-06,"1,50"\n'
    )
    typed = ["funnel", tmp_path / "events.csv", "--steps", "view,buy", "--format", "json"]
    asked = [*typed, "--engine", "spark", "--master", master]
    guessed = run(*asked)
    assert guessed.exit_code == 0
    assert '"revenue" is not taken for the revenue: "1,50" is no plain number' in guessed.stderr
    (tmp_path / "hourglass.toml").write_text('[columns]\nrevenue = "revenue"\n')
    named = run(*asked, "--config", tmp_path / "hourglass.toml")
    assert named.exit_code == 3
    assert 'revenue: "1,50" is no plain number' in named.stderr


@pytest.mark.parametrize("more", [["--by", "size"], ["--count", "size"]], ids=" ".join)
def test_codes_that_look_like_numbers_stay_as_they_are_written(master, tmp_path, more) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "user_id,event,ts,size\n1,a,2026-01-01,007\n1,b,2026-01-02,007\n2,a,2026-01-02,7\n"
    )
    typed = ["funnel", path, "--steps", "a,b", *more, "--format", "csv", "-q"]
    there = run(*typed, "--engine", "spark", "--master", master)
    assert there.stdout == run(*typed).stdout
    assert there.exit_code == 0, there.stderr


def test_amounts_of_several_currencies_are_told_there_too(master, tmp_path) -> None:
    (tmp_path / "events.csv").write_text(
        "user_id,event,ts,revenue,currency\n1,view,2026-01-05,,\n1,buy,2026-01-06,5,EUR\n"
        "1,buy,2026-01-07,900,JPY\n"
    )
    typed = ["funnel", tmp_path / "events.csv", "--steps", "view,buy", "--format", "json"]
    mixed = '"currency" says that they are of several currencies, as "EUR" and "JPY"'
    (tmp_path / "hourglass.toml").write_text('[columns]\nrevenue = "revenue"\n')
    for more, said in (
        ([], f'"revenue" is not taken for the revenue: {mixed}'),
        (["--config", tmp_path / "hourglass.toml"], f'"revenue" is added up though {mixed}'),
    ):
        here, there = (
            run(*typed, *more),
            run(*typed, *more, "--engine", "spark", "--master", master),
        )
        assert there.exit_code == 0, there.stderr
        assert said in here.stderr
        assert said in there.stderr
