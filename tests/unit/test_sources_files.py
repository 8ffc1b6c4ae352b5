"""Names, globs, folders and pipes become files, each once."""

import errno
import io
import os
import sys
from pathlib import Path

import pytest

from hourglass.errors import DataError
from hourglass.sources.files import SourceFile, find_files, left_out, load_hint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.csv", "notes.md", ".hidden.csv", "_SUCCESS", "x.csv.crc",
                 "manifest.json", "manifest", "2024-03-01_manifest.json", "part-0",
                 "README.txt", "readme", "deep/c.jsonl.gz", "deep/.git/d.csv"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("user_id,event,ts\n")
    return tmp_path


def names(files):
    return [file.path.name for file in files]


def test_a_folder_is_read_with_all_below_but_what_is_no_data(folder):
    assert names(find_files([str(folder)])) == ["a.csv", "b.csv", "c.jsonl.gz", "part-0"]
    named = folder / "manifest.json"
    assert names(find_files([str(named)])) == ["manifest.json"]


def test_files_of_a_folder_that_may_be_data_and_are_not_read_are_said(folder):
    assert left_out([str(folder), str(folder / "a.csv")]) == ()
    for name in ("feb.xlsx", "deep/mar.avro", "apr.log", "b.csv.1", "events.duckdb"):
        (folder / name).touch()
    assert left_out([str(folder)]) == (
        f"{folder}: left out are files of unknown endings: apr.log, b.csv.1, deep/mar.avro"
        " and 1 more",
    )


@pytest.mark.parametrize(
    ("mark", "data"),
    [
        ("_delta_log/00000000000000000010.checkpoint.parquet", "day=1/part-0-a.snappy.parquet"),
        (".hoodie/hoodie.properties", "2026/a_1-0-1_2026.parquet"),
        ("metadata/v1.metadata.json", "data/0.parquet"),
    ],
)
def test_a_table_whose_folder_may_have_rows_that_it_has_no_more_is_refused(tmp_path, mark, data):
    """A Delta table was read with the files that an update had replaced: all rows twice."""
    table = tmp_path / "lake" / "events"
    for name in (mark, data):
        (table / name).parent.mkdir(parents=True)
        (table / name).touch()
    with pytest.raises(DataError, match=r"events is an? \w+ table: files with rows") as caught:
        find_files([str(tmp_path)])
    assert caught.value.hint
    named = caught.value.hint.rsplit(" ", 1)[1].strip("'")
    assert names(find_files([named])) == [Path(data).name]


def test_globs_are_expanded_in_order(folder):
    assert names(find_files([str(folder / "*.csv")])) == ["a.csv", "b.csv"]
    assert names(find_files([str(folder / "**" / "c*")])) == ["c.jsonl.gz"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path):
    path = tmp_path / "export[1].csv"
    path.write_text("a\n")
    assert find_files([str(path)])[0].path == path


def test_each_file_is_read_once(folder):
    assert names(find_files([str(folder / "a.csv"), str(folder)])).count("a.csv") == 1


def test_standard_input_is_kept_in_a_private_file(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"user_id,event,ts\n")))
    (file,) = find_files(["-"])
    assert file.name == "standard input"
    assert file.path.read_bytes() == b"user_id,event,ts\n"
    assert file.path.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_a_standard_input_that_is_closed_is_said(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="standard input is closed"):
        find_files(["-"])


def test_a_missing_file_names_the_nearest(folder):
    with pytest.raises(DataError, match=r'aa\.csv does not exist; did you mean "a\.csv"'):
        find_files([str(folder / "aa.csv")])


@pytest.mark.parametrize("argument", ["no/such/folder/a.csv", "nothing*.csv"])
def test_what_leads_nowhere_is_said(tmp_path, argument):
    with pytest.raises(DataError):
        find_files([str(tmp_path / argument)])


def test_a_folder_without_events_is_said(tmp_path):
    (tmp_path / "readme.md").write_text("hello")
    with pytest.raises(DataError, match="no events in the folder"):
        find_files([str(tmp_path)])


def test_a_hint_to_load_names_files_that_can_be_named(folder):
    few = find_files([str(folder / "a.csv"), str(folder / "b.csv")])
    assert load_hint(few).endswith(
        f"hourglass load {folder}/a.csv {folder}/b.csv --db events.duckdb"
    )
    inside = SourceFile(path=folder / "a.csv", name="export.zip/a.csv")
    assert load_hint([*few, inside]).endswith("hourglass load FILES --db events.duckdb")
    assert load_hint(few * 9).endswith("hourglass load FILES --db events.duckdb")


def test_folders_that_links_lead_to_are_read_once_each(folder):
    other = folder.parent / f"{folder.name}-other"
    (other / "deep").mkdir(parents=True)
    (other / "deep" / "z.csv").touch()
    (other / "notes.log").touch()
    (folder / "2025").symlink_to(other)
    (other / "back").symlink_to(folder)
    (folder / "again").symlink_to(folder / "deep")
    found = find_files([str(folder)])
    assert sorted(names(found)) == ["a.csv", "b.csv", "c.jsonl.gz", "part-0", "z.csv"]
    told = [file.name for file in found]
    assert {str(folder / "2025/deep/z.csv"), str(folder / "deep/c.jsonl.gz")} <= set(told)
    assert "2025/notes.log" in left_out([str(folder)])[0]


@pytest.mark.parametrize("argument", ["", "*.csv", "latest.csv"])
def test_a_link_that_leads_nowhere_is_said(folder, argument):
    (folder / "latest.csv").symlink_to("/no/such/export.csv")
    with pytest.raises(DataError) as failure:
        find_files([str(folder / argument)])
    assert failure.value.message == (
        f"{folder}/latest.csv is a link that leads nowhere: there is no /no/such/export.csv"
    )


def test_a_link_to_nowhere_that_is_no_data_is_nothing(folder):
    for name in (".#a.csv", "_old.csv", "old.md"):
        (folder / name).symlink_to("/no/such/file")
    assert names(find_files([str(folder)])) == ["a.csv", "b.csv", "c.jsonl.gz", "part-0"]


@pytest.mark.parametrize(("owner", "call"), [(os, "scandir"), (Path, "is_file")])
def test_a_folder_that_may_not_be_read_is_an_error(folder, monkeypatch, owner, call):
    """It may neither be listed nor gone into; refused here by hand, as root may do both."""
    plain = getattr(owner, call)

    def refused(path):
        if "deep" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(owner, call, refused)
    with pytest.raises(DataError, match="may not be read"):
        find_files([str(folder)])
