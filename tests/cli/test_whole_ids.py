"""Ids that are whole numbers in their source are told apart as such, with the answers of texts."""

import json
import shlex
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIG = """
[columns]
channel = "way"
revenue = "paid"
referrer = "invited_by"
session = "visit"

[stages]
know = ["ad"]
like = ["follow"]
buy = ["pay"]
repeat = { events = ["pay"], min_gap = "1 hour" }

[rules]
window = "9 days"

[personas]
heavy = "paid > 6"

[friction.buy]
attempted = ["follow"]
failed = ["fail"]

[triggers.left]
events = ["fail"]
without = ["pay"]
within = "1 day"

[[check]]
measure = "step_rate"
stage = "like"
min = 0.1
"""
ASKED = (
    "funnel --by channel", "funnel --by persona", "funnel --count session", "funnel --count way",
    "funnel --order strict --steps ad,follow,pay", "funnel --order any --steps ad,follow,pay",
    "funnel --ties row", "funnel --open", "funnel --hold way", "funnel --steps ad,ad,pay",
    "funnel --entry last --by channel --since 2026-01-05",
    "funnel --steps 'ad|follow,follow|pay'", "funnel --where \"user_id not like '1%'\"",
    "trend --by channel", "compare --segment channel=web --segment channel=shop",
    "retention --unit week", "referrals --show-ids", "triggers", "touchpoints", "paths", "friction",
    "people --all", "people --trigger left", "explain -7", "check", "reconcile",
    "report -o -",
)  # fmt: skip
ROWS = """
    select
      case when i % 23 = 0 then null when i % 61 = 1 then 9223372036854775807
        when i % 61 = 2 then -9223372036854775807 else i * 37 % 90 - 20 end as who,
      list_value('ad', 'follow', 'pay', 'fail', 'noise')[1 + i * 7 % 11 % 5] as event,
      timestamp '2026-01-01' + to_minutes(i * 41 // 3) as ts,
      list_value('web', 'shop', 'mail')[1 + i * 5 % 7 % 3] as way,
      i % 13 as visit, i % 9 as paid, (i * 11 % 90 - 20) as invited_by
    from range(1500) as r (i)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    """One log, with ids as numbers and as texts."""
    made = []
    for kind in ("bigint", "varchar"):
        folder = tmp_path_factory.mktemp(kind)
        (folder / "hourglass.toml").write_text(CONFIG)
        duckdb.sql(
            f"copy (select who::{kind} as user_id, * exclude (who, invited_by),"
            f" invited_by::{kind} as invited_by from ({ROWS})) to '{folder}/events.parquet'"
        )
        made.append(folder)
    return made[0], made[1]


def typed(asked: str) -> list[str]:
    command, *words = shlex.split(asked)
    who = [words.pop(0)] if command == "explain" else []
    shape = [] if "-o" in words else ["-f", "json"]
    return [command, *words, *shape, "--", *who, "events.parquet"]


@pytest.mark.parametrize("asked", ASKED)
def test_numbers_are_the_people_that_texts_are(asked: str, folders, monkeypatch) -> None:
    answers = []
    for folder in folders:
        monkeypatch.chdir(folder)
        done = CliRunner().invoke(app, typed(asked))
        assert done.exit_code in (0, 1), done.stderr
        answers.append((done.stdout, done.stderr))
    assert answers[0] == answers[1]


def test_only_ids_of_one_column_of_numbers_are_known_as_such(folders, monkeypatch) -> None:
    """What is added to the events shows nowhere."""
    monkeypatch.chdir(folders[0])
    for words in (["inspect", "events.parquet"], ["funnel", "events.parquet", "--by", "hourglas"]):
        done = CliRunner().invoke(app, words)
        assert "hourglass id" not in done.output
    load = CliRunner().invoke(app, ["load", "events.parquet", "--db", "e.duckdb"])
    assert load.exit_code == 0, load.stderr
    with duckdb.connect("e.duckdb", read_only=True) as connection:
        names = {name for name, *_ in connection.execute("describe events").fetchall()}
    assert "hourglass id" not in names
    assert "user_id" in names


def test_columns_that_are_called_as_ours_are_others(tmp_path, monkeypatch) -> None:
    """As an export of a database's own table of events has them."""
    monkeypatch.chdir(tmp_path)
    duckdb.sql(
        "copy (select i % 5 as user_id, list_value('a', 'b')[1 + i % 2] as event,"
        " timestamp '2026-01-01' + to_hours(i) as ts, 'x' as \"hourglass person\","
        ' \'y\' as "hourglass id", 3 as "hourglass load" from range(20) as r (i))'
        " to 'e.parquet'"
    )
    load = CliRunner().invoke(app, ["load", "e.parquet", "--db", "e.duckdb"])
    assert load.exit_code == 0, load.stderr
    for where in (["e.parquet"], ["--db", "e.duckdb"]):
        words = ["funnel", *where, "--steps", "a,b", "--by", "source_hourglass load", "-f", "json"]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["stages"][0]["users"] == 5
        assert found["breakdown"][0]["by"] == {"source_hourglass load": "3"}
