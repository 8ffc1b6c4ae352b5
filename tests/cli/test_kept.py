"""What a database keeps is read where it lies: every question answers as it does of the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIGURATION = """
[columns]
user = "user_id"
event = "event"
timestamp = "ts"
channel = "channel"
revenue = "revenue"
referrer = "referrer_id"

[stages]
know = ["ad_impression", "blog_view"]
like = ["newsletter_signup", "follow"]
trust = ["review_read"]
buy = ["order_paid"]
repeat = ["order_paid"]

[models.narrowed.stages]
seen = { events = ["ad_impression"], nth = 2 }
opened = { events = ["app_opened"], first_time = "event" }
paid = ["order_paid"]

[models.optional.stages]
seen = ["ad_impression"]
liked = { events = ["newsletter_signup", "follow"], optional = true }
paid = ["order_paid"]

[models.plain.stages]
seen = ["ad_impression"]
liked = ["newsletter_signup", "follow"]
read = ["review_read"]

[models.hasty.stages]
seen = ["ad_impression"]
liked = { events = ["newsletter_signup", "follow"], within = "2 days" }
read = { events = ["review_read"], min_gap = "1 hour" }

[models.hesitant.stages]
seen = ["ad_impression"]
liked = { events = ["newsletter_signup", "follow"], min_gap = "1 hour" }
read = ["review_read"]

[rules]
window = "30 days"
"""
QUESTIONS = (
    "funnel",
    "funnel --open",
    "funnel --model narrowed --order any",
    "funnel --order strict",
    "funnel --hold device",
    "funnel --by channel",
    "funnel --by channel --attribution all",
    "funnel --by channel --attribution stage:buy",
    "funnel --by channel --attribution entry",
    "funnel --since 2026-01-20 --until 2026-03-10",
    "funnel --since 2026-01-20 --until 2026-02-10 --range all",
    "funnel --until 2026-02-10 --window 20d",
    "funnel --since 2026-02-10",
    "funnel --as-of 2026-02-20",
    "funnel --ties later",
    "funnel --entry first",
    "funnel --entry last",
    "funnel --model plain --tie-tolerance 1h",
    "funnel --window-from previous --window 2d",
    "funnel --model hasty",
    "funnel --model hesitant",
    "funnel --model narrowed",
    "funnel --model narrowed --hold device",
    "funnel --model narrowed --by channel --attribution entry",
    "funnel --model optional",
    "trend --model narrowed",
    "people --model narrowed",
    "people --hold device",
    "explain u000003 --model narrowed",
    "explain u000003 --hold device",
    "compare --previous --since 2026-02-15 --until 2026-03-15 --model narrowed",
    "retention",
    "touchpoints",
    "triggers",
    "paths",
    "reconcile",
    "referrals",
)


def run(*words: str) -> Any:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "hourglass.toml").write_text(CONFIGURATION, encoding="utf-8")
    events, database = folder / "events.parquet", folder / "events.duckdb"
    run("sample", "--people", "200", "--seed", "5", "-o", str(events), "-q")
    run("load", str(events), "--db", str(database), "--config", f"{folder}/hourglass.toml", "-q")
    return folder


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_database_answers_as_the_file_does(folder: Path, question: str) -> None:
    said = ["--config", f"{folder}/hourglass.toml", "--format", "json", "-q"]
    command, *words = question.split()
    kept = run(command, *words, "--db", f"{folder}/events.duckdb", *said)
    where = [f"{folder}/events.parquet"]
    if command == "explain":
        where = [words.pop(0), *where]
    plain = run(command, *where, *words, *said)
    assert json.loads(kept) == json.loads(plain)


def test_an_event_later_than_the_clock_is_not_the_last_that_is_known(tmp_path: Path) -> None:
    config, events = tmp_path / "hourglass.toml", tmp_path / "events.csv"
    config.write_text('[stages]\nknow = ["view"]\nbuy = ["pay"]\n', encoding="utf-8")
    events.write_text(
        "user_id,event,ts\na,view,2026-01-01T10:00:00Z\na,pay,2026-01-02T10:00:00Z\n"
        "b,view,2190-01-01T10:00:00Z\n"
    )
    run("load", str(events), "--db", f"{tmp_path}/events.duckdb", "--config", str(config), "-q")
    said = ["--config", str(config), "--format", "json", "-q"]
    kept = json.loads(run("funnel", "--db", f"{tmp_path}/events.duckdb", *said))
    assert kept["as_of"] == "2026-01-02T10:00:00Z"
    assert kept == json.loads(run("funnel", str(events), *said))
