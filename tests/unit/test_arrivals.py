"""A file is what it holds, and where it lies: loaded once, asked about when it changed."""

import gzip
import hashlib
import shutil
from pathlib import Path

import pytest

from hourglass.database import open_database
from hourglass.engines.connect import connect
from hourglass.errors import DataError, UsageError
from hourglass.load import Wishes, load

NAMES = "user_id,event,ts\n"
JANUARY, FEBRUARY = f"{NAMES}a,view,2024-01-01\n", f"{NAMES}b,view,2024-02-01\n"
CORRECTED = f"{NAMES}c,view,2024-01-02\n"


@pytest.fixture
def db(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("jan", JANUARY), ("feb", FEBRUARY)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "export.csv").write_text(text)
    return tmp_path / "events.duckdb"


def users(db: Path) -> list[str]:
    connection, _ = open_database(db)
    with connection:
        return [user for (user,) in connection.execute("SELECT user_id FROM events").fetchall()]


def test_content_that_is_packed_later_is_no_other(db):
    load(db, ["jan/export.csv"])
    Path("old.csv.gz").write_bytes(gzip.compress(JANUARY.encode(), mtime=1))
    assert load(db, ["old.csv.gz"]).known == ("old.csv.gz",)
    Path("again.csv.gz").write_bytes(gzip.compress(JANUARY.encode(), mtime=2))
    assert load(db, ["again.csv.gz"]).known == ("again.csv.gz",)
    assert users(db) == ["a"]


def test_what_an_older_program_knew_as_packed_is_known(db):
    packed = gzip.compress(JANUARY.encode())
    Path("jan.csv.gz").write_bytes(packed)
    load(db, ["jan.csv.gz"])
    with connect(db) as connection:
        print_ = hashlib.sha256(packed).hexdigest()
        connection.execute("UPDATE loads SET fingerprint = ?", [print_])
        connection.execute("DELETE FROM meta WHERE key = 'places'")
    assert load(db, ["jan.csv.gz"]).known == ("jan.csv.gz",)


def test_a_packed_file_that_is_damaged_is_said_to_be(db):
    Path("cut.csv.gz").write_bytes(gzip.compress(JANUARY.encode() * 99)[:-12])
    with pytest.raises(DataError, match=r"cut\.csv\.gz is damaged"):
        load(db, ["cut.csv.gz"])


def test_a_file_is_the_same_from_another_folder(db, monkeypatch):
    load(db, ["jan/export.csv"])
    Path("jan/export.csv").write_text(CORRECTED)
    monkeypatch.chdir("jan")
    with pytest.raises(UsageError, match="was loaded before, with other content"):
        load(db, ["export.csv"])
    load(db, ["export.csv"], wishes=Wishes(renew=True))
    assert users(db) == ["c"]


def test_files_of_one_name_in_two_folders_are_two(db, monkeypatch):
    for name in ("jan", "feb"):
        monkeypatch.chdir(db.parent / name)
        load(db, ["export.csv"])
    assert users(db) == ["a", "b"]
    connection, facts = open_database(db)
    connection.close()
    assert [one.file.name for one in facts.files] == ["export.csv", str(Path.cwd() / "export.csv")]
    Path("export.csv").write_text(CORRECTED)
    load(db, ["export.csv"], wishes=Wishes(renew=True))
    assert users(db) == ["a", "c"]


def test_a_folder_that_was_moved_has_the_files_of_its_names(db, monkeypatch):
    load(db, ["jan/export.csv"])
    Path("elsewhere").mkdir()
    shutil.move("jan", "elsewhere/jan")
    Path("elsewhere/jan/export.csv").write_text(CORRECTED)
    monkeypatch.chdir("elsewhere")
    with pytest.raises(UsageError, match="was loaded before, with other content"):
        load(db, ["jan/export.csv"])
