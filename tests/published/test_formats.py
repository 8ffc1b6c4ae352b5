"""Exports that others published, read by their formats: every id, instant and row accounted for."""

import csv
import gzip
import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from hourglass.engines.connect import connect
from hourglass.reading import Reading
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

QUARANTINED = {"Unexpired session", "long session"}
"""Sessions of which that package leaves out what comes more than three days after their start."""


def events(*paths, **options):
    connection = connect()
    return connection, attach(connection, find_files([str(path) for path in paths]), **options)


def fetched(connection, query):
    return connection.execute(query).fetchall()


def table(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def utc(text):
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@pytest.fixture(scope="module")
def snowplow(real_data):
    folder = real_data / "snowplow"
    columns = {"user": "domain_userid"}  # the user ids of this file name what a row is there for
    connection, facts = events(folder / "snowplow_web_events.csv", columns=columns)
    assert (facts.source_format, facts.rows, facts.duplicates) == ("snowplow", 160, 3)
    yield connection, folder
    connection.close()


def test_sessions_of_snowplow_are_those_that_its_own_package_finds(snowplow):
    connection, folder = snowplow
    found = {
        session: rest
        for session, *rest in fetched(
            connection,
            "SELECT session_id, count(*), min(ts), max(ts),"
            " count(*) FILTER (event = 'page_view') FROM events GROUP BY ALL",
        )
    }
    expected = table(folder / "snowplow_web_sessions_expected.csv")
    assert len(expected) == 18
    same_times = 0
    for one in expected:
        total, first, last, views = found[one["domain_sessionid"]]
        if one["user_id"] in QUARANTINED:
            assert total > int(one["total_events"])
            continue
        assert total == int(one["total_events"])
        assert last == utc(one["end_tstamp"])
        if views:  # where there are only pings, that package assumes a view before the first
            assert first == utc(one["start_tstamp"])
            same_times += 1
    assert same_times == 13


def test_users_of_snowplow_have_as_many_sessions_as_its_own_package_finds(snowplow):
    connection, folder = snowplow
    found = dict(
        fetched(connection, "SELECT user_id, count(DISTINCT session_id) FROM events GROUP BY ALL")
    )
    expected = table(folder / "snowplow_web_users_expected.csv")
    assert len(expected) == 11
    for one in expected:
        assert found[one["domain_userid"]] == int(one["sessions"])


def test_ids_and_microseconds_of_ga4_are_exact(real_data):
    path = real_data / "ga4_items_sample.csv"
    connection, facts = events(path, reading=Reading(event_name="item"))
    written = Counter((one["user_pseudo_id"], int(one["event_timestamp"])) for one in table(path))
    found = fetched(connection, "SELECT user_id, epoch_us(ts), count(*) FROM events GROUP BY ALL")
    assert {(user, moment): count for user, moment, count in found} == written
    assert facts.rows == 16_003
    assert len({user for user, _ in written}) == 4_418
    connection.close()


def test_item_lines_of_ga4_become_events_by_a_key(real_data):
    reading = Reading(event_name="item", dedupe=("user_pseudo_id", "event_timestamp"))
    connection, facts = events(real_data / "ga4_items_sample.csv", reading=reading)
    assert (facts.rows, facts.duplicates) == (16_003, 16_003 - 5_690)
    connection.close()


@pytest.mark.parametrize(
    ("name", "rows", "cases"),
    [
        ("receipt.csv.gz", 8_577, 1_434),
        ("helpdesk.csv.gz", 21_348, 4_580),
        ("pm4py_running_example.csv", 42, 6),
    ],
)
def test_instants_of_process_logs_are_exact_across_changes_of_the_clocks(
    real_data, name, rows, cases
):
    connection, facts = events(real_data / name)
    assert (facts.source_format, facts.rows, facts.rejected) == ("process-log", rows, 0)
    written = Counter(
        (one["case:concept:name"], one["concept:name"], utc(one["time:timestamp"]))
        for one in table(real_data / name)
    )
    assert Counter(fetched(connection, "SELECT user_id, event, ts FROM events")) == written
    assert fetched(connection, "SELECT count(DISTINCT user_id) FROM events") == [(cases,)]
    connection.close()


def test_rows_of_sparkify_that_are_nobody_s_are_told_apart(real_data):
    connection, facts = events(real_data / "sparkify")
    assert (len(facts.files), facts.rows, facts.rejected, facts.duplicates) == (30, 8_056, 0, 0)
    asked = "SELECT count(*) FILTER (user_id IS NULL), count(DISTINCT user_id), max(ts) FROM events"
    last = datetime(2018, 11, 30, 19, 54, 24, 796_000)
    assert fetched(connection, asked) == [(286, 97, last)]
    connection.close()


def test_the_mark_at_the_start_of_yammer_is_no_part_of_a_name(real_data):
    connection, facts = events(real_data / "yammer_emails.csv.gz")
    assert facts.roles["user"] == "user_id"
    counts = dict(fetched(connection, "SELECT event, count(*) FROM events GROUP BY ALL"))
    assert counts == {
        "sent_weekly_digest": 57_267,
        "email_open": 20_459,
        "email_clickthrough": 9_010,
        "sent_reengagement_email": 3_653,
    }
    connection.close()


def test_one_file_a_step_of_olist(real_data, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from hourglass.cli import app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "hourglass.toml").write_text(
        '[columns]\ntimestamp = "first_contact_date|won_date"\n[source]\nevent_name = "{file}"\n'
    )
    files = [str(real_data / name) for name in ("olist_mql.csv", "olist_closed_deals.csv")]
    asked = ["--steps", "olist_mql,olist_closed_deals", "--format", "json"]
    answer = json.loads(CliRunner().invoke(app, ["funnel", *files, *asked]).stdout)
    assert [stage["users"] for stage in answer["stages"]] == [8_000, 841]
    assert answer["stages"][1]["ever"] == 842


def test_a_list_of_purchases_of_a_grocer(real_data):
    reading = Reading(event_name="purchase")
    connection, facts = events(real_data / "grocery_elog.csv", reading=reading)
    assert facts.rows == 10_483
    asked = "SELECT count(*), count(DISTINCT user_id), any_value(event) FROM events"
    assert fetched(connection, asked) == [(10_483, 1_525, "purchase")]
    connection.close()
