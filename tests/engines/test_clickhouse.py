"""ClickHouse's windowFunnel, written by others, counts the same people at every stage."""

import csv
import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

chdb = pytest.importorskip("chdb", reason='needs pip install -e ".[test-engines]"')

STAGES = ("view", "cart", "address", "pay", "review")
NAMES = (*STAGES, "scroll", "view", "view", "cart")
MINUTES = 240
PEOPLE = 2_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few minutes and many events: ties and gaps of exactly a window are everywhere."""
    chance = random.Random(20260105)
    path = tmp_path_factory.mktemp("clickhouse") / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["user_id", "event", "ts"])
        for _ in range(PEOPLE * 9):
            at = datetime(2026, 1, 5) + timedelta(minutes=chance.randrange(MINUTES))
            writer.writerow([f"p{chance.randrange(PEOPLE)}", chance.choice(NAMES), at])
    return path


@pytest.mark.parametrize("minutes", [5, 30, 60, MINUTES])
def test_counts_equal_window_funnel(log: Path, minutes: int) -> None:
    assert ours(log, minutes) == theirs(log, minutes)


def ours(log: Path, minutes: int) -> list[int]:
    command = [sys.executable, "-m", "hourglass", "funnel", log, "--steps", ",".join(STAGES)]
    options = ["--window", f"{minutes} minutes", "--format", "json", "-q"]
    done = subprocess.run([*command, *options], check=True, stdout=subprocess.PIPE)
    return [stage["users"] for stage in json.loads(done.stdout)["stages"]]


def theirs(log: Path, minutes: int) -> list[int]:
    conditions = ", ".join(f"event = '{stage}'" for stage in STAGES)
    sums = ", ".join(f"countIf(level >= {n})" for n in range(1, len(STAGES) + 1))
    answer = chdb.query(
        f"""
        SELECT {sums} FROM (
            SELECT windowFunnel({minutes * 60})(ts, {conditions}) AS level
            FROM file('{log}', CSVWithNames, 'user_id String, event String, ts DateTime')
            GROUP BY user_id
        )
        """,
        "JSONCompactEachRow",
    )
    return [int(users) for users in json.loads(str(answer))]
