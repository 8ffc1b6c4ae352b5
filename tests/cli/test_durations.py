"""Durations mean the same on the command line and in the configuration."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

ASKED = ("funnel", "log.csv", "--steps", "a,b", "-q", "-f", "csv")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "log.csv").write_text("user_id,event,ts\n1,a,2026-01-01\n1,b,2026-01-02\n")
    monkeypatch.chdir(tmp_path)


def typed(flag: str, value: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*ASKED, flag, value])
    return done.exit_code, done.stdout or done.stderr


def configured(rule: str, value: str) -> tuple[int, str]:
    Path("hourglass.toml").write_text(f"[rules]\n{rule} = '{value}'\n")
    done = CliRunner().invoke(app, ASKED)
    return done.exit_code, done.stdout or done.stderr


@pytest.mark.parametrize("zero", ["0s", "0 days"])
def test_a_window_of_no_time_is_refused_in_both_places(zero: str) -> None:
    said = f'"{zero}" is no time at all'
    for code, text in (typed("--window", zero), configured("window", zero)):
        assert code != 0
        assert said in text


@pytest.mark.parametrize("zero", ["0", "0s", "none"])
def test_a_tolerance_may_be_no_time_in_both_places(zero: str) -> None:
    assert typed("--tie-tolerance", zero) == configured("tie_tolerance", zero)
    assert typed("--tie-tolerance", zero)[0] == 0
