"""`hourglass trend`: each row is the funnel of its days, also where clocks change."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.analyses.question import Question
from hourglass.analyses.trend import trend
from hourglass.cli import app
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import UsageError
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step

HELSINKI = ("--tz", "Europe/Helsinki")
ASKED = ("export.csv", "--steps", "view,pay", "-q")
EVENTS = [
    ("a", "view", "2026-03-22T21:59:59Z"),  # Sunday night in Helsinki
    ("a", "pay", "2026-03-22T22:00:00Z"),
    ("b", "view", "2026-03-22T22:00:00Z"),  # Monday, 23 March
    ("c", "view", "2026-03-29T20:59:59Z"),  # Sunday night, after clocks went forward
    ("c", "pay", "2026-03-30T10:00:00Z"),
    ("d", "view", "2026-03-29T21:00:00Z"),  # Monday, 30 March
    ("d", "pay", "2026-03-29T21:30:00Z"),
    ("d", "view", "2026-04-20T10:00:00Z"),  # two weeks with nobody in between
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = "".join(f"{','.join(row)}\n" for row in EVENTS)
    (tmp_path / "export.csv").write_text(f"user_id,event,ts\n{rows}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def rows(*words: str) -> list[dict[str, Any]]:
    done = run("trend", *ASKED, *words, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["trend"]
    return found


def users(found: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for row in found:
        counts.setdefault(row["bucket"], []).append(row["users"])
    return counts


def test_weeks_begin_at_midnight_of_the_zone_whatever_clocks_do() -> None:
    assert users(rows(*HELSINKI)) == {
        "2026-03-16": [1, 1],
        "2026-03-23": [2, 1],
        "2026-03-30": [1, 1],
        "2026-04-06": [0, 0],
        "2026-04-13": [0, 0],
        "2026-04-20": [1, 0],
    }


def test_in_any_order_a_row_holds_the_windows_opened_in_it() -> None:
    assert users(rows(*HELSINKI, "--order", "any")) == {
        "2026-03-16": [1, 1],
        "2026-03-23": [3, 1],
        "2026-03-30": [2, 1],
        "2026-04-06": [0, 0],
        "2026-04-13": [0, 0],
        "2026-04-20": [1, 0],
    }
    text = run("trend", *ASKED, "--order", "any").stdout
    assert "any 2" in text.splitlines()[2]


def test_weeks_may_begin_on_sunday() -> None:
    Path("hourglass.toml").write_text('[rules]\nweek_start = "sunday"\n')
    assert users(rows(*HELSINKI)) == {
        "2026-03-22": [2, 1],
        "2026-03-29": [2, 2],
        "2026-04-05": [0, 0],
        "2026-04-12": [0, 0],
        "2026-04-19": [1, 0],
    }


def test_months() -> None:
    found = users(rows("--unit", "month", *HELSINKI))
    assert found == {"2026-03-01": [4, 3], "2026-04-01": [1, 0]}


@pytest.mark.parametrize("more", [(), ("--tie-tolerance", "5 seconds")])
@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_each_row_is_the_funnel_of_its_days(folder: Path, unit: str, more: tuple[str, ...]) -> None:
    with (folder / "export.csv").open("a") as out:  # tolerated, but of the week before
        out.write("e,pay,2026-03-29T20:59:58Z\ne,view,2026-03-29T21:00:01Z\n")
        out.write("f,pay,2026-03-30T09:00:00Z\nf,view,2026-03-30T09:00:01Z\n")
    asked = (*ASKED, "--window", "1 day", *HELSINKI, *more)
    found = users(rows("--unit", unit, *asked[1:]))
    for bucket, counts in found.items():
        first = dt.date.fromisoformat(bucket)
        last = {
            "day": first,
            "week": first + dt.timedelta(days=6),
            "month": (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1),
        }[unit]
        period = ("--since", bucket, "--until", last.isoformat())
        done = run("funnel", *asked, *period, "-f", "json")
        assert [row["users"] for row in json.loads(done.stdout)["stages"]] == counts


def test_a_period_cuts_the_first_and_the_last_row() -> None:
    period = ("--since", "2026-03-24", "--until", "2026-03-30")
    assert users(rows(*period, *HELSINKI)) == {"2026-03-23": [1, 1], "2026-03-30": [1, 1]}


def test_the_table_has_a_row_for_each_bucket_and_marks_the_immature() -> None:
    done = run("trend", *ASKED, "--window", "7 days", *HELSINKI)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("week", "2026"))]
    assert lines == [
        "week        view  pay    total    total 95 %",
        "2026-03-16     1    1  100.0 %  20.7–100.0 %            ████████████████",
        "2026-03-23     2    1   50.0 %    9.5–90.5 %            ████████",
        "2026-03-30     1    1  100.0 %  20.7–100.0 %            ████████████████",
        "2026-04-06     0    0        –             –",
        "2026-04-13     0    0        –             –",
        "2026-04-20     1    0    0.0 %    0.0–79.3 %  immature  ▏",
    ]


def test_a_row_is_mature_once_its_bucket_and_its_last_entry_are_over(folder: Path) -> None:
    lines = ["p1,view,2026-01-05", "p1,pay,2026-01-06", "p2,view,2026-01-05", "p3,view,2026-01-20"]
    (folder / "export.csv").write_text("\n".join(["user_id,event,ts", *lines]) + "\n")
    week = ("--window", "10 days", "--as-of")
    for moment, mature in {
        "2026-01-14T23:59:59Z": {"2026-01-05": "false", "2026-01-12": "false"},
        "2026-01-15": {"2026-01-05": "true", "2026-01-12": "false"},
        "2026-01-20": {"2026-01-05": "true", "2026-01-12": "true", "2026-01-19": "false"},
        "2026-01-25T23:59:59Z": {"2026-01-19": "false"},
        "2026-01-30": {"2026-01-19": "true"},
    }.items():
        done = run("trend", *ASKED, *week, moment, "-f", "csv")
        found = {row["bucket"]: row["mature"] for row in csv.DictReader(io.StringIO(done.stdout))}
        assert {bucket: found[bucket] for bucket in mature} == mature


def test_it_says_of_which_rows_the_lowest_and_the_highest_rate_are() -> None:
    done = run("trend", *ASKED, "--window", "90 days", *HELSINKI)
    lines = [line for line in done.stdout.splitlines() if line.startswith("2026-")]
    assert ["immature" in line for line in lines if "%" in line] == [True] * 4
    (span,) = [line.split() for line in done.stdout.splitlines() if line.startswith("pay ")]
    assert span[-4:] == ["0.0", "%", "100.0", "%"]
    said = " ".join(done.stdout.split())
    assert "lowest and highest leave out immature ones, unless all are." in said


def test_csv_has_a_line_for_each_bucket_and_stage() -> None:
    done = run("trend", *ASKED, "-f", "csv")
    first = next(csv.DictReader(io.StringIO(done.stdout)))
    assert (first["bucket"], first["stage"], first["mature"]) == ("2026-03-16", "view", "")


@pytest.mark.parametrize(
    ("unit", "told"),
    [("day", "entered on 2026-0"), ("week", "in the week of 2026-0"),
     ("month", "in the month of 2026-0")],
)  # fmt: skip
def test_the_page_speaks_of_the_unit_that_was_asked(unit: str, told: str) -> None:
    words = ("--unit", unit, "--window", "1 hour", "--as-of", "2026-06-01")
    assert run("trend", *ASKED, *words, "--html", "t.html").exit_code == 0
    page = re.sub(r"<(script|style).*?</\1>", "", Path("t.html").read_text(), flags=re.DOTALL)
    assert told in page
    others = {"day", "week", "month"} - {unit}
    main = page[page.index("<main") : page.index('id="definitions"')]
    assert not [other for other in others if f" {other} of" in main or f"each {other}" in main]


def test_nobody_entered_where_no_event_of_the_stage_has_a_person(tmp_path) -> None:
    events = tmp_path / "nobody.csv"
    events.write_text("user_id,event,ts\n,view,2026-01-05\nu,buy,2026-01-06\n")
    words = (str(events), "--steps", "view,buy")
    said = "no event of the first stage in the period has a person; 1 row of the data has none"
    for question in ("funnel", "trend"):
        assert said in run(question, *words).stderr


@pytest.mark.parametrize("more", [(), ("--source-tz", "America/New_York")])
def test_days_of_a_zone_and_times_of_none_are_said(tmp_path, more) -> None:
    events = tmp_path / "days.csv"
    events.write_text("user_id,event,ts\nu,view,2026-03-01\nu,buy,2026-03-02\n")
    done = run("trend", str(events), "--steps", "view,buy", "--tz", "America/New_York", *more)
    hint = "days are those of America/New_York: if the times are, too, --source-tz America/New_York"
    assert (hint in done.stderr) is not bool(more)


def test_nobody_entered_is_a_warning() -> None:
    done = run("trend", *ASKED[:-1], "--since", "2030-01-01")
    assert done.exit_code == 0
    assert "warning: nobody entered" in done.stderr


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (("--unit", "day"), "more than 2,000 days", "type --unit week"),
        (("--unit", "week"), "more than 2,000 weeks", "type --unit month"),
    ],
)
def test_too_many_rows_are_refused_with_what_to_type(
    folder: Path, words: tuple[str, ...], said: str, hint: str
) -> None:
    with (folder / "export.csv").open("a") as out:
        out.write("z,view,1971-01-01T00:00:00Z\n")
    done = run("trend", *ASKED, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert hint in done.stderr


def test_each_value_has_a_row_for_each_bucket() -> None:
    by = ("--by", "event", "--attribution", "last_touch", "--unit", "month")
    done = run("trend", *ASKED, *by, "-f", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["breakdown"]
    # without a window March reads on, and the last that d did is to view in April
    assert [(one["by"], one["other"], users(one["trend"])) for one in found] == [
        ({"event": "pay"}, False, {"2026-03-01": [2, 2], "2026-04-01": [0, 0]}),
        ({"event": "view"}, False, {"2026-03-01": [2, 1], "2026-04-01": [1, 0]}),
    ]
    assert set(found[0]["trend"][0]) == set(json.loads(done.stdout)["trend"][0])
    lines = run("trend", *ASKED, *by).stdout.splitlines()
    assert "pay    2026-03-01     2    2  100.0 %  34.2–100.0 %  ████████████████" in lines
    assert "view   2026-04-01     1    0    0.0 %    0.0–79.3 %  ▏" in lines
    assert sum(line.startswith("Bars:") for line in lines) == 1
    header = run("trend", *ASKED, *by, "-f", "csv").stdout.splitlines()[0]
    assert header.startswith("event,other,bucket,position,stage,users")


def test_exclusions_strike_in_each_bucket_for_itself(folder: Path) -> None:
    with (folder / "export.csv").open("a") as out:
        out.write("d,void,2026-03-29T21:10:00Z\n")
    (folder / "hourglass.toml").write_text(
        'model = "m"\n[models.m.stages]\nview = "view"\npay = "pay"\n'
        '[[models.m.exclusions]]\nevents = ["void"]\nfrom = "view"\nto = "pay"\n'
    )
    done = run("trend", "export.csv", *HELSINKI, "--unit", "month", "-q", "-f", "json")
    assert done.exit_code == 0, done.stderr
    # in March d is struck and leaves both stages; in April d only views
    assert users(json.loads(done.stdout)["trend"]) == {"2026-03-01": [3, 2], "2026-04-01": [1, 0]}


def test_an_open_funnel_is_entered_at_any_stage_of_each_bucket() -> None:
    # c, who came a week before, enters again with what was paid on 30 March
    assert users(rows("--open")) == {
        "2026-03-16": [2, 1],
        "2026-03-23": [2, 2],
        "2026-03-30": [0, 1],
        "2026-04-06": [0, 0],
        "2026-04-13": [0, 0],
        "2026-04-20": [1, 0],
    }


def test_rows_that_overlap_are_not_followed_over_time() -> None:
    stages = tuple(Stage(name=name, steps=(Step(events=(name,)),)) for name in "ab")
    asked = Question(
        model=Model(name="m", stages=stages), by=("x",), rules=Rules(attribution="all")
    )
    with pytest.raises(UsageError, match="attribution = all is not followed over time"):
        trend(DuckDBEngine.in_memory(), asked)


HELD = (
    "user_id,event,ts,plan,channel\n"
    "{}b,view,2026-03-13T18:00,free,\nb,cart,2026-03-13T18:30,{},ads\n"
)


@pytest.mark.parametrize("plan", ["free", ""])
def test_a_bucket_without_an_event_that_is_held_takes_it_from_no_other(
    folder: Path, plan: str
) -> None:
    (folder / "export.csv").write_text(HELD.format(f"a,view,2026-03-04T12:00,{plan},\n", "free"))
    asked = ("export.csv", "--steps", "view,cart", "--hold", "plan", "-q", "-f", "json")
    done = run("trend", *asked, "--window", "12h", "--as-of", "2026-04-01")
    found = json.loads(done.stdout)["trend"]
    assert users(found) == {"2026-03-02": [1 if plan else 0, 0], "2026-03-09": [1, 1]}


@pytest.mark.parametrize("other", ["", "c,cart,2026-03-05T12:30,free,\n"])
def test_a_held_value_leaves_touches_to_all_events_of_stages(folder: Path, other: str) -> None:
    (folder / "export.csv").write_text(HELD.format(other, ""))
    done = run(
        "funnel", "export.csv", "--steps", "view,cart", "--hold", "plan", "--by", "channel", "-q",
        "-f", "json",
    )  # fmt: skip
    (row,) = [one for one in json.loads(done.stdout)["breakdown"] if one["stages"][0]["users"]]
    assert (row["by"], row["stages"][1]["ever"]) == ({"channel": "ads"}, 1)
