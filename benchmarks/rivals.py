"""The same funnel by others: what each runs as a process of its own, and how its answer is read.

Every process prints people per deepest stage, one JSON object a line (`level`, `users`).
"""

import json
import subprocess
import sys
from pathlib import Path

from generate import STAGES

DAYS = 14
EVENTS = [event for event, _ in STAGES.values()]

CLICKHOUSE = """
import sys, chdb
print(chdb.query(sys.argv[1], "JSONEachRow"))
"""

CLICKHOUSE_TABLE = """
import sys
from chdb import session
with session.Session(sys.argv[1]) as tables:
    print(tables.query(sys.argv[2], "JSONEachRow"))
"""

WINDOW_FUNNEL = """
SELECT level, count() AS users
FROM (
    SELECT windowFunnel({seconds})({ts}, {conditions}) AS level
    FROM {source}
    WHERE event IN ({events})
    GROUP BY {person}
)
GROUP BY level
"""

MERGE_TREE = """
CREATE TABLE events (person UInt64, event LowCardinality(String), ts DateTime('UTC'))
ENGINE = MergeTree ORDER BY (person, ts)
AS SELECT cityHash64(user_id), event, toDateTime(ts, 'UTC') FROM file('{file}', Parquet)
"""
"""Tuned: people by a hash of their id, events dictionary-coded, sorted as the question reads."""

POLARS = """
import sys
import polars as pl
file, seconds, *names = sys.argv[1:]
events = (
    pl.scan_parquet(file).select("user_id", "event", "ts").filter(pl.col("event").is_in(names))
    .collect().sort("ts")
)
alive = events.filter(pl.col("event") == names[0]).select("user_id", "ts", started="ts")
reached = [alive["user_id"].n_unique()]
for name in names[1:]:
    stage = events.filter(pl.col("event") == name).select("user_id", "ts")
    alive = (
        stage.join_asof(
            alive.sort("ts", "started"), on="ts", by="user_id", check_sortedness=False
        )
        .filter(pl.col("ts") - pl.col("started") <= pl.duration(seconds=int(seconds)))
    )
    reached.append(alive["user_id"].n_unique())
for level, (users, deeper) in enumerate(zip(reached, [*reached[1:], 0]), start=1):
    print('{"level": %d, "users": %d}' % (level, users - deeper))
"""
"""By hand: the latest entry that each event can carry on, stage by stage."""

RETENTIONEERING = """
import json, sys
import pandas as pd
from retentioneering import Eventstream
file, *names = sys.argv[1:]
schema = {"path_cols": ["user_id"], "event_col": "event", "timestamp_col": "ts"}
found = Eventstream(pd.read_parquet(file), schema).funnel_data(steps=names)["steps"]
reached = [step["unique_paths"] for step in found]
for level, (users, deeper) in enumerate(zip(reached, [*reached[1:], 0]), start=1):
    print(json.dumps({"level": level, "users": users - deeper}))
"""
"""It knows no window, and of two events at one instant takes the row that comes first."""

BOUND = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(connection.execute(
        "SELECT count(*), sum(deepest), sum(earliest) FROM (SELECT person_key,"
        " max(position) AS deepest, min(ts_us) AS earliest FROM compact_events GROUP BY person_key)"
    ).fetchall())
"""
"""No funnel: every kept event read and grouped by person once. Nothing exact can be quicker."""

BOUND_FILE = """
import sys, duckdb
file, *names = sys.argv[1:]
with duckdb.connect() as connection:
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("CREATE TABLE stages (event VARCHAR, position INTEGER)")
    connection.executemany(
        "INSERT INTO stages VALUES (?, ?)", [(name, place) for place, name in enumerate(names, 1)]
    )
    connection.execute(
        "CREATE TABLE coded AS SELECT hash(user_id) AS person_key, hash('.' || user_id) AS"
        " person_check, epoch_us(ts) AS ts_us, position"
        f" FROM read_parquet('{file}') LEFT JOIN stages USING (event)"
    )
    connection.execute("CREATE TABLE people AS SELECT DISTINCT person_key, person_check FROM coded")
    connection.execute(
        "CREATE TABLE stage_events AS SELECT person_key, ts_us, position FROM coded"
        " WHERE position IS NOT NULL"
    )
"""
"""No funnel: people are told apart by two hashes of an id, and events of stages are made theirs."""


def clickhouse_file(file: Path) -> list[str]:
    """ClickHouse's windowFunnel over the file, Parquet or CSV."""
    form = "CSVWithNames" if file.suffix == ".csv" else "Parquet"
    source = f"file('{_quoted(file)}', {form})"
    text = _window_funnel(source, "toDateTime(ts, 'UTC')", "user_id")
    return [sys.executable, "-c", CLICKHOUSE, text]


def clickhouse_table(folder: Path) -> list[str]:
    """Ask the same of the table that `make_table` made."""
    text = _window_funnel("events", "ts", "person")
    return [sys.executable, "-c", CLICKHOUSE_TABLE, str(folder), text]


def make_table(file: Path, folder: Path) -> None:
    """Load the file into a table of ClickHouse in `folder`."""
    text = MERGE_TREE.format(file=_quoted(file))
    subprocess.run(
        [sys.executable, "-c", CLICKHOUSE_TABLE, str(folder), text],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def polars_file(file: Path) -> list[str]:
    """Polars over the Parquet file, without a library for funnels."""
    return [sys.executable, "-c", POLARS, str(file), str(DAYS * 86_400), *EVENTS]


def retentioneering(python: Path, file: Path) -> list[str]:
    """Retentioneering over the Parquet file, by the interpreter that it is installed for."""
    words = [str(python), "-c", RETENTIONEERING, str(file), *EVENTS]
    return ["env", "RETENTIONEERING_NO_TRACK=1", *words]


def bound(database: Path) -> list[str]:
    """Group what our database keeps by person, which any funnel has to do."""
    return [sys.executable, "-c", BOUND, str(database)]


def bound_file(file: Path) -> list[str]:
    """Tell people apart and map events in DuckDB, before any question."""
    return [sys.executable, "-c", BOUND_FILE, str(file), *EVENTS]


def same_counts(ours: str, theirs: str) -> None:
    """Exit if the two do not agree: then their times mean nothing."""
    if our_counts(ours) != their_counts(theirs):
        sys.exit(f"counts differ: {our_counts(ours)} and {their_counts(theirs)}")


def our_counts(output: str) -> list[int]:
    """People per stage from the JSON of `hourglass funnel`."""
    return [stage["users"] for stage in json.loads(output)["stages"]]


def their_counts(output: str) -> list[int]:
    """People per stage from people per deepest level."""
    rows = [json.loads(line) for line in output.splitlines() if line]
    levels = {int(row["level"]): int(row["users"]) for row in rows}
    return [
        sum(users for level, users in levels.items() if level >= position)
        for position in range(1, len(STAGES) + 1)
    ]


def _window_funnel(source: str, ts: str, person: str) -> str:
    """ClickHouse's question; the filter leaves out rows that no condition mentions."""
    events = [f"'{event}'" for event in EVENTS]
    return WINDOW_FUNNEL.format(
        seconds=DAYS * 86_400,
        ts=ts,
        conditions=", ".join(f"event = {event}" for event in events),
        events=", ".join(events),
        source=source,
        person=person,
    )


def _quoted(file: Path) -> str:
    return str(file).replace("\\", "\\\\").replace("'", "\\'")
