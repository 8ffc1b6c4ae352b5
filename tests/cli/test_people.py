"""`hourglass people` as a person types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
EXPORT = """user_id,event,ts
a,view,2026-01-05 10:00
a,cart,2026-01-06 10:00
a,order,2026-01-07 10:00
=b,view,2026-01-05 10:00
=b,cart,2026-01-06 10:00:00.25
d,cart,2026-01-05 10:00
d,view,2026-01-06 10:00
e,order,2026-01-06 10:00
"f,\x1b[31m",view,2026-01-01 10:00
"f,\x1b[31m",cart,2026-03-01 10:00
,cart,2026-03-01 10:00
"""
ASKED = ("people", "export.csv", "--steps", "view,cart,order", "--window", "10 days")
WHOLE = """user_id,reached,stage,reason,entered,t_view,t_cart,t_order,seconds_to_cart,seconds_to_order
=b,2,cart,never,2026-01-05T10:00:00.000000Z,2026-01-05T10:00:00.000000Z,2026-01-06T10:00:00.250000Z,,86400.25,
a,3,order,completed,2026-01-05T10:00:00.000000Z,2026-01-05T10:00:00.000000Z,2026-01-06T10:00:00.000000Z,2026-01-07T10:00:00.000000Z,86400.0,86400.0
d,1,view,before,2026-01-06T10:00:00.000000Z,2026-01-06T10:00:00.000000Z,,,,
"f,\x1b[31m",1,view,too late,2026-01-01T10:00:00.000000Z,2026-01-01T10:00:00.000000Z,,,,
"""  # noqa: E501


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    return tmp_path


def hourglass(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "hourglass", *words]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=settings)


def test_csv_is_the_same_on_standard_output_and_in_a_file(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "--format", "csv")
    assert (done.returncode, done.stdout.decode()) == (0, WHOLE)
    done = hourglass(folder, *ASKED, "-o", "people.csv")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"wrote people.csv" in done.stderr
    assert (folder / "people.csv").read_text("utf-8") == WHOLE
    assert {one.name for one in folder.iterdir()} == {"export.csv", "people.csv"}


def test_parquet_holds_instants_as_instants_and_repeats_its_bytes(folder: Path) -> None:
    for name in ("one.parquet", "two.PARQUET"):
        assert hourglass(folder, *ASKED, "--all", "-o", name).returncode == 0
    assert (folder / "one.parquet").read_bytes() == (folder / "two.PARQUET").read_bytes()
    frame = pl.read_parquet(folder / "one.parquet")
    assert frame["user_id"].to_list() == ["=b", "a", "d", "e", "f,\x1b[31m"]
    assert frame["reason"].to_list() == ["never", "completed", "before", "not entered", "too late"]
    assert frame.schema["t_cart"] == pl.Datetime("us")
    assert frame["seconds_to_cart"].to_list() == [86400.25, 86400.0, None, None, None]


def test_a_table_shows_a_few_and_says_of_how_many(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "--limit", "2", "--tz", "Europe/Helsinki")
    text = done.stdout.decode()
    assert "=b            2  cart   never      2026-01-05T12:00:00+02:00      1 d" in text
    assert "2 of 4 people are listed" in text
    assert "before          1" in text  # counted all the same
    shown = hourglass(folder, *ASKED).stdout.decode()
    assert "f,\\x1b[31m" in shown
    assert "\x1b" not in shown
    assert "people are listed" not in shown


def test_the_json_has_everybody_with_all_columns(folder: Path) -> None:
    found = json.loads(hourglass(folder, *ASKED, "--format", "json").stdout)
    assert found["analysis"] == "people"
    assert found["rules"]["window"] == 864_000
    assert [one["user_id"] for one in found["people"]] == ["=b", "a", "d", "f,\x1b[31m"]
    assert found["people"][0]["t_cart"] == "2026-01-06T10:00:00.250000Z"
    assert {one["reason"]: one["people"] for one in found["reasons"]} == dict.fromkeys(
        ("before", "too late", "never", "completed"), 1
    )


def test_cells_that_a_spreadsheet_would_run_are_guarded(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "--spreadsheet", "-o", "people.csv")
    assert done.returncode == 0
    assert (folder / "people.csv").read_text("utf-8") == WHOLE.replace("\n=b", "\n'=b")


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("--stage", "cart"), ["=b", "a"]),
        (("--dropped", "view"), ["d", "f,\x1b[31m"]),
        (("--dropped", "view", "--reason", "too late"), ["f,\x1b[31m"]),
        (("--reason", "not entered"), ["e"]),
        (("--limit", "1"), ["=b"]),
        (("--reason", "reused"), []),
    ],
)
def test_part_of_the_people(folder: Path, words: tuple[str, ...], ids: list[str]) -> None:
    done = hourglass(folder, *ASKED, *words, "--format", "jsonl")
    assert [json.loads(line)["user_id"] for line in done.stdout.splitlines()] == ids


def test_in_any_order_the_missing_stages_are_a_column(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "--order", "any", "--dropped", "any 2", "-o", "people.csv")
    assert done.returncode == 0
    assert (folder / "people.csv").read_text("utf-8") == (
        "user_id,reached,stage,reason,entered,missing,"
        "t_any 1,t_any 2,t_any 3,seconds_to_any 2,seconds_to_any 3\n"
        "=b,2,any 2,never,2026-01-05T10:00:00.000000Z,order,"
        "2026-01-05T10:00:00.000000Z,2026-01-06T10:00:00.250000Z,,86400.25,\n"
        "d,2,any 2,never,2026-01-05T10:00:00.000000Z,order,"
        "2026-01-05T10:00:00.000000Z,2026-01-06T10:00:00.000000Z,,86400.0,\n"
    )


CHECKOUT = """[models.checkout]
stages = { view = ["view"], cart = ["cart"], order = ["order"] }
[[models.checkout.exclusions]]
events = ["cleared"]
from = "cart"
to = "order"
"""
CLEARED = """user_id,event,ts
a,view,2026-01-05 10:00
a,cart,2026-01-05 10:05
a,cleared,2026-01-05 10:06
a,order,2026-01-05 10:07
b,view,2026-01-05 10:00
c,order,2026-01-05 10:00
"""


@pytest.mark.parametrize(
    ("how", "row"),
    [
        ("drop", "a,0,,excluded,,2026-01-05T10:06:00.000000Z,cleared,,,,,"),
        ("void", "a,0,,excluded,,2026-01-05T10:06:00.000000Z,cleared,,,,,"),
        ("keep", "a,2,cart,excluded,2026-01-05T10:00:00.000000Z,2026-01-05T10:06:00.000000Z,"
         "cleared,2026-01-05T10:00:00.000000Z,2026-01-05T10:05:00.000000Z,,300.0,"),
    ],
)  # fmt: skip
def test_who_was_excluded_is_listed_with_when_and_by_which_event(
    folder: Path, how: str, row: str
) -> None:
    (folder / "hourglass.toml").write_text(CHECKOUT, encoding="utf-8")
    (folder / "export.csv").write_text(CLEARED, encoding="utf-8")
    asked = ("people", "export.csv", "--model", "checkout", "--exclusion", how)
    done = hourglass(folder, *asked, "--reason", "excluded", "--all", "--format", "csv")
    head, *rows = done.stdout.decode().splitlines()
    assert head.startswith("user_id,reached,stage,reason,entered,excluded,excluded_by,t_view,")
    assert rows == [row]
    entered = hourglass(folder, *asked, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["user_id"] for line in entered] == (
        ["a", "b"] if how == "keep" else ["b"]
    )


def test_a_database_answers_as_the_export_does(folder: Path) -> None:
    assert hourglass(folder, "load", "export.csv", "--db", "e.duckdb").returncode == 0
    done = hourglass(folder, *ASKED[:1], "--db", "e.duckdb", *ASKED[2:], "--format", "csv")
    assert done.stdout.decode() == WHOLE


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("-o", "nowhere/people.csv"), 5, b"nowhere/people.csv could not be written"),
        (("-o", "people.xlsx"), 2, b"no format is known"),
        (("--spreadsheet",), 2, b"--spreadsheet guards the cells of CSV alone"),
        (("--spreadsheet", "-o", "x.parquet"), 2, b"--spreadsheet guards the cells of CSV alone"),
        (("--by", "event"), 2, b"--by breaks counts down"),
        (("--stage", "crat", "-o", "x.csv"), 2, b'did you mean "cart"?'),
        (("--dropped", "order"), 2, b"order is the last stage"),
        (("--reason", "bored"), 2, b"'bored'"),
        (("--order", "any", "--stage", "cart"), 2, b'has no stage "cart" in any order'),
    ],
)
def test_failures_leave_no_file(
    folder: Path, words: tuple[str, ...], code: int, said: bytes
) -> None:
    done = hourglass(folder, *ASKED, *words)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert [one.name for one in folder.iterdir()] == ["export.csv"]


def test_a_failure_leaves_the_old_file(folder: Path) -> None:
    (folder / "people.csv").write_text("old")
    assert hourglass(folder, *ASKED, "--stage", "no", "-o", "people.csv").returncode == 2
    assert (folder / "people.csv").read_text() == "old"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no devices here")
def test_a_device_is_written_to(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "--format", "csv", "-o", "/dev/stdout")
    assert done.stdout.decode() == WHOLE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_said(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "-o", "/dev/full", "--format", "csv")
    assert done.returncode == 5
    assert b"/dev/full could not be written: No space left on device" in done.stderr
