"""`hourglass funnel --times`: bins that are the same for all data, zeros in one of their own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

EVENTS = [
    ("a", "view", "2026-01-01 10:00:00"),
    ("a", "cart", "2026-01-01 10:00:00"),  # at once
    ("a", "pay", "2026-01-02 10:00:00"),  # exactly a day: the bound belongs to the bin above
    ("b", "view", "2026-01-01 10:00:00"),
    ("b", "cart", "2026-01-01 10:00:00.5"),
    ("b", "pay", "2026-01-02 10:00:00"),  # a day but half a second
    ("c", "view", "2026-01-01 10:00:00"),
    ("c", "cart", "2027-01-01 10:00:00"),  # exactly 365 days
]
ASKED = ("funnel", "export.csv", "--steps", "view,cart,pay", "--times", "-q")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{','.join(row)}\n" for row in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts\n{rows}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_the_json_has_bins_with_bounds_in_seconds() -> None:
    found = json.loads(run(*ASKED, "-f", "json").stdout)
    day = 86400.0
    assert {
        (row["time_from"], row["stage"], row["low_seconds"], row["high_seconds"]): row["users"]
        for row in found["histogram"]
        if row["users"]
    } == {
        ("previous", "cart", 0.0, 0.0): 1,
        ("previous", "cart", 0.0, 1.0): 1,
        ("previous", "cart", 365 * day, None): 1,
        ("previous", "pay", day / 2, day): 1,
        ("previous", "pay", day, 3 * day): 1,
        ("entry", "cart", 0.0, 0.0): 1,
        ("entry", "cart", 0.0, 1.0): 1,
        ("entry", "cart", 365 * day, None): 1,
        ("entry", "pay", day, 3 * day): 2,
    }
    assert found["times"][-1] == {
        "position": 3, "stage": "pay", "time_from": "entry", "users": 2,
        "median_seconds": day, "p90_seconds": day, "mean_seconds": day,
    }  # fmt: skip
    assert len(found["histogram"]) == 4 * 17


def test_the_terminal_has_bars_from_the_first_bin_with_anybody_to_the_last() -> None:
    lines = [line.split() for line in run(*ASKED[:-2], "--times", "-q").stdout.splitlines()]
    assert ["0", "s", "1", "████████", "0", "▏", "0", "▏"] in lines
    assert ["12", "h", "to", "1", "d", "0", "▏", "1", "████████", "0", "▏"] in lines
    assert ["1", "d", "to", "3", "d", "0", "▏", "1", "████████", "2", "████████"] in lines
    assert ["365", "d", "or", "more", "1", "████████", "0", "▏", "0", "▏"] in lines


def test_nobody_who_came_further_leaves_the_histogram_empty() -> None:
    done = run(*ASKED, "--window", "1us", "--ties", "later")
    assert done.exit_code == 0, done.stderr
    assert "How many took how long; " in done.stdout
    early = run(*ASKED, "--until", "2020-01-01")
    assert early.exit_code == 0, early.stderr


def test_csv_and_lines_hold_the_histogram() -> None:
    rows = run(*ASKED, "-f", "csv").stdout.splitlines()
    assert rows[:3] == [
        "position,stage,time_from,low_seconds,high_seconds,users",
        "2,cart,previous,0.0,0.0,1",
        "2,cart,previous,0.0,1.0,1",
    ]
    assert len(run(*ASKED, "-f", "jsonl").stdout.splitlines()) == 4 * 17
    assert "| 0 s | 1 ████████ | 0 ▏" in run(*ASKED, "-f", "md").stdout


def test_a_breakdown_is_refused_by_name() -> None:
    done = run(*ASKED, "--by", "event")
    assert done.exit_code == 2
    assert "--times shows the times of everybody" in done.stderr
    assert "--where" in done.stderr


def test_without_the_flag_there_are_no_tables_of_times() -> None:
    found = json.loads(run(*ASKED[:4], "-q", "-f", "json").stdout)
    assert not {"times", "histogram"} & found.keys()
