"""Times are read as people write them, by one rule for the whole column, in the zone stated."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.reading import Reading
from hourglass.sources import times, written
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

BERLIN = "Europe/Berlin"


def read(tmp_path: Path, written: list[str], **said):
    path = tmp_path / "export.csv"
    rows = [f'{number},a,"{text}"' for number, text in enumerate(written)]
    path.write_text("\n".join(["user_id,event,ts", *rows]) + "\n")
    connection = connect()
    facts = attach(connection, find_files([str(path)]), reading=Reading(**said))
    found = connection.execute("SELECT user_id, ts FROM events ORDER BY user_id::INT").fetchall()
    return {int(user): moment for user, moment in found}, facts


def only(tmp_path, text: str, **said) -> datetime:
    return read(tmp_path, [text], **said)[0][0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31-05-2018", datetime(2018, 5, 31)),
        ("5/31/2018", datetime(2018, 5, 31)),
        ("31/5/2018 14:03", datetime(2018, 5, 31, 14, 3)),
        ("05/31/2018", datetime(2018, 5, 31)),
        ("31.5.2018 14:03", datetime(2018, 5, 31, 14, 3)),
        ("31.5.2018, 4:03:05", datetime(2018, 5, 31, 4, 3, 5)),
        ("5/31/2018 2:03 PM", datetime(2018, 5, 31, 14, 3)),
        ("5/31/2018 12:03:07 am", datetime(2018, 5, 31, 0, 3, 7)),
        ("5/31/2018 12:03 p.m.", datetime(2018, 5, 31, 12, 3)),
        ("05/05/2018", datetime(2018, 5, 5)),
        ("2018-05-31 02:03 PM", datetime(2018, 5, 31, 14, 3)),
        ("2018.05.31 02:03", datetime(2018, 5, 31, 2, 3)),
        ("Feb 5, 2018", datetime(2018, 2, 5)),
        ("February 5th 2018 at 2:03 PM", datetime(2018, 2, 5, 14, 3)),
        ("5 Feb 2018 14:03", datetime(2018, 2, 5, 14, 3)),
        ("05-FEB-2018", datetime(2018, 2, 5)),
        ("Mon, 05 Feb 2018 14:03:00 +0100", datetime(2018, 2, 5, 13, 3)),
        ("05/Feb/2018:14:03:00 +0000", datetime(2018, 2, 5, 14, 3)),
        ("20180205T140300Z", datetime(2018, 2, 5, 14, 3)),
        ("20180205T140300+0200", datetime(2018, 2, 5, 12, 3)),
        ("20180205 140300", datetime(2018, 2, 5, 14, 3)),
        ("20180205140300", datetime(2018, 2, 5, 14, 3)),
        ("5/31/2018 2:03 PM +0200", datetime(2018, 5, 31, 12, 3)),
        ("5/31/18", datetime(2018, 5, 31)),
        ("5/31/2018, 2:03:05\u202fPM", datetime(2018, 5, 31, 14, 3, 5)),
        ("2018-05-31\u00a014:03:00", datetime(2018, 5, 31, 14, 3)),
        ("2018-05-31 14:03:00\u202f+02:00", datetime(2018, 5, 31, 12, 3)),
        ("\u00a031\u00a0May 2018\u00a0", datetime(2018, 5, 31)),
        ("5/31/18 2:03 PM", datetime(2018, 5, 31, 14, 3)),
        ("31.5.99 14:03", datetime(1999, 5, 31, 14, 3)),
        ("05-Feb-18", datetime(2018, 2, 5)),
        ("5-FEB-69 14:03:05", datetime(1969, 2, 5, 14, 3, 5)),
        ("2018-05-31 2:03:07 a.m.", datetime(2018, 5, 31, 2, 3, 7)),
        ("2018-05-31 14:03:07 Z", datetime(2018, 5, 31, 14, 3, 7)),
        ("2018-05-31 14:03:07,250", datetime(2018, 5, 31, 14, 3, 7, 250_000)),
        ("2018-05-31T14:03:07,5+02:00", datetime(2018, 5, 31, 12, 3, 7, 500_000)),
        ("Mon Feb  5 14:03:00 2018", datetime(2018, 2, 5, 14, 3)),
        ("Mon Feb 05 14:03:00 +0100 2018", datetime(2018, 2, 5, 13, 3)),
        ("Mon Feb 05 14:03:00 UTC 2018", datetime(2018, 2, 5, 14, 3)),
        ("Thu Jul 05 14:03:00 PDT 2018", datetime(2018, 7, 5, 21, 3)),
        ("Thu Jul 05 14:03:00 PST 2018", datetime(2018, 7, 5, 22, 3)),
        ("Thu Jul 05 14:03:00 CEST 2018", datetime(2018, 7, 5, 12, 3)),
        ("Thu, 05 Jul 2018 14:03:00 CET", datetime(2018, 7, 5, 13, 3)),
        ("2018-07-05 14:03:00.5 EDT", datetime(2018, 7, 5, 18, 3, 0, 500_000)),
        ("2018-07-05T14:03:00z", datetime(2018, 7, 5, 14, 3)),
        ("2018-07-05 14:03:00 Europe/Berlin", datetime(2018, 7, 5, 12, 3)),
        ("Mon Feb 05 2018 14:03:00 GMT+0100 (CET)", datetime(2018, 2, 5, 13, 3)),
        ("201805311403", datetime(2018, 5, 31, 14, 3)),
        ("2018053114", datetime(2018, 5, 31, 14)),
    ],
)
def test_a_time_is_read_as_written(tmp_path, text, moment):
    assert only(tmp_path, text) == moment


@pytest.mark.parametrize(
    "text", ["32/01/2018", "5/31/2018 13:03 PM", "Feb 30, 2018", "Foo 5, 2018"]
)
def test_a_time_that_cannot_be_is_rejected(tmp_path, text):
    _, facts = read(tmp_path, [text, "Feb 5, 2018"])
    assert facts.rejected == 1


@pytest.mark.parametrize(
    ("texts", "month", "said"),
    [
        (["02-05-2018", "31-05-2018"], 5, 'begin with the day, as in {} line 3 ("31-05-2018")'),
        (["02-05-2018", "05-31-2018"], 2, 'begin with the month, as in {} line 3 ("05-31-2018")'),
    ],
)
def test_one_value_decides_for_the_whole_column(tmp_path, texts, month, said):
    found, facts = read(tmp_path, texts)
    assert found[0].month == month
    assert any(said.format(tmp_path / "export.csv") in note for note in facts.notes)


def test_values_that_contradict_each_other_are_both_named(tmp_path):
    texts = ["02-05-2018"] * 3 + ["31-05-2018", "12-31-2018"]
    with pytest.raises(DataError, match="contradict") as caught:
        read(tmp_path, texts)
    assert 'export.csv line 5 ("31-05-2018")' in caught.value.message
    assert 'export.csv line 6 ("12-31-2018")' in caught.value.message
    found, facts = read(tmp_path, texts, date_order="dmy")
    assert (len(found), facts.rejected) == (4, 1)


def test_where_nothing_decides_it_is_asked(tmp_path):
    with pytest.raises(DataError, match=r'as .*line 2 \("02-05-2018"\)') as caught:
        read(tmp_path, ["02-05-2018", "03-04-2018"])
    assert "--date-order dmy" in caught.value.hint
    assert only(tmp_path, "02-05-2018", date_order="dmy") == datetime(2018, 5, 2)
    assert only(tmp_path, "02-05-2018", date_order="mdy") == datetime(2018, 2, 5)


def test_a_year_of_two_digits_may_stand_first_or_last(tmp_path):
    with pytest.raises(DataError, match=r'day or with a year of two digits, as .*"24/03/01"') as no:
        read(tmp_path, ["24/03/01", "24/03/12"])
    assert "--date-order dmy" in no.value.hint
    assert only(tmp_path, "24/03/01", date_order="dmy") == datetime(2001, 3, 24)
    assert read(tmp_path, ["24/03/12", "3/24/12"], date_order="mdy")[1].rejected == 1


def test_seconds_need_not_be_hours_though_some_look_so(tmp_path):
    found, _ = read(tmp_path, ["2018053114", "1709287200"])
    assert found[1] == datetime(2024, 3, 1, 10)


@pytest.mark.parametrize(
    ("values", "said"), [(["45000", "45001.5"], True), (["0", "1709287200"], False)]
)
def test_numbers_that_are_hardly_seconds_are_said(tmp_path, values, said):
    _, facts = read(tmp_path, values)
    assert any("all times are before 1980" in note for note in facts.notes) == said


def test_the_lines_named_count_quoted_line_ends_and_refused_rows(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text('user_id,event,ts\n1,"a\nb",02-05-2018\n2\n3,a,31-05-2018\n4,a,05-31-2018\n')
    with pytest.raises(DataError, match=r"line 5 .*line 6 "):
        attach(connect(), find_files([str(path)]))


def test_a_column_may_mix_ways_of_writing(tmp_path):
    found, facts = read(
        tmp_path,
        ["2018-05-02T10:00:00+02:00", "2018-05-02 10:00", "31.05.2018", "May 2, 2018", "20180502"],
    )
    assert list(found.values()) == [
        datetime(2018, 5, 2, 8), datetime(2018, 5, 2, 10), datetime(2018, 5, 31),
        datetime(2018, 5, 2), datetime(2018, 5, 2),
    ]  # fmt: skip
    assert "4 of 5 times have no offset: these are read as UTC" in facts.notes


@pytest.mark.parametrize("text", ["Thu Jul 05 14:03:00 BST 2018", "2018-07-05 14:03:00 IST"])
def test_a_name_that_several_zones_have_is_no_offset(tmp_path, text):
    found, facts = read(tmp_path, [text, "2018-07-05 14:03:00 UTC"])
    assert found == {1: datetime(2018, 7, 5, 14, 3)}
    assert facts.rejected == 1


@pytest.mark.parametrize("odd", ["0", "-1", "1", "20180705"])
def test_seconds_before_1980_among_later_ones_are_no_times(tmp_path, odd):
    found, facts = read(tmp_path, ["1530799380", odd, "1530799381"])
    assert sorted(found) == [0, 2]
    assert facts.examples[0].endswith(f'timestamp not understood: "{odd}"')


def test_seconds_before_1980_that_are_more_than_a_few_are_times(tmp_path):
    found, facts = read(tmp_path, ["1530799380", "0", "86400", "1530799381", "1530799382"])
    assert (len(found), facts.rejected) == (5, 0)
    assert found[1] == datetime(1970, 1, 1)


def test_seconds_stored_as_decimals_keep_their_fraction(tmp_path):
    path = tmp_path / "export.parquet"
    duckdb.sql(
        "SELECT 'u' AS user_id, 'a' AS event, 1530799380.6::DECIMAL(18, 3) AS ts"
    ).write_parquet(str(path))
    connection = connect()
    attach(connection, find_files([str(path)]))
    ((moment,),) = connection.execute("SELECT ts FROM events").fetchall()
    assert moment == datetime(2018, 7, 5, 14, 3, 0, 600_000)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki"])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["2018-05-02T10:00Z", "2018-05-02 10:00", "2018-05-02", "2018-02-30", "1066-10-14",
          "2018-W09-5"], "2 of 3 times have no offset: these are read "),
        (["2018.05.02 10:00", "2018/05/02", "2018-05-02 sometime"],
         "times without an offset are read "),
        (["2018-05-02T10:00Z", "2018-02-30"], ""),
    ],
)  # fmt: skip
def test_what_is_no_time_has_no_offset_to_count(tmp_path, written, said, zone):
    _, facts = read(tmp_path, written, timezone=zone)
    where = "as UTC" if zone == "UTC" else f"in {zone}"
    notes = [note for note in facts.notes if "offset" in note]
    assert notes == ([said + where] if said else [])


@pytest.mark.parametrize(
    ("late", "moment"),
    [
        ("31.05.2018 10:00", datetime(2018, 5, 31, 10)),
        ("2018-05-31T10:00:00+02:00", datetime(2018, 5, 31, 8)),
        ("2018-05-31T10:00:00 UTC", datetime(2018, 5, 31, 10)),
    ],
)
def test_one_time_that_is_written_otherwise_is_read_wherever_it_stands(tmp_path, late, moment):
    found, _ = read(tmp_path, [*["2018-05-01 10:00:00"] * 2000, late])
    assert found[0] == datetime(2018, 5, 1, 10)
    assert found[2000] == moment


def test_no_break_spaces_among_plain_ones_are_read_too(tmp_path):
    written = ["2018-02-05 14:03:00"] * 20 + ["2018-02-05\u00a014:03:00", "2018-02-05T14:03:00Z"]
    found, _ = read(tmp_path, written)
    assert found == dict.fromkeys(range(22), datetime(2018, 2, 5, 14, 3))


def test_no_break_spaces_hide_no_doubt_about_day_and_month(tmp_path):
    with pytest.raises(DataError, match="may begin with the day or the month"):
        read(tmp_path, ["\u00a02/5/2018"])


ODD = (
    "2018-05-31T10:00:00+02:00", "2018-05-31 10:00:00+02", "2018-05-31 10:00:00 UTC",
    "2018-05-31 10:00:00 Europe/Berlin", "2018-05-31 10:00:00 PM", "2018-05-31", "2018-05-31 10:00",
    "2018-5-1 1:2:3", " 2018-05-31 10:00:00 ", "2018-05-31 10:00:00", "2018-05-31T10:00:00",
    "2018-05-31T10:00:00Z", "2018-05-31 10:00:00.5", "2018-05-31T10:00:00.5Z",
    "2018-05-31 24:00:00", "2018-05-31 23:59:60", "2018-02-30 00:00:00", "20180531T100000",
    "18-05-31 10:00:00", "31.05.2018 10:00:00", "99999-01-01 00:00:00", "0001-01-01 00:00:00",
    "1970-01-01 00:00:00", "1970-01-01T00:00:00Z", "2201-01-01 00:00:00", "1767225600",
    "epoch", "infinity", "-infinity", "null", "", "  ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "zone"),
    [
        ("2018-05-01 10:00:00", "UTC"),
        ("2018-05-01 10:00:00", BERLIN),
        ("2018-05-01T10:00:00.250Z", BERLIN),
    ],
)
def test_times_that_begin_alike_are_read_as_any_others(tmp_path, monkeypatch, first, zone):
    """Where the first ones are written alike the engine reads them; what it makes of odd ones."""
    cases = [[*[first] * 1001, odd] for odd in ODD]
    alike = [read(tmp_path, texts, timezone=zone) for texts in cases]
    monkeypatch.setattr(times, "layout", lambda values: None)
    for texts, (found, facts) in zip(cases, alike, strict=True):
        one_by_one, others = read(tmp_path, texts, timezone=zone)
        assert found == one_by_one, texts[-1]
        for fact in ("rejected", "examples", "notes", "columns", "roles"):
            assert getattr(facts, fact) == getattr(others, fact), texts[-1]


def test_times_that_are_all_written_alike_are_read_by_the_engine(tmp_path):
    plain, mixed = ["2018-05-01 10:00:00"] * 1001, ["2018-05-01 10:00:00", "2018-05-01"]
    assert "timestampformat" in "".join(read(tmp_path, plain)[1].statements)
    assert "timestampformat" not in "".join(read(tmp_path, mixed)[1].statements)
    assert "timestampformat" not in "".join(read(tmp_path, [*plain, "2018-05-01"])[1].statements)


@pytest.mark.parametrize("end", ["", "Z"])
@pytest.mark.parametrize("zone", ["UTC", BERLIN])
def test_plain_times_are_read_as_among_others(tmp_path, end, zone):
    """Texts that a cast reads as they are take a way of their own; blanks before one close it."""
    texts = [
        f"{day}{gap}{time}{fraction}{end}"
        for day in ("2018-03-25", "2018-10-28", "2018-02-30", "0001-01-01", "2024-02-29")
        for gap in " T"
        for time in ("00:00:00", "02:30:00", "23:59:59", "23:59:60", "24:00:00")
        for fraction in ("", ".5", ".000001", ".999999")
    ]
    plain, facts = read(tmp_path, texts, timezone=zone)
    among, others = read(tmp_path, [*texts, f"  2018-01-01 00:00:00{end}"], timezone=zone)
    assert plain == {user: moment for user, moment in among.items() if user < len(texts)}
    assert (facts.rejected, facts.notes) == (others.rejected, others.notes)


@pytest.mark.parametrize("style", ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y%m%d%H%M%S"])
@pytest.mark.parametrize(
    "zone", [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)
def test_a_stated_zone_is_taken_as_python_takes_it(tmp_path, zone, style):
    """The oracle: with fold = 0 Python too takes the first of two and moves gaps forward."""
    start = datetime(2024, 1, 1)
    local = [start + timedelta(minutes=30 * step) for step in range(0, 17_500, 7)]
    for day in (datetime(2024, 3, 10), datetime(2024, 3, 31), datetime(2024, 4, 7),
                datetime(2024, 10, 6), datetime(2024, 10, 27), datetime(2024, 11, 3)):  # fmt: skip
        local += [day + timedelta(minutes=10 * step) for step in range(30)]
    found, _ = read(tmp_path, [one.strftime(style) for one in local], timezone=zone)
    expected = [one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in local]
    assert list(found.values()) == [one.replace(tzinfo=None) for one in expected]


def test_gaps_and_folds_are_counted(tmp_path):
    texts = [
        "2024-03-31 02:30",
        "2024-03-31 03:30",
        "2024-10-27 02:30",
        "2024-10-27T02:30:00+01:00",
    ]
    found, facts = read(tmp_path, texts, timezone=BERLIN)
    assert [one.hour for one in found.values()] == [1, 1, 0, 1]
    assert facts.notes[1:] == (
        f"3 of 4 times have no offset: these are read in {BERLIN}",
        f"1 time that {BERLIN} skipped, where the clocks went forward: moved forward as far",
        f"1 time that {BERLIN} had twice, where the clocks went back: taken for the first",
    )


@pytest.mark.parametrize("form", ["{}", "{}::VARCHAR", "{}::TIMESTAMP_MS", "{}::DATE"])
def test_parquet_times_are_in_the_stated_zone_too(tmp_path, form):
    path = tmp_path / "export.parquet"
    moment = form.format("TIMESTAMP '2024-07-01'")
    with duckdb.connect() as made:
        made.execute(f"COPY (SELECT 'u' AS user_id, 'e' AS event, {moment} AS ts) TO '{path}'")
    connection = connect()
    facts = attach(connection, find_files([str(path)]), reading=Reading(timezone=BERLIN))
    assert connection.execute("SELECT ts FROM events").fetchall() == [(datetime(2024, 6, 30, 22),)]
    assert f"times without an offset are read in {BERLIN}" in facts.notes
    with duckdb.connect() as shell:
        for statement in facts.statements:
            shell.execute(statement)
        assert shell.execute("SELECT ts FROM events").fetchall() == [(datetime(2024, 6, 30, 22),)]


def test_epochs_and_offsets_are_instants_in_any_zone(tmp_path):
    assert only(tmp_path, "1709287200", timezone=BERLIN) == datetime(2024, 3, 1, 10)
    assert only(tmp_path, "2024-03-01T10:00:00Z", timezone=BERLIN) == datetime(2024, 3, 1, 10)


def test_a_trip_through_a_spreadsheet_changes_no_date(real_data):
    columns = {"event": "origin", "user": "mql_id", "timestamp": "first_contact_date"}
    tables = []
    for name in ("olist_mql.csv", "olist_mql_excel_dmy_crlf.csv.gz"):
        connection = connect()
        path = str(real_data / name)
        facts = attach(connection, find_files([path]), {**columns, "event": "landing_page_id"})
        assert (facts.rows, facts.rejected) == (8000, 0)
        query = "SELECT user_id, ts, event, origin FROM events ORDER BY ALL"
        tables.append(connection.execute(query).fetchall())
    assert tables[0] == tables[1]


@pytest.mark.parametrize("offset", ["+25:00", "-19:00", " +1830", "+18:01", "+02:60", "-99", "+19"])
@pytest.mark.parametrize("date", ["2018-05-31T10:00:00", "31.05.2018 10:00:00"])
def test_offsets_that_no_clock_has_are_not_understood(tmp_path, date, offset):
    last = f"{date}+18:00"
    found, facts = read(tmp_path, [date, date + offset, last, "2018-05-31"], date_order="dmy")
    assert found == {
        0: datetime(2018, 5, 31, 10), 2: datetime(2018, 5, 30, 16), 3: datetime(2018, 5, 31)
    }  # fmt: skip
    assert f'timestamp not understood: "{date}{offset}"' in facts.examples[0]


@pytest.mark.parametrize("order", ["dmy", "mdy"])
@pytest.mark.parametrize("zone", ["UTC", BERLIN])
def test_dates_of_numbers_are_read_as_any_other_writing(order, zone):
    dates = [
        f"{day}{sign}{month:02}{sign}{year}"
        for day in (0, 1, 9, 12, 13, 25, 29, 31, 32)
        for month in (0, 2, 3, 10, 12, 13)
        for year in (1900, 2023, 2024)
        for sign in "./-"
    ]
    times = [
        " 2:30", " 02:30:59", " 23:59:60", " 24:00", " 25:00", " 12:61", "T00:00", ", 3:04",
        " 2:30 pm", " 12:00:00 AM", " 12:30 PM", " 13:00 PM", ", 0:10 am", " 10:00 XM",
    ]  # fmt: skip
    connection = connect()
    for definition in written.DEFINITIONS:
        connection.execute(definition)
    # the other way of writing has a word in it, and is taken apart by patterns
    rows = [
        (f"{date}{time}", f"{date} at {time.lstrip(' T,')}") for date in dates for time in times
    ]
    connection.execute("CREATE TABLE t AS SELECT unnest($rows) AS r", {"rows": rows})
    one, other = (f"hourglass_instant(r[{n}], '{order}', '{zone}')" for n in (1, 2))
    differ = f"SELECT r[1], {one}, {other} FROM t WHERE {one} IS DISTINCT FROM {other}"
    assert connection.execute(differ).fetchall() == []
    assert connection.execute(f"SELECT count({one}) > 400 FROM t").fetchall() == [(True,)]
