"""What has something inside is no id and no name; where what is meant stands inside is said."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

SEEN = [
    {"user": {"id": "u1", "visits": n}, "event": "visit", "ts": f"2026-01-0{n}T10:00:00Z"}
    for n in (1, 2)
]
WRAPPED = [{"_id": str(n), "_source": {**one, "user_id": "u1"}} for n, one in enumerate(SEEN)]


def written(folder: Path, rows: list[dict[str, object]], kind: str) -> str:
    lines = folder / "a.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if kind == "json":
        return str(lines)
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(
            {name: json.dumps(one) if isinstance(one, dict) else one for name, one in row.items()}
            for row in rows
        )
        (folder / "a.csv").write_text(text.getvalue())
        return str(folder / "a.csv")
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM '{lines}') TO '{folder / 'a.parquet'}' (FORMAT parquet)")
    return str(folder / "a.parquet")


def read(path: str, columns: dict[str, str]) -> list[tuple[object, ...]]:
    connection = connect()
    attach(connection, find_files([path]), columns, needed=())
    return connection.execute("SELECT user_id, event FROM events ORDER BY ts").fetchall()


@pytest.mark.parametrize("kind", ["json", "parquet", "csv"])
def test_an_object_is_nobodys_id(tmp_path, kind):
    """Two visits of a person, each with another counter beside the id, were two people."""
    made = written(tmp_path, SEEN, kind)
    with pytest.raises(DataError, match="no column holds the user; columns are: user") as caught:
        read(made, {})
    assert caught.value.hint == 'write user = "user.id" under [columns] in hourglass.toml'
    assert read(made, {"user": "user.id"}) == [("u1", "visit")] * 2


@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_all_places_inside_of_one_column_are_said_at_once(tmp_path, kind):
    made = written(tmp_path, WRAPPED, kind)
    with pytest.raises(DataError, match="the user, and none the event, and none the times") as one:
        read(made, {})
    places = {"user": "_source.user_id", "event": "_source.event", "timestamp": "_source.ts"}
    lines = " and ".join(f'{role} = "{place}"' for role, place in places.items())
    assert one.value.hint == f"write, a line each, {lines} under [columns] in hourglass.toml"
    assert read(made, places) == [("u1", "visit")] * 2


def test_what_a_type_is_the_key_of_is_found(tmp_path):
    """DynamoDB writes the type of each value as a key."""
    values = {"user_id": {"S": "u1"}, "event": {"S": "visit"}, "ts": {"S": "2026-01-01"}}
    made = written(tmp_path, [{"Item": values}], "json")
    with pytest.raises(DataError) as caught:
        read(made, {})
    assert 'user = "Item.user_id.S" and event = "Item.event.S"' in caught.value.hint


@pytest.mark.parametrize("sign", ["^", "~", "   "])
def test_signs_that_are_no_separators_are_said(tmp_path, sign):
    (tmp_path / "a.csv").write_text("user_id,event,ts\n1,a,2026-01-01\n".replace(",", sign))
    with pytest.raises(DataError, match="no column holds the user") as caught:
        read(str(tmp_path / "a.csv"), {})
    assert "commas, tabs, semicolons or bars" in caught.value.hint


def test_what_databases_unload_is_parted_by_the_sign_of_hive(tmp_path):
    made = tmp_path / "000000_0"
    made.write_text("u1\x01visit\x012026-01-01 10:00:00\x01a|b, c;d\n")
    with pytest.raises(DataError, match="line 1 holds values") as caught:
        read(str(made), {})
    assert "--columns user_id,event,ts,column4" in str(caught.value.hint)
    connection = connect()
    names = Reading(columns=("user_id", "event", "ts", "note"))
    attached = attach(connection, find_files([str(made)]), reading=names)
    assert attached.format == "csv with ^A"
    assert connection.execute("SELECT event, note FROM events").fetchall() == [
        ("visit", "a|b, c;d")
    ]
