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
