"""A day in one column and a time of day in another are the time of a row together."""

from datetime import date, datetime, time

import polars as pl
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.sources.attach import attach, attach_containers, recognised
from hourglass.sources.facts import Known
from hourglass.sources.files import find_files


def read(path, **said):
    connection = connect()
    facts = attach(connection, find_files([str(path)]), **said)
    return connection.execute("SELECT ts FROM events ORDER BY ts").fetchall(), facts


def written(tmp_path, names, *rows):
    path = tmp_path / "export.csv"
    lines = [",".join(["user_id", "event", *names]), *(",".join(["u", "a", *row]) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("names", "row", "place", "moment"),
    [
        (("Date", "Time"), ("2026-02-01", "10:00:05"), "Date + Time", (2026, 2, 1, 10, 0, 5)),
        (("time", "date"), ("9:30", "2026-02-01"), "date + time", (2026, 2, 1, 9, 30)),
        (
            ("event_time", "event_date"),
            ("23:59:59.5", "2026/02/01"),
            "event_date + event_time",
            (2026, 2, 1, 23, 59, 59, 500_000),
        ),
        (
            ("Order Date", "Order Time"),
            ("13/02/2026", "1:05 PM"),
            "Order Date + Order Time",
            (2026, 2, 13, 13, 5),
        ),
        (("time", "date"), ("10:00+02:00", "2026-02-01"), "date + time", (2026, 2, 1, 8, 0)),
        (("time", "date"), ("10:00", "1 Feb 2026"), "date + time", (2026, 2, 1, 10, 0)),
        (
            ("time", "created_at", "date"),
            ("10:00", "2026-02-01T11:00:00Z", "2026-02-01"),
            "created_at",
            (2026, 2, 1, 11, 0),
        ),
        (("time", "date"), ("2026-02-01T11:00:00Z", "2026-02-02"), "time", (2026, 2, 1, 11, 0)),
    ],
)
def test_times_of_day_take_the_day_beside_them(tmp_path, names, row, place, moment):
    ((found,),), facts = read(written(tmp_path, names, row))
    assert found == datetime(*moment)
    assert facts.roles["timestamp"] == place
    assert any(f"timestamp = {place} (guessed)" in note for note in facts.notes)


@pytest.mark.parametrize("time", ["1000", "0900", "093000", "12", "5.3", "2,75"])
@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("20250101", (2025, 1, 1)),
        ("2025-01-01", (2025, 1, 1)),
        ("2025-01-01T10:00:00Z", (2025, 1, 1, 10)),
        ("1735689600", (2025, 1, 1)),
    ],
)
def test_small_numbers_are_no_times_beside_a_column_that_tells_the_day(tmp_path, time, day, moment):
    path = written(tmp_path, ("time", "date"), (f'"{time}"', day))
    found, facts = read(path)
    assert found == [(datetime(*moment),)]
    assert any("timestamp = date (guessed)" in note for note in facts.notes)


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("1735689600", "2025-01-01"),
        ("20250101", "2025-01-02"),
        ("2025-01-01", "7"),
        ("1000", "Monday"),
    ],
)
def test_a_time_that_is_one_stays_and_so_does_what_nothing_is_beside(tmp_path, time, day):
    _, facts = read(written(tmp_path, ("time", "date"), (time, day)))
    assert facts.roles["timestamp"] == "time"


def test_small_numbers_of_parquet_are_no_times_beside_a_day(tmp_path):
    path = tmp_path / "export.parquet"
    rows = {"user_id": ["u"], "event": ["a"], "time": [930], "date": [date(2026, 2, 1)]}
    pl.DataFrame(rows).write_parquet(path)
    assert read(path)[1].roles["timestamp"] == "date"


def test_types_of_parquet_say_what_is_a_day(tmp_path):
    path = tmp_path / "export.parquet"
    pl.DataFrame(
        {"user_id": ["u"], "event": ["a"], "time": [time(10, 0, 5)], "date": [date(2026, 2, 1)]}
    ).write_parquet(path)
    found, facts = read(path)
    assert found == [(datetime(2026, 2, 1, 10, 0, 5),)]
    assert facts.roles["timestamp"] == "date + time"


def test_a_type_of_times_of_day_is_said_to_have_no_day(tmp_path):
    path = tmp_path / "export.parquet"
    rows = {"user_id": ["u"], "event": ["a"], "time": [time(10, 0, 5)]}
    pl.DataFrame(rows).write_parquet(path)
    with pytest.raises(DataError, match='"time" holds times of day, without a day') as wrong:
        read(path)
    assert 'timestamp = "DAY + time"' in (wrong.value.hint or "")


def test_what_a_configuration_joins_as_the_timestamp_has_a_space_between(tmp_path):
    path = written(tmp_path, ("d", "t"), ("2026-02-01", "10:00"))
    found, _ = read(path, columns={"timestamp": "d + t"})
    assert found == [(datetime(2026, 2, 1, 10, 0),)]


def test_a_row_without_one_of_them_is_rejected(tmp_path):
    rows = [("2026-02-01", "10:00")] * 9
    found, facts = read(written(tmp_path, ("date", "time"), *rows, ("2026-02-01", "")))
    assert (len(found), facts.rejected) == (9, 1)


def test_the_next_export_is_read_as_those_in_the_database(tmp_path):
    known = Known(roles={"timestamp": "Order Date + Order Time"})
    path = written(tmp_path, ("Order Date", "Order Time"))
    containers = find_files([str(path)])
    groups, _ = recognised(containers)
    facts = attach_containers(connect(), groups[0], known=known)
    assert facts.roles["timestamp"] == "Order Date + Order Time"


@pytest.mark.parametrize(
    ("names", "row", "hint"),
    [
        (("Time",), ("10:00:00",), 'timestamp = "DAY + Time" under [columns]'),
        (("time", "date"), ("10:00:00", "Monday"), 'timestamp = "DAY + time" under [columns]'),
    ],
)
def test_without_a_day_it_is_said_how_to_name_one(tmp_path, names, row, hint):
    with pytest.raises(DataError) as wrong:
        read(written(tmp_path, names, row))
    assert hint in (wrong.value.hint or "")
