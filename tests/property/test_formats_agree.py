"""One log as CSV, TSV, JSON lines, a JSON array and Parquet, packed or not: one answer."""

import csv
import gzip
import json
import random

import pytest
from typer.testing import CliRunner

from tests.property.strategies import HOUR, START, moment


def log(seed: int) -> list[dict[str, str | None]]:
    """People whose ids look like numbers, instants to the microsecond, values with every sign."""
    dice = random.Random(seed)
    channels = ["ads", 'say "hi"', "a,b", "ärzte", "", None]
    return [
        {
            "user_id": dice.choice(["007", "7", "1e3", "u4", None]),
            "event": dice.choice(["a", "b", "c", "x"]),
            "timestamp": f"{moment(START + dice.randrange(50) * HOUR + dice.randrange(3))}",
            "channel": dice.choice(channels),
        }
        for _ in range(60)
    ]


def write_separated(rows, path, delimiter):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter)
        out.writeheader()
        out.writerows(rows)


def write_lines(rows, path):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(rows, path):
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            "create table log (user_id varchar, event varchar, timestamp timestamp, "
            "channel varchar)"
        )
        connection.executemany(
            "insert into log values (?, ?, ?, ?)", [list(row.values()) for row in rows]
        )
        connection.execute(f"copy log to '{path}'")


def write_gzipped(rows, path):
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()))


WRITERS = {
    "log.csv": lambda rows, path: write_separated(rows, path, ","),
    "log.tsv": lambda rows, path: write_separated(rows, path, "\t"),
    "log.jsonl": write_lines,
    "log.json": lambda rows, path: path.write_text(json.dumps(rows), encoding="utf-8"),
    "log.parquet": write_parquet,
    "log.jsonl.gz": write_gzipped,
}


def answer(path):
    from hourglass.cli import app

    command = ["funnel", str(path), "--steps", "a,b,c", "--window", "2 days", "--by", "channel"]
    ran = CliRunner().invoke(app, [*command, "--format", "json"])
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("seed", range(3))
def test_the_answer_does_not_depend_on_the_container(seed, tmp_path):
    rows = log(seed)
    answers = {}
    for name, write in WRITERS.items():
        write(rows, tmp_path / name)
        answers[name] = answer(tmp_path / name)
    assert sum(stage["users"] for stage in answers["log.csv"]["stages"]) > 0
    for name, found in answers.items():
        assert found == answers["log.csv"], name
