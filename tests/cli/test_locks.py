"""One load and one report at a time: the next is told who holds the file, or waits for it."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.errors import HeldError, OutputError
from hourglass.locks import locked

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from hourglass.locks import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holding(path, seconds):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), str(seconds)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == b"held\n"
    return process


def finish(process):
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = ["user_id,event,ts", "1,view,2024-01-01", "1,pay,2024-01-02"]
    (tmp_path / "e.csv").write_text("\n".join(rows))
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, words)


LOAD = ("load", "e.csv", "--db", "e.duckdb", "-q")
REPORT = ("report", "e.csv", "--steps", "view,pay", "-o", "r.md", "-q")


@pytest.mark.parametrize(("words", "name"), [(LOAD, "e.duckdb"), (REPORT, "r.md")])
def test_who_comes_second_is_told_or_waits(folder, words, name):
    first = holding(folder / name, 60)
    try:
        done = run(*words)
        assert done.exit_code == 5
        assert done.stderr.splitlines()[0] == (
            f"hourglass: error: {name} is being written by another hourglass"
        )
        assert "--wait 60" in done.stderr
        began = time.monotonic()
        assert run(*words, "--wait", "0.3").exit_code == 5
        assert time.monotonic() - began >= 0.3
        assert not (folder / name).exists()
    finally:
        finish(first)
    done = run(*words)  # a lock ends with its process, however that ends
    assert (done.exit_code, done.output) == (0, "")
    assert not list(folder.glob(".*"))


def test_waiting_ends_when_the_other_does(folder):
    first = holding(folder / "r.md", 1)
    try:
        assert run(*REPORT, "--wait", "60").exit_code == 0
    finally:
        finish(first)
    assert (folder / "r.md").exists()
    assert not list(folder.glob(".*"))


def test_a_database_that_a_shell_holds_is_waited_for(folder):
    assert run(*LOAD).exit_code == 0
    code = "import duckdb, sys, time; c = duckdb.connect('e.duckdb'); print('held', flush=True);"
    shell = subprocess.Popen(
        [sys.executable, "-c", f"{code} time.sleep(1)"], stdout=subprocess.PIPE, cwd=folder
    )
    try:
        assert shell.stdout.readline() == b"held\n"
        asked = ("report", "--db", "e.duckdb", "--steps", "view,pay", "-o", "r.md", "-q")
        done = run(*asked)
        assert (done.exit_code, "held by another process" in done.stderr) == (5, True)
        assert run(*asked, "--wait", "60").exit_code == 0
    finally:
        finish(shell)


def test_a_lock_is_only_of_its_own_file(folder):
    with locked(folder / "a"), locked(folder / "b"):
        assert {one.name for one in folder.glob(".*")} == {".a.lock", ".b.lock"}
        with pytest.raises(HeldError), locked(folder / "a"):
            pytest.fail("it is held")
    with locked(folder / "a"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="links and /dev/null are those of Unix")
def test_a_link_and_its_file_are_one_and_devices_are_free(folder):
    (folder / "link").symlink_to(folder / "file")
    with locked(folder / "link"), pytest.raises(HeldError), locked(folder / "file"):
        pytest.fail("it is held")
    with locked(Path("/dev/null")), locked(Path("/dev/null")):
        pass


@pytest.mark.parametrize("name", ["missing/a", "x" * 400, "nul\0byte"])
def test_what_cannot_be_written_is_said_before_any_work(folder, name):
    with pytest.raises(OutputError, match="could not be written: "), locked(folder / name):
        pytest.fail("not to be held")


def _count(folder, rounds):
    for _ in range(rounds):
        with locked(folder / "n", wait=60):
            number = int((folder / "n").read_text())
            (folder / "n").write_text(str(number + 1))


def test_no_two_processes_have_it_at_once(folder):
    (folder / "n").write_text("0")
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_count, args=(folder, 10)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert (folder / "n").read_text() == "30"


def test_two_loads_at_once_both_arrive(folder):
    for name in "ab":
        (folder / f"{name}.csv").write_text(f"user_id,event,ts\n{name},view,2024-01-01\n")
    words = [sys.executable, "-m", "hourglass", "load", "--db", "e.duckdb", "--wait", "60", "-q"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen([*words, f"{name}.csv"], env=env) for name in "ab"]
    assert [one.wait() for one in both] == [0, 0]
    with duckdb.connect("e.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT user_id FROM events ORDER BY 1").fetchall() == [
            ("a",), ("b",),
        ]  # fmt: skip
