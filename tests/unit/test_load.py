"""A load is one transaction, counts every row, and takes no file twice."""

import io
import random
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hourglass.config import parse_config
from hourglass.database import SCHEMA_VERSION, open_database, stored_configuration
from hourglass.errors import DataError, OutputError, UsageError
from hourglass.keeping import keep
from hourglass.load import Wishes, load, parse_limit

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
    assert asked(db, "FROM events") == [("1", "a", datetime(2024, 1, 1), "x", 1, "1")]
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


@pytest.mark.parametrize("nothing", ["", " \n", "[]", "[\n]\n"])
def test_an_empty_file_of_a_folder_stays_a_note_when_the_folder_is_loaded_again(
    db, tmp_path, nothing
):
    folder = tmp_path / "delivered"
    folder.mkdir()
    (folder / "a.json").write_text('[{"user_id": 1, "event": "a", "ts": "2024-01-01"}]')
    (folder / "b.json").write_text(nothing)
    for _ in range(2):
        assert f"{folder / 'b.json'} is empty" in load(db, [str(folder)]).notes
    assert asked(db, "SELECT count(*) FROM events") == [(1,)]
    (folder / "b.json").write_text('[{"user_id": 2, "event": "a", "ts": "2024-01-02"}]')
    load(db, [str(folder)])
    assert asked(db, "SELECT count(*) FROM events") == [(2,)]


def test_a_file_of_a_folder_that_names_no_user_is_named(db, write):
    good, bad = write("a.csv", FIRST), write("b.csv", "a,b\n1,2\n")
    with pytest.raises(DataError, match=rf"^{re.escape(bad)}: no column holds the user"):
        load(db, [good, bad])
    alike = write("c.csv", "a,b\n1,3\n")
    with pytest.raises(DataError, match=r"b\.csv and 1 more: no column holds the user"):
        load(db, [good, bad, alike])


@pytest.mark.parametrize("nothing", ["", " \n", "[]"])
def test_an_empty_file_takes_the_place_of_no_events(db, tmp_path, nothing):
    folder = tmp_path / "delivered"
    folder.mkdir()
    for name in ("mon.csv", "tue.csv"):
        (folder / name).write_text(f"user_id,event,ts\n{name},a,2024-01-01\n")
    load(db, [str(folder)])
    (folder / "mon.csv").write_text(nothing)
    for other, content in ((None, ""), ("a.csv", nothing), ("wed.csv", FIRST)):
        if other:
            (folder / other).write_text(content)
        with pytest.raises(DataError, match=r"mon\.csv is empty now"):
            load(db, [str(folder)], wishes=Wishes(renew=True))
    assert asked(db, "SELECT user_id FROM events ORDER BY 1") == [("mon.csv",), ("tue.csv",)]
    (folder / "mon.csv").unlink()
    load(db, [str(folder)], wishes=Wishes(renew=True))
    assert asked(db, "SELECT count(*) FROM events WHERE user_id = 'mon.csv'") == [(1,)]


def test_an_event_id_that_is_there_makes_a_duplicate(db, write):
    load(db, [write("a.csv", FIRST)])
    load(
        db, [write("b.csv", HEADER + "1,a,2024-01-01,x,1\n9,a,2024-02-01,z,5\n9,c,2024-02-02,,6\n")]
    )
    assert counts(db) == [(3, 2, 0, 1), (4, 1, 2, 1)]
    assert asked(db, "SELECT user_id, event_id FROM events ORDER BY ts") == [
        ("1", "x"), ("9", "z"), ("9", None),
    ]  # fmt: skip


def test_an_event_id_that_counts_anew_in_each_file_loses_no_row(db, write):
    rows = "event_id,user_id,event,ts\n1,{0},a,2024-0{1}-01\n2,{0},b,2024-0{1}-02\n"
    load(db, [write("1.csv", rows.format("u", 1))])
    second = write("2.csv", rows.format("v", 2))
    with pytest.raises(DataError, match="2 of 2 rows") as refused:
        load(db, [second])
    assert "--dedupe none" in str(refused.value.hint)
    assert counts(db) == [(2, 2, 0, 0)]
    named = parse_config('[columns]\nevent_id = "event_id"\n', None)
    assert load(db, [second], named).files[0].duplicates == 2
    third = write("3.csv", rows.format("w", 3))
    assert load(db, [third], wishes=Wishes(said={"dedupe": ("none",)})).files[0].accepted == 2


@pytest.mark.parametrize(
    ("first", "later", "revenue", "said"),
    [
        ("1.234,50", "1.500", 1500, 'has a decimal comma as in earlier loads'),
        ("1,234.50", "1,500", 1500, 'has a decimal point as in earlier loads'),
        ("1.234,50", "2.50", 2.5, None),
        ("1.234,50", "7", 7, None),
        ("7", "1.500", 1.5, None),
    ],
)  # fmt: skip
def test_amounts_that_may_be_read_both_ways_are_written_as_earlier_ones(
    db, write, first, later, revenue, said
):
    head = "user_id;event;ts;revenue\n"
    load(db, [write("1.csv", f"{head}a;buy;2024-01-01;{first}\n")])
    notes = load(db, [write("2.csv", f"{head}b;buy;2024-01-02;{later}\n")]).notes
    assert asked(db, "SELECT revenue FROM events WHERE user_id = 'b'") == [(revenue,)]
    assert [one for one in notes if "decimal" in one] == ([f'"revenue" {said}'] if said else [])


@pytest.mark.parametrize("place", ["paid", "paid|total"])
def test_a_later_file_may_lack_what_a_role_is_read_from(db, write, place):
    """Over both files at once its rows have none; loaded after the other it was refused."""
    config = parse_config(f'[columns]\nrevenue = "{place}"\nchannel = "via"\n', None)
    first = write("1.csv", "user_id,event,ts,paid,via\na,buy,2024-01-01,5,mail\n")
    later = write("2.csv", "user_id,event,ts,price\nb,buy,2024-01-02,7\n")
    with pytest.raises(DataError, match="names some that are not there"):
        load(db, [later], config)
    load(db, [first], config)
    notes = load(db, [later], config).notes
    said = f'{later}: no column "{place}", so that these rows have no revenue'
    assert said in notes
    assert asked(db, "SELECT revenue, channel FROM events ORDER BY ts") == [
        (5, "mail"),
        (None,) * 2,
    ]
    wrong = parse_config('[columns]\nrevenue = "payd"\n', None)
    with pytest.raises(DataError, match='no column "payd"'):
        load(db, [write("3.csv", "user_id,event,ts,paid\nb,buy,2024-01-03,7\n")], wrong)


def test_numbers_of_json_are_no_thousands(db, write):
    load(db, [write("1.csv", 'user_id,event,ts,revenue\na,buy,2024-01-01,"1.234,50"\n')])
    load(db, [write("2.json", '{"user_id":"b","event":"buy","ts":"2024-01-02","revenue":1.125}\n')])
    assert asked(db, "SELECT revenue FROM events WHERE user_id = 'b'") == [(1.125,)]


def test_files_of_a_folder_that_are_not_read_are_said(db, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "jan.csv").write_text(FIRST)
    (folder / "feb.xlsx").touch()
    assert (
        f"{folder}: left out are files of unknown endings: feb.xlsx"
        in load(db, [str(folder)]).notes
    )


def test_rows_of_a_known_event_id_that_differ_are_said(db, write):
    load(db, [write("1.csv", HEADER + "1,a,2024-01-01,x,1\n1,b,2024-01-02,y,1\n")])
    loaded = load(db, [write("2.csv", HEADER + "2,a,2024-01-01,x,1\n1,c,2024-01-02,y,1\n")])
    assert loaded.files[0].duplicates == 2
    assert (
        '1 of the rows left out as duplicates by "event_id" are of another event or instant than'
        " the row that is there"
    ) in loaded.notes


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


DAYS = {
    "channels": "1,a,2024-01-01,web,,\n2,a,2024-01-01,mail,,2\n",
    "kinds": "3,a,2024-01-02,web,,1\n4,a,2024-01-02,,,\n",
    "slash": "5,a,2024-01-03,mail,t/1,\n6,a,2024-01-03,mail,3,n/a\n",
    "plain": "7,a,2024-01-04,mail,1,2.5\n",
}


@pytest.mark.parametrize("days", [("kinds", "channels"), ("plain", "slash", "kinds"), (*DAYS,)])
def test_a_column_means_every_day_what_it_means_in_all_of_them(db, write, days):
    """Values of one day that say little of their column do not move them to another one."""
    for day in days:
        load(db, [write(f"{day}.csv", "user_id,event,ts,channel,invited_by,revenue\n" + DAYS[day])])
    rows = [line.split(",") for day in days for line in DAYS[day].splitlines()]
    found = asked(db, "SELECT channel, referrer_id, revenue FROM events ORDER BY user_id")
    assert sorted(map(str, found)) == sorted(
        str((way or None, whom or None, None if paid in ("", "n/a") else float(paid)))
        for *_, way, whom, paid in rows
    )
    assert not [name for name, *_ in asked(db, "DESCRIBE events") if name.startswith("source_")]


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


def test_a_database_is_written_for_the_versions_of_the_engine_that_the_readme_names(db, write):
    load(db, [write("a.csv", FIRST)])
    ((tags,),) = asked(db, "SELECT tags FROM duckdb_databases() WHERE NOT internal")
    assert tags["storage_version"] == "v1.3.0+"


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


@pytest.mark.parametrize(
    ("name", "row"),
    [("mine", "1 AS x"), ("meta", f"'schema_version' AS key, '{SCHEMA_VERSION}' AS value")],
)
def test_a_database_of_others_is_left_alone(db, write, name, row):
    with duckdb.connect(str(db)) as other:
        other.execute(f"CREATE TABLE {name} AS SELECT {row}")
    with pytest.raises(DataError, match="not one of hourglass"):
        load(db, [write("a.csv", FIRST)])
    with pytest.raises(DataError, match="not one of hourglass"):
        open_database(db)
    with duckdb.connect(str(db)) as other:
        assert other.execute("SHOW TABLES").fetchall() == [(name,)]


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


def test_a_changed_file_is_asked_about(db, write):
    path = write("a.csv", HEADER + "1,a,2024-01-01,x,1\n")
    load(db, [path])
    write("a.csv", HEADER + "1,a,2024-01-01,x,1\n2,b,2024-01-02,y,2\n")
    with pytest.raises(UsageError, match="was loaded before, with other content") as caught:
        load(db, [path])
    assert "--replace" in caught.value.hint
    assert counts(db) == [(1, 1, 0, 0)]


def test_replacing_a_file_leaves_nothing_of_it(db, write):
    path = write("a.csv", FIRST)
    load(db, [path, write("b.csv", HEADER + "8,a,2024-01-05,w,1\n")])
    write("a.csv", "user_id,event,ts,event_id,n,extra\n5,c,2024-02-01,x,2.5,new\n6,c,late,z,1,\n")
    loaded = load(db, [path], wishes=Wishes(renew=True))
    assert loaded.replaced == (path,)
    assert counts(db) == [(1, 1, 0, 0), (2, 1, 1, 0)]
    assert asked(db, "SELECT user_id, n, extra FROM events ORDER BY ts") == [
        ("8", 1.0, None), ("5", 2.5, "new"),
    ]  # fmt: skip
    assert asked(db, "SELECT raw FROM rejects") == [("6,c,late,z,1,",)]
    assert load(db, [path], wishes=Wishes(renew=True)).known == (path,)


def test_duplicates_of_rows_that_were_replaced_are_said(db, write):
    path = write("a.csv", HEADER + "1,a,2024-01-01,x,1\n")
    load(db, [path])
    load(db, [write("b.csv", HEADER + "1,a,2024-01-01,x,1\n7,a,2024-01-01,,1\n")])
    write("a.csv", HEADER + "2,b,2024-01-02,y,2\n")
    loaded = load(db, [path], wishes=Wishes(renew=True))
    assert any("do not come back" in note for note in loaded.notes)


def test_a_file_that_moved_on_may_be_loaded_beside_its_old_content(db, write):
    path = write("a.csv", HEADER + "1,a,2024-01-01,x,1\n")
    load(db, [path])
    old = write("a.1.csv", Path(path).read_text())
    write("a.csv", HEADER + "2,b,2024-01-02,y,2\n")
    load(db, [path, old], wishes=Wishes(renew=True))
    assert asked(db, "SELECT user_id FROM events ORDER BY 1") == [("1",), ("2",)]


def test_standard_input_is_never_the_same_file(db, write, monkeypatch):
    for text in ("1,a,2024-01-01\n", "2,a,2024-01-01\n"):
        monkeypatch.setattr(
            "sys.stdin", io.TextIOWrapper(io.BytesIO(f"user_id,event,ts\n{text}".encode()))
        )
        load(db, ["-"])
    assert len(asked(db, "FROM events")) == 2


def test_questions_do_not_see_the_number_of_the_load(db, write):
    load(db, [write("a.csv", FIRST)])
    assert [name for name, *_ in asked(db, "DESCRIBE events")] == [
        "user_id", "event", "ts", "event_id", "n", "hourglass person",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("1", "2", "BIGINT"),
        ("1", "2.5", "DOUBLE"),
        ("9007199254740993", "2.5", "VARCHAR"),
        ("2.5", "9007199254740993", "VARCHAR"),
        ("1", "", "BIGINT"),
        ("", "1", "BIGINT"),
        ("true", "1", "VARCHAR"),
        ("2024-01-01", "2024-01-01 10:00", "TIMESTAMP"),
    ],
)
def test_a_type_that_changes_widens_to_one_that_holds_both(db, write, before, after, kind):
    load(db, [write("a.csv", f"user_id,event,ts,v\n1,a,2024-01-01,{before}\n")])
    loaded = load(db, [write("b.csv", f"user_id,event,ts,v\n2,a,2024-01-02,{after}\n")])
    assert dict(row[:2] for row in asked(db, "DESCRIBE events"))["v"] == kind
    found = [str(value) for (value,) in asked(db, "SELECT v FROM events ORDER BY ts")]
    expected = [text.removesuffix(".0") or "None" for text in (before, after)]
    assert [
        text.removesuffix(".0").removesuffix(":00").removesuffix(" 00:00") for text in found
    ] == (expected)
    widened = "" not in (before, after) and kind != "BIGINT"
    assert any('"v" was' in note for note in loaded.notes) == widened


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        ("[1, 2]", "7", ("[1,2]", "7")),
        ("2.0::DOUBLE", "[1]", ("2", "[1]")),
        ("{'a': 1}", "[1]", ('{"a":1}', "[1]")),
        ("true", "['x']", ("true", '["x"]')),
    ],
)
def test_what_no_number_and_no_time_holds_becomes_text(db, tmp_path, before, after, texts):
    for number, value in enumerate((before, after), start=1):
        path = tmp_path / f"{number}.parquet"
        duckdb.sql(
            f"COPY (SELECT 'u' AS user_id, 'a' AS event, DATE '2024-01-0{number}' AS ts,"
            f" {value} AS v) TO '{path}'"
        )
        load(db, [str(path)])
    assert tuple(value for (value,) in asked(db, "SELECT v FROM events ORDER BY ts")) == texts


def test_too_many_rejects_leave_the_database_as_it_was(db, write, tmp_path):
    load(db, [write("a.csv", HEADER + "1,a,2024-01-01,x,1\n")])
    bad = write("b.csv", FIRST)
    rejects = tmp_path / "rejects.csv"
    for limit in ("1", "49.9%"):
        wishes = Wishes(max_rejects=parse_limit(limit), rejects=rejects)
        with pytest.raises(DataError, match="2 of 4 rows cannot be events, more than"):
            load(db, [bad], wishes=wishes)
        assert len(rejects.read_text().splitlines()) == 3
    assert counts(db) == [(1, 1, 0, 0)]
    load(db, [bad], wishes=Wishes(max_rejects=parse_limit("50%")))
    assert len(counts(db)) == 2


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "101%", "%", "1e3%"])
def test_a_limit_of_rejects_is_a_count_or_a_share(text):
    with pytest.raises(UsageError, match="no number of rows"):
        parse_limit(text)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_rejected_rows_are_written_to_a_file(db, write, tmp_path, ending):
    load(db, [write("old.csv", HEADER + "1,a,never,x,1\n2,a,2024-01-01,u,1\n")])
    path = tmp_path / f"rejects.{ending}"
    load(db, [write("a.csv", FIRST)], wishes=Wishes(rejects=path))
    with duckdb.connect() as reader:
        query = f"SELECT line, reason, raw FROM '{path}' ORDER BY line"
        found = reader.execute(query).fetchall()
    assert found == [
        (4, "timestamp not understood", "2,b,soon,y,2"),
        (5, "too few columns", "3,b,2024-01-03"),
    ]


def test_rejected_rows_go_to_no_other_kind_of_file(db, write, tmp_path):
    with pytest.raises(UsageError, match="as CSV or Parquet"):
        load(db, [write("a.csv", FIRST)], wishes=Wishes(rejects=tmp_path / "rejects.xlsx"))
    assert not db.exists()


@pytest.mark.parametrize(
    ("dedupe", "left"),
    [((), 4), (("none",), 4), (("row",), 3), (("user_id", "ts"), 2), (("n",), 3)],
)
def test_a_declared_key_holds_between_files_too(db, write, dedupe, left):
    how = Wishes(said={"dedupe": dedupe})
    load(db, [write("a.csv", "user_id,event,ts,n\n1,a,2024-01-01,1\n")], wishes=how)
    more = "user_id,event,ts,n\n1,a,2024-01-01,1\n1,b,2024-01-01,2.5\n1,a,2024-01-02,3\n"
    loaded = load(db, [write("b.csv", more)], wishes=how)
    assert len(asked(db, "FROM events")) == left
    (facts,) = loaded.files
    assert (facts.rows, facts.duplicates) == (3, 4 - left)


@pytest.mark.parametrize("column", ["event_id", "order_id"])
@pytest.mark.parametrize("kinds", [("DOUBLE", "BIGINT"), ("BIGINT", "DOUBLE"), ("DOUBLE", "TEXT")])
def test_an_id_stored_as_a_fraction_is_the_whole_number_of_another_load(
    db, tmp_path, column, kinds
):
    how = Wishes(said={"dedupe": () if column == "event_id" else (column,)})
    for kind in kinds:
        duckdb.sql(
            f"COPY (SELECT 'u' AS user_id, 'a' AS event, DATE '2024-01-01' AS ts,"
            f" 12::{kind} AS {column}) TO '{tmp_path / kind}' (FORMAT parquet)"
        )
        loaded = load(db, [str(tmp_path / kind)], wishes=how)
    assert [one.duplicates for one in loaded.files] == [1]


def test_what_a_killed_load_left_is_cleared_and_said(db, write):
    partial = db.with_name(db.name + ".partial")
    for rubbish in (b"", b"half a database"):
        partial.write_bytes(rubbish)
        loaded = load(db, [write("a.csv", FIRST)])
        assert "an earlier load was cut off; nothing of it is kept" in loaded.notes
        assert not partial.exists()
        db.unlink()


def test_two_loads_cannot_make_one_database(db, write):
    with duckdb.connect(str(db) + ".partial"):
        code = "import sys; from pathlib import Path; from hourglass.load import load;"
        code += "load(Path(sys.argv[1]), sys.argv[2:])"
        done = subprocess.run(
            [sys.executable, "-c", code, str(db), write("a.csv", FIRST)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "held by another process" in done.stderr
        assert Path(str(db) + ".partial").exists()


def test_a_database_of_an_older_version_is_refused_and_left_as_it_is(db, write):
    load(db, [str(write("a.csv", "user_id,event,ts\n1,a,2024-01-01\n"))])
    with duckdb.connect(str(db)) as older:
        older.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    before = db.read_bytes()
    for use in (lambda: open_database(db), lambda: load(db, [str(write("a.csv", "x"))])):
        with pytest.raises(DataError, match="older hourglass") as refused:
            use()
        assert "hourglass load EVENTS --db new.duckdb" in str(refused.value.hint)
    assert db.read_bytes() == before


def test_what_does_not_fit_into_memory_goes_to_the_folder_named(db, tmp_path):
    dice, spilled = random.Random(3), []
    rows = (f"{dice.getrandbits(400):x},a,{n}\n" for n in range(400_000))
    (tmp_path / "large.csv").write_text("user_id,event,ts\n" + "".join(rows))
    folder = tmp_path / "spill"
    folder.mkdir()
    wishes = Wishes(spill=folder, watch=lambda _: spilled.extend(folder.iterdir()))
    load(db, [str(tmp_path / "large.csv")], wishes=wishes, memory_limit="60MB", threads=1)
    assert spilled
    assert not list(folder.iterdir())
    assert not (tmp_path / "events.duckdb.tmp").exists()
    assert asked(db, "SELECT count(*) FROM events") == [(400_000,)]


def test_a_folder_to_spill_to_that_is_not_there_is_said(db, write):
    with pytest.raises(OutputError, match="there is no folder"):
        load(db, [write("a.csv", FIRST)], wishes=Wishes(spill=db.parent / "nowhere"))
    assert not list(db.parent.glob("events*"))


def test_what_a_load_does_is_told_step_by_step(db, write):
    steps = []
    load(db, [write("a.csv", FIRST), write("b.jsonl", '{"user_id": 1, "event": "a", "ts": 1}\n')],
         wishes=Wishes(watch=steps.append))  # fmt: skip
    assert [(one.name, one.files, one.rows) for one in steps] == [
        ("comparing with what is there", None, 0),
        ("reading", (1, 1, 2), 0),
        ("storing", None, 1),
        ("reading", (2, 2, 2), 0),
        ("storing", None, 1),
        ("joining ids, matching stages", None, 0),
    ]
    assert steps[1].size == len(FIRST)
    assert steps[0].done() == -1.0  # the connection is closed by now


def test_conditions_of_a_configuration_run_cut_off_from_all_files(db, write, monkeypatch):
    config = parse_config(
        """[stages]\nknow = { events = ["a"], where = "plan = 'x'" }\nbuy = ["b"]\n""", None
    )
    found = []

    def kept(connection, *args, **words):
        told = keep(connection, *args, **words)
        found.extend(connection.execute(settings).fetchall())
        return told

    settings = (
        "SELECT current_setting('enable_external_access'), current_setting('lock_configuration')"
    )
    monkeypatch.setattr("hourglass.intake.keep", kept)
    other = write("other.csv", "user_id,event,ts\n1,a,2024-01-01\n")
    log = write("log.csv", "user_id,event,ts,plan\n1,a,2024-01-01,x\n1,b,2024-01-02,y\n")
    for path in (log, other):
        load(db, [path], config)
    assert found == 2 * [(False, True)]
    assert asked(db, "SELECT count(*) FROM events") == [(3,)]


AMOUNTS = "user_id,event,ts,amount,currency\n1,a,2024-01-0{},{},{}\n"


def money(db: Path):
    """Return the columns that questions read, and what they say of the revenue."""
    connection, facts = open_database(db)
    with connection:
        have = [name for name, *_ in connection.execute("DESCRIBE events").fetchall()]
    told = [note for note in facts.notes if "revenue" in note]
    assert ("revenue" in have) == ("revenue" in facts.columns) == ("revenue" in facts.roles)
    return "revenue" in have, told


SEVERAL = 'the revenue {} loads are of several currencies: "EUR", "JPY"'


def test_currencies_of_several_loads_are_not_added_up(db, write):
    load(db, [write("a.csv", AMOUNTS.format(1, 5, "EUR"))])
    load(db, [write("b.csv", AMOUNTS.format(2, 6, "eur"))])
    assert money(db) == (True, [])
    loaded = load(db, [write("c.csv", AMOUNTS.format(3, 900, "JPY"))])
    told = SEVERAL.format("is not read, as")
    assert told in loaded.notes
    assert money(db) == (False, [told])
    # the load that was of another currency is gone
    load(db, [write("c.csv", AMOUNTS.format(3, 7, "EUR"))], wishes=Wishes(renew=True))
    assert money(db) == (True, [])
    assert asked(db, "SELECT sum(revenue) FROM events") == [(18,)]


def test_signs_of_currencies_are_those_of_other_loads_too(db, write):
    load(db, [write("a.csv", AMOUNTS.format(1, "€5.50", ""))])
    load(db, [write("b.csv", AMOUNTS.format(2, 6, "EUR"))])
    assert money(db) == (True, [])
    load(db, [write("c.csv", AMOUNTS.format(3, "¥900.00", ""))])
    assert money(db) == (False, [SEVERAL.format("is not read, as")])


@pytest.mark.parametrize("first", ["a", "b"])
def test_a_load_of_several_currencies_leaves_no_revenue_to_the_others(db, write, first):
    loads = {
        "a": AMOUNTS.format(1, 5, "EUR"),
        "b": AMOUNTS.format(2, 6, "EUR") + "1,a,2024-01-03,9,JPY\n",
    }
    for name in sorted(loads, reverse=first == "b"):
        loaded = load(db, [write(f"{name}.csv", loads[name])])
        told = [note for note in loaded.notes if "currencies" in note]
        assert len(told) == (name == "b" or first == "b"), told
    assert money(db) == (False, [SEVERAL.format("is not read, as")])


def test_a_column_that_is_named_is_added_up_and_that_is_said(db, write):
    files = [write(f"{one}.csv", AMOUNTS.format(1, 5, one)) for one in ("EUR", "JPY")]
    named = parse_config('[columns]\nrevenue = "amount"\n', None)
    for file in files:
        load(db, [file], named)
    assert money(db) == (True, [SEVERAL.format("is added up though")])
    # nobody names it any more, and no file is new
    load(db, files, parse_config("[columns]\n", None))
    assert money(db) == (False, [SEVERAL.format("is not read, as")])


def test_a_line_of_names_that_comes_again_is_rejected_and_says_no_types(db, write):
    names = "id,anonymous_id,user_id,event,received_at,original_timestamp,timestamp,revenue,stars\n"
    moment = "2024-01-01 10:00:00,2024-01-01 10:00:00,2024-01-01 10:00:00"
    row = f"{{0}},x,u,order,{moment},{{0}}.5,{{0}}\n"
    text = "".join([names, row.format(1), names, row.format(2)])
    loaded = load(db, [write("a.csv", text)])
    assert counts(db) == [(3, 2, 1, 0)]
    assert asked(db, "SELECT stars, revenue FROM events ORDER BY 1") == [(1, 1.5), (2, 2.5)]
    assert not [note for note in loaded.notes if "no amounts" in note]
