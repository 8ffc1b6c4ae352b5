"""`hourglass sample`: the path on stdout, the counts on stderr, one file."""

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from hourglass.cli import app

COMMITTED = Path(__file__).parents[2] / "sample_events.parquet"


def run(*words):
    return CliRunner().invoke(app, ["sample", *words])


def test_path_on_stdout_and_counts_on_stderr(tmp_path):
    path = tmp_path / "log.parquet"
    done = run("--people", "120", "--seed", "7", "-o", str(path))
    assert done.exit_code == 0
    assert done.stdout == f"{path}\n"
    rows = pl.read_parquet(path).height
    assert done.stderr == (
        f"hourglass: note: {rows:,} events of 120 people in 13 weeks from 2026-01-05\n"
    )


def test_defaults_write_the_committed_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("-q")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "sample_events.parquet\n", "")
    made = pl.read_parquet(tmp_path / "sample_events.parquet")
    assert made.equals(pl.read_parquet(COMMITTED))
    assert [path.name for path in tmp_path.iterdir()] == ["sample_events.parquet"]


def test_csv_by_its_ending(tmp_path):
    path = tmp_path / "log.CSV"
    assert run("--people", "5", "--weeks", "2", "-o", str(path)).exit_code == 0
    header = path.read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("user_id,event,ts,session_id,event_id,channel,")


@pytest.mark.parametrize(
    "words",
    [("-o", "log.json"), ("-o", "log"), ("--people", "0"), ("--weeks", "0"), ("--seed", "x")],
)
def test_usage_errors(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("hourglass: error: ")
    assert "  hint: " in done.stderr
    assert not list(tmp_path.iterdir())


def test_unwritable_output(tmp_path):
    done = run("--people", "2", "-o", str(tmp_path / "missing" / "log.parquet"))
    assert done.exit_code == 5
    assert done.stdout == ""


def test_help_shows_an_example():
    assert "Example: hourglass sample" in run("--help").stdout
