"""Exports that overlap are said, where nothing tells the events that both of them have."""

import itertools
import random
from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

from hourglass.engines.connect import connect
from hourglass.load import load
from hourglass.reading import Reading
from hourglass.sources import overlaps
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

HEAD = "user_id,event,ts"
FIRST = ["a,visit,2026-01-13T00:00:00Z", "a,order,2026-01-14T00:00:00Z"]
SECOND = ["a,order,2026-01-14T00:00:00Z", "b,order,2026-01-15T00:00:00Z"]


def written(folder, name, rows, head=HEAD):
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n")
    return str(path)


def notes(paths, **said):
    connection = connect()
    facts = attach(connection, find_files(paths), **said)
    columns = [name for name, *_ in connection.execute("DESCRIBE events").fetchall()]
    return [one for one in facts.notes if "counted twice" in one], columns


@pytest.mark.parametrize("kind", ["iso", "german", "parquet", "jsonl"])
def test_events_that_two_files_have_are_said(tmp_path, kind):
    paths = []
    for number, rows in enumerate((FIRST, SECOND)):
        path = written(tmp_path, f"{number}.csv", rows)
        frame = pl.read_csv(path, try_parse_dates=True)
        if kind == "german":
            frame = frame.with_columns(pl.col("ts").dt.strftime("%d.%m.%Y %H:%M"))
            frame.write_csv(path)
        elif kind != "iso":
            path = str(tmp_path / f"{number}.{kind}")
            frame.write_parquet(path) if kind == "parquet" else frame.write_ndjson(path)
        paths.append(path)
    (note,), columns = notes(paths)
    one, other = paths
    assert note.startswith(f"1 event is in two files, as {one} and {other} (the same person")
    assert columns == ["user_id", "event", "ts"]


def test_what_tells_copies_is_not_doubted(tmp_path):
    paths = [written(tmp_path, f"{n}.csv", rows) for n, rows in enumerate((FIRST, SECOND))]
    for dedupe in (("user_id", "event", "ts"), ("none",)):
        assert notes(paths, reading=Reading(dedupe=dedupe))[0] == []
    head = f"event_id,{HEAD}"
    ids = itertools.count()
    paths = [
        written(tmp_path, f"id{n}.csv", [f"{next(ids)},{row}" for row in rows], head)
        for n, rows in enumerate((FIRST, SECOND))
    ]
    assert notes(paths)[0] == []


def test_copies_within_one_file_are_as_they_are(tmp_path):
    assert notes([written(tmp_path, "a.csv", FIRST + FIRST)])[0] == []
    assert notes([written(tmp_path, "b.csv", FIRST + FIRST),
                  written(tmp_path, "c.csv", SECOND[1:])])[0] == []  # fmt: skip


def test_a_load_is_compared_with_what_is_there(tmp_path):
    path = tmp_path / "events.duckdb"
    done = [
        load(path, [written(tmp_path, f"{n}.csv", rows)]) for n, rows in enumerate((FIRST, SECOND))
    ]
    said = [[one for one in one.notes if "counted twice" in one] for one in done]
    assert said[0] == []
    assert f"as {tmp_path / '1.csv'} and one loaded before" in said[1][0]
    assert "into a new database with --dedupe user_id,event,ts" in said[1][0]


def _log(seed):
    some = random.Random(seed)
    start = datetime(2026, 1, 1)
    return [
        (some.choice("ab"), some.choice("xy"), start + timedelta(hours=some.randrange(12)), file)
        for file in range(1, some.randint(2, 5))
        for _ in range(some.randint(0, 6))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_number_is_that_of_copies_beyond_the_first_file(seed):
    rows = _log(seed)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (person VARCHAR, event VARCHAR, ts TIMESTAMP, file INT)")
    if rows:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    copies = 0
    for event in {row[:3] for row in rows}:
        copies += len({row[3] for row in rows if row[:3] == event}) - 1
    said = overlaps.told_overlaps(
        lambda query: connection.execute(query).fetchall(),
        "SELECT min(ts), max(ts), count(*) FROM t GROUP BY file",
        "FROM t",
        ["1", "2", "3", "4", "5"],
    )
    assert [one.split()[0] for one in said] == ([str(copies)] if copies else [])


def test_of_many_rows_a_part_is_compared_and_the_number_a_least(tmp_path, monkeypatch):
    monkeypatch.setattr(overlaps, "_MOST", 2)
    rows = [f"a,visit,2026-01-{day:02}T00:00:00Z" for day in range(1, 29)]
    paths = [written(tmp_path, f"{n}.csv", [*rows, f"b,x,2026-01-0{n + 1}"]) for n in (0, 1)]
    (note,), _ = notes(paths)
    assert note.startswith("at least ")
