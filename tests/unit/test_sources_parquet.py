"""Parquet files are read together whatever types a column has in each: no digit is lost."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.load import load
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

MARCH = datetime(2024, 3, 1)
LARGE = 9007199254740992
COLUMNS = {
    "user_id": "'u'", "event": "'a'", "ts": "TIMESTAMP '2024-03-01'", "session_id": "'s'",
    "event_id": "NULL::TEXT", "referrer_id": "'r'",
}  # fmt: skip


@pytest.fixture
def read(tmp_path: Path):
    """Write one file of each list of rows, a row being values that differ from `COLUMNS`."""

    def read(*files: list[dict[str, str]], **options):
        paths = []
        for number, rows in enumerate(files):
            selects = []
            for row in rows:
                columns = (f"{value} AS {name}" for name, value in {**COLUMNS, **row}.items())
                selects.append(f"SELECT {', '.join(columns)}")
            paths.append(str(tmp_path / f"{number}.parquet"))
            duckdb.sql(f"COPY ({' UNION ALL '.join(selects)}) TO '{paths[-1]}'")
        connection = connect()
        return connection, attach(connection, find_files(paths), **options)

    return read


def values(connection, columns, order="ts, 1"):
    return connection.execute(f"SELECT {columns} FROM events ORDER BY {order}").fetchall()


@pytest.mark.parametrize("role", ["user_id", "session_id", "event_id", "referrer_id"])
def test_no_id_passes_through_a_number_of_another_file(read, role):
    ids = [str(LARGE), str(LARGE + 1)]
    whole = [{role: f"{one}::BIGINT"} for one in ids]
    fractions = [{role: "NULL::DOUBLE"}, {role: "17::DOUBLE"}]
    for files in ([whole, fractions], [fractions, whole]):
        connection, facts = read(*files)
        assert [one for (one,) in values(connection, role, role)] == ["17", *ids, None]
        assert facts.duplicates == 0


@pytest.mark.parametrize(
    ("dedupe", "first", "second", "duplicates"),
    [
        (("order_id",), [f"{LARGE}::BIGINT", f"{LARGE + 1}::BIGINT"], ["NULL::DOUBLE"], 0),
        (("order_id",), [f"{LARGE + 1}::BIGINT", "17::BIGINT"], ["17::DOUBLE"], 1),
        (("order_id",), ["17::BIGINT"], ["17::DOUBLE"], 1),
        (("order_id",), ["17::DOUBLE"], ["'17'"], 1),
        (("user_id", "order_id"), ["17.5::DOUBLE"], ["'17.5'"], 1),
        (("row",), [f"{LARGE}::BIGINT"], [f"{LARGE + 1}::DECIMAL(18, 0)"], 0),
    ],
)
def test_keys_lose_no_digit_and_are_one_whatever_their_type(
    read, dedupe, first, second, duplicates
):
    files = [[{"order_id": one} for one in rows] for rows in (first, second)]
    _, facts = read(*files, reading=Reading(dedupe=dedupe))
    assert facts.duplicates == duplicates


@pytest.mark.parametrize(
    ("first", "second", "kind", "expected"),
    [
        ("1::BIGINT", "1.5::DOUBLE", "DOUBLE", [1.0, 1.5]),
        (f"{LARGE + 1}::BIGINT", "1.0::DOUBLE", "VARCHAR", [str(LARGE + 1), "1"]),
        (f"{LARGE + 1}::DECIMAL(18, 0)", "1.5::DOUBLE", "VARCHAR", [str(LARGE + 1), "1.5"]),
        ("1::INTEGER", f"{LARGE + 1}::BIGINT", "BIGINT", [1, LARGE + 1]),
        ("DATE '2024-03-01'", "TIMESTAMP '2024-03-01 10:00'", "TIMESTAMP",
         [MARCH, datetime(2024, 3, 1, 10)]),
        ("TIMESTAMP_NS '2024-02-29 23:59:59.999999999'", "DATE '2024-03-01'", "TIMESTAMP",
         [datetime(2024, 2, 29, 23, 59, 59, 999_999), MARCH]),
        ("1", "TIMESTAMP '2024-03-01'", "VARCHAR", ["1", "2024-03-01 00:00:00"]),
        ("true", "DATE '2024-03-01'", "VARCHAR", ["true", "2024-03-01"]),
        ("'x'", "[1, 2]", "VARCHAR", ["x", "[1,2]"]),
        ("'x'", "{'a': 1}", "VARCHAR", ["x", '{"a":1}']),
        ("'\\xAA'::BLOB", "'00000000-0000-0000-0000-000000000001'::UUID", "VARCHAR",
         ["\\xAA", "00000000-0000-0000-0000-000000000001"]),
        ("{'a': 1}", "{'b': 'x'}", "STRUCT(a INTEGER, b VARCHAR)",
         [{"a": 1, "b": None}, {"a": None, "b": "x"}]),
        (f"{{'a': {LARGE + 1}}}", "{'a': 1.0::DOUBLE}", "VARCHAR",
         [f'{{"a":{LARGE + 1}}}', '{"a":1.0}']),
        ("NULL::INTEGER", "DATE '2024-03-01'", "DATE", [None, MARCH.date()]),
        ("NULL::DOUBLE", f"{LARGE + 1}::BIGINT", "BIGINT", [None, LARGE + 1]),
    ],
)  # fmt: skip
def test_a_column_gets_the_type_that_holds_the_values_of_all_files(
    read, first, second, kind, expected
):
    later = {"x": second, "ts": "TIMESTAMP '2024-03-02'"}
    connection, facts = read([{"x": first}], [later])
    assert facts.columns["x"] == kind
    assert [one for (one,) in values(connection, "x", "ts")] == expected
    assert any('"x" is' in note for note in facts.notes) == (kind == "VARCHAR")


@pytest.mark.parametrize(
    "other",
    ["1709251200000::BIGINT", "1709251200.0::DOUBLE", "'2024-03-01T02:00:00+02:00'", "'1709251200'",
     "TIMESTAMPTZ '2024-03-01 00:00:00+00'", "DATE '2024-03-01'", "20240301"],
)  # fmt: skip
def test_times_are_read_file_by_file(read, other):
    first, second = [{}], [{"ts": other}]
    for files in ([first, second], [second, first], [first, second, [{"ts": "NULL::INTEGER"}]]):
        connection, facts = read(*files)
        assert values(connection, "ts") == [(MARCH,), (MARCH,)]
        assert facts.rejected == len(files) - 2
        with duckdb.connect() as shell:
            for statement in facts.statements:
                shell.execute(statement)
            assert values(shell, "ts") == [(MARCH,), (MARCH,)]


def test_times_read_file_by_file_are_in_the_stated_zone(read):
    files = [[{}], [{"ts": "1709251200"}], [{"ts": "'2024-03-01 00:00'"}]]
    connection, facts = read(*files, reading=Reading(timezone="Europe/Berlin"))
    evening = datetime(2024, 2, 29, 23)
    assert values(connection, "ts") == [(evening,), (evening,), (MARCH,)]
    assert "times are seconds since 1970" in facts.notes


def test_rejected_rows_of_such_files_are_kept_as_they_are(read):
    connection, facts = read(
        [{"ts": "1709251200"}], [{"ts": "'soon'", "event_id": "7"}, {"ts": "'2024-03-01'"}]
    )
    assert [one.rejected for one in facts.files] == [0, 1]
    ((line, value, reason, raw),) = connection.execute(
        "SELECT line, value, reason, raw FROM rejects"
    ).fetchall()
    assert (line, value, reason) == (1, "soon", "timestamp not understood")
    assert '"ts":"soon"' in raw
    assert "hourglass" not in raw


def test_times_that_no_file_says_are_an_error_with_a_hint(read):
    with pytest.raises(DataError, match="not a time") as refused:
        read([{}], [{"ts": "{'at': 1}"}])
    assert 'timestamp = "COLUMN"' in str(refused.value.hint)


def test_files_of_other_types_are_shaped_as_others_are(read):
    plain = [{"who": "7", "filename": "'f'"}]
    odd = [{"who": "8::DOUBLE", "ts": "1709251200", "filename": "3"}]
    named = {"user": "who|user_id", "event": "{file}"}
    connection, _ = read(plain, odd, columns=named)
    assert values(connection, "user_id, event, filename") == [("7", "0", "f"), ("8", "1", "3")]


def test_files_of_other_types_are_loaded(read, tmp_path):
    read([{"x": "1", "event_id": "12"}], [{"x": "[1]", "event_id": "12::DOUBLE"}])
    loaded = load(tmp_path / "e.duckdb", [str(tmp_path / f"{one}.parquet") for one in (0, 1)])
    assert [(one.accepted, one.duplicates) for one in loaded.files] == [(1, 0), (0, 1)]


def test_names_with_brackets_are_those_of_their_files_alone(tmp_path):
    paths = [tmp_path / name for name in ("a[1].parquet", "a1.parquet")]
    with duckdb.connect() as made:
        for path, number in zip(paths, ("5", "DATE '2024-01-01'"), strict=True):
            made.execute(
                f"COPY (SELECT '{path.stem}' AS user_id, 'a' AS event,"
                f" TIMESTAMP '2024-01-01' AS ts,"
                f" {number} AS n) TO '{path}' (FORMAT parquet)"
            )
    connection = connect()
    attach(connection, find_files([str(path) for path in paths]))
    found = connection.execute("SELECT user_id, n FROM events ORDER BY n").fetchall()
    assert found == [("a1", "2024-01-01"), ("a[1]", "5")]


def parted(tmp_path, **files):
    """Write rows of `COLUMNS` without some columns to files that lie in folders."""
    for path, without in files.items():
        rows = ", ".join(f"{v} AS {name}" for name, v in COLUMNS.items() if name not in without)
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        duckdb.sql(f"COPY (SELECT {rows}) TO '{target}'")
    connection = connect()
    attach(connection, find_files([str(tmp_path)]))
    return connection


def test_folders_say_the_columns_that_no_file_has(tmp_path):
    files = {
        "event=a/user_id=007/p.parquet": ("event", "user_id"),
        "event=b/user_id=8/p.parquet": ("event", "user_id", "event_id"),
    }
    assert values(parted(tmp_path, **files), "user_id, event") == [("007", "a"), ("8", "b")]


def test_folders_say_them_of_files_of_other_types_too(tmp_path):
    (tmp_path / "event=x").mkdir()
    duckdb.sql(
        "COPY (SELECT 'v' AS user_id, '2024-03-02' AS ts, 1.5::DOUBLE AS session_id)"
        f" TO '{tmp_path}/event=x/1.parquet'"
    )
    connection = parted(tmp_path, **{"event=y/2.parquet": ("event",)})
    assert values(connection, "user_id, event") == [("u", "y"), ("v", "x")]


@pytest.mark.parametrize(
    "files",
    [
        {"user_id=team/p.parquet": ()},
        {"USER_ID=team/p.parquet": ()},
        {"user_id=team/p.parquet": (), "q.parquet": ()},
        {"user_id=team/p.parquet": ("event_id",), "user_id=team/q.parquet": ()},
    ],
)
def test_no_folder_overrules_a_column(tmp_path, files):
    users = values(parted(tmp_path, **files), "DISTINCT user_id, event", "1")
    assert users == [("u", "a")]


def test_the_folder_of_temporary_files_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("hourglass.sources.parquet.is_private", lambda path: True)
    connection = parted(tmp_path, **{"team=a/p.parquet": ()})
    assert "team" not in [name for name, *_ in connection.sql("DESCRIBE events").fetchall()]
