"""`hourglass load` from the shell: silent on stdout, one line of summary, clear failures."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

CSV = "user_id,event,ts\n1,a,2024-01-01T00:00:00Z\n2,b,soon\n"


def hourglass(*arguments: str, cwd: Path, stdin: str | None = None):
    return subprocess.run(
        [sys.executable, "-m", "hourglass", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(CSV)
    return tmp_path


def test_a_load_says_what_it_did_on_stderr_alone(export):
    done = hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "hourglass: note: columns: user = user_id, event = event, timestamp = ts (guessed)",
        "hourglass: note: no two stages can be told from the names of the events;"
        " hourglass init --db writes a configuration to fill in",
        "hourglass: warning: 1 of 2 rows cannot be events",
        '    export.csv line 3: timestamp not understood: "soon"',
        "hourglass: note: loaded 1 event from 1 file into e.duckdb (1 rejected, 0 duplicates)",
    ]


def test_the_same_file_again_is_said_and_changes_nothing(export):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    assert done.returncode == 0
    assert done.stderr == "hourglass: note: export.csv was loaded before; nothing changes\n"


def test_quiet_is_silent(export):
    done = hourglass("load", "export.csv", "--db", "e.duckdb", "-q", cwd=export)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_standard_input_is_loaded(export):
    done = hourglass("load", "-", "--db", "e.duckdb", cwd=export, stdin=CSV)
    assert done.returncode == 0
    assert "standard input line 3" in done.stderr


def test_the_configuration_names_columns_and_stages(export):
    (export / "hourglass.toml").write_text('[columns]\nuser = "event"\nevent = "user_id"\n')
    assert hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export).returncode == 0
    with duckdb.connect(str(export / "e.duckdb")) as connection:
        assert connection.execute("SELECT user_id, event FROM events").fetchall() == [("a", "1")]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["exprot.csv", "--db", "e.duckdb"], 3, 'did you mean "export.csv"'),
        (["export.csv", "--db", "export.csv"], 3, "not a DuckDB database"),
        (["export.csv", "--db", "no/e.duckdb"], 5, "no folder"),
        (["export.csv"], 2, "--db"),
        (["export.csv", "--db", "e.duckdb", "--memory-limit", "much"], 6, "limits"),
        (["export.csv", "--db", "e.duckdb", "--config", "no.toml"], 2, "no.toml"),
    ],
)
def test_failures_have_their_exit_code_and_a_hint(export, arguments, code, message):
    done = hourglass("load", *arguments, cwd=export)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert not (export / "e.duckdb").exists()


def test_a_database_held_by_another_process_is_said(export):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    with duckdb.connect(str(export / "e.duckdb")):
        (export / "more.csv").write_text(CSV + "3,c,2024-01-02\n")
        done = hourglass("load", "more.csv", "--db", "e.duckdb", cwd=export)
    assert done.returncode == 5
    assert "held by another process" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_load_leaves_nothing(tmp_path, sign, code):
    with duckdb.connect() as made:
        made.execute(
            "COPY (SELECT i AS user_id, 'e' AS event, '2024-01-01T00:00:00Z' AS ts,"
            f" uuid() AS note FROM range(3000000) AS r(i)) TO '{tmp_path}/big.csv'"
        )
    with subprocess.Popen(
        [sys.executable, "-m", "hourglass", "load", "big.csv", "--db", "e.duckdb"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as running:
        while not (tmp_path / "e.duckdb").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(0.5)
        running.send_signal(sign)
        _, said = running.communicate(timeout=60)
    assert running.returncode == code, said
    assert not list(tmp_path.glob("e.duckdb*"))
