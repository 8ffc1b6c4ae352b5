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
