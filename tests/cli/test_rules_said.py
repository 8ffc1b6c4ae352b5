"""The rules of an answer say what makes an event a purchase, and who has which persona."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIG = """
[stages]
know = { events = ["ad"], where = "medium = 'web'" }
like = { events = ["follow"], where = "medium <> 'bot'", optional = true }
buy = { events = ["order"], where = "paid" }
repeat = { events = ["order"], min_gap = "1 day", within = "60 days" }

[personas]
reader = "event = 'follow'"

[models.own.stages]
cart = { events = ["cart"], nth = 1 }
done = ["order"]

[triggers.idle]
events = ["follow"]
"""
BUYING = {"buy": {"where": "paid"}, "repeat": {"min_gap": 86_400}}
KNOW, LIKE = {"where": "medium = 'web'"}, {"where": "medium <> 'bot'"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    (tmp_path / "log.csv").write_text(
        "user_id,event,ts,medium,paid,invited_by,channel\n"
        "a,ad,2026-01-01,web,,,mail\na,follow,2026-01-02,web,,,\na,cart,2026-01-03,web,,b,\n"
        "a,order,2026-01-04,web,true,,\na,order,2026-01-06,web,true,,\n"
    )
    monkeypatch.chdir(tmp_path)


def rules(*words: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, [*words, "-q", "-f", "json"])
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["rules"]
    return found


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        (["retention", "log.csv"], BUYING),
        (["referrals", "log.csv"], BUYING),
        (["triggers", "log.csv"], {"know": KNOW, **BUYING}),
        (["people", "log.csv", "--trigger", "idle"], {"know": KNOW, **BUYING}),
        (["paths", "log.csv"], {"know": KNOW, "like": LIKE, **BUYING}),
        (["retention", "log.csv", "--model", "own"], BUYING),
        (["paths", "log.csv", "--model", "own"], BUYING),
        (["paths", "log.csv", "--steps", "cart,order"], BUYING),
    ],
)
def test_what_a_purchase_is_stands_among_the_rules(
    words: list[str], stages: dict[str, Any]
) -> None:
    found = rules(*words)
    assert found["stages"] == stages
    assert "personas" not in found


@pytest.mark.parametrize(
    "command", ["retention", "referrals", "triggers", "touchpoints", "paths", "funnel"]
)
def test_personas_stand_there_where_they_are_asked_for(command: str) -> None:
    assert rules(command, "log.csv", "--by", "persona")["personas"] == {
        "reader": "event = 'follow'"
    }


def test_the_terminal_says_it_too() -> None:
    done = CliRunner().invoke(app, ["retention", "log.csv", "-q"])
    assert "Stages: buy where paid; repeat at least 1 d after the one before." in done.stdout
    done = CliRunner().invoke(app, ["funnel", "log.csv", "-q"])
    assert "at least 1 d after the stage before" in " ".join(done.stdout.split())
