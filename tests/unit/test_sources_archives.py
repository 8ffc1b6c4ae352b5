"""ZIP archives: every member is a file of its own, and none may fill the disk."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError, OutputError
from hourglass.load import load
from hourglass.sources import archives
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

CSV = b"user_id,event,ts\n1,a,2024-01-01\n2,b,soon\n"
LINE = json.dumps({"user_id": "3", "event": "c", "ts": "2024-01-02"}).encode()


def archive(path: Path, **members: bytes) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return str(path)


@pytest.fixture
def many(tmp_path):
    return archive(
        tmp_path / "export.dat",
        **{
            "b.csv": CSV,
            "a.csv": CSV.replace(b"1,a", b"4,a"),
            "/MACOSX/._a.csv": b"\x00rubbish",
            ".hidden.csv": b"rubbish",
            "manifest.json": b"{}",
            "readme.pdf": b"%PDF",
            "folder/": b"",
        },
    )


def test_members_are_files_with_counts_of_their_own(many):
    facts = attach(connect(), find_files([many]))
    assert [(one.file.name, one.rows, one.rejected) for one in facts.files] == [
        (f"{many}/a.csv", 2, 1),
        (f"{many}/b.csv", 2, 1),
    ]
    assert facts.examples[0].startswith(f"{many}/a.csv line 3: ")


def test_packed_members_are_unpacked_too(tmp_path):
    name = "100/100_2024-01-01_1#{}.json.gz"
    lines = {name.format(n): gzip.compress((LINE + b"\n") * n) for n in (1, 2)}
    path = archive(tmp_path / "e.zip", **lines)
    connection = connect()
    facts = attach(connection, find_files([path]))
    assert facts.format == "json lines (gzip)"
    assert connection.execute("SELECT user_id FROM events").fetchall() == [("3",)] * 3


def test_members_are_loaded_once_each(tmp_path, many):
    db = tmp_path / "e.duckdb"
    loaded = load(db, [many])
    assert [one.accepted for one in loaded.files] == [1, 1]
    assert len(load(db, [many]).known) == 2


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as made:
        made.writestr("a.csv", CSV)
        made.writestr("a.csv", CSV.replace(b"1,a", b"4,a"))
    path = str(tmp_path / "e.zip")
    assert [file.name for file in find_files([path])] == [f"{path}/a.csv", f"{path}/a.csv (2)"]
    assert len(load(tmp_path / "e.duckdb", [path]).files) == 2
    assert load(tmp_path / "e.duckdb", [path]).files == ()


def test_a_folder_and_standard_input_may_hold_archives(tmp_path, many, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ZIP").write_bytes(Path(many).read_bytes())
    assert len(find_files([str(tmp_path / "in")])) == 2
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(many).read_bytes())))
    assert [file.name for file in find_files(["-"])] == [
        "standard input/a.csv",
        "standard input/b.csv",
    ]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"readme.pdf": b"%PDF"}, "no events in the archive"),
        ({"[Content_Types].xml": b"<x>", "xl/sheet1.xml": b"<x>"}, "is a spreadsheet"),
        ({}, "no events in the archive"),
    ],
)
def test_an_archive_without_events_says_what_it_is(tmp_path, members, message):
    with pytest.raises(DataError, match=message):
        find_files([archive(tmp_path / "e.zip", **members)])


def test_an_archive_in_an_archive_is_said(tmp_path, many):
    path = archive(tmp_path / "e.zip", **{"inner.zip": Path(many).read_bytes()})
    with pytest.raises(DataError, match=r"e\.zip/inner\.zip is a ZIP archive"):
        attach(connect(), find_files([path]))


def test_damage_and_passwords_are_said(tmp_path, many):
    content = bytearray(Path(many).read_bytes())
    at = content.index(b"a.csv") + 12
    content[at : at + 4] = bytes(4)
    Path(many).write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        find_files([many])
    locked = bytearray(Path(archive(tmp_path / "l.zip", **{"a.csv": CSV})).read_bytes())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "l.zip").write_bytes(locked)
    with pytest.raises(DataError, match="password"):
        find_files([str(tmp_path / "l.zip")])


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    path = archive(tmp_path / "e.zip", **{"a.csv": b"0" * (1 << 22)})
    monkeypatch.setattr(archives, "_FREE", 1 << 20)
    with pytest.raises(DataError, match="over 500 times its size"):
        find_files([path])


def test_an_archive_larger_than_the_disk_is_not_begun(tmp_path, many, monkeypatch):
    monkeypatch.setattr(archives, "_ROOM", 1 << 60)
    with pytest.raises(OutputError, match="more than the disk has free"):
        find_files([many])


@pytest.mark.parametrize("packed", ["w", "w:gz"])
def test_a_tar_archive_is_to_be_unpacked(tmp_path, packed):
    path = tmp_path / "export.csv"
    path.write_text("user_id,event,ts\n")
    with tarfile.open(tmp_path / "export.tar.gz", packed) as archive:
        archive.add(path, "export.csv")
    with pytest.raises(DataError, match=r"export\.tar\.gz is a tar archive") as failure:
        attach(connect(), find_files([str(tmp_path / "export.tar.gz")]))
    assert (failure.value.hint or "").startswith("unpack it first: tar -xf ")
