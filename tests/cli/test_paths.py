"""`hourglass paths`: a few people by hand."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

ASKED = ("paths", "export.csv", "-q")
CONFIG = """
[stages]
know = ["visit"]
like = ["follow"]
buy = ["order"]
repeat = { events = ["order"], min_gap = "1 day" }

[models.site.stages]
look = ["visit", "follow"]
act = ["follow", "order"]
"""
EVENTS = [
    ("anna", "visit", "01T10:00"),
    ("anna", "visit", "01T11:00"),  # a repeat: one visit to know, begun at 10
    ("anna", "follow", "02T10:00"),
    ("anna", "visit", "02T12:00"),  # back
    ("anna", "order", "03T12:00"),
    ("anna", "order", "03T13:00"),  # part of the order before it
    ("anna", "order", "05T12:00"),
    ("ben", "order", "01T10:00"),  # all at one instant: in the order of stages
    ("ben", "follow", "01T10:00"),
    ("ben", "visit", "01T10:00"),
    ("carla", "follow", "01T10:00"),
    ("carla", "visit", "01T12:00"),
    ("carla", "follow", "01T13:00"),
    ("carla", "visit", "01T13:30"),
    ("dora", "visit", "09T10:00"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{user},{name},2026-03-{at},web\n" for user, name, at in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts,device\n{rows}")
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def answer(*words: str) -> dict[str, Any]:
    done = run(*ASKED, *words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def moves(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (f"{row['from_stage']} > {row['to_stage']}", row["backward"], row["moves"], row["people"],
         row["visitors"], row["median_seconds"] / 3600)
        for row in found["moves"]
    ]  # fmt: skip


def routes(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["route"], row["people"], row["median_seconds"]) for row in found["routes"]]


def passes(found: dict[str, Any]) -> list[tuple[int, int]]:
    return [(row["passes"], row["people"]) for row in found["passes"]]


def test_the_first_of_two_purchases_at_one_instant_is_no_way_back(folder):
    (folder / "hourglass.toml").write_text(
        '[stages]\nknow = ["visit"]\nbuy = ["order"]\nrefer = ["tell"]\n'
    )
    (folder / "export.csv").write_text(
        "user_id,event,ts\na,tell,2026-01-05T10:00\na,order,2026-01-05T11:00\n"
        "a,order,2026-01-05T11:00\na,visit,2026-01-05T12:00\n"
    )
    found = answer()
    assert [(row["passes"], row["people"]) for row in found["passes"]] == [(0, 1)]


def test_rows_of_nobody_take_no_path() -> None:
    before = answer()
    with Path("export.csv").open("a") as export:
        export.write(",visit,2026-03-01T10:00,web\n,follow,2026-03-02T10:00,web\n")
    found = answer()
    assert found["input"]["without_user"] == 2
    assert [found[table] for table in ("moves", "routes")] == [
        before[table] for table in ("moves", "routes")
    ]


def test_the_log_by_hand() -> None:
    found = answer()
    assert moves(found) == [
        ("know > like", False, 3, 3, 4, 1),  # 24 hours, none, and one
        ("know > buy", False, 1, 1, 4, 24),
        ("like > know", True, 3, 2, 3, 2),  # 2, 2 and half an hour
        ("like > buy", False, 1, 1, 3, 0),
        ("buy > repeat", False, 1, 1, 2, 48),
    ]
    assert passes(found) == [(0, 1), (1, 1)]  # ben, anna
    assert routes(found) == [
        ("know", 1, None),
        ("know > like > buy", 1, 0),
        ("know > like > know > buy > repeat", 1, 98 * 3600),
        ("like > know > like > know", 1, 3.5 * 3600),
    ]
    assert found["routes"][0]["people_rate"] == 0.25


def test_a_period_binds_events_and_later_purchases_stay_later_ones() -> None:
    found = answer("--since", "2026-03-03T12:30", "--until", "2026-03-09")
    assert moves(found) == []
    assert routes(found) == [("know", 1, None), ("repeat", 1, None)]
    assert passes(found) == []
    found = answer("--since", "2026-03-02T12:00", "--until", "2026-03-03")
    assert routes(found) == [("know > buy", 1, 86400)]
    assert passes(found) == [(0, 1)]


def test_who_first_buys_at_the_first_instant_of_a_period_bought_in_it() -> None:
    assert passes(answer("--since", "2026-03-03T12:00", "--until", "2026-03-03T12:30")) == [(0, 1)]


def test_a_rolled_up_model_has_purchases_where_buy_and_repeat_went() -> None:
    found = answer("--model", "customer-journey")
    assert ("purchase > after-purchase", False, 1, 1, 2, 48) in moves(found)
    found = answer("--model", "buying-cycle")
    assert [row["route"] for row in found["routes"]][:2] == [
        "awareness",
        "awareness > consideration > awareness > decision",
    ]


def test_in_a_model_of_ones_own_an_event_is_at_the_first_of_its_stages() -> None:
    found = answer("--model", "site")
    assert [name for name, *_ in moves(found)] == ["look > act"]
    assert passes(found) == [(0, 2)]  # of the purchases that [stages] say
    Path("hourglass.toml").unlink()
    found = answer("--steps", "visit,follow,order")
    assert "passes" not in found
    assert found["notes"][-1].startswith("not said how often buyers went back: model steps has no")


def test_routes_beyond_the_top_are_one_row() -> None:
    found = answer("--top", "1")
    assert routes(found)[0] == ("know", 1, None)
    assert (found["routes"][1]["route"], found["routes"][1]["route_other"]) == (None, True)
    assert found["routes"][1]["people"] == 3


def test_the_table_marks_moves_back() -> None:
    lines = run(*ASKED, "--top", "2").stdout.splitlines()
    assert lines[0] == "Paths through hourglass · all data · counted by user"
    (like,) = [line.split() for line in lines if line.startswith("like  know")]
    assert like[:6] == ["like", "know", "back", "3", "2", "3"]
    assert any(line.startswith("(other)") for line in lines)


def test_csv_and_a_breakdown() -> None:
    done = run(*ASKED, "-f", "csv")
    assert next(csv.DictReader(io.StringIO(done.stdout)))["from_stage"] == "know"
    (web,) = answer("--by", "device")["breakdown"]
    assert web["by"] == {"device": "web"}
    assert len(web["moves"]) == 5


@pytest.mark.parametrize(
    "flag", [("--window", "1h"), ("--like", "umami"), ("--no-reuse",), ("--open",)]
)
def test_what_has_no_meaning_here_is_refused(flag: tuple[str, ...]) -> None:
    done = run(*ASKED, *flag)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{flag[0]} has no say here: no funnel is followed" in done.stderr


def test_a_moment_to_judge_from_is_refused() -> None:
    done = run(*ASKED, "--as-of", "2026-03-09")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--as-of has no say here: paths have no window" in done.stderr


def test_a_model_without_any_event_in_the_data_is_an_error() -> None:
    done = run(*ASKED, "--steps", "vist,folow")
    assert done.exit_code == 3
    assert 'did you mean "visit"' in done.stderr
