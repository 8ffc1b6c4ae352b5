"""A duplicate is told by the event id, or by what a person declares, and by nothing else."""

import json

import duckdb
import polars as pl
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

ROWS = [
    ("u1", "a", "2024-01-02", "x", 1),
    ("u1", "a", "2024-01-01", "x", 1),
    ("u1", "a", "2024-01-01", "x", 2),
    ("u1", "a", "2024-01-01", "x", 2),
    ("u1", "a", "2024-01-01", None, 2),
    ("u1", "a", "2024-01-01", None, 2),
]
NAMES = ["person_id", "event", "ts", "event_id", "n"]


def write_csv(path):
    lines = [",".join("" if one is None else str(one) for one in row) for row in [NAMES, *ROWS]]
    path.write_text("\n".join(lines) + "\n")


def write_json(path):
    path.write_text("\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in ROWS))


def write_parquet(path):
    with duckdb.connect() as made:
        made.execute("CREATE TABLE t (person_id TEXT, event TEXT, ts DATE, event_id TEXT, n INT)")
        made.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [list(row) for row in ROWS])
        made.execute(f"COPY t TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize("write", [write_csv, write_json, write_parquet])
@pytest.mark.parametrize(
    ("dedupe", "duplicates", "key"),
    [
        ((), 3, None),
        (("none",), 0, ()),
        (("row",), 2, ("user_id", "event", "ts", "event_id", "n")),
        (("event_id",), 3, ("event_id",)),
        (("user_id", "ts"), 4, ("user_id", "ts")),
        (("Person_ID", "event_id", "n"), 2, ("user_id", "event_id", "n")),
    ],
)
@pytest.mark.parametrize("needed", [None, set()])
def test_what_is_declared_tells_duplicates(tmp_path, write, dedupe, duplicates, key, needed):
    write(tmp_path / "export")
    connection = connect()
    facts = attach(
        connection,
        find_files([str(tmp_path / "export")]),
        needed=needed,
        reading=Reading(dedupe=dedupe),
    )
    assert (facts.rows, facts.duplicates, facts.key) == (6, duplicates, key)
    assert connection.execute("SELECT count(*) FROM events").fetchall() == [(6 - duplicates,)]


def test_a_column_that_is_not_there_is_said(tmp_path):
    write_csv(tmp_path / "export")
    with pytest.raises(DataError, match=r'no column "usr_id" .*did you mean "user_id"'):
        attach(
            connect(),
            find_files([str(tmp_path / "export")]),
            reading=Reading(dedupe=("usr_id",)),
        )


@pytest.mark.parametrize("dedupe", [(), ("event_id",)])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_event_id_that_says_nothing_tells_no_duplicate(tmp_path, form, dedupe):
    path = tmp_path / f"export.{form}"
    rows = [(user, "a", "2024-01-01", word) for user in ("1", "2") for word in ("NULL", "nan", "")]
    names = ("user_id", "event", "ts", "event_id")
    frame = pl.DataFrame([*rows, ("3", "a", "2024-01-01", "x")], names, orient="row")
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    connection = connect()
    said = Reading(dedupe=dedupe)
    attach(connection, find_files([str(path)]), {"event_id": "event_id"}, reading=said)
    found = connection.execute("SELECT event_id, count(*) FROM events GROUP BY 1 ORDER BY 1")
    assert found.fetchall() == [("x", 1), (None, 6)]
