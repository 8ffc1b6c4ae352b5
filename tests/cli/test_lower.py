"""The lower half of a funnel: it is of everybody, however the funnel is broken down."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

FUNNEL = "funnel log.parquet --window 30d --format json -q"


def run(*words: str) -> str:
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def asked(*words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*FUNNEL.split(), *words))
    return answer


@pytest.fixture(autouse=True)
def _log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("sample", "--people", "300", "--seed", "3", "-o", "log.parquet", "-q")


def test_a_breakdown_changes_nothing_of_the_lower_half() -> None:
    plain = asked()
    assert [row["number"] for row in plain["lower"] if row["what"] == "first purchases"] == [24]
    for attribution in ("first_touch", "entry", "all", "stage:buy"):
        broken = asked("--by", "channel", "--attribution", attribution)
        assert broken["breakdown"]
        for table in ("stages", "lower", "money"):
            assert broken[table] == plain[table], attribution


def test_numbers_beyond_all_money_stop_no_question() -> None:
    huge = "9" * 30
    rows = ["u1,a,2025-01-01,,1", f"u1,b,2025-01-02,10,{huge}", f"v,b,2025-01-03,{huge},2"]
    Path("x.csv").write_text("\n".join(["user_id,event,ts,revenue,cost", *rows]))
    Path("hourglass.toml").write_text('[stages]\nknow = ["a"]\nbuy = ["b"]\nrepeat = ["b"]\n')
    answer = json.loads(run("funnel", "x.csv", "--format", "json", "-q"))
    assert [(row["cost"], row["revenue"]) for row in answer["money"]][:2] == [(1, None), (2, 10)]
    run("report", "x.csv", "-o", "x.html", "-q")
    run("retention", "x.csv", "-q")
