"""Which configuration an answer is by: said where it lies in a folder above and nobody named it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

RUN = CliRunner()


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hourglass.toml").write_text('[stages]\nknow = ["ad"]\nbuy = ["order"]\n')
    folder = tmp_path / "exports" / "march"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_text("user_id,event,ts\na,ad,2026-01-01\na,order,2026-01-02\n")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("HOURGLASS_CONFIG", raising=False)
    return folder


NOTE = f"configuration: {Path('..') / '..' / 'hourglass.toml'}"


@pytest.mark.parametrize("words", [["funnel", "log.csv"], ["inspect", "log.csv"],
                                   ["load", "log.csv", "--db", "log.duckdb"]])  # fmt: skip
def test_a_configuration_of_a_folder_above_is_named(below: Path, words: list[str]) -> None:
    done = RUN.invoke(app, words)
    assert done.exit_code == 0
    assert NOTE in done.stderr
    assert NOTE not in done.stdout
    assert NOTE not in RUN.invoke(app, [*words, "-q"]).stderr


def test_one_that_is_here_or_was_named_is_not(
    below: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = str(tmp_path / "hourglass.toml")
    assert "configuration" not in RUN.invoke(app, ["funnel", "log.csv", "-c", above]).stderr
    monkeypatch.setenv("HOURGLASS_CONFIG", above)
    assert "configuration" not in RUN.invoke(app, ["funnel", "log.csv"]).stderr
    monkeypatch.delenv("HOURGLASS_CONFIG")
    monkeypatch.chdir(tmp_path)
    done = RUN.invoke(app, ["funnel", str(below / "log.csv")])
    assert done.exit_code == 0
    assert "configuration" not in done.stderr


def test_columns_that_a_database_was_not_loaded_with_have_no_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "1,a,2024-01-01,1,2\n1,b,2024-01-02,,\n"
    (tmp_path / "s.csv").write_text(f"user_id,event,ts,revenue,amount\n{rows}")
    own = tmp_path / "hourglass.toml"
    own.write_text('[columns]\nrevenue = "amount"\n[stages]\nknow = "a"\nbuy = "b"\n')
    run = CliRunner().invoke
    assert run(app, ["load", "s.csv", "--db", "e.duckdb"]).exit_code == 0
    assert "has no say" not in run(app, ["funnel", "--db", "e.duckdb"]).stderr
    own.write_text(own.read_text().replace("amount", "revenue"))
    said = run(app, ["funnel", "--db", "e.duckdb"]).stderr
    assert (
        'warning: [columns] revenue = "revenue" has no say: e.duckdb was loaded with "amount"'
    ) in said
