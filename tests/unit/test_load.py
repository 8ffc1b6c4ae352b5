"""A load is one transaction, counts every row, and takes no file twice."""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hourglass.config import parse_config
from hourglass.database import open_database, stored_configuration
from hourglass.errors import DataError, OutputError
from hourglass.load import load

HEADER = "user_id,event,ts,event_id,n\n"
FIRST = HEADER + "1,a,2024-01-01,x,1\n1,a,2024-01-01,x,1\n2,b,soon,y,2\n3,b,2024-01-03\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "events.duckdb"


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def asked(db: Path, query: str):
    connection, _ = open_database(db)
    with connection:
        return connection.execute(query).fetchall()


def counts(db: Path):
    return asked(db, 'SELECT "rows", accepted, rejected, "duplicate" FROM loads ORDER BY ALL')


def test_every_row_is_accepted_rejected_or_duplicate(db, write):
    loaded = load(db, [write("a.csv", FIRST)])
    assert counts(db) == [(4, 1, 2, 1)]
    assert asked(db, "FROM events") == [("1", "a", datetime(2024, 1, 1), "x", 1)]
    assert asked(db, 'SELECT line, "column", value, reason, raw FROM rejects') == [
        (4, "ts", "soon", "timestamp not understood", "2,b,soon,y,2"),
        (5, "event_id", None, "too few columns", "3,b,2024-01-03"),
    ]
    assert len(loaded.examples) == 2


def test_the_same_content_again_changes_nothing(db, write):
    path = write("a.csv", FIRST)
    load(db, [path])
    copy = shutil.copy(path, Path(path).with_name("copy.csv"))
    loaded = load(db, [path, str(copy)])
    assert loaded.files == ()
    assert loaded.known == (path, str(copy))
    assert len(counts(db)) == 1


def test_an_event_id_that_is_there_makes_a_duplicate(db, write):
    load(db, [write("a.csv", FIRST)])
    load(
        db, [write("b.csv", HEADER + "1,a,2024-01-01,x,1\n9,a,2024-02-01,z,5\n9,c,2024-02-02,,6\n")]
    )
    assert counts(db) == [(3, 2, 0, 1), (4, 1, 2, 1)]
    assert asked(db, "SELECT user_id, event_id FROM events ORDER BY ts") == [
        ("1", "x"), ("9", "z"), ("9", None),
    ]  # fmt: skip


def test_new_columns_widen_the_table_and_types_meet(db, write):
    load(db, [write("a.csv", "user_id,event,ts,n,m\n1,a,2024-01-01,1,1\n")])
    load(db, [write("b.csv", "user_id,event,ts,N,m,new\n2,a,2024-01-02,2.5,x,y\n")])
    assert asked(db, "SELECT n, m, new FROM events ORDER BY ts") == [
        (1.0, "1", None),
        (2.5, "x", "y"),
    ]


def test_formats_may_be_mixed(db, write):
    files = [
        write("a.csv", "user_id,event,ts\n1,a,2024-01-01\n"),
        write("b.jsonl", '{"user_id": "2", "event": "b", "ts": 1704067200}\n'),
    ]
    load(db, files)
    assert asked(db, "SELECT user_id, ts FROM events ORDER BY user_id") == [
        ("1", datetime(2024, 1, 1)),
        ("2", datetime(2024, 1, 1)),
    ]


def test_files_of_other_columns_have_roles_of_their_own(db, write):
    files = [
        write("a.csv", "user_id,event,ts\n1,a,2024-01-01\n"),
        write("b.csv", "customer,action,time,note\n2,b,1704067200,x\n"),
    ]
    load(db, files)
    assert asked(db, "SELECT user_id, event, note FROM events ORDER BY user_id") == [
        ("1", "a", None),
        ("2", "b", "x"),
    ]


@pytest.mark.parametrize("bad", ["name\nx\n", "", '{"a": 1}\n'])
def test_a_failure_leaves_no_database_behind(db, write, bad):
    with pytest.raises(DataError):
        load(db, [write("a.csv", FIRST), write("bad.csv", bad)][1:])
    assert [path.name for path in db.parent.iterdir() if "duckdb" in path.name] == []


def test_a_failure_leaves_the_database_as_it_was(db, write):
    load(db, [write("a.csv", FIRST)])
    good = write("b.csv", HEADER + "7,a,2024-01-01,q,1\n")
    with pytest.raises(DataError):
        load(db, [good, write("bad.json", '{"a": 1}\n')])
    assert len(counts(db)) == 1
    assert len(asked(db, "FROM events")) == 1


def test_the_configuration_is_kept_with_its_stages(db, write):
    text = (
        '[columns]\nuser = "event_id"\n[models.m.stages]\nstart = ["a"]\n'
        'end = {events = ["b", "c"], where = "n > 1", within = "1 day"}\n'
    )
    load(db, [write("a.csv", FIRST)], parse_config(text, None))
    connection, facts = open_database(db)
    with connection:
        assert stored_configuration(connection) == text
    assert facts.roles["user"] == "event_id"
    stages = asked(db, "FROM stages WHERE model = 'm' ORDER BY ALL")
    assert [row[:4] for row in stages] == [
        ("m", 1, "start", "a"),
        ("m", 2, "end", "b"),
        ("m", 2, "end", "c"),
    ]
    assert stages[1][4].startswith("where n > 1; within 1 day")


def test_a_loaded_database_knows_its_facts(db, write):
    load(db, [write("a.csv", FIRST)])
    connection, facts = open_database(db)
    connection.close()
    assert (facts.rows, facts.rejected, facts.duplicates) == (4, 2, 1)
    assert facts.columns == {
        "user_id": "VARCHAR", "event": "VARCHAR", "ts": "TIMESTAMP",
        "event_id": "VARCHAR", "n": "BIGINT",
    }  # fmt: skip


def test_a_database_is_not_written_while_a_question_is_asked(db, write):
    load(db, [write("a.csv", FIRST)])
    connection, _ = open_database(db)
    with connection, pytest.raises(duckdb.Error):
        connection.execute("DELETE FROM events")


def test_a_missing_database_says_how_to_make_it(db):
    with pytest.raises(DataError, match="does not exist") as caught:
        open_database(db)
    assert "hourglass load" in caught.value.hint


@pytest.mark.parametrize("content", [b"user_id,event,ts\n1,a,2024-01-01\n", b"rubbish" * 1000, b""])
def test_another_file_is_no_database_and_stays_as_it_is(db, write, content):
    db.write_bytes(content)
    with pytest.raises(DataError, match="not a DuckDB database"):
        load(db, [write("a.csv", FIRST)])
    assert db.read_bytes() == content


def test_a_database_of_others_is_left_alone(db, write):
    with duckdb.connect(str(db)) as other:
        other.execute("CREATE TABLE mine AS SELECT 1 AS x")
    with pytest.raises(DataError, match="not one of hourglass"):
        load(db, [write("a.csv", FIRST)])
    with duckdb.connect(str(db)) as other:
        assert other.execute("SHOW TABLES").fetchall() == [("mine",)]


def test_a_database_of_a_newer_version_is_refused(db, write):
    load(db, [write("a.csv", FIRST)])
    with duckdb.connect(str(db)) as newer:
        newer.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(DataError, match="newer hourglass"):
        open_database(db)


def test_a_folder_that_is_missing_is_said(tmp_path, write):
    with pytest.raises(OutputError, match="no folder"):
        load(tmp_path / "no" / "events.duckdb", [write("a.csv", FIRST)])


def test_a_damaged_database_is_an_error_of_ours(db, write):
    load(db, [write("a.csv", FIRST)])
    content = bytearray(db.read_bytes())
    content[4096:8192] = bytes(4096)
    db.write_bytes(content)
    with pytest.raises((DataError, OutputError)):
        load(db, [write("b.csv", HEADER + "7,a,2024-01-01,q,1\n")])
