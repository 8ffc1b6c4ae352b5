"""`--ties row`: events of one instant count in the order of the file, however large it is."""

import json
import random

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Many people whose events share two instants, in a file of several row groups."""
    dice = random.Random(7)
    rows = [
        (f"u{dice.randrange(40_000)}", dice.choice("abx"), f"2026-01-0{dice.randrange(1, 3)}")
        for _ in range(300_000)
    ]
    folder = tmp_path_factory.mktemp("order")
    with (folder / "log.csv").open("w") as file:
        file.write("user_id,event,ts\n")
        file.writelines(f"{user},{event},{day}T10:00:00Z\n" for user, event, day in rows)
    with (folder / "log.jsonl").open("w") as file:
        for user, event, day in rows:
            file.write(json.dumps({"user_id": user, "event": event, "ts": f"{day}T10:00:00Z"}))
            file.write("\n")
    duckdb.connect().execute(
        f"copy (from read_csv('{folder}/log.csv')) to '{folder}/log.parquet'"
        " (format parquet, row_group_size 20000)"
    )
    return folder, rows


def by_hand(rows):
    """People who did a, and a and then b, reading line after line a day."""
    reached = {}
    for user, event, _ in sorted(rows, key=lambda row: row[2]):  # keeps the order within a day
        if event == "a":
            reached.setdefault(user, 1)
        elif event == "b" and reached.get(user) == 1:
            reached[user] = 2
    return [len(reached), sum(depth == 2 for depth in reached.values())]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_order_of_the_file_counts(log, ending):
    folder, rows = log
    given = [str(folder / f"log.{ending}"), "--steps", "a,b", "--ties", "row", "-f", "json", "-q"]
    found = CliRunner().invoke(app, ["funnel", *given])
    assert found.exit_code == 0, found.stderr
    assert [one["users"] for one in json.loads(found.stdout)["stages"]] == by_hand(rows)


def test_a_database_refuses_it(log, tmp_path):
    folder, _ = log
    database = str(tmp_path / "e.duckdb")
    run = CliRunner().invoke
    assert run(app, ["load", str(folder / "log.csv"), "--db", database, "-q"]).exit_code == 0
    asked = run(app, ["funnel", "--db", database, "--steps", "a,b", "--ties", "row"])
    assert asked.exit_code == 2
    assert "a database does not keep the order of the files" in asked.stderr


def test_a_trend_keeps_it(log):
    folder, rows = log
    given = [str(folder / "log.csv"), "--steps", "a,b", "--ties", "row", "-f", "json", "-q"]
    asked = CliRunner().invoke(app, ["trend", *given, "--unit", "month"])
    assert asked.exit_code == 0, asked.stderr
    assert [one["users"] for one in json.loads(asked.stdout)["trend"]] == by_hand(rows)
