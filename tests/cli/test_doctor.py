"""`hourglass doctor`: what is there, and databases in every state."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass import __version__
from hourglass.cli import app
from hourglass.cli.doctor import doctor

EVENTS = "user_id,event,ts,event_id\na,view,2026-03-01,1\na,pay,2026-03-02,2\na,pay,2026-03-02,2\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hourglass.toml").write_text('[stages]\nknow = "view"\nbuy = "pay"\n')
    return tmp_path


def load(text: str = EVENTS, db: str = "e.duckdb") -> Path:
    Path("export.csv").write_text(text)
    done = CliRunner().invoke(app, ["load", "export.csv", "--db", db, "-q"])
    assert done.exit_code == 0, done.stderr
    return Path(db)


def change(db: Path, *statements: str) -> None:
    with duckdb.connect(str(db)) as connection:
        for statement in statements:
            connection.execute(statement)


def findings(*words: str, code: int = 0) -> dict[str, dict[str, str]]:
    done = CliRunner().invoke(app, ["doctor", *words, "-f", "json"])
    assert done.exit_code == code, done.output
    return {one["subject"]: one for one in json.loads(done.stdout)["doctor"]}


def program(*words: str) -> Any:
    return subprocess.run(
        [sys.executable, "-c", "from hourglass.cli import app; app()", "doctor", *words],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_says_what_it_is_made_of() -> None:
    found = findings("--memory-limit", "1GB", "--threads", "1")
    assert found["hourglass"]["finding"] == __version__
    assert found["duckdb"]["finding"] == duckdb.__version__
    assert found["memory limit"]["finding"].startswith("953.6 MiB")
    assert found["threads"]["finding"].startswith("1 ")
    assert set(doctor.__globals__["PARTS"]) <= set(found)
    assert {one["outcome"] for one in found.values()} == {"passed"}


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.__globals__, "PARTS", ("duckdb", "no-such-package"))
    found = findings(code=3)
    assert found["no-such-package"]["outcome"] == "failed"


def test_a_sound_database_is_0_as_a_program() -> None:
    load()
    done = program("--db", "e.duckdb")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well\n")
    assert "2, read to the end" in done.stdout
    assert "3 rows of 1 file add up: 0 rejected, 1 duplicates" in " ".join(done.stdout.split())
    assert "current for hourglass" in done.stdout
    assert "Read 0 rows" not in done.stdout


def test_rows_that_do_not_add_up_are_3_as_a_program() -> None:
    change(load(), "DELETE FROM loaded_events WHERE event = 'pay'")
    done = program("--db", "e.duckdb")
    assert done.returncode == 3
    assert done.stdout.startswith("Not well: 1 of ")


def test_rows_that_do_not_add_up_are_named() -> None:
    change(load(), "DELETE FROM loaded_events WHERE event = 'pay'")
    found = findings("--db", "e.duckdb", code=3)
    assert found["rows"]["finding"].startswith(
        "export.csv: 3 rows read, 2 taken for events, 0 rejected, 1 duplicates; 1 events are there"
    )
    # and so the stages are those of other events
    assert found["compact form"]["outcome"] == "warned"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loads SET rows = 4",
        'INSERT INTO loaded_events (user_id, event, ts, "hourglass load")'
        " VALUES ('a', 'b', now(), 7)",
        "DELETE FROM loads",
    ],
)
def test_accounts_that_are_wrong_are_found(statement: str) -> None:
    change(load(), statement)
    assert findings("--db", "e.duckdb", code=3)["rows"]["outcome"] == "failed"


def test_rejected_rows_must_be_kept() -> None:
    db = load(EVENTS + "a,pay,never,3\n")
    assert findings("--db", "e.duckdb")["rows"]["finding"].endswith("1 rejected, 1 duplicates")
    change(db, "DELETE FROM rejects")
    found = findings("--db", "e.duckdb", code=3)
    assert found["rejects"]["finding"] == "0 rejected rows are kept of 1"


def test_a_database_without_stages_or_with_stale_ones_is_a_warning() -> None:
    change(load(), "DELETE FROM compact_models")
    assert findings("--db", "e.duckdb")["compact form"]["outcome"] == "warned"
    Path("hourglass.toml").unlink()
    load("user_id,event,ts\na,x1,2026-03-01\n", "other.duckdb")
    assert findings("--db", "other.duckdb")["stages"]["outcome"] == "warned"
    asked = CliRunner().invoke(app, ["funnel", "--db", "other.duckdb", "--steps", "x1,x2"])
    assert asked.exit_code == 0  # it can be asked all the same


def test_a_database_of_another_version_is_not_well() -> None:
    db = load()
    for version, made_by in (("1", "older hourglass"), ("99", "newer hourglass")):
        change(db, f"UPDATE meta SET value = '{version}' WHERE key = 'schema_version'")
        assert made_by in findings("--db", "e.duckdb", code=3)["database"]["finding"]


def test_a_stored_configuration_that_cannot_be_used_is_not_well() -> None:
    change(load(), "UPDATE configuration SET text = 'a = 1'")
    assert findings("--db", "e.duckdb", code=3)["configuration"]["outcome"] == "failed"


def test_a_missing_table_is_not_well() -> None:
    change(load(), "DROP TABLE rejects")
    assert findings("--db", "e.duckdb", code=3)["tables"]["outcome"] == "failed"


@pytest.mark.parametrize("length", [9_000, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_not_well(length: float) -> None:
    rows = "".join(f"u{n},view,2026-03-01T00:00:{n % 60:02},{n}\n" for n in range(20_000))
    db = load("user_id,event,ts,event_id\n" + rows)
    whole = db.read_bytes()
    db.write_bytes(whole[: int(length if length > 1 else length * len(whole))])
    found = findings("--db", "e.duckdb", code=3)
    assert "failed" in {one["outcome"] for one in found.values()}
    done = CliRunner().invoke(app, ["funnel", "--db", "e.duckdb"])
    assert done.exit_code == 3


def test_a_damaged_block_is_not_well() -> None:
    rows = "".join(f"u{n},view,2026-03-01T00:00:{n % 60:02},{n}\n" for n in range(20_000))
    db = load("user_id,event,ts,event_id\n" + rows)
    content = bytearray(db.read_bytes())
    for place in range(20_000, len(content), 997):
        content[place] ^= 0xFF
    db.write_bytes(content)
    found = findings("--db", "e.duckdb", code=3)
    assert "failed" in {one["outcome"] for one in found.values()}


def test_what_a_question_cannot_read_is_not_well() -> None:
    rows = "".join(f"u{n},view,2026-03-01T00:00:{n % 60:02},{n}\n" for n in range(20_000))
    content = load("user_id,event,ts,event_id\n" + rows).read_bytes()
    unread = []
    for block in range(12_288, len(content), 262_144):  # three headers, then blocks of that size
        place = block + 1000
        Path("d.duckdb").write_bytes(content[:place] + b"garbage" + content[place + 7 :])
        asked = CliRunner().invoke(app, ["funnel", "--db", "d.duckdb", "-q", "-f", "csv"])
        if asked.exit_code:
            assert (asked.exit_code, asked.stdout) == (3, "")
            assert "damaged" in asked.stderr
            assert "hint: load the exports again: hourglass load " in asked.stderr
            unread.append(findings("--db", "d.duckdb", code=3))
    assert unread


@pytest.mark.parametrize("name", ["none.duckdb", "export.csv"])
def test_what_is_no_database_is_not_well(name: str) -> None:
    load()
    assert findings("--db", name, code=3)["database"]["outcome"] == "failed"


@pytest.mark.parametrize(
    ("words", "code"),
    [(("-o", "x.xlsx"), 2), (("--memory-limit", "lots"), 2), (("-o", "no/x.json"), 5)],
)
def test_other_exit_codes(words: tuple[str, ...], code: int) -> None:
    done = CliRunner().invoke(app, ["doctor", *words])
    assert (done.exit_code, done.stdout) == (code, "")
