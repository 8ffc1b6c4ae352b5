"""One log in every container gives the same events; what is odd is counted, never lost."""

import gzip
import json
import os
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hourglass.engines.connect import connect, enclose
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources.attach import Attached, attach
from hourglass.sources.files import find_files
from hourglass.sources.packing import zstd

ROWS = [
    ("007", "view", "2024-01-01T10:00:00Z", 1, "a,b"),
    ("12345678901234567890123", "buy", "2024-01-01T12:00:00+02:00", 2, 'say "hi"'),
    ("u3", "view", "2024-01-02T00:00:00.5Z", 3, "line\nend"),
    ("", "view", "2024-01-03 01:00:00 +0100", 4, "ü"),
]
EVENTS = [
    ("007", "view", datetime(2024, 1, 1, 10), 1, "a,b"),
    ("12345678901234567890123", "buy", datetime(2024, 1, 1, 10), 2, 'say "hi"'),
    ("u3", "view", datetime(2024, 1, 2, 0, 0, 0, 500_000), 3, "line\nend"),
    (None, "view", datetime(2024, 1, 3), 4, "ü"),
]
NAMES = ["user_id", "event", "ts", "n", "note"]


def separated(delimiter: str) -> bytes:
    def cell(value: object) -> str:
        return '"' + str(value).replace('"', '""') + '"'

    rows = [NAMES, *ROWS]
    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows).encode()


def objects() -> list[dict[str, object]]:
    return [dict(zip(NAMES, row, strict=True)) for row in ROWS]


def parquet(path: Path, select: str) -> bytes:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def typed_parquet(tmp_path: Path) -> bytes:
    values = ", ".join(
        f"($q${user or ''}$q$, $q${event}$q$, TIMESTAMP '{ts}', {n}, $q${note}$q$)"
        for user, event, ts, n, note in EVENTS
    )
    names = ", ".join(NAMES)
    return parquet(tmp_path / "made.parquet", f"SELECT * FROM (VALUES {values}) AS t({names})")


CONTAINERS = {
    "csv": lambda _: separated(","),
    "tsv": lambda _: separated("\t"),
    "semicolons": lambda _: separated(";"),
    "pipes": lambda _: separated("|"),
    "byte order mark": lambda _: b"\xef\xbb\xbf" + separated(","),
    "two byte order marks": lambda _: b"\xef\xbb\xbf\xef\xbb\xbf" + separated(","),
    "utf-16": lambda _: separated(",").decode().encode("utf-16"),
    "old mac": lambda _: separated(",").replace(b"\n", b"").replace(b"line", b"line\n"),
    "json lines": lambda _: "\n".join(map(json.dumps, objects())).encode(),
    "json lines, crlf": lambda _: "\r\n\r\n".join(map(json.dumps, objects())).encode(),
    "json array": lambda _: json.dumps(objects(), indent=1).encode(),
    "json objects": lambda _: "\n".join(json.dumps(one, indent=2) for one in objects()).encode(),
    "json on one line": lambda _: "".join(map(json.dumps, objects())).encode(),
    "parquet": typed_parquet,
}
COMPRESSIONS = {"plain": bytes, "gzip": gzip.compress, "zstd": zstd.compress}


def attached(
    tmp_path: Path, *contents: bytes | str, **options
) -> tuple[duckdb.DuckDBPyConnection, Attached]:
    paths = []
    for number, content in enumerate(contents):
        path = tmp_path / f"export{number}.dat"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(str(path))
    connection = connect()
    return connection, attach(connection, find_files(paths), **options)


def rows(connection, query="FROM events"):
    return connection.execute(query).fetchall()


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_holds_the_same_events(tmp_path, container, compression):
    content = COMPRESSIONS[compression](CONTAINERS[container](tmp_path))
    connection, facts = attached(tmp_path, content)
    found = rows(connection)
    if container == "old mac":
        found = [(*row[:4], EVENTS[at][4]) for at, row in enumerate(found)]
    assert found == EVENTS
    assert (facts.rows, facts.rejected, facts.duplicates) == (4, 0, 0)
    types = dict(facts.columns)
    assert types.pop("n") in ("BIGINT", "INTEGER")
    assert types == {"user_id": "VARCHAR", "event": "VARCHAR", "ts": "TIMESTAMP", "note": "VARCHAR"}


@pytest.mark.parametrize("container", ["csv", "json lines", "parquet"])
def test_the_statements_make_the_same_events_by_themselves(tmp_path, container):
    connection, facts = attached(tmp_path, CONTAINERS[container](tmp_path))
    with duckdb.connect() as shell:
        for statement in facts.statements:
            shell.execute(statement)
        assert rows(shell) == rows(connection)


def test_only_needed_columns_are_kept_and_the_others_known(tmp_path):
    connection, facts = attached(tmp_path, CONTAINERS["csv"](tmp_path), needed={"N"})
    made = [name for name, *_ in rows(connection, "DESCRIBE events")]
    assert made == ["user_id", "event", "ts", "n"]
    assert set(facts.columns) == {*made, "note"}


def test_ragged_and_strange_rows_are_counted_with_line_and_text(tmp_path):
    connection, facts = attached(
        tmp_path,
        b'user_id,event,ts\n1,a,2024-01-01T10:00:00+02:00\n\n2,"b\nc",x\n3,c\n'
        b'4,d,2024-01-02,extra\n5,,2024-01-02\n   \n6,\xff,2024-01-03\n7,"q"r,2024-01-03\n'
        b"8,e,2024-01-03\n9,e,1800-01-01\n10,f,\n",
        reading=Reading(encoding="utf-8"),
    )
    assert rows(connection) == [
        ("1", "a", datetime(2024, 1, 1, 8)),
        ("8", "e", datetime(2024, 1, 3)),
    ]
    assert rows(connection, "SELECT line, reason, value, raw FROM rejects") == [
        (4, "timestamp not understood", "x", '2,"b\nc",x'),
        (6, "too few columns", None, "3,c"),
        (7, "too many columns", None, "4,d,2024-01-02,extra"),
        (8, "no event name", None, "5,,2024-01-02"),
        (10, "not UTF-8", None, "6,?,2024-01-03"),
        (11, "quotes do not match", None, '7,"q"r,2024-01-03'),
        (13, "timestamp out of range", "1800-01-01", "9,e,1800-01-01"),
        (14, "no timestamp", None, "10,f,"),
    ]
    assert (facts.rows, facts.rejected) == (10, 8)
    assert facts.examples[0].endswith('line 4: timestamp not understood: "x"')


def test_the_counts_do_not_depend_on_the_columns_asked_for(tmp_path):
    content = b"user_id,event,ts,note\n1,a,2024-01-01,\xff\n2,a,2024-01-01,x\n"
    utf8 = Reading(encoding="utf-8")
    _, every = attached(tmp_path, content, reading=utf8)
    _, few = attached(tmp_path, content, needed=(), reading=utf8)
    assert every.rejected == few.rejected == 1


def test_mixed_line_ends_are_read(tmp_path):
    connection, facts = attached(
        tmp_path, "user_id,event,ts\r\n1,a,2024-01-01\n2,b,2024-01-01\r\n3,c,2024-01-01\n"
    )
    assert [row[0] for row in rows(connection)] == ["1", "2", "3"]
    assert facts.rejected == 0


MIXED = {
    "after the names": "user_id,event,ts,note\r\n1,a,2024-01-01,\n2,b,2024-01-01,\n",
    "in the middle": 'user_id,event,ts,note\r\n1,a,2024-01-01,"x\ny"\r\n2,b,2024-01-01,"q"\n'
    '3,c,2024-01-01,"a""b"\r\n4,d,2024-01-01,"q"\n',
    "before the names": '\r\n\nuser_id,event,ts,note\n\n1,a,2024-01-01,"x\r\ny"\r\n'
    "2,b,2024-01-01,\n",
    "after a separator": "sep=,\r\nuser_id,event,ts,note\n1,a,2024-01-01,\n2,b,2024-01-01,\n",
    "old Mac": 'user_id,event,ts,note\r1,a,2024-01-01,"x\ny"\r2,b,2024-01-01,\r',
    "three kinds": "user_id,event,ts,note\n1,a,2024-01-01,\r2,b,2024-01-01,\r\n3,c,2024-01-01,\n",
}


@pytest.mark.parametrize("text", MIXED.values(), ids=MIXED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_no_row_is_lost_where_lines_end_in_several_ways(tmp_path, text, encoding):
    (tmp_path / "a.csv").write_bytes(text.replace("event", "évent").encode(encoding))
    connection = connect()
    connection.execute("BEGIN")  # as a load does: what fails once in it cannot be tried again
    facts = attach(connection, find_files([str(tmp_path)]), {"event": "évent"})
    events = text.count("2024-01-01")
    assert (facts.rows, facts.rejected, len(rows(connection))) == (events, 0, events)


def test_line_ends_inside_quotes_stay_as_they_are(tmp_path):
    notes = ["x\r\ny", "x\ny", "x\ry", 'a "q"\r\n, b', '5" wide', '"']
    quoted = ['"' + note.replace('"', '""') + '"' for note in notes]
    lines = [f"{number},a,2024-01-01,{note}" for number, note in enumerate(quoted)]
    text = "user_id,event,ts,note\r\n" + "\n".join(lines) + "\r\n6,a,2024-01-01,\r\n"
    connection, facts = attached(tmp_path, text)
    found = rows(connection, "SELECT note FROM events WHERE note IS NOT NULL ORDER BY user_id::INT")
    assert [note for (note,) in found] == notes
    assert facts.rows == len(notes) + 1


def test_a_name_of_spaces_is_no_name_of_an_event(tmp_path):
    blank = "".join(f"1,{event},2024-01-01\n" for event in ("", " ", "    "))
    connection, facts = attached(tmp_path, f"user_id,event,ts\n{blank}1, a ,2024-01-01\n")
    assert rows(connection, "SELECT event FROM events") == [(" a ",)]
    assert (facts.rows, facts.rejected) == (4, 3)


def test_spaces_around_ids_and_names_are_kept_and_said(tmp_path):
    text = "User ID, Event Name ,ts\n 1,a ,2024-01-01\n1,b,2024-01-01\n"
    connection, facts = attached(tmp_path, text)
    assert rows(connection, "SELECT user_id, event FROM events") == [(" 1", "a "), ("1", "b")]
    said = 'spaces around values of "User ID", "Event Name" are kept: "a " is another than "a"'
    assert facts.notes[-1] == said
    _, plain = attached(tmp_path, "user_id,event,ts,note\n ,a b,2024-01-01, x \n")
    assert not any("spaces" in note for note in plain.notes)


@pytest.mark.parametrize("blank", ["\t", "\u00a0", "\u200b"])
def test_signs_that_cannot_be_seen_are_said(tmp_path, blank):
    """With a no-break space behind it an id, or a name, is another, and looks the same."""
    said = 'signs that cannot be seen around values of "user_id" are kept: with and without'
    _, facts = attached(tmp_path, f'user_id,event,ts\n"u1{blank}",a,2024-01-01\nu1,b,2024-01-02\n')
    assert any(said in note for note in facts.notes)
    _, facts = attached(tmp_path, f'user_id,event,ts\n"{blank}",a,2024-01-01\nu1,b,2024-01-02\n')
    assert not any("cannot be seen" in note for note in facts.notes)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Signup", "signup", "in capitals"),
        ("007", "7", "in zeros before"),
        ("anm\u00e4lan", "anma\u0308lan", "in how accents"),
    ],
)
def test_names_and_ids_that_look_alike_are_said(tmp_path, one, other, how):
    """People were lost without a word where half of the events were written otherwise."""
    _, facts = attached(tmp_path, f"user_id,event,ts\n1,{one},2024-01-01\n2,{other},2024-01-02\n")
    assert any(f'"event" has values that differ {how}' in note for note in facts.notes)
    _, facts = attached(tmp_path, f"user_id,event,ts\n{one},a,2024-01-01\n{other},a,2024-01-02\n")
    (said,) = (note for note in facts.notes if how in note)
    assert said.startswith('"user_id" has ids that differ')
    assert one not in said  # an id may be a mail address, and a note ends in a log
    _, facts = attached(tmp_path, f"user_id,event,ts\n1,{one},2024-01-01\n1,{one},2024-01-02\n")
    assert not any("differ" in note for note in facts.notes)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_id_of_rows_without_the_user_is_named(tmp_path, kind):
    """Everybody who had not logged in was left out, and nothing said by what they are told."""
    values = "(NULL, 'p1', 'a', '2024-01-01'), ('u2', {}, 'a', '2024-01-02')"
    select = "SELECT * FROM (VALUES {}) AS t(user_id, user_pseudo_id, event, ts)"
    for person, other, said in (("NULL", "'p2'", True), ("'u1'", "'p2'", False)):
        table = select.format(values.format(other).replace("NULL", person, 1))
        content = parquet(tmp_path / "made", table)
        if kind == "csv":
            with duckdb.connect() as shell:
                shell.execute(f"COPY ({table}) TO '{tmp_path / 'made'}' (FORMAT csv)")
            content = (tmp_path / "made").read_bytes()
        _, facts = attached(tmp_path, content)
        notes = [one for one in facts.notes if 'user = "user_id|user_pseudo_id" under' in one]
        assert len(notes) == said
    connection, _ = attached(tmp_path, content, columns={"user": "user_id|user_pseudo_id"})
    assert rows(connection, "SELECT count(user_id) FROM events") == [(2,)]


def test_files_put_together_in_another_order_are_refused(tmp_path):
    """The second line of names was a reject, and persons below it were names of events."""
    text = "user_id,event,ts\nu1,a,2024-01-01\n{}\na,u2,2024-01-01\n"
    with pytest.raises(DataError, match=r"line 3 has the names .*\(event, user_id, ts\)") as error:
        attached(tmp_path, text.format("event,user_id,ts"))
    assert "split the file there" in error.value.hint
    _, facts = attached(tmp_path, text.format("user_id,event,ts"))
    assert (facts.rows, facts.rejected) == (3, 1)
    files = {
        "1.csv": "user_id,event,ts\nu1,a,2024-01-01\n",
        "2.csv": "event,user_id,ts\na,u2,2024-01-01\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    connection = connect()
    attach(connection, find_files([str(tmp_path / name) for name in files]))
    assert rows(connection, "SELECT event, user_id FROM events ORDER BY 2") == [
        ("a", "u1"),
        ("a", "u2"),
    ]


def test_objects_a_line_with_a_comma_behind_are_read(tmp_path):
    """All but the last, which has none, were rejected; whole files could not be read."""
    one = '{{"user_id":"u{}","event":"a","ts":"2024-01-01"}}'
    lines = [one.format(n) for n in range(3)]
    for text in (",\n".join(lines), ",\r\n".join([*lines, ""])):
        _, facts = attached(tmp_path, text)
        assert (facts.rows, facts.rejected) == (3, 0)
    _, facts = attached(tmp_path, f'{one.format(1)}\n{{"user_id":{{"a":1}},\n')
    assert facts.examples[0].endswith('export0.dat line 2: not JSON: "{"user_id":{"a":1}"')


def test_a_time_inside_of_an_object_is_reached_by_a_path(tmp_path):
    text = '{"user_id":"65","event":"a","ts":{"$date":"2024-01-01"}}\n'
    with pytest.raises(DataError) as refused:
        attached(tmp_path, text)
    assert 'timestamp = "ts.$date" under [columns]' in str(refused.value.hint)
    named = {"timestamp": "ts.$date"}
    connection, _ = attached(tmp_path, text, columns=named)
    moment = datetime(2024, 1, 1)
    assert rows(connection, "SELECT user_id, event, ts FROM events") == [("65", "a", moment)]


def test_bad_json_lines_are_rejected_with_their_line(tmp_path):
    good = '{"user_id": 1, "event": "a", "ts": 1704103200}'
    connection, facts = attached(tmp_path, f'{good}\n\n{{"user_id": 2,\n[1]\n{good}\n"x"\n')
    assert facts.rows == 5
    assert rows(connection, "SELECT line, reason, raw FROM rejects") == [
        (3, "not JSON", '{"user_id": 2,'),
        (4, "not a JSON object", "[1]"),
        (6, "not a JSON object", '"x"'),
    ]


def test_a_line_of_json_that_is_cut_off_costs_no_other(tmp_path):
    whole = '{"user_id": 1, "event": "a", "ts": "2024-01-01"}'
    _, facts = attached(tmp_path, f'{{"user_id": 0,\n{whole}\n')
    assert (facts.rows, facts.rejected) == (2, 1)


@pytest.mark.parametrize(
    ("container", "unit"),
    [
        ("json lines", "line"), ("json array", "record"), ("json objects", "record"),
        ("json on one line", "record"), ("wrapped", "record"), ("parquet", "record"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [None, "dmy"])
def test_what_stands_on_no_line_of_its_own_is_told_by_its_number(tmp_path, container, unit, order):
    times = ["2/3/2024", "late"] if order else ["2024-01-01", "late"]
    made = [{"user_id": "u", "event": "a", "ts": time} for time in times]
    content = {
        "json lines": "\n".join(map(json.dumps, made)),
        "json array": json.dumps(made, indent=1),
        "json objects": "\n".join(json.dumps(one, indent=2) for one in made),
        "json on one line": "".join(map(json.dumps, made)),
        "wrapped": json.dumps({"data": made}),
        "parquet": parquet(
            tmp_path / "made", f"SELECT 'u' AS user_id, 'a' AS event, unnest({times}) AS ts"
        ),
    }[container]
    connection, facts = attached(tmp_path, content, reading=Reading(date_order=order))
    assert f'.dat {unit} 2: timestamp not understood: "late"' in facts.examples[0]
    assert rows(connection, "SELECT line FROM rejects") == [(2,)]
    if order:
        with pytest.raises(DataError, match=f"no value says which, as .*dat {unit} 1 "):
            attached(tmp_path, content)


def test_an_object_over_lines_that_is_no_event_is_rejected_alone(tmp_path):
    made = [{"user_id": 1, "event": "{", "ts": "2024-01-01"}, {"user_id": 2, "ts": "2024-01-01"}]
    _, facts = attached(tmp_path, "\n".join(json.dumps(one, indent=1) for one in made))
    assert (facts.rows, facts.rejected) == (2, 1)


CASED = (
    '{"user_id": "u1", "event": "a", "ts": "2024-01-01", "Plan": "pro"}\n',
    '{"USER_ID": "u2", "event": "a", "ts": "2024-01-02", "plan": {"of": 1}, "user_id": null}\n',
)


@pytest.mark.parametrize("contents", [CASED, ["".join(CASED)]], ids=["files", "lines"])
@pytest.mark.parametrize("damage", ["", '{"user_id": "u3",\n'])
def test_keys_that_differ_only_in_case_are_one_column(tmp_path, contents, damage):
    connection, facts = attached(tmp_path, *contents[:-1], contents[-1] + damage)
    assert facts.rows - facts.rejected == 2
    asked = "SELECT user_id, plan FROM events ORDER BY ts"
    assert rows(connection, asked) == [("u1", "pro"), ("u2", '{"of":1}')]


def test_keys_of_one_object_that_differ_only_in_case_are_columns_as_in_text(tmp_path):
    names, values = ["user_id", "event", "ts", "Plan", "plan"], [1, "a", "2024-01-01", "x", "y"]
    both = dict(zip(names, values, strict=True))
    other = {"PLAN": "z", **dict(zip(names[:3], [2, "a", "2024-01-02"], strict=True))}
    connection, _ = attached(tmp_path, f"{json.dumps(both)}\n{json.dumps(other)}\n")
    asked = "SELECT user_id, plan, plan_1 FROM events ORDER BY ts"
    assert rows(connection, asked) == [("1", "x", "y"), ("2", "z", None)]
    text = ",".join(names) + "\n" + ",".join(map(str, values)) + "\n"
    of_text, _ = attached(tmp_path, text)
    assert rows(of_text, asked) == [("1", "x", "y")]


def test_json_ids_never_pass_through_a_number(tmp_path):
    connection, _ = attached(
        tmp_path,
        '{"userId": 39, "event": "a", "timestamp": "2024-01-01", "p": {"plan": "pro"}}\n'
        '{"userId": "00042", "event": "a", "timestamp": "2024-01-01", "P": 1}\n'
        '{"userId": 9007199254740993, "event": "a", "timestamp": "2024-01-01", "": 2}\n',
    )
    assert rows(connection, "SELECT user_id FROM events") == [
        ("39",), ("00042",), ("9007199254740993",),
    ]  # fmt: skip
    assert rows(connection, "SELECT p ->> 'plan' FROM events LIMIT 1") == [("pro",)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "", "-2"], "BIGINT"),
        (["01", "2"], "VARCHAR"),
        (["+1", "2"], "VARCHAR"),
        (["1", "2.5"], "DOUBLE"),
        (["2697787.2422183099"], "VARCHAR"),
        (["9007199254740992", "-999999999999999", "99999999999999.5", "1.5"], "DOUBLE"),
        (["9007199254740993", "1.5"], "VARCHAR"),
        (["0.30000000000000004"], "DOUBLE"),
        (["true", "False"], "BOOLEAN"),
        (["2024-01-01"], "DATE"),
        (["2024-01-01 10:00"], "TIMESTAMP"),
        (["12345678901234567890"], "VARCHAR"),
        (["{}", "[1]"], "JSON"),
        (["", ""], "VARCHAR"),
        (["1"] * 1500 + ["x"], "VARCHAR"),
        (["1"] * 1500 + ["1.5"], "DOUBLE"),
    ],
)
def test_a_column_has_a_type_only_if_every_value_has_it(tmp_path, values, kind):
    lines = [f'u,e,2024-01-01,"{value}"' for value in values]
    _, facts = attached(tmp_path, "\n".join(["user_id,event,ts,x", *lines]))
    assert facts.columns["x"] == kind


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-01 10:00:00", datetime(2024, 3, 1, 10)),
        ("2024-03-01T10:00:00+02:00", datetime(2024, 3, 1, 8)),
        ("2024-03-01 10:00:00 +0200", datetime(2024, 3, 1, 8)),
        ("2024-03-01 10:00:00-0530", datetime(2024, 3, 1, 15, 30)),
        ("2024-03-01 10:00:00 UTC", datetime(2024, 3, 1, 10)),
        ("2024-03-01T10:00:00.123456789Z", datetime(2024, 3, 1, 10, 0, 0, 123456)),
        ("2024-03-01", datetime(2024, 3, 1)),
        ("2024/03/01", datetime(2024, 3, 1)),
        ("20240301", datetime(2024, 3, 1)),
        ("1709287200", datetime(2024, 3, 1, 10)),
        ("1709287200.25", datetime(2024, 3, 1, 10, 0, 0, 250_000)),
        ("1709287200123", datetime(2024, 3, 1, 10, 0, 0, 123_000)),
        ("1709287200123.0", datetime(2024, 3, 1, 10, 0, 0, 123_000)),
        ("1709287200123456", datetime(2024, 3, 1, 10, 0, 0, 123_456)),
        ("1709287200123456789", datetime(2024, 3, 1, 10, 0, 0, 123_456)),
    ],
)
def test_times_are_understood_as_people_write_them(tmp_path, written, moment):
    connection, _ = attached(tmp_path, f"user_id,event,ts\n1,a,{written}\n")
    assert rows(connection, "SELECT ts FROM events") == [(moment,)]
    try:
        text = json.dumps({"user_id": "1", "event": "a", "ts": json.loads(written)})
    except ValueError:
        return
    connection, _ = attached(tmp_path, text)
    assert rows(connection, "SELECT ts FROM events") == [(moment,)]


@pytest.mark.parametrize("written", ["02-05-2018", "yesterday", "infinity", "2024-01-01 13:00 PM"])
def test_times_that_nobody_can_be_sure_of_are_an_error(tmp_path, written):
    with pytest.raises(DataError, match=written):
        attached(tmp_path, f"user_id,event,ts\n1,a,{written}\n")


def test_the_minority_of_mixed_units_is_rejected(tmp_path):
    _, facts = attached(
        tmp_path, "user_id,event,ts\n1,a,1709287200\n2,a,1709287201\n3,a,1709287200123\n"
    )
    assert (facts.rows, facts.rejected) == (3, 1)
    assert "times are seconds since 1970" in facts.notes


def test_repeated_event_ids_leave_the_earliest(tmp_path):
    connection, facts = attached(
        tmp_path,
        "user_id,event,ts,event_id\n1,a,2024-01-02,x\n1,a,2024-01-01,x\n1,a,2024-01-01,\n"
        "1,a,2024-01-01,\n2,a,2024-01-05,y\n",
    )
    assert facts.duplicates == 1
    assert rows(connection, "SELECT day(ts), event_id FROM events ORDER BY ALL") == [
        (1, "x"), (1, None), (1, None), (5, "y"),
    ]  # fmt: skip


def test_repeated_event_ids_leave_parquet_too(tmp_path):
    content = parquet(
        tmp_path / "made",
        "SELECT 'u' AS user_id, 'e' AS event, i // 2 AS event_id, i AS n,"
        " TIMESTAMP '2024-01-01' - i * INTERVAL 1 HOUR AS ts FROM range(10) AS r(i)",
    )
    connection, facts = attached(tmp_path, content)
    assert (facts.rows, facts.duplicates) == (10, 5)
    assert rows(connection, "SELECT n FROM events ORDER BY n") == [(1,), (3,), (5,), (7,), (9,)]


def test_an_id_that_people_share_is_no_event_id(tmp_path):
    connection, facts = attached(
        tmp_path, "user_id,event,ts,uuid\n1,a,2024-01-01,x\n2,a,2024-01-01,x\n"
    )
    assert len(rows(connection)) == 2
    assert "event_id" not in facts.roles
    assert any("no event id" in note for note in facts.notes)


def test_exact_copies_stay_without_an_event_id(tmp_path):
    connection, facts = attached(tmp_path, "user_id,event,ts\n1,a,2024-01-01\n1,a,2024-01-01\n")
    assert len(rows(connection)) == 2
    assert facts.duplicates == 0


def test_configured_columns_win_and_an_empty_name_is_off(tmp_path):
    content = "user_id,visitor,event,ts,channel,amount\n1,v1,a,2024-01-01,ads,5\n"
    connection, facts = attached(
        tmp_path, content, columns={"user": "Visitor", "channel": "", "revenue": ""}
    )
    assert dict(facts.roles) == {"user": "visitor", "event": "event", "timestamp": "ts"}
    assert rows(connection, "SELECT user_id, source_user_id, source_channel FROM events") == [
        ("v1", 1, "ads")
    ]


def test_roles_keep_the_name_of_their_column_too(tmp_path):
    connection, facts = attached(
        tmp_path,
        "Customer ID,Event Name,Created-At,utm_source,amount,invited_by\n"
        "1,a,2024-01-01,ads,5.50,2\n",
    )
    assert facts.notes[0] == (
        "columns: user = Customer ID, event = Event Name, timestamp = Created-At,"
        " channel = utm_source, revenue = amount, referrer = invited_by (guessed)"
    )
    assert rows(connection) == [
        ("1", "a", datetime(2024, 1, 1), "ads", 5.5, "2", "ads", 5.5, 2),
    ]


@pytest.mark.parametrize(
    ("name", "value", "role"),
    [
        ("referrer", "https://www.google.com/", "referrer"),
        ("referrer", "/pricing", "referrer"),
        ("channel", "web", "channel"),
        ("value", "high", "revenue"),
    ],
)
def test_a_usual_name_with_other_values_plays_no_role(tmp_path, name, value, role):
    _, facts = attached(tmp_path, f"user_id,event,ts,{name}\n1,a,2024-01-01,{value}\n")
    assert role not in facts.roles


def test_ids_that_say_nobody_are_nobody(tmp_path):
    users = ["", "null", "None", "NaN", "(not set)", r"\N", "0", "x"]
    lines = [f"{user},a,2024-01-01" for user in users]
    connection, facts = attached(tmp_path, "\n".join(["user_id,event,ts", *lines]))
    assert facts.rows == 8
    assert rows(connection, "SELECT user_id FROM events WHERE user_id IS NOT NULL") == [
        ("0",), ("x",),
    ]  # fmt: skip


def test_whole_numbers_stored_as_fractions_are_written_whole(tmp_path):
    content = parquet(
        tmp_path / "made",
        "SELECT * FROM (VALUES (13085.0::DOUBLE, 'a', DATE '2024-01-01'),"
        " (NULL, 'a', DATE '2024-01-02')) AS t(user_id, event, ts)",
    )
    connection, _ = attached(tmp_path, content)
    assert rows(connection, "SELECT user_id, ts FROM events ORDER BY ts") == [
        ("13085", datetime(2024, 1, 1)),
        (None, datetime(2024, 1, 2)),
    ]


@pytest.mark.parametrize(
    "time",
    ["TIMESTAMPTZ '2024-01-01 02:00:00+02'", "'2024-01-01T02:00:00+02:00'", "1704067200",
     "1704067200000::BIGINT", "1704067200.0::DOUBLE", "TIMESTAMP_NS '2024-01-01'"],
)  # fmt: skip
def test_parquet_times_of_any_type_are_utc(tmp_path, time):
    content = parquet(tmp_path / "made", f"SELECT 'u' AS user_id, 'e' AS event, {time} AS ts")
    connection, _ = attached(tmp_path, content)
    assert rows(connection, "SELECT ts FROM events") == [(datetime(2024, 1, 1),)]


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT", "DECIMAL(9, 2)"])
def test_ids_of_all_roles_are_written_whole(tmp_path, kind):
    names = ("user_id", "session_id", "event_id", "referrer_id")
    ids = [
        f"CASE WHEN i < 2 THEN {n} + i / 2 END::{kind} AS {name}" for n, name in enumerate(names)
    ]
    content = parquet(
        tmp_path / "made",
        f"SELECT 'a' AS event, DATE '2024-01-01' AS ts, {', '.join(ids)} FROM range(3) AS r(i)",
    )
    connection, _ = attached(tmp_path, content)
    (whole, odd, none) = rows(connection, f"SELECT {', '.join(names)} FROM events ORDER BY user_id")
    assert (whole, none) == (("0", "1", "2", "3"), (None,) * 4)
    assert [float(one) for one in odd] == [0.5, 1.5, 2.5, 3.5]


def test_a_person_who_is_no_number_is_nobody(tmp_path):
    content = parquet(
        tmp_path / "made", "SELECT 'NaN'::DOUBLE AS user_id, 'a' AS event, DATE '2024-01-01' AS ts"
    )
    connection, _ = attached(tmp_path, content)
    assert rows(connection, "SELECT user_id FROM events") == [(None,)]


@pytest.mark.parametrize("year", [2024, 1960])
@pytest.mark.parametrize(
    "form",
    ["TIMESTAMP_NS '{}'", "TIMESTAMPTZ_NS '{}Z'", "'{}'", "epoch_ns(TIMESTAMP_NS '{}')"],
)
def test_times_finer_than_a_microsecond_lose_the_rest(tmp_path, form, year):
    time = form.format(f"{year}-02-29 23:59:59.999999999")
    content = parquet(tmp_path / "made", f"SELECT 'u' AS user_id, 'e' AS event, {time} AS ts")
    connection, _ = attached(tmp_path, content)
    expected = datetime(year, 2, 29, 23, 59, 59, 999_999)
    assert rows(connection, "SELECT ts FROM events") == [(expected,)]


def test_bad_rows_of_parquet_are_counted_and_kept(tmp_path):
    content = parquet(
        tmp_path / "made",
        "SELECT 'u' || i AS user_id, CASE WHEN i <> 1 THEN 'e' END AS event,"
        " CASE WHEN i <> 2 THEN TIMESTAMP '2024-01-01' END AS ts FROM range(4) AS r(i)",
    )
    connection, facts = attached(tmp_path, content)
    assert (facts.rows, facts.rejected, len(rows(connection))) == (4, 2, 2)
    found = rows(connection, "SELECT line, reason FROM rejects")
    assert found == [(2, "no event name"), (3, "no timestamp")]


def test_parquet_may_have_a_column_called_filename(tmp_path):
    content = parquet(
        tmp_path / "made",
        "SELECT 'u' AS user_id, CASE WHEN i > 0 THEN 'e' END AS event, 'x' AS filename,"
        " TIMESTAMP '2024-01-01' AS ts FROM range(3) AS r(i)",
    )
    connection, facts = attached(tmp_path, content)
    assert (facts.rows, facts.rejected) == (3, 1)
    assert rows(connection, "SELECT filename FROM events") == [("x",), ("x",)]


def test_amounts_that_are_no_numbers_are_counted(tmp_path):
    connection, facts = attached(
        tmp_path,
        "user_id,event,ts,amount\n1,a,2024-01-01,5\n2,a,2024-01-01,free\n",
        columns={"revenue": "amount"},
    )
    assert '1 of the values of "amount" are no amounts, as "free"' in facts.notes
    assert rows(connection, "SELECT revenue, amount FROM events") == [(5.0, "5"), (None, "free")]


def test_files_of_one_kind_may_differ_in_columns(tmp_path):
    connection, facts = attached(
        tmp_path,
        "user_id,event,ts,a\n1,x,2024-01-01,5\n",
        "ts;event;user_id;b\n2024-01-02;y;2;text\n",
    )
    assert rows(connection, "SELECT user_id, event, a, b FROM events") == [
        ("1", "x", 5, None),
        ("2", "y", None, "text"),
    ]
    assert [one.rows for one in facts.files] == [1, 1]


def test_a_file_without_a_column_that_plays_a_role_is_said(tmp_path):
    with pytest.raises(DataError, match=r'export1\.dat has no column "ts"'):
        attached(tmp_path, "user_id,event,ts\n1,a,2024-01-01\n", "user_id,event\n1,a\n")


def test_elements_of_an_array_that_are_no_events_are_kept(tmp_path):
    _, facts = attached(
        tmp_path,
        '[{"user_id": 1, "event": "a", "ts": "2024-01-01"}, {"user_id": 2, "ts": "soon"}, 5]',
    )
    assert (facts.rows, facts.rejected) == (3, 2)
    assert "timestamp not understood" in facts.examples[0]
    assert "not a JSON object" in facts.examples[1]


def test_names_with_signs_of_patterns_and_quotes_are_read(tmp_path):
    for name in ("a[1].csv", "it's.csv", "x*.csv"):
        (tmp_path / name).write_text(f"user_id,event,ts\n{name},a,2024-01-01\n")
    connection = connect()
    attach(connection, find_files([str(tmp_path)]))
    assert rows(connection, "SELECT user_id FROM events ORDER BY 1") == [
        ("a[1].csv",), ("it's.csv",), ("x*.csv",),
    ]  # fmt: skip


def test_column_names_are_never_part_of_sql(tmp_path):
    odd = 'a"b; DROP TABLE x; --{0}'
    quoted = odd.replace('"', '""')
    connection, facts = attached(tmp_path, f'"user_id",event,ts,"{quoted}"\n1,a,2024-01-01,5\n')
    assert facts.columns[odd] == "BIGINT"
    line = json.dumps({"user_id": 1, "event": "a", "ts": "2024-01-01", odd: 5, "x'y": {"z": 1}})
    connection, facts = attached(tmp_path, line)
    assert facts.columns[odd] == "BIGINT"
    assert facts.columns["x'y"] == "JSON"
    assert len(rows(connection)) == 1


@pytest.mark.parametrize("name", ["hourglass file", "Hourglass Person", "hourglass load"])
def test_a_column_called_as_one_of_ours_has_another_name(tmp_path, name):
    connection, facts = attached(tmp_path, f"user_id,event,ts,{name}\n1,a,2024-01-01,x\n")
    assert facts.columns[f"{name}_1"] == "VARCHAR"
    assert rows(connection, f'SELECT "{name}_1" FROM events') == [("x",)]


def test_a_header_alone_is_no_error(tmp_path):
    connection, facts = attached(tmp_path, "user_id,event,ts\n")
    assert facts.rows == 0
    assert rows(connection) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (bytes(range(256)) * 4, "not"),
        (gzip.compress(separated(","), mtime=0)[:-20], "damaged"),
        (zstd.compress(separated(",") * 100)[:-20], "damaged"),
        (b"PAR1 and no more", "cut off"),
        (b"PAR1" + b"\x00" * 40 + b"PAR1", "could not be read"),
        (b"PK\x03\x04....", "damaged"),
        (b"<html>", "HTML"),
        (b'{\n "user_id": 1\n}', "no column holds the event, and none the timestamp; columns are"),
        (b'{\n "user_id": 1\n', "could not be read"),
        (b"[ ]", "is empty"),
        (b'[{"user_id": 1, ', "could not be read"),
        (b"1,view,2024-01-01\n2,view,2024-01-02\n", "not column names"),
        (b"name,date\nx,2024-01-01\n", "no column holds the user; columns are: name, date"),
        (b"user_id,event,ts\n1,,2024-01-01\n", "no row could be read"),
        (b'{"user_id":1,"event":"a","ts":{"$date":"2024-01-01"}}\n', r'no time in the column "ts"'),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        attached(tmp_path, content)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("many", [2, 50_000])
def test_an_array_that_is_cut_off_is_an_error_wherever_it_is_cut(tmp_path, compression, many):
    one = '{"user_id":"u1","event":"a","ts":"2024-01-01"}'
    cut = "[\n" + f"{one},\n" * many
    pack = COMPRESSIONS[compression]
    for text in (cut, cut[:-1], cut[:-2], cut + "{", '{"data":' + cut):
        with pytest.raises(DataError, match="could not be read"):
            attached(tmp_path, pack(text.encode()))
    whole = b"\xef\xbb\xbf \n" + f"{cut}{one}\n]\r\n \n\n".encode()
    _, facts = attached(tmp_path, pack(whole))
    assert (facts.rows, facts.rejected) == (many + 1, 0)


def test_each_file_may_name_its_times_differently(tmp_path):
    first = "lead,user_id,event,contact_date\n9,1,a,2024-01-01\n"
    connection, facts = attached(tmp_path, first, "user_id,event,won_date\n1,b,2024-01-02\n")
    assert facts.roles["timestamp"] == "contact_date|won_date"
    assert facts.notes[0].endswith("timestamp = contact_date|won_date (guessed)")
    found = rows(connection, "SELECT event, ts::DATE::VARCHAR FROM events ORDER BY ts")
    assert found == [("a", "2024-01-01"), ("b", "2024-01-02")]


def test_several_columns_of_times_are_named_and_none_is_taken(tmp_path):
    with pytest.raises(DataError, match="no column holds the timestamp") as caught:
        attached(tmp_path, "user_id,event,signup_at,won_at\n1,a,2024-01-01,2024-01-02\n")
    assert "--source-format wide" in caught.value.hint
    assert 'timestamp = "signup_at"' in caught.value.hint


def test_a_configured_column_that_is_missing_names_the_nearest(tmp_path):
    with pytest.raises(DataError, match='no column "user_idd"; did you mean "user_id"'):
        attached(tmp_path, "user_id,event,ts\n", columns={"user": "user_idd"})


def test_all_configured_columns_that_are_missing_are_named_at_once(tmp_path):
    wrong = {"user": "uid", "timestamp": "tss", "channel": "chan"}
    with pytest.raises(DataError) as caught:
        attached(tmp_path, "user_id,event,ts,channel\n1,a,2024-01-01,x\n", columns=wrong)
    assert caught.value.message.splitlines()[1:] == [
        'user: there is no column "uid"; did you mean "user_id"?',
        'timestamp: there is no column "tss"; did you mean "ts"?',
        'channel: there is no column "chan"; did you mean "channel"?',
    ]
    assert "correct user, timestamp, channel under [columns]" in caught.value.hint


def test_formats_are_not_mixed(tmp_path):
    with pytest.raises(DataError, match="several formats"):
        attached(tmp_path, "user_id,event,ts\n", '{"user_id": 1}\n')


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("funneljoin_activity.csv", (10, 4)),
        ("sparkify", (8056, 97)),
        ("receipt.csv.gz", (8577, 1434)),
        ("helpdesk.csv.gz", (21348, 4580)),
        ("yammer_emails.csv.gz", (90389, 6179)),
        ("retentioneering_ecom.csv.gz", (31106, 600)),
        ("traffic_fines_10k.csv.gz", (34724, 10000)),
    ],
)
def test_real_exports_have_the_rows_and_people_that_were_published(real_data, name, counts):
    connection = connect()
    facts = attach(connection, find_files([str(real_data / name)]), needed=())
    (people,) = rows(connection, "SELECT count(DISTINCT user_id) FROM events")[0]
    assert (facts.rows, people) == counts
    assert facts.rejected == 0


def test_an_offset_moves_the_instant(real_data):
    connection = connect()
    attach(connection, find_files([str(real_data / "receipt.csv.gz")]), needed=())
    first = rows(connection, "SELECT min(ts) FROM events")
    assert first == [(datetime(2010, 10, 2, 7, 20, 39, 266_000),)]


def test_an_export_without_event_names_says_what_to_type(real_data):
    with pytest.raises(DataError, match="no column holds the event; columns are: cust, date"):
        attach(connect(), find_files([str(real_data / "grocery_elog.csv")]))


def test_events_stay_what_they_are_when_other_files_are_read_beside_them(tmp_path):
    """Rows that a view is of are not those that the next files are staged as."""
    (tmp_path / "events.csv").write_text("user_id,event,ts\na,visit,2026-01-01 10:00:00\n")
    (tmp_path / "other.csv").write_text("user_id,event,ts\nb,order,2026-01-02 10:00:00\n")
    connection = connect()
    for name, file in (("events", "events"), ("others", "other")):
        attach(connection, find_files([str(tmp_path / f"{file}.csv")]), name=name)
    assert connection.execute("SELECT user_id FROM events").fetchall() == [("a",)]
    assert connection.execute("SELECT user_id FROM others").fetchall() == [("b",)]
    attach(connection, find_files([str(tmp_path / "other.csv")]))
    assert connection.execute("SELECT user_id FROM events").fetchall() == [("b",)]


def test_a_view_of_rows_of_text_is_made_only_where_they_are_as_they_should_be(tmp_path):
    def made(name: str, head: str, *rows: str) -> str:
        (tmp_path / name).write_text("\n".join([head, *rows, ""]))
        connection = connect()
        attach(connection, find_files([str(tmp_path / name)]))
        is_view = "SELECT count(*) FROM duckdb_views() WHERE view_name = 'events'"
        return "view" if connection.execute(is_view).fetchone() == (1,) else "table"

    head, row = "user_id,event,ts", "a,visit,2026-01-01 10:00:00"
    assert made("plain.csv", head, row) == "view"
    assert made("nobody.csv", head, row, ",visit,2026-01-01 10:00:00") == "view"
    assert made("nameless.csv", head, row, "a,,2026-01-01 10:00:00") == "table"
    assert made("number.csv", f"{head},amount", f"{row},5") == "table"
    assert made("ids.csv", f"{head},event_id", f"{row},1", f"{row},1") == "table"
    assert made("short.csv", head, row, "a,visit") == "view"


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not take")
@pytest.mark.parametrize("kind", ["csv", "json lines", "json array", "parquet"])
@pytest.mark.parametrize("name", ["e[1]", "e?1", "e*", "~e", "[e]/e", "e\\[1]", "***"])
def test_a_file_is_read_by_its_name_whatever_is_in_it(tmp_path, monkeypatch, name, kind):
    monkeypatch.chdir(tmp_path)
    content = CONTAINERS[kind](tmp_path)
    for other in ("e1", "e-1", "e/e"):
        Path(other).parent.mkdir(exist_ok=True)
        Path(other).write_bytes(content.replace(b"007", b"008"))
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(content)
    connection = connect()
    attached = attach(connection, find_files([name]))
    (one,) = attached.files
    assert (one.file.name, one.rows) == (name, 4)
    enclose(connection, [one.file.path])
    users = connection.execute("SELECT user_id FROM events WHERE event = 'view'").fetchall()
    assert ("007",) in users
    assert ("008",) not in users


def test_a_name_that_is_no_text_is_told_and_read(tmp_path):
    content = separated(",") + b"x,view,soon,5,z\r\n"
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.csv")).write_bytes(content)
    except (OSError, UnicodeError):
        pytest.skip("names are text here")
    (tmp_path / "a.csv").write_bytes(separated(","))
    attached = attach(connect(), find_files([str(tmp_path)]))
    assert [Path(one.file.name).name for one in attached.files] == ["a.csv", "b\\xff.csv"]
    assert attached.rows == 9
    assert "b\\xff.csv line 7" in attached.examples[0]


def test_the_same_content_is_read_once_and_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = separated(",")
    for name in ("s.csv", "s (1).csv"):
        Path(name).write_bytes(content)
    Path("t.csv").write_bytes(content.replace(b"007", b"008"))
    with zipfile.ZipFile("z.zip", "w") as archive:
        archive.writestr("in.csv", content)
    attached = attach(connect(), find_files(["s.csv", "s (1).csv", "t.csv", "z.zip"]))
    assert [one.file.name for one in attached.files] == ["s.csv", "t.csv"]
    assert attached.rows == 8
    assert attached.notes[:2] == (
        "s (1).csv is left out: its content is that of s.csv",
        "z.zip/in.csv is left out: its content is that of s.csv",
    )


def test_of_many_files_of_one_content_the_first_are_named(tmp_path, monkeypatch):
    """An hour without events is a line of names alone: of a thousand each was a line."""
    monkeypatch.chdir(tmp_path)
    for hour in range(10):
        Path(f"{hour}.csv").write_text("user_id,event,ts\n")
    attached = attach(connect(), find_files(["."]))
    assert attached.notes[3:5] == (
        "4.csv is left out: its content is that of 0.csv",
        "5 more files have the content of others, and are left out",
    )


def test_long_numbers_that_a_spreadsheet_cut_short_are_said(tmp_path):
    _, facts = attached(tmp_path, "user_id,event,ts\n1.23457E+12,a,2024-01-01\n7,a,2024-01-02\n")
    (note,) = (one for one in facts.notes if "cut short" in one)
    assert note.startswith('"user_id" has numbers that a spreadsheet cut short, as 1.23457E+12')


def test_ids_written_as_fractions_beside_whole_ones_are_said(tmp_path):
    rows = "13085.0,a,2024-01-01\n", "7,a,2024-01-02\n", "v1.0,a,2024-01-03\n"
    head = "user_id,event,ts\n"
    _, facts = attached(tmp_path, head + "".join(rows))
    (note,) = (one for one in facts.notes if "fractions" in one)
    assert note.startswith(
        '"user_id" has ids written as fractions and whole ones, as 13085.0 and 7:'
    )
    for alone in rows:
        assert not [one for one in attached(tmp_path, head + alone)[1].notes if "fractions" in one]


def test_another_column_of_one_file_alone_is_named_with_what_reads_both(tmp_path):
    head = "user_id,event,ts"
    exports = (
        f"{head},revenue\n1,buy,2024-01-01,10\n",
        f"{head},amount\n2,buy,2024-01-02,20\n",
    )
    connection, facts = attached(tmp_path, *exports)
    assert rows(connection, "SELECT sum(revenue) FROM events") == [(10,)]
    (note,) = (one for one in facts.notes if "is not read" in one)
    assert note.endswith(
        'export1.dat has no column "revenue"; its "amount" is not read:'
        ' revenue = "revenue|amount" under [columns] takes both'
    )
    connection, facts = attached(tmp_path, *exports, columns={"revenue": "revenue|amount"})
    assert rows(connection, "SELECT sum(revenue) FROM events") == [(30,)]
    assert not any("is not read" in one for one in facts.notes)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_the_same_content_packed_is_read_once(tmp_path, monkeypatch, pack):
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_bytes(separated(","))
    Path("packed").write_bytes(pack(separated(",")))
    attached = attach(connect(), find_files(["packed", "s.csv"]))
    assert [one.file.name for one in attached.files] == ["packed"]
    assert attached.notes[0] == "s.csv is left out: its content is that of packed"


def test_files_of_different_sizes_are_not_read_to_be_compared(tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}.csv").write_bytes(
            separated(",") + b"u,view,2024-01-01,5,z\n" * number
        )
    monkeypatch.setattr("hourglass.sources.copies.fingerprint", None)
    assert attach(connect(), find_files([str(tmp_path)])).rows == 15


@pytest.mark.parametrize(
    "content",
    [
        "user_id,Event,event,ts\n1,view,buy,2024-01-01\n",
        '{"user_id": "1", "Event": "view", "event": "buy", "ts": "2024-01-01"}\n',
    ],
    ids=["csv", "json"],
)
def test_a_column_called_as_one_that_is_read_is_named(tmp_path, content):
    connection, facts = attached(tmp_path, content)
    assert rows(connection, "SELECT event, event_1 FROM events") == [("view", "buy")]
    (note,) = (one for one in facts.notes if "called" in one)
    assert note == '"Event" is the event; the other column "event" is called "event_1" here'


_ROWS = [("r1", "7", "a", "2024-03-01"), ("r2", "7.0", "a", "soon"), ("r1", "8", "b", "2024-03-02")]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("name", ["rowid", "RowID"])
def test_a_column_called_as_the_engine_numbers_rows_is_one_as_others(tmp_path, ending, name):
    names = (name, "user_id", "event", "ts")
    path = tmp_path / f"export.{ending}"
    if ending == "csv":
        path.write_text("\n".join(map(",".join, [names, *_ROWS])))
    elif ending == "jsonl":
        path.write_text("\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in _ROWS))
    else:
        parquet(path, f"FROM (VALUES {', '.join(map(repr, _ROWS))}) AS t({', '.join(names)})")
    connection = connect()
    facts = attach(
        connection, find_files([str(path)]), reading=Reading(dedupe=(name,), in_order=True)
    )
    assert rows(connection, "SELECT user_id, event, rowid FROM events") == [("7", "a", "r1")]
    assert (facts.rejected, facts.duplicates) == (1, 1)
    line = 3 if ending == "csv" else 2
    assert rows(connection, "SELECT line, value FROM rejects") == [(line, "soon")]


def test_such_a_column_stays_with_rows_that_are_made(tmp_path):
    content = "rowid,customer_id,a_at,b_at\nr1,1,2024-03-01,2024-03-02\nr2,2,,2024-03-03\n"
    connection, _ = attached(tmp_path, content, reading=Reading(format="wide"))
    assert rows(connection, "SELECT user_id, event, rowid FROM events ORDER BY ts") == [
        ("1", "a", "r1"), ("1", "b", "r1"), ("2", "b", "r2"),
    ]  # fmt: skip
