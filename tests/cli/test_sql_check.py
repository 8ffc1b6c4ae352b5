"""`hourglass sql --check DIR`: what files of one's own change, old and new numbers side by side."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("user_id,event,ts\nu,a,2026-01-05\nu,b,2026-01-06\nv,a,2026-01-07\n")
    return path


def run(*words: object):
    return CliRunner().invoke(app, ["sql", *map(str, words)])


def test_old_and_new_numbers_stand_side_by_side(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("map/matching", "--eject", folder).exit_code == 0
    changed = folder / "map/matching.sql"
    changed.write_text(f"{changed.read_text().rstrip()} and scope.user_id <> 'v'\n")
    done = run("--check", folder, log, "--steps", "a,b", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    seen = {(one["question"], one["stage"], one["figure"]): one for one in found["numbers"]}
    assert (seen["funnel", "a", "users"]["old"], seen["funnel", "a", "users"]["new"]) == (2, 1)
    assert ("funnel", "b", "users") not in seen


def test_files_as_they_were_change_nothing(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("map/matching", "--eject", folder).exit_code == 0
    done = run("--check", folder, log, "--steps", "a,b", "--format", "json")
    assert json.loads(done.stdout)["numbers"] == []
