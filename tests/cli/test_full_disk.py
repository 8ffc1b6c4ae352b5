"""A disk that fills up in the middle of a load: exit code 5, and the database is as it was."""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

resource = pytest.importorskip("resource", reason="limits of this kind are POSIX")

ROWS = 60_000
LIMIT = 2_000_000
"""Bytes that a file may have, or the disk: the first load fits, the second does not."""
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small export, and one of rows that cannot be compressed."""
    folder = tmp_path_factory.mktemp("exports")
    dice = random.Random(5)
    (folder / "small.csv").write_text("user_id,event,ts\n1,a,2024-01-01\n2,b,2024-01-02\n")
    rows = (f"{dice.getrandbits(256):x},a,{dice.randrange(10**9)}\n" for _ in range(ROWS))
    (folder / "large.csv").write_text("user_id,event,ts\n" + "".join(rows))
    return folder


def load(
    export: Path, db: Path, limited: bool = False, piped: bool = False
) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    return subprocess.run(
        [sys.executable, "-m", "hourglass", "load", "-" if piped else str(export), "--db", str(db)],
        input=export.read_text() if piped else None,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit if limited else None,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(export.parent)},
    )


def held(db: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with duckdb.connect(str(db), read_only=True) as connection:
        events = connection.execute("from events order by all").fetchall()
        return events, connection.execute('select file, "rows" from loads').fetchall()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own with little room; the test is of no use where none can be made."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={LIMIT}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        yield folder / "cannot"
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def assert_nothing_happened(exports: Path, folder: Path, limited: bool) -> None:
    db = folder / "e.duckdb"
    assert load(exports / "small.csv", db).returncode == 0
    before = held(db)
    done = load(exports / "large.csv", db, limited)
    assert done.returncode == 5, done.stderr
    assert held(db) == before
    assert load(exports / "large.csv", folder / "new.duckdb", limited).returncode == 5
    assert not list(folder.glob("new*"))


def assert_it_can_go_on(exports: Path, db: Path) -> None:
    done = load(exports / "large.csv", db)
    assert done.returncode == 0, done.stderr
    events, loads = held(db)
    assert (len(events), len(loads)) == (ROWS + 2, 2)


def test_a_file_that_may_grow_no_further_leaves_the_database_as_it_was(exports, tmp_path):
    assert_nothing_happened(exports, tmp_path, limited=True)
    assert_it_can_go_on(exports, tmp_path / "e.duckdb")


def test_a_full_disk_leaves_the_database_as_it_was(exports, tmp_path):
    with small_disk(tmp_path / "disk") as folder:
        if not folder.is_dir():
            return  # nobody here may mount; the limit above stands for it
        assert_nothing_happened(exports, folder, limited=False)
        larger = ["mount", "-o", f"remount,size={20 * LIMIT}", str(folder)]
        subprocess.run(larger, check=True)
        assert_it_can_go_on(exports, folder / "e.duckdb")


def test_where_nothing_can_be_written_nothing_is_left(exports, tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.LIMIT", 100)  # not even the beginning of a database
    done = load(exports / "small.csv", tmp_path / "e.duckdb", limited=True)
    assert done.returncode == 5, done.stderr
    assert not list(tmp_path.glob("e.duckdb*"))


def test_a_full_disk_is_said(exports, tmp_path):
    done = load(exports / "large.csv", tmp_path / "e.duckdb", limited=True)
    (error,) = [line for line in done.stderr.splitlines() if "error:" in line]
    assert "a file may not grow so large" in error, error


@pytest.mark.parametrize(
    ("old", "new", "encoding"),
    [
        ("1,a", "1,a", "utf-16"),
        ("1,a", "1,\xe4", "latin-1"),
        ("\n", "\r\n", "utf-8"),
        ("1,a", '1,"a', "utf-8"),
    ],
)
def test_a_copy_without_room_is_no_damage_of_the_export(exports, tmp_path, old, new, encoding):
    export = tmp_path / "export.csv"
    text = (exports / "large.csv").read_text()
    export.write_bytes(text.replace(old, new, 1).encode(encoding))
    assert_no_room(load(export, tmp_path / "e.duckdb", limited=True), tmp_path)


def test_standard_input_without_room_for_it_is_said(exports, tmp_path):
    done = load(exports / "large.csv", tmp_path / "e.duckdb", limited=True, piped=True)
    assert_no_room(done, exports)


def assert_no_room(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    assert done.returncode == 5, done.stderr
    assert f"the temporary folder {folder} has no room" in done.stderr
    assert "TMPDIR" in done.stderr
