"""Persons are counted on a cluster as they are on DuckDB, where ids of one person are joined."""

import json
from pathlib import Path

import duckdb
import pytest

from hourglass import identity_tables
from hourglass.cli.flags import ON_SPARK
from tests.engines import sail
from tests.engines.test_spark_commands import CONFIG, alike, run, write_log

pytestmark = pytest.mark.skipif(sail.missing() is not None, reason=str(sail.missing()))

JOINED = """
[identity]
alias = [
  { event = ["trial", "follow"], from = "anonymous_id", to = "user_id" },
  { from = "old", to = "anonymous_id" },
]
table = ["who.csv", "more.parquet"]
"""
ASKED = [
    "funnel --times",
    "funnel --by channel --count user",
    "funnel --by persona --attribution entry --merged",
    "trend --model loose --window 10d",
    "compare --segment channel=ads --segment channel=store",
    "people --all",
    "retention --by device --merged",
    "referrals --show-ids",
    "triggers",
    "touchpoints --merged",
    "paths --by channel",
    "friction",
    "check --as-of 2026-04-20",
    "report -o - --by channel --since 2026-03-22 --until 2026-04-05",
    "reconcile --show-ids",
    "inspect --identity",
    "inspect --identity --merged",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("who")
    write_folder(folder)
    return folder


def write_folder(folder: Path) -> None:
    """Events with three ids, rows without a user, and alias tables that contradict each other."""
    write_log(folder / "log.parquet")
    duckdb.sql(f"""
        copy (
          select * replace (case when hash(event, ts, user_id) % 4 = 0 then null else user_id end
              as user_id),
            case hash(user_id, ts) % 9 when 0 then null when 1 then '(not set)'
              else 'a' || hash(user_id) % 180 end as anonymous_id,
            case when hash(ts) % 3 = 0 then hash(user_id) % 40 / 4 end as old
          from '{folder}/log.parquet'
        ) to '{folder}/events.parquet'
    """)
    (folder / "who.csv").write_text("alias,person\na1,u2\na2,u2\nu5,u6\n7,u8\na1,u9\nnull,u3\n")
    pairs = "values ('a3', 'u1'), ('u1', 'u1'), ('Ж', 'u4'), (null, 'u4')"
    duckdb.sql(f"copy (from ({pairs}) as t(alias, person)) to '{folder}/more.parquet'")
    (folder / "apart.toml").write_text(CONFIG + JOINED)
    (folder / "merged.toml").write_text(f"{CONFIG}{JOINED}merge_shared = true\n")


def both(master: str, folder: Path, asked: str, *more: str):
    """The same question to both engines."""
    command, *words = asked.split()
    config = folder / ("merged.toml" if "--merged" in words else "apart.toml")
    words = [word for word in words if word != "--merged"]
    events = folder / "events.parquet"
    typed = [command, events, "--config", config, *words, "--format", "json", *more]
    here, there = run(*typed), run(*typed, "--engine", "spark", "--master", master)
    assert here.exit_code == 0, here.stderr
    assert there.exit_code == 0, there.stderr
    alike(json.loads(there.stdout), json.loads(here.stdout))
    return here, there


@pytest.mark.parametrize("asked", ASKED)
def test_persons_are_counted_not_ids(master, folder, asked: str) -> None:
    both(master, folder, asked, "-q")


def test_every_command_that_runs_there_is_asked() -> None:
    assert {one.split()[0] for one in ASKED} == set(ON_SPARK)


@pytest.mark.parametrize("merged", ["", " --merged"])
def test_what_was_joined_is_said_as_it_is_here(master, folder, merged: str) -> None:
    here, there = both(master, folder, f"funnel{merged}")
    (said,) = (line for line in here.stderr.splitlines() if "identities:" in line)
    assert said in there.stderr.splitlines()
    assert ("who are one now" if merged else "left apart") in said


def test_ids_that_lost_their_type_are_whole_there_too(master, tmp_path) -> None:
    """Numbers become fractions where some rows have none; an alias table still knows them."""
    rows = (
        "values (7.0, null, 'a', 0), (null, 8.0, 'a', 1), (7.0, 9.0, 'b', 2), (null, 9.0, 'b', 3)"
    )
    duckdb.sql(f"""
        copy (
          select who::double as user_id, old::double as old, event,
            timestamp '2026-01-01' + to_hours(hour) as ts
          from ({rows}) as t(who, old, event, hour)
        ) to '{tmp_path}/events.parquet'
    """)
    (tmp_path / "who.csv").write_text("alias,person\n8,7\n")
    (tmp_path / "apart.toml").write_text(
        '[identity]\nalias = { from = "old", to = "user_id" }\ntable = "who.csv"\n'
    )
    _, there = both(master, tmp_path, "people --steps a,b --all", "-q")
    assert [one["user_id"] for one in json.loads(there.stdout)["people"]] == ["7"]


@pytest.mark.parametrize("kind", ["double", "float", "decimal(20, 2)"])
def test_sessions_and_events_that_lost_their_type_are_whole_there_too(master, tmp_path, kind):
    (tmp_path / "apart.toml").write_text("[rules]\n")
    duckdb.sql(f"""
        copy (
          select 'u' as user_id, session::{kind} as session_id, id::{kind} as event_id, event,
            timestamp '2026-01-01' + to_hours(hour) as ts
          from (values (12, 1, 'a', 0), (12, 2, 'b', 1), (null, 3, 'a', 2), (7.5, 3, 'a', 2),
            (7.5, null, 'b', 3)) as t(session, id, event, hour)
        ) to '{tmp_path}/events.parquet'
    """)
    _, there = both(master, tmp_path, "people --steps a,b --all --count session", "-q")
    ids = {one["user_id"] for one in json.loads(there.stdout)["people"]}
    assert "12" in ids
    assert "12.0" not in ids


def test_more_pairs_than_are_sent_are_refused(master, folder, monkeypatch) -> None:
    monkeypatch.setattr(identity_tables, "MOST_PAIRS", 7)
    asked = ["funnel", folder / "events.parquet", "--config", folder / "apart.toml"]
    done = run(*asked, "--engine", "spark", "--master", master)
    assert done.exit_code == 3
    assert "the alias tables hold 8 pairs, and 7 are sent to a cluster" in done.stderr
