"""`hourglass people` as a person types it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.short_logs import (
    ALL,
    FOUR,
    GAP,
    WINDOW,
    WITHIN,
    answer,
    excluding,
    minute,
    pair,
    said,
)

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


def the_one(folder: Path, events: str, config: str, *words: str) -> dict[str, Any]:
    """Return the row of the one person of a short log."""
    listed = answer(folder, ("people", "--all"), events, config, *words)["people"]
    (row,) = [one for one in listed if one["user_id"] == "u"]
    found: dict[str, Any] = row
    return found


STRUCK = {
    "the attempt that counts, if it was cut short": (
        excluding("a", "d", "x"), "keep", "a0 b1 x2 c3 a10 b11 x12 c13 d14", (2, 2, "x")
    ),
    "struck furthest on": (
        excluding("a", "d", "x"), "void", "a0 x1 b2 c3 d4 a10 b11 x12 c13", (0, 12, "x")
    ),
    "where it stood, if nothing came after the strike": (
        excluding("a", "d", "x"), "void", "a0 x1 b2 a10 b11 c12 x13", (0, 13, "x")
    ),
    "a stage at the instant of the strike did not come after it": (
        excluding("a", "d", "x"), "void", "a0 b1 x1 c2 a10 x11 b12 c13 d14", (0, 1, "x")
    ),
    "then the one that came furthest": (
        excluding("a", "d", "x"), "void", "a0 x1 b2 a10 x11 b12 c13", (0, 11, "x")
    ),
    "then the one struck first": (
        excluding("a", "d", "x"), "void", "a0 x1 b2 a10 x11 b12", (0, 1, "x")
    ),
    "then the latest entry": (
        excluding("a", "c", "y") + excluding("b", "c", "x"), "void", "a0 b1 a2 b3 x3 y3 c4",
        (0, 3, "y"),
    ),
    "the one before its two stages excludes nothing": (
        excluding("a", "b", "y") + excluding("b", "c", "x"), "void", "a0 x1 y1 b2 c3", (0, 1, "y")
    ),
    "the one after its two stages excludes nothing": (
        excluding("b", "c", "y") + excluding("a", "b", "x"), "void", "a0 b1 x2 y2 c3", (0, 2, "y")
    ),
    "nor does one at the very instant of a stage": (
        excluding("a", "c", "y") + excluding("a", "b", "x"), "void", "a0 b1 x1 y1 c2", (0, 1, "y")
    ),
    "of several at once the name that sorts first": (
        excluding("a", "b", "yx"), "void", "a0 y1 x1 b2", (0, 1, "x")
    ),
    "and not one that comes later": (
        excluding("a", "b", "yx"), "void", "a0 y1 x2 b3", (0, 1, "y")
    ),
    "only those with the condition": (
        excluding("a", "b", "yx", "p = 'no'"), "void", "a0 y1=no x1=yes b2", (0, 1, "y")
    ),
    "any event, if all are named": (
        excluding("a", "b", "*"), "void", "a0 q1 b2", (0, 1, "q")
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STRUCK)
def test_of_several_strikes_the_list_tells_one(tmp_path: Path, case: str) -> None:
    exclusions, how, events, told = STRUCK[case]
    row = the_one(tmp_path, events, FOUR + exclusions, "--exclusion", how, *WINDOW)
    assert row["reason"] == "excluded"
    assert (row["reached"], minute(row["excluded"]), row["excluded_by"]) == told


STRUCK_IN_ANY_ORDER = {
    "after the opening, not with it": ("a0 x0 b1 x2 c3 d4", (2, 2, "x")),
    "a microsecond after it": ("a0 x0.00000002 b1 x2 c3 d4", (2, 0, "x")),
    "most stages": ("a0 x1 b2 a20 b21 x22 c23", (1, 22, "x")),
    "then the one struck first": ("a0 x1 b2 a20 x21 b22", (1, 1, "x")),
    "the stages it lacks do not end it": ("a0 b1 c2 x5", (0, 5, "x")),
}


@pytest.mark.parametrize("case", STRUCK_IN_ANY_ORDER)
def test_of_several_strikes_in_any_order_the_list_tells_one(tmp_path: Path, case: str) -> None:
    events, told = STRUCK_IN_ANY_ORDER[case]
    config = FOUR + excluding("a", "d", "x")
    row = the_one(tmp_path, events, config, "--order", "any", *WINDOW)
    assert row["reason"] == "excluded"
    assert (row["reached"], minute(row["excluded"]), row["excluded_by"]) == told


def test_nobody_is_excluded_while_the_window_is_open(tmp_path: Path) -> None:
    asked = (FOUR + excluding("a", "d", "x"), "--exclusion", "keep", "--window", "2 days")
    row = the_one(tmp_path, "a0 x1 b2", *asked)
    told = row["reached"], row["reason"], row["excluded"], row["excluded_by"]
    assert told == (1, "still open", None, None)


def test_nothing_in_any_order_was_struck_that_came_no_further(tmp_path: Path) -> None:
    config = FOUR + excluding("a", "d", "x")
    row = the_one(tmp_path, "a0 x1 b2 c30 d31", config, "--order", "any", *WINDOW)
    assert (row["reached"], row["reason"], row["excluded"]) == (2, "before", None)


PREVIOUS = ("--window-from", "previous")
STRICT, HOLD, ANY = ("--order", "strict"), ("--hold", "p"), ("--order", "any")
WHY = [
    ("a0 x1 b2", pair(), STRICT, "interrupted"),
    ("a0 x1 b6", pair(), STRICT, "too late"),
    ("a0 x1 b3", pair(), (*STRICT, "--window", "3 minutes"), "interrupted"),
    ("a0 x1 b6", pair(), (*STRICT, *PREVIOUS), "too late"),
    ("a0 b4 x5 c9", FOUR, (*STRICT, *PREVIOUS), "interrupted"),
    ("b0 a1", pair(), STRICT, "before"),
    ("a0=v b1=w", pair(), (*STRICT, *HOLD), "other value"),
    ("a0=v x1 b2=w", pair(), (*STRICT, *HOLD), "interrupted"),
    ("a0=v b1=w", pair(), HOLD, "other value"),
    ("a0=v b1", pair(), HOLD, "other value"),
    ("a0=v b6=w", pair(), HOLD, "too late"),
    ("a0=v b3=w", pair(WITHIN), HOLD, "other value"),
    ("a0=v b4=w", pair(WITHIN), HOLD, "too late"),
    ("a0=v b2=w", pair(GAP), HOLD, "other value"),
    ("a0=v b1=w", pair(GAP), HOLD, "too soon"),
    ("a0=v b0=w", pair(), HOLD, "other value"),
    ("a0=v b0=w", pair(), (*HOLD, "--ties", "later"), "tie"),
    ("b0=w a1=v", pair(), HOLD, "before"),
    ("b0=w a1=v", pair(), (*HOLD, "--tie-tolerance", "1 minute"), "other value"),
    ("b0=w a1=v", pair(), (*HOLD, "--tie-tolerance", "59 seconds"), "before"),
    ("a0=v", pair(event="a"), HOLD, "reused"),
    ("a0=v q1=w", pair(event="*"), HOLD, "other value"),
    ("a0=v q1=v", pair(event="*"), HOLD, "completed"),
    ("a0=v c1=w b2=v", FOUR, (*ANY, *HOLD), "other value"),
    ("a0", pair(event="a"), (), "reused"),
    ("a0 b0", pair(GAP), (), "too soon"),
    ("a0 b1", pair(GAP), (), "too soon"),
    ("b0 a1", pair(GAP), (), "before"),
    ("a0 b6", pair(), (), "too late"),
    ("a0 b4 c6", pair(more=', c = { events = ["c"]' + GAP + " }"), (), "too late"),
    ("a0", pair(), ("--window", "1 day"), "never"),
    ("a0", pair(), ("--window", "25 hours"), "still open"),
    ("b0", pair(), (), "not entered"),
    ("a0=v a0=w", pair(', where = "p = \'v\'"', "a"), HOLD, "reused"),
    ("a0=v c1=v b1=w", pair(", nth = 2", more=', c = ["c"]'), HOLD, "never"),
    *((log, pair(), (*ALL, *rule), "never")
      for rule in [(), HOLD, ("--ties", "row"), ANY]
      for log in ["b4=v a10=v", "a10=v b20=v"]),
    *((log, pair(), (*ALL, *rule), why)
      for rule in [(), HOLD, ("--ties", "row")]
      for log, why in [("b5=v a10=v", "before"), ("a10=v b19=v", "too late")]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "config", "words", "reason"), WHY, ids=map(said, WHY))
def test_the_first_reason_that_holds(
    tmp_path: Path, events: str, config: str, words: tuple[str, ...], reason: str
) -> None:
    window = () if "--window" in words else WINDOW
    row = the_one(tmp_path, events, config, *words, *window)
    assert row["reason"] == reason


ANYTHING = pair(event="*", more=', c = ["c"]')
ONE_LINE = pair(', where = "k = 2"')


MISSING = [
    ("b10", FOUR, (), "a, c, d"),
    ("b10 a15 c15.001", FOUR, (), "c, d"),
    ("a10 b11 c12 d13", FOUR, (), None),
    ("b18 a19 c20 d21", FOUR, ALL, "c, d"),
    ("a10=v b11=w", FOUR, HOLD, "b, c, d"),
    ("a10=v", ANYTHING, (*HOLD, "--reuse"), "c"),
    ("a10=v b11=w b11=v", ONE_LINE, HOLD, "b"),
    ("c0", '[models.m]\nstages = { b = ["b"], c = ["c"], a = ["a"] }\n', (), "b, a"),
]


@pytest.mark.parametrize(("events", "config", "words", "missing"), MISSING, ids=map(said, MISSING))
def test_in_any_order_what_is_missing_is_named_in_the_order_of_the_model(
    tmp_path: Path, events: str, config: str, words: tuple[str, ...], missing: str | None
) -> None:
    row = the_one(tmp_path, events, config, *ANY, *words, *WINDOW)
    assert row["missing"] == missing


LISTED = [
    ("a0 b1 c2", ("--stage", "b"), True),
    ("a0 b1", ("--stage", "b"), True),
    ("a0", ("--stage", "b"), False),
    ("a0 b1 c2", ("--dropped", "b"), False),
    ("a0 b1", ("--dropped", "b"), True),
    ("a0", ("--dropped", "b"), False),
    ("b0", (), True),
    ("b0", ("--reason", "not entered"), True),
    ("b0", ("--reason", "never"), False),
]


@pytest.mark.parametrize(("events", "words", "listed"), LISTED, ids=map(said, LISTED))
def test_who_is_listed(
    tmp_path: Path, events: str, words: tuple[str, ...], *, listed: bool
) -> None:
    found = answer(tmp_path, ("people", "--all"), events, FOUR, *words, *WINDOW)
    assert any(row["user_id"] == "u" for row in found["people"]) == listed
