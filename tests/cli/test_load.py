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
        " hourglass init --db e.duckdb writes a configuration to fill in",
        "hourglass: warning: 1 of 2 rows cannot be events",
        '    export.csv line 3: timestamp not understood: "soon"',
        "hourglass: note: loaded 1 event from 1 file into e.duckdb"
        " (2 rows read: 1 + 1 rejected + 0 duplicates)",
    ]


def test_the_same_file_again_is_said_and_changes_nothing(export):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    assert done.returncode == 0
    assert done.stderr == "hourglass: note: export.csv was loaded before; nothing changes\n"


def test_of_many_files_that_change_nothing_the_first_are_named(tmp_path):
    """A folder with the files of a year, loaded every night, was a line for each of them."""
    for day in range(8):
        (tmp_path / f"{day}.csv").write_text(f"user_id,event,ts\n{day},visit,2026-01-01\n")
    hourglass("load", *sorted(path.name for path in tmp_path.iterdir()), "--db", "e", cwd=tmp_path)
    done = hourglass("load", *[f"{day}.csv" for day in range(8)], "--db", "e", cwd=tmp_path)
    assert done.stderr.splitlines()[3:] == [
        "hourglass: note: 3.csv was loaded before; nothing changes",
        "hourglass: note: so were 4 more files",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_to_a_database_that_is_not_there_yet_is_followed(export):
    (export / "o").mkdir()
    (export / "link.db").symlink_to("o/new.db")
    done = hourglass("load", "export.csv", "--db", "link.db", cwd=export)
    assert done.returncode == 0, done.stderr
    assert (export / "link.db").is_symlink()
    assert [one.name for one in (export / "o").iterdir()] == ["new.db"]
    again = hourglass("load", "export.csv", "--db", "link.db", cwd=export)
    assert "was loaded before" in again.stderr


def test_quiet_is_silent(export):
    done = hourglass("load", "export.csv", "--db", "e.duckdb", "-q", cwd=export)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_standard_input_is_loaded(export):
    done = hourglass("load", "-", "--db", "e.duckdb", cwd=export, stdin=CSV)
    assert done.returncode == 0
    assert "standard input line 3" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not take")
def test_files_and_databases_may_be_called_anything(export):
    (export / "export?page=1.csv").write_text(CSV.replace("1,a", "9,a"))
    (export / "export-page=1.csv").write_text(CSV)
    done = hourglass("load", "export?page=1.csv", "--db", "~[e].duckdb", cwd=export)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(export / "~[e].duckdb")) as connection:
        assert connection.execute("SELECT user_id FROM events").fetchall() == [("9",)]


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
        (["export.csv", "--db", "e.duckdb", "--memory-limit", "much"], 2, "limits"),
        (["export.csv", "--db", "e.duckdb", "--config", "no.toml"], 2, "no.toml"),
    ],
)
def test_failures_have_their_exit_code_and_a_hint(export, arguments, code, message):
    done = hourglass("load", *arguments, cwd=export)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert not list(export.glob("e.duckdb*"))


def test_a_database_held_by_another_process_is_said(export):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    with duckdb.connect(str(export / "e.duckdb")):
        (export / "more.csv").write_text(CSV + "3,c,2024-01-02\n")
        done = hourglass("load", "more.csv", "--db", "e.duckdb", cwd=export)
    assert done.returncode == 5
    assert "held by another process" in done.stderr


def big_csv(path: Path, rows: int) -> None:
    with duckdb.connect() as made:
        made.execute(
            f"COPY (SELECT i AS user_id, 'e' AS event, '2024-01-01T00:00:00Z' AS ts,"
            f" uuid() AS note FROM range({rows}) AS r(i)) TO '{path}'"
        )


def loading(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hourglass", "load", "big.csv", "--db", "e.duckdb"],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("is_new", [True, False])
def test_a_load_that_is_killed_at_any_moment_has_changed_nothing_or_all(export, is_new):
    """The moments are spread over the whole load; the next run says which it was, and ends well."""
    db = export / "e.duckdb"
    before = 0 if is_new else 1
    if not is_new:
        assert hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export).returncode == 0
    big_csv(export / "big.csv", 300_000)
    started = time.monotonic()
    with loading(export) as whole:
        whole.communicate()
    lasts = time.monotonic() - started
    for moment in (0.5, 0.8, 0.95):
        db.unlink()
        if not is_new:
            hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
        with loading(export) as running:
            time.sleep(moment * lasts)
            running.kill()
            running.communicate()
        if is_new and not db.exists():
            found = 0
        else:
            with duckdb.connect(str(db), read_only=True) as connection:
                ((found,),) = connection.execute("SELECT count(*) FROM events").fetchall()
        assert found in (before, before + 300_000)
        done = hourglass("load", "big.csv", "--db", "e.duckdb", cwd=export)
        assert done.returncode == 0, done.stderr
        assert ("was loaded before" in done.stderr) == (found > before)
        assert not list(export.glob("*.partial*"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_load_leaves_nothing(tmp_path, sign, code):
    big_csv(tmp_path / "big.csv", 2_000_000)
    with loading(tmp_path) as running:
        while not (tmp_path / "e.duckdb.partial").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(0.2)
        running.send_signal(sign)
        _, said = running.communicate(timeout=60)
    assert running.returncode == code, said
    assert not list(tmp_path.glob("e.duckdb*"))


def test_a_changed_file_is_asked_about_and_replaced(export):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    (export / "export.csv").write_text(CSV + "3,c,2024-01-02\n")
    done = hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    assert done.returncode == 2
    assert "--replace" in done.stderr
    done = hourglass(
        "load", str(export / "export.csv"), "--db", "e.duckdb", "--replace", cwd=export
    )
    assert done.returncode == 0, done.stderr
    assert "its earlier rows are gone" in done.stderr
    assert "(3 rows read: 2 + 1 rejected + 0 duplicates)" in done.stderr


def test_too_many_rejects_are_an_error_and_all_of_them_in_a_file(export):
    said = ["--max-rejects", "10%", "--rejects", "bad.csv"]
    done = hourglass("load", "export.csv", "--db", "e.duckdb", *said, cwd=export)
    assert done.returncode == 3
    assert "1 of 2 rows cannot be events, more than 10%; nothing was loaded" in done.stderr
    assert not (export / "e.duckdb").exists()
    assert "2,b,soon" in (export / "bad.csv").read_text()


def test_how_an_export_is_read_may_be_said_by_flags_or_in_the_configuration(export):
    (export / "raw.csv").write_bytes("7;käufe;02.05.2018 10:00\n".encode("cp1252"))
    said = ["--columns", "user_id,event,ts", "--date-order", "dmy", "--source-tz", "Europe/Berlin"]
    done = hourglass("load", "raw.csv", "--db", "a.duckdb", *said, cwd=export)
    assert done.returncode == 0, done.stderr
    assert "raw.csv is read as Windows-1252" in done.stderr
    (export / "hourglass.toml").write_text(
        '[source]\ncolumns = ["user_id", "event", "ts"]\ndate_order = "dmy"\n'
        'timezone = "Europe/Berlin"\nencoding = "cp1252"\n'
    )
    assert hourglass("load", "raw.csv", "--db", "b.duckdb", cwd=export).returncode == 0
    for name in ("a", "b"):
        with duckdb.connect(str(export / f"{name}.duckdb")) as connection:
            found = connection.execute("SELECT user_id, event, ts::VARCHAR FROM events").fetchall()
        assert found == [("7", "käufe", "2018-05-02 08:00:00")]
    done = hourglass("inspect", "raw.csv", "--format", "json", cwd=export)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "said",
    [["--encoding", "utf-9"], ["--columns", "a,,b"], ["--source-tz", "Mars"],
     ["--date-order", "ymd"], ["--max-rejects", "some"], ["--rejects", "x.xlsx"]],
)  # fmt: skip
def test_options_that_make_no_sense_are_said(export, said):
    done = hourglass("load", "export.csv", "--db", "e.duckdb", *said, cwd=export)
    assert done.returncode == 2, done.stderr
    assert not (export / "e.duckdb").exists()
