"""Conditions about columns that the data lack: all of them, each with its place in the file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIG = """[stages]
know = ["a"]
like = { events = ["b"], where = "kountry = 'FI'" }

[stages.buy]
events = ["c"]
where = '''
revenu > 3
and bonus = 1'''

[[exclusions]]
events = ["d"]
where = "kountry = 'SE'"

[personas]
parent = "kid = 'yes'"
"""
STAGES = [
    'own.toml:3: stages.like.where: there is no column kountry; did you mean "country"?',
    'own.toml:7: stages.buy.where: there is no column revenu; did you mean "revenue"?',
    "own.toml:7: stages.buy.where: there is no column bonus",
]
EXCLUSION = 'own.toml:13: exclusions.1.where: there is no column kountry; did you mean "country"?'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(CONFIG)
    Path("export.csv").write_text(
        "user_id,event,ts,country,revenue\nu,a,2026-01-05,FI,\nu,b,2026-01-06,SE,3\n"
    )


def problems(*words):
    done = CliRunner().invoke(app, ["funnel", *words, "-q"])
    assert (done.exit_code, done.stdout) == (2, "")
    said = done.stderr.splitlines()
    assert said[-1].startswith("  hint: the columns are user_id, event, ts, ")
    return [line.removeprefix("hourglass: error: ") for line in said[:-1]]


def test_every_condition_is_said_with_stage_and_line():
    assert problems("export.csv", "-c", "own.toml") == [*STAGES, EXCLUSION]


def test_a_condition_that_was_typed_stands_before_them():
    found = problems("export.csv", "-c", "own.toml", "--where", "kanal = 1")
    assert found == ["where: kanal = 1: there is no column kanal", *STAGES, EXCLUSION]


def test_stages_of_a_rolled_up_model_are_those_of_the_file():
    assert problems("export.csv", "-c", "own.toml", "--model", "buying-cycle") == STAGES


def test_personas_are_conditions_too():
    found = problems("export.csv", "-c", "own.toml", "--steps", "a,b", "--by", "persona")
    assert found == ["own.toml:16: personas.parent: there is no column kid"]


def test_a_text_in_double_quotes_is_told_from_a_column():
    done = CliRunner().invoke(
        app, ["funnel", "export.csv", "--steps", "a,b", "--where", 'event == "a"']
    )
    assert done.exit_code == 2
    assert "hint: a text stands in single quotes, as 'a'; the columns are user_id" in done.stderr


def test_of_several_conditions_all_must_hold():
    words = ["funnel", "export.csv", "--steps", "a,b", "-q", "-f", "csv"]
    both = ["--where", "country = 'FI' or country = 'SE'", "--where", "event <> 'b'"]
    done = CliRunner().invoke(app, [*words, *both])
    assert [row.split(",")[2] for row in done.stdout.splitlines()] == ["users", "1", "0"]
    done = CliRunner().invoke(app, [*words, "--where", "country = 'FI') or (true", *both])
    assert done.exit_code == 2


def test_conditions_that_are_none_are_said_together_with_their_lines():
    text = CONFIG.replace("kountry = 'FI'", "country =").replace("\nrevenu > 3", "select 1")
    Path("own.toml").write_text(text)
    done = CliRunner().invoke(app, ["funnel", "export.csv", "-c", "own.toml", "-q"])
    assert done.exit_code == 2
    assert done.stderr.splitlines()[:2] == [
        'hourglass: error: own.toml:3: stages.like.where: syntax error at or near "="',
        'hourglass: error: own.toml:7: stages.buy.where: syntax error at or near "select"',
    ]


def test_conditions_that_fail_on_an_event_are_named():
    """The engine said what it could not cast, and not in which condition."""
    Path("cast.toml").write_text(
        '[stages]\nknow = ["a"]\nbuy = { events = ["b"], where = "CAST(country AS INT) > 3" }\n'
        '[rules]\nwhere = "CAST(event AS DATE) IS NULL"\n'
        '[personas]\nold = "CAST(user_id AS INT) > 3"\nfinnish = "country = \'FI\'"\n'
    )
    words = ["export.csv", "--config", "cast.toml", "-q"]
    done = CliRunner().invoke(app, ["funnel", *words, "--by", "persona"])
    assert done.exit_code == 3
    *said, hint = done.stderr.splitlines()
    assert [line.split(": Could")[0].split(": invalid")[0] for line in said] == [
        "hourglass: error: cast.toml:3: stages.buy.where",
        "    cast.toml:5: rules.where",
        "    cast.toml:7: personas.old",
    ]
    assert "try_cast" in hint
    done = CliRunner().invoke(app, ["load", *words, "--db", "e.duckdb"])
    assert done.exit_code == 3
    said = "a condition of a stage fails on the events: Could not convert string"
    assert said in done.stderr
    assert "(there are where: CAST(country AS INT) > 3)" in done.stderr
    assert not Path("e.duckdb").exists()


@pytest.mark.parametrize("by", [(), ("--by", "country")])
def test_a_stage_that_says_the_value_is_one_of_the_model(by):
    """Without a breakdown a mistyped one passed, until the day that somebody broke it down."""
    steps = ("funnel", "export.csv", "-q", "--steps", "a,b", *by, "--attribution")
    done = CliRunner().invoke(app, [*steps, "stage:bb"])
    assert done.exit_code == 2
    assert 'attribution = stage:bb: there is no stage bb; did you mean "b"?' in done.stderr
    assert CliRunner().invoke(app, [*steps, "stage:b"]).exit_code == 0
