"""Whatever text comes as CSV or JSON: an answer or an error of ours, and no row is lost."""

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hourglass.engines.connect import connect
from hourglass.errors import HourglassError
from hourglass.load import load
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

CELLS = st.one_of(
    st.sampled_from(
        ["", "u1", "007", "null", "view", "buy", "2024-01-01", "2024-01-01T10:00:00+02:00",
         "31.05.2018 14:03", "5/31/2018 2:03 PM", "Feb 5, 2018", "1709287200", "soon", "1,50",
         "1.234,5", "-3", "1e400", "infinity", "a\nb", 'say "hi"', "é", "\x00", "{}", "[1]"]
    ),
    st.text(max_size=6),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=5), min_size=1, max_size=8)
READINGS = st.sampled_from(
    [
        Reading(),
        Reading(timezone="Europe/Berlin", date_order="dmy", decimal="comma"),
        Reading(dedupe=("row",), encoding="utf-8"),
        Reading(dedupe=("user_id", "ts")),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
OBJECTS = st.dictionaries(
    st.sampled_from(["user_id", "event", "ts", "amount", "Ts", "a.b", ""]) | st.text(max_size=3),
    VALUES,
    max_size=6,
)


def accounted(folder, content: bytes, reading: Reading) -> int | None:
    """Read bytes; return the rows read, or null where they are refused with a reason."""
    path = folder / "export"
    path.write_bytes(content)
    with connect() as connection:
        try:
            facts = attach(connection, find_files([str(path)]), reading=reading)
        except HourglassError:
            return None
        ((kept,),) = connection.execute("SELECT count(*) FROM events").fetchall()
        assert facts.rows == kept + facts.rejected + facts.duplicates
        if facts.rejected:
            ((rejected,),) = connection.execute("SELECT count(*) FROM rejects").fetchall()
            assert rejected == facts.rejected
        assert all(count >= 0 for count in (kept, facts.rejected, facts.duplicates))
    return facts.rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@given(rows=ROWS, reading=READINGS, end=st.sampled_from(["\n", "\r\n"]))
def test_no_row_of_well_formed_csv_is_lost(folder, rows, reading, end):
    whole = [[cell.replace("\x00", "").replace("\r", "") for cell in row[:3]] for row in rows]
    text = io.StringIO()
    names = csv.writer(text, lineterminator=end)
    names.writerow(["user_id", "event", "ts"])
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(whole)
    try:
        content = text.getvalue().encode()
    except UnicodeEncodeError:
        return
    assert accounted(folder, content, reading) in (None, len(rows))


@given(rows=ROWS, reading=READINGS, encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_any_csv_is_read_or_refused(folder, rows, reading, encoding):
    text = "user_id,event,ts\n" + "\n".join(",".join(row) for row in rows)
    accounted(folder, text.encode(encoding, errors="replace"), reading)


@given(
    content=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode(errors="replace"))
)
@example(content=b"user_id,event,ts\n\xff")
@example(content=b"sep=;\nuser_id;event;ts\n1;a;2024-01-01")
@example(content=b"\xff\xfe\x00")
@example(content=b"PK\x05\x06" + bytes(18))
def test_any_bytes_are_read_or_refused(folder, content):
    accounted(folder, content, Reading())
    accounted(folder, b"user_id,event,ts\n" + content, Reading())


@given(objects=st.lists(OBJECTS, min_size=1, max_size=6), reading=READINGS, array=st.booleans())
def test_no_object_of_json_is_lost(folder, objects, reading, array):
    lines = [json.dumps(one) for one in objects]
    text = json.dumps(objects) if array else "\n".join(lines)
    assert accounted(folder, text.encode(), reading) in (None, len(objects))


@given(lines=st.lists(st.text(max_size=20) | OBJECTS.map(json.dumps), max_size=6))
def test_any_lines_are_read_or_refused(folder, lines):
    good = json.dumps({"user_id": "u", "event": "e", "ts": "2024-01-01"})
    accounted(folder, "\n".join([good, *lines]).encode(errors="replace"), Reading())


@given(first=ROWS, second=ROWS)
def test_two_loads_account_for_every_row(folder, first, second):
    db = folder / "events.duckdb"
    db.unlink(missing_ok=True)
    for number, rows in enumerate((first, second)):
        path = folder / f"load{number}.csv"
        header = ["user_id", "event", "ts", "event_id", f"n{number % 2}"][: len(rows[0])]
        text = "\n".join(",".join(row) for row in [header, *rows])
        path.write_bytes(text.encode(errors="replace"))
        try:
            loaded = load(db, [str(path)])
        except HourglassError:
            continue
        with connect(db, read_only=True) as connection:
            sums = connection.execute(
                'SELECT sum("rows"), sum(accepted), sum(rejected), sum("duplicate") FROM loads'
            ).fetchall()[0]
            ((kept,),) = connection.execute("SELECT count(*) FROM events").fetchall()
        assert sums[0] == sum(sums[1:])
        assert kept == sums[1]
        assert all(one.rows == one.accepted + one.rejected + one.duplicates for one in loaded.files)
