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


def test_every_number_of_every_question_is_compared(tmp_path: Path) -> None:
    """A file of paths changes no funnel; questions without an answer are named."""
    log = tmp_path / "events.csv"
    log.write_text(
        "user_id,event,ts,channel\nu,a,2026-01-05,mail\nu,b,2026-01-06,ads\nv,b,2026-01-07,ads\n"
    )
    folder = tmp_path / "mine"
    assert run("paths/moves", "--eject", folder).exit_code == 0
    changed = folder / "paths/moves.sql"
    text = changed.read_text()
    assert "count(*) as people" in text
    changed.write_text(text.replace("count(*) as people", "2 * count(*) as people"))
    done = run("--check", folder, log, "--steps", "a,b", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert {one["question"] for one in found["numbers"]} == {"paths"}
    assert {
        "question": "paths", "table": "moves", "stage": None, "row": "a · b", "figure": "people",
        "old": 1, "new": 2,
    } in found["numbers"]  # fmt: skip
    assert [one["questions"] for one in found["files"]] == ["paths"]
    assert any(one.startswith("friction was not asked: ") for one in found["notes"])


def test_a_file_that_nothing_runs_is_named(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("people/listed", "--eject", folder).exit_code == 0
    done = run("--check", folder, log, "--steps", "a,b")
    assert done.exit_code == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "no number differs" in said
    assert "not run by any of these questions, so not compared: people/listed" in said


def test_the_last_digits_of_sums_are_no_difference(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("funnel/stages", "--eject", folder).exit_code == 0
    changed = folder / "funnel/stages.sql"
    text = changed.read_text()
    line = "\n  mean_seconds"
    assert f"{line}," in text
    changed.write_text(text.replace(f"{line},", f"{line} + 1e-6 as mean_seconds,"))
    done = run("--check", folder, log, "--steps", "a,b", "--format", "json")
    assert json.loads(done.stdout)["numbers"] == []


@pytest.mark.parametrize("words", [(), ("funnel/walk",)])
def test_sql_itself_has_no_other_format(words: tuple[str, ...]) -> None:
    done = run(*words, "--format", "json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "leave out --format" in done.stderr


def test_a_folder_that_cannot_be_made_is_an_output(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("map/matching", "--eject", tmp_path / "file" / "mine")
    assert done.exit_code == 5
    assert "could not be written" in done.stderr
    assert "hint: name another file" in done.stderr
