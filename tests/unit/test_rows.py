"""Rows of an answer without a library of frames, and the same as a frame."""

import datetime as dt

import polars as pl
import pytest

from hourglass.frames import POLARS, rows_of
from hourglass.result import Column, Table
from hourglass.rows import Rows

ROWS = Rows({"stage": "VARCHAR", "users": "BIGINT"}, [("know", 3), ("like", None)])
EVERY = {
    "INTEGER": 1,
    "BIGINT": 2**40,
    "DOUBLE": 0.5,
    "BOOLEAN": True,
    "VARCHAR": "a",
    "DATE": dt.date(2026, 1, 5),
    "TIMESTAMP": dt.datetime(2026, 1, 5, 12, 0, 0, 7),
    "VARCHAR[]": ["a", None],
}


def test_rows_are_taken_by_names():
    assert ROWS.names == ["stage", "users"]
    assert ROWS.first() == {"stage": "know", "users": 3}
    assert ROWS.dicts()[1] == {"stage": "like", "users": None}
    assert ROWS.column("users") == [3, None]
    assert ROWS.pick(["users", "stage"]).tuples == [(3, "know"), (None, "like")]
    assert ROWS.where("stage", "like").tuples == [("like", None)]


def test_columns_are_put_beside_rows():
    more = ROWS.beside({"low": [0.1, None], "high": [0.2, 0.3]}, "DOUBLE")
    assert more.kinds == {**ROWS.kinds, "low": "DOUBLE", "high": "DOUBLE"}
    assert more.tuples == [("know", 3, 0.1, 0.2), ("like", None, None, 0.3)]
    assert Rows(ROWS.kinds, []).beside({"low": []}, "DOUBLE").names == ["stage", "users", "low"]


def test_a_frame_has_the_types_of_the_header():
    assert EVERY.keys() == POLARS.keys()
    rows = Rows({kind: kind for kind in EVERY}, [tuple(EVERY.values()), (None,) * len(EVERY)])
    assert rows.frame.schema == dict(POLARS)
    assert rows_of(rows.frame) == rows
    assert Rows(rows.kinds, []).frame.schema == dict(POLARS)


@pytest.mark.parametrize("data", [ROWS, ROWS.frame], ids=["rows", "frame"])
def test_a_table_is_read_alike_whatever_it_was_made_of(data: Rows | pl.DataFrame):
    columns = (Column("stage", "text", "stage"), Column("users", "count", "people"))
    table = Table(name="stages", title="", data=data, columns=columns)
    assert table.names == ["stage", "users"]
    assert table.height == 2
    assert table.column("stage") == ["know", "like"]
    assert table.tuples("users", "stage") == [(3, "know"), (None, "like")]
    assert table.dicts() == ROWS.dicts()
    assert table.frame.equals(ROWS.frame)
