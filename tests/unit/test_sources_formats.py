"""Exports as vendors deliver them, in rows made up after their documentation, one test a format.

Each says what is read: who, what, when, then session, event id, channel and revenue.
"""

import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError, UsageError
from hourglass.formats import ROLES, Format
from hourglass.reading import Reading
from hourglass.settings.formats import FormatTable, Nothing, Places
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files
from hourglass.sources.presets import bundled

TEN = datetime(2024, 3, 1, 10)
CANONICAL = ("user_id", "event", "ts", "session_id", "event_id", "channel", "revenue")


def lines(*objects: object) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in objects).encode()


def attached(tmp_path, *contents, names=(), **options):
    """Attach files, each of bytes or a pair of its name and bytes."""
    paths = []
    for number, content in enumerate(contents):
        name, data = content if isinstance(content, tuple) else (f"export{number}", content)
        path = tmp_path / name
        path.write_bytes(data)
        paths.append(str(path))
    connection = connect()
    return connection, attach(connection, find_files(paths), **options)


def read(tmp_path, *contents, **options):
    """Return the rows in order of time and event, and the facts."""
    connection, facts = attached(tmp_path, *contents, **options)
    have = {name for name, *_ in connection.execute("DESCRIBE events").fetchall()}
    chosen = ", ".join(name if name in have else f"NULL AS {name}" for name in CANONICAL)
    rows = connection.execute(f"SELECT {chosen} FROM events ORDER BY ts, event, user_id").fetchall()
    assert facts.rows == len(rows) + facts.rejected + facts.duplicates
    assert not any("is not read" in note for note in facts.notes)  # the roles of a format are all
    return rows, facts


def parquet(tmp_path, select: str) -> bytes:
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'UTC'")
        made.execute(f"COPY ({select}) TO '{tmp_path / 'made'}' (FORMAT parquet)")
    return (tmp_path / "made").read_bytes()


SEGMENT = lines(
    {"type": "page", "anonymousId": "an-71", "userId": None, "messageId": "m-1", "name": "Pricing",
     "context": {"campaign": {"source": "google"}}, "properties": {},
     "originalTimestamp": "2024-03-01T10:02:00Z", "receivedAt": "2024-03-01T10:00:01Z",
     "timestamp": "2024-03-01T10:00:00Z"},
    {"type": "identify", "anonymousId": "an-71", "userId": "u-9", "messageId": "m-2",
     "traits": {"plan": "free"}, "receivedAt": "2024-03-01T10:01:02Z",
     "timestamp": "2024-03-01T10:01:00Z"},
    {"type": "track", "anonymousId": "an-71", "userId": 9007199254740993, "messageId": "m-3",
     "event": "Order Completed", "properties": {"revenue": "49.90", "currency": "EUR"},
     "timestamp": "2024-03-01T10:02:00.5Z", "receivedAt": "2024-03-01T10:02:01Z"},
    {"type": "track", "anonymousId": "an-71", "userId": 9007199254740993, "messageId": "m-3",
     "event": "Order Completed", "properties": {"revenue": "49.90", "currency": "EUR"},
     "timestamp": "2024-03-01T10:02:00.5Z", "receivedAt": "2024-03-02T10:02:01Z"},
    {"type": "track", "anonymousId": "an-72", "userId": "", "messageId": "m-4", "event": "Seen",
     "properties": {}, "receivedAt": "2024-03-01T10:03:00Z"},
)  # fmt: skip


def test_segment_json(tmp_path):
    rows, facts = read(tmp_path, gzip.compress(SEGMENT))
    assert facts.source_format == "segment"
    assert facts.files[0].format == "segment: json lines (gzip)"
    assert facts.duplicates == 1
    assert rows == [
        ("an-71", "Pricing", TEN, None, "m-1", "google", None),
        ("u-9", "identify", TEN.replace(minute=1), None, "m-2", None, None),
        ("9007199254740993", "Order Completed", TEN.replace(minute=2, microsecond=500_000),
         None, "m-3", None, 49.9),
        ("an-72", "Seen", TEN.replace(minute=3), None, "m-4", None, None),
    ]  # fmt: skip


SEGMENT_TRACKS = b"""\
id,anonymous_id,user_id,event,event_text,received_at,sent_at,original_timestamp,timestamp,context_campaign_source
m-3,an-71,u-9,order_completed,Order Completed,2024-03-01 10:02:00.5,2024-03-01 10:02:00.1,2024-03-01 09:02:00,2024-03-01 10:00:00,google
m-4,an-72,,signed_up,Signed Up,2024-03-01 11:00:00,2024-03-01 11:00:00,2024-03-01 11:00:00,2024-03-01 11:00:00,
"""  # noqa: E501  (as it is delivered)
SEGMENT_PAGES = b"""\
id,anonymous_id,user_id,received_at,original_timestamp,timestamp,url,path,name
p-1,an-71,,2024-03-01 10:00:01,2024-03-01 10:00:00,2024-03-01 10:00:00,https://shop.example/,/,Home
p-2,an-71,,2024-03-01 10:00:02,2024-03-01 10:00:00,2024-03-01 10:00:01,https://shop.example/a,/a,
"""


def test_segment_tables_of_a_warehouse(tmp_path):
    rows, facts = read(tmp_path, SEGMENT_TRACKS)
    assert facts.source_format == "segment-warehouse"
    assert rows == [
        ("u-9", "Order Completed", TEN, None, "m-3", "google", None),
        ("an-72", "Signed Up", TEN.replace(hour=11), None, "m-4", None, None),
    ]
    rows, facts = read(tmp_path, SEGMENT_PAGES)
    assert facts.source_format == "segment-pages"
    assert [row[:3] for row in rows] == [
        ("an-71", "Home", TEN), ("an-71", "page", TEN.replace(second=1)),
    ]  # fmt: skip


def test_segment_parquet_keeps_typed_times(tmp_path):
    made = parquet(
        tmp_path,
        "SELECT 'm' AS id, 'a' AS anonymous_id, NULL::VARCHAR AS user_id, 'x' AS event,"
        " NULL::VARCHAR AS event_text, TIMESTAMP '2024-03-01 09:00:00' AS received_at,"
        " NULL::TIMESTAMP AS original_timestamp, TIMESTAMP '2024-03-01 10:00:00' AS timestamp",
    )
    rows, facts = read(tmp_path, made)
    assert facts.source_format == "segment-warehouse"
    assert rows == [("a", "x", TEN, None, "m", None, None)]


def test_tables_of_one_vendor_are_not_mixed_in_one_reading(tmp_path):
    with pytest.raises(DataError, match=r"segment-warehouse.*segment-pages"):
        read(tmp_path, SEGMENT_TRACKS, SEGMENT_PAGES)


def test_rudderstack_says_the_sender_and_no_channel(tmp_path):
    one = {
        "channel": "web", "type": "track", "messageId": "m-1", "anonymousId": "d-5", "userId": "",
        "event": "Signed Up", "context": {"sessionId": 1709287200123,
        "campaign": {"source": "newsletter"}}, "properties": {"plan": "pro"},
        "originalTimestamp": "2024-03-01T10:00:00.000Z", "receivedAt": "2024-03-01T10:00:01Z",
    }  # fmt: skip
    other = {**one, "messageId": "m-2", "context": {}, "channel": "server"}
    rows, facts = read(tmp_path, lines(one, other))
    assert facts.source_format == "rudderstack"
    assert rows == [
        ("d-5", "Signed Up", TEN, "d-5.1709287200123", "m-1", "newsletter", None),
        ("d-5", "Signed Up", TEN, None, "m-2", None, None),
    ]
    _, facts = read(tmp_path, lines({**one, "channel": "client"}))
    assert facts.source_format == ""
    table = SEGMENT_TRACKS.replace(b"\n", b",web,7\n", 2).replace(
        b"source,web,7", b"source,channel,context_session_id"
    )
    rows, facts = read(tmp_path, table.rstrip(b"\n") + b",,\n")
    assert facts.source_format == "rudderstack-warehouse"
    assert [row[3] for row in rows] == ["an-71.7", None]


MIXPANEL = lines(
    {"event": "Signed Up", "properties": {"time": 1709287200, "distinct_id": "$device:ab-12",
     "$device_id": "ab-12", "$insert_id": "i-1", "utm_source": "bing"}},
    {"event": "Purchase", "properties": {"time": 1709287300, "distinct_id": "u-9",
     "$insert_id": "i-3", "amount": 5.0, "Item Name": "Coffee"}},
    {"event": "Purchase", "properties": {"time": 1709287300, "distinct_id": "u-9",
     "$insert_id": "i-3", "amount": 5.0, "Item Name": "Coffee"}},
    {"event": "Viewed", "properties": {"time": 1709287300, "distinct_id": "u-9",
     "$insert_id": "i-3"}},
    {"event": "Viewed", "properties": {"time": 1709287301, "distinct_id": "u-9",
     "$insert_id": "i-3"}},
)  # fmt: skip


def test_mixpanel_tells_duplicates_by_all_four(tmp_path):
    rows, facts = read(tmp_path, MIXPANEL)
    assert facts.source_format == "mixpanel"
    assert facts.duplicates == 1
    assert facts.key == ("event", "ts", "user_id", "event_id")
    assert rows[0] == ("$device:ab-12", "Signed Up", TEN, None, "i-1", "bing", None)
    assert [row[:3] for row in rows[1:]] == [
        ("u-9", "Purchase", TEN.replace(minute=1, second=40)),
        ("u-9", "Viewed", TEN.replace(minute=1, second=40)),
        ("u-9", "Viewed", TEN.replace(minute=1, second=41)),
    ]


def test_mixpanel_seconds_may_count_by_the_clock_of_the_project(tmp_path):
    pacific = Reading(timezone="America/Los_Angeles")
    rows, facts = read(tmp_path, MIXPANEL, reading=pacific)
    assert rows[0][2] == TEN.replace(hour=18)  # 10:00 of a winter's day in Los Angeles
    assert "times are seconds since 1970 by the clock of America/Los_Angeles" in facts.notes
    summer = MIXPANEL.replace(b"17092873", b"17201773").replace(b"1709287200", b"1720177200")
    rows, _ = read(tmp_path, summer, reading=pacific)
    assert rows[0][2] == datetime(2024, 7, 5, 18)  # seven hours in summer
    milliseconds = MIXPANEL.replace(b"1709287200", b"1709287200123")
    milliseconds = milliseconds.replace(b"1709287300", b"1709287300000")
    rows, _ = read(tmp_path, milliseconds.replace(b"1709287301", b"1709287301000"))
    assert rows[0][2] == TEN.replace(microsecond=123_000)


def test_other_epochs_do_not_follow_the_clock_of_a_zone(tmp_path):
    plain = b"user_id,event,ts\nu,a,1709287200\n"
    rows, _ = read(tmp_path, plain, reading=Reading(timezone="America/Los_Angeles"))
    assert rows[0][2] == TEN


AMPLITUDE = [
    {"$insert_id": "i-1", "amplitude_id": 905000000000000001, "device_id": "dev-1",
     "user_id": None, "session_id": 1709287200123, "event_id": 1, "event_type": "view_pricing",
     "event_time": "2024-03-01 10:00:00.120000", "event_properties": {},
     "user_properties": {"utm_source": "google"}, "uuid": "0b-01"},
    {"$insert_id": "i-2", "amplitude_id": 905000000000000001, "device_id": "dev-1",
     "user_id": "u-0009", "session_id": -1, "event_id": 2, "event_type": "revenue_amount",
     "event_time": "2024-03-01 10:05:00.000000", "event_properties": {"$revenue": 49.9},
     "user_properties": {}, "uuid": "0b-02"},
]  # fmt: skip


def test_amplitude_groups_by_its_own_number_for_a_person(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for hour, one in enumerate(AMPLITUDE):
            archive.writestr(f"123/123_2024-03-01_{hour}#1.json.gz", gzip.compress(lines(one)))
    rows, facts = read(tmp_path, packed.getvalue())
    assert facts.source_format == "amplitude"
    person = "905000000000000001"
    assert rows == [
        (person, "view_pricing", TEN.replace(microsecond=120_000), "dev-1.1709287200123", "i-1",
         "google", None),
        (person, "revenue_amount", TEN.replace(minute=5), None, "i-2", None, 49.9),
    ]  # fmt: skip


POSTHOG = [
    {"uuid": "018-01", "event": "$pageview", "distinct_id": "anon-77", "person_id": "p-1",
     "properties": {"$session_id": "s-1", "utm_source": "google"}, "person_properties": {},
     "timestamp": "2024-03-01T10:00:00.120000+00:00"},
    {"uuid": "018-02", "event": "paid", "distinct_id": "u-9", "person_id": None,
     "properties": {"revenue": 12}, "person_properties": {},
     "timestamp": "2024-03-01T11:01:00.000000+01:00"},
]  # fmt: skip
POSTHOG_ROWS = [
    ("p-1", "$pageview", TEN.replace(microsecond=120_000), "s-1", "018-01", "google", None),
    ("u-9", "paid", TEN.replace(minute=1), None, "018-02", None, 12),
]


def test_posthog_json_lines(tmp_path):
    rows, facts = read(tmp_path, lines(*POSTHOG, POSTHOG[0]))
    assert (facts.source_format, facts.duplicates) == ("posthog", 1)
    assert rows == POSTHOG_ROWS


def test_posthog_parquet_has_properties_as_text(tmp_path):
    values = ", ".join(
        f"('{one['uuid']}', '{one['event']}', '{one['distinct_id']}',"
        f" {repr(one['person_id']) if one['person_id'] else 'NULL'},"
        f" '{json.dumps(one['properties'])}', TIMESTAMPTZ '{one['timestamp']}')"
        for one in POSTHOG
    )
    names = "uuid, event, distinct_id, person_id, properties, timestamp"
    made = parquet(tmp_path, f"SELECT * FROM (VALUES {values}) AS t({names})")
    rows, facts = read(tmp_path, ("events.parquet.zst", made))
    assert facts.source_format == "posthog"
    assert rows == POSTHOG_ROWS


def test_properties_that_are_no_json_are_none(tmp_path):
    names = b"uuid,event,distinct_id,timestamp,properties\n"
    row = b'1,a,d,2024-03-01 10:00:00,"not {json"\n'
    rows, _ = read(tmp_path, names + row)
    assert rows == [("d", "a", TEN, None, "1", None, None)]


GA4 = [
    {"event_date": "20240301", "event_timestamp": "1709287200120001", "event_name": "view_item",
     "user_pseudo_id": "1187.2202915610", "user_id": None,
     "event_params": [{"key": "ga_session_id", "value": {"int_value": "1709287190"}},
                      {"key": "source", "value": {"string_value": "bing"}},
                      {"key": "page_referrer", "value": {"string_value": "https://g.example/"}}],
     "traffic_source": {"source": "first", "medium": "organic"}},
    {"event_date": "20240301", "event_timestamp": "1709287205000000", "event_name": "purchase",
     "user_pseudo_id": "1187.2202915610", "user_id": "u-9",
     "event_params": [{"key": "ga_session_id", "value": {"string_value": None,
                                                         "int_value": "9007199254740993"}},
                      {"key": "value", "value": {"double_value": 49.9}}],
     "collected_traffic_source": {"manual_source": "news"},
     "ecommerce": {"transaction_id": "T-1", "purchase_revenue": 49.9}},
]  # fmt: skip
GA4_ROWS = [
    ("1187.2202915610", "view_item", datetime(2024, 3, 1, 10, 0, 0, 120_001),
     "1187.2202915610.1709287190", None, "bing", None),
    ("u-9", "purchase", TEN.replace(second=5), "1187.2202915610.9007199254740993", None, "news",
     49.9),
]  # fmt: skip


def test_ga4_json_lines(tmp_path):
    rows, facts = read(tmp_path, gzip.compress(lines(*GA4)))
    assert facts.source_format == "ga4"
    assert rows == GA4_ROWS
    connection, _ = attached(tmp_path, lines(*GA4), needed={"page_referrer", "ga_session_id"})
    assert connection.execute("SELECT page_referrer, ga_session_id FROM events").fetchall() == [
        ("https://g.example/", 1709287190), (None, 9007199254740993),
    ]  # fmt: skip


def test_ga4_parquet_with_nested_parameters(tmp_path):
    value = (
        "STRUCT(string_value VARCHAR, int_value BIGINT, float_value DOUBLE, double_value DOUBLE)"
    )
    kinds = {
        "event_timestamp": "BIGINT",
        "event_params": f"STRUCT(key VARCHAR, value {value})[]",
        "ecommerce": "STRUCT(transaction_id VARCHAR, purchase_revenue DOUBLE)",
        "collected_traffic_source": "STRUCT(manual_source VARCHAR)",
        "traffic_source": "STRUCT(source VARCHAR, medium VARCHAR)",
    }
    (tmp_path / "made.json").write_bytes(lines(*GA4))
    columns = {name: kinds.get(name, "VARCHAR") for one in GA4 for name in one}
    made = parquet(tmp_path, f"FROM read_json('{tmp_path / 'made.json'}', columns = {columns})")
    rows, facts = read(tmp_path, made)
    assert facts.source_format == "ga4"
    assert rows == GA4_ROWS
    connection, facts = attached(tmp_path, made)
    assert facts.columns["page_referrer"] == "VARCHAR"
    assert connection.execute("SELECT max(page_referrer) FROM events").fetchall() == [
        ("https://g.example/",)
    ]


def test_ga4_tells_duplicates_where_it_numbers_its_batches(tmp_path):
    batch = {"event_bundle_sequence_id": "7", "batch_page_id": "1", "batch_ordering_id": "1"}
    one, other = ({**GA4[0], **batch, "batch_event_index": index} for index in ("1", "2"))
    rows, facts = read(tmp_path, lines(one, other, one))
    assert (len(rows), facts.duplicates) == (2, 1)
    rows, facts = read(tmp_path, lines(GA4[0], GA4[0]))
    assert (len(rows), facts.duplicates, facts.key) == (2, 0, None)


def snowplow(**values: str) -> dict[str, str]:
    (names,) = (one.names for one in bundled() if one.name == "snowplow")
    return dict.fromkeys(names, "") | values


SNOWPLOW = [
    snowplow(app_id="shop", platform="web", collector_tstamp="2024-03-01 10:00:00.300",
             event="page_view", event_id="e-1", domain_userid="dom-1", event_name="page_view",
             domain_sessionid="ses-1", derived_tstamp="2024-03-01 10:00:00.100",
             page_title='"quoted', contexts='{"data": ["a, b", 1]}', mkt_source="bing"),
    snowplow(app_id="shop", platform="web", collector_tstamp="2024-03-01 10:00:09.000",
             event="page_view", event_id="e-1", domain_userid="dom-1", event_name="page_view",
             domain_sessionid="ses-1", derived_tstamp="2024-03-01 10:00:08.000"),
    snowplow(app_id="shop", platform="web", collector_tstamp="2024-03-01 10:00:10.000",
             event="transaction", event_id="e-2", user_id="u-9", domain_userid="dom-1",
             event_name="transaction", domain_sessionid="ses-1", tr_total="49.9",
             derived_tstamp="2024-03-01 10:00:12.000", true_tstamp="2024-03-01 10:00:11.000"),
]  # fmt: skip
SNOWPLOW_ROWS = [
    ("dom-1", "page_view", TEN.replace(microsecond=100_000), "ses-1", "e-1", "bing", None),
    ("u-9", "transaction", TEN.replace(second=11), "ses-1", "e-2", None, 49.9),
]


def test_snowplow_without_a_line_of_names(tmp_path):
    text = "".join("\t".join(row.values()) + "\n" for row in SNOWPLOW)
    rows, facts = read(tmp_path, ("part-00000.gz", gzip.compress(text.encode())))
    assert facts.source_format == "snowplow"
    assert facts.duplicates == 1
    assert rows == SNOWPLOW_ROWS
    connection, _ = attached(tmp_path, text.encode())
    asked = "SELECT page_title, contexts ->> '$.data[0]' FROM events WHERE event = 'page_view'"
    assert connection.execute(asked).fetchall() == [('"quoted', "a, b")]


def test_snowplow_rows_of_another_width_are_rejected_with_their_line(tmp_path):
    text = "".join("\t".join(row.values()) + "\n" for row in SNOWPLOW[::2])
    text += "\t".join([*SNOWPLOW[0].values(), "more"]) + "\n"
    connection, facts = attached(tmp_path, text.encode())
    assert facts.rejected == 1
    asked = "SELECT line, reason FROM rejects"
    assert connection.execute(asked).fetchall() == [(3, "too many columns")]


def test_snowplow_with_names(tmp_path):
    text = "\t".join(SNOWPLOW[0]) + "\n"
    text += "".join("\t".join(row.values()).replace('"', '""') + "\n" for row in SNOWPLOW)
    rows, facts = read(tmp_path, text.replace('{""', '"{""').replace("1]}", '1]}"').replace(
        '""quoted', '"""quoted"').encode())  # fmt: skip
    assert facts.source_format == "snowplow"
    assert rows == SNOWPLOW_ROWS


MATOMO = [
    {"idVisit": "41", "visitorId": "9f86d081884c7d65", "userId": None, "referrerType": "campaign",
     "siteCurrency": "EUR", "actionDetails": [
         {"type": "action", "pageTitle": "Home", "timestamp": 1709287200, "pageviewPosition": "1"},
         {"type": "goal", "goalName": "Trial", "timestamp": 1709287260, "pageviewPosition": "1"},
         {"type": "ecommerceOrder", "orderId": "T-1", "revenue": "49.9", "timestamp": 1709287300}]},
    {"idVisit": "42", "visitorId": "aa", "userId": "u-9", "referrerType": "direct",
     "actionDetails": []},
]  # fmt: skip


def test_matomo_visits_are_parted_into_their_actions(tmp_path):
    rows, facts = read(tmp_path, json.dumps(MATOMO, indent=1).encode())
    assert facts.source_format == "matomo"
    assert (facts.rows, facts.rejected) == (4, 1)  # a visit without actions is not lost in silence
    visitor = "9f86d081884c7d65"
    assert rows == [
        (visitor, "action", TEN, "41", "41.1", "campaign", None),
        (visitor, "Trial", TEN.replace(minute=1), "41", "41.2", "campaign", None),
        (visitor, "ecommerceOrder", TEN.replace(minute=1, second=40), "41", "41.3", "campaign",
         49.9),
    ]  # fmt: skip
    connection, _ = attached(tmp_path, lines(*MATOMO))
    title = "SELECT actionDetails ->> 'pageTitle' FROM events WHERE event = 'action'"
    assert connection.execute(title).fetchall() == [("Home",)]
    assert connection.execute("SELECT line, reason FROM rejects").fetchall() == [
        (2, "no timestamp")
    ]


def test_matomo_reports_in_utf_16_are_refused(tmp_path):
    report = "label,nb_visits,nb_uniq_visitors\nHome,3,2\n".encode("utf-16")
    with pytest.raises(DataError, match="totals") as failure:
        attached(tmp_path, report)
    assert "getLastVisitsDetails" in failure.value.hint


def test_heap_keeps_an_event_under_each_of_its_labels(tmp_path):
    rows, facts = read(
        tmp_path,
        b"user_id,event_id,session_id,time,event_table_name\n"
        b"4503599627370497,1208925819614629,6442450945,2024-03-01 10:00:00,pageviews\n"
        b"4503599627370497,1208925819614629,6442450945,2024-03-01 10:00:00,view_pricing\n"
        b"4503599627370497,1208925819614629,6442450945,2024-03-01 10:00:00,view_pricing\n",
    )
    assert (facts.source_format, facts.duplicates) == ("heap", 1)
    assert [row[:4] for row in rows] == [
        ("4503599627370497", "pageviews", TEN, "6442450945"),
        ("4503599627370497", "view_pricing", TEN, "6442450945"),
    ]


OPENPANEL = {
    "meta": {"count": 2, "totalCount": 2, "pages": 1, "current": 1},
    "data": [
        {"id": "7c-01", "name": "sign_up", "deviceId": "dv-1", "profileId": "", "sessionId": "s-1",
         "referrerName": "Google", "properties": {"plan": "pro"},
         "createdAt": "2024-03-01T10:00:00.120Z"},
        {"id": "7c-02", "name": "paid", "deviceId": "dv-1", "profileId": "u-9", "sessionId": "s-1",
         "createdAt": "2024-03-01T10:01:00.000Z"},
    ],
}  # fmt: skip


def test_openpanel_pages_are_unwrapped(tmp_path):
    last = {"meta": {}, "data": []}
    rows, facts = read(tmp_path, lines(OPENPANEL), lines(last), lines({"meta": {}, "data": None}))
    assert facts.source_format == "openpanel"
    assert rows == [
        ("dv-1", "sign_up", TEN.replace(microsecond=120_000), "s-1", "7c-01", "Google", None),
        ("u-9", "paid", TEN.replace(minute=1), "s-1", "7c-02", None, None),
    ]
    assert [(one.rows, one.rejected) for one in facts.files] == [(2, 0), (0, 0), (1, 1)]


def test_openpanel_table(tmp_path):
    rows, facts = read(
        tmp_path,
        b"id,name,device_id,profile_id,session_id,referrer_name,created_at\n"
        b"7c-01,sign_up,dv-1,dv-1,s-1,Google,2024-03-01 10:00:00.120\n",
    )
    assert facts.source_format == "openpanel-table"
    assert rows == [
        ("dv-1", "sign_up", TEN.replace(microsecond=120_000), "s-1", "7c-01", "Google", None)
    ]


def test_umami_takes_the_path_for_the_name_of_a_page(tmp_path):
    rows, facts = read(
        tmp_path,
        b"website_id,session_id,visit_id,event_id,url_path,utm_source,event_type,event_name,"
        b"distinct_id,created_at\n"
        b"w-1,s-1,v-1,e-1,/pricing,google,1,,,2024-03-01 10:00:00\n"
        b"w-1,s-1,v-1,e-2,/pricing,,2,signup,u-9,2024-03-01 10:01:00\n",
    )
    assert facts.source_format == "umami"
    assert rows == [
        ("s-1", "/pricing", TEN, "v-1", "e-1", "google", None),
        ("u-9", "signup", TEN.replace(minute=1), "v-1", "e-2", None, None),
    ]


def archive(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, text in members.items():
            made.writestr(f"{name}.csv", text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive(imported_custom_events='"date","name","link_url","path","visitors","events"\n'
                 '"2024-03-01","Signup","","",3,3\n'), "Plausible"),
        (archive(imported_pages='"date","hostname","page","visits","visitors","pageviews"\n'
                 '"2024-03-01","a","/",1,1,1\n'), "Plausible"),
        (archive(events="x,y\nsignup,3\n", pages="x,y\n/pricing,7\n"), "website_event"),
        (b"# ----\n# Shop\nEvent name,Event count,Total users\npage_view,100,20\n", "BigQuery"),
    ],
)  # fmt: skip
def test_totals_are_refused_with_what_to_export_instead(tmp_path, content, words):
    with pytest.raises(DataError, match="holds totals and no events") as failure:
        attached(tmp_path, ("export.zip", content))
    assert words in failure.value.message + failure.value.hint


SHOPIFY = b"""\
Name,Email,Financial Status,Paid at,Fulfilled at,Currency,Total,Created at,Lineitem name,Notes,Source
#1001,Ann@example.org,paid,2025-10-07 09:50:26 +0200,,EUR,53.91,2025-10-07 09:50:20 +0200,Mask,"leave at
the door",web
#1001,ann@example.org,,,,,,,Serum,,
#1002,,pending,,,EUR,10.00,2025-10-26 02:30:00 +0100,Mask,,pos
#1002,,,,,,,,Cream,,
,,,,,,,,lost,,
"""  # noqa: E501  (as it is delivered)


def test_shopify_line_items_are_orders(tmp_path):
    connection, facts = attached(tmp_path, SHOPIFY)
    assert facts.source_format == "shopify"
    assert (facts.rows, facts.rejected, facts.duplicates) == (6, 1, 2)
    rows, _ = read(tmp_path, SHOPIFY)
    assert rows == [
        ("ann@example.org", "order_created", datetime(2025, 10, 7, 7, 50, 20), None, "#1001",
         "web", None),
        ("ann@example.org", "order_paid", datetime(2025, 10, 7, 7, 50, 26), None, "#1001", "web",
         53.91),
        (None, "order_created", datetime(2025, 10, 26, 1, 30), None, "#1002", "pos", None),
    ]  # fmt: skip
    assert connection.execute("SELECT line, reason FROM rejects").fetchall() == [
        (7, "no timestamp")
    ]


def test_shopify_orders_that_go_on_in_the_next_file(tmp_path):
    head, _, rest = SHOPIFY.partition(b"#1001,ann")
    names = head.split(b"\n", 1)[0]
    rows, facts = read(tmp_path, head, names + b"\n#1001,ann" + rest)
    assert [one.duplicates for one in facts.files] == [0, 2]
    assert len(rows) == 3


@pytest.mark.parametrize("created", [b"Created (UTC)", b"Created date (UTC)"])
def test_stripe_payments(tmp_path, created):
    rows, facts = read(
        tmp_path,
        b"id," + created + b",Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email\n"
        b'ch_1,2024-03-01 10:02,"1,049.90",0.00,eur,Paid,cus_9,ann@example.org\n'
        b"ch_2,2024-03-01 10:01,49.90,0.00,eur,Failed,,bob@example.org\n",
    )
    assert facts.source_format == "stripe"
    assert rows == [
        ("bob@example.org", "Failed", TEN.replace(minute=1), None, "ch_2", None, 49.9),
        ("cus_9", "Paid", TEN.replace(minute=2), None, "ch_1", None, 1049.9),
    ]


def test_stripe_events(tmp_path):
    one = {"id": "evt_1", "type": "charge.succeeded", "created": 1709287200,
           "data": {"object": {"id": "ch_1", "customer": "cus_9", "amount": 104990}}}  # fmt: skip
    rows, facts = read(tmp_path, lines(one, one))
    assert (facts.source_format, facts.duplicates) == ("stripe-events", 1)
    assert rows == [("cus_9", "charge.succeeded", TEN, None, "evt_1", None, None)]


HUBSPOT = b'''\
Record ID,Email,Lifecycle Stage,Original Source,Create Date,Became a Lead Date,Became an Opportunity Date,"Date entered ""Demo"""
101,ann@example.org,Customer,Paid Search,2024-03-01 09:00,2024-03-01 09:00,2024-03-04 15:30,2024-04-02 11:00
102,bob@example.org,Lead,Direct Traffic,2024-03-02 10:10,,,
103,no@example.org,,,,,,
'''  # noqa: E501  (as it is delivered)


def test_hubspot_dates_of_the_lifecycle(tmp_path):
    berlin = Reading(timezone="Europe/Berlin")
    rows, facts = read(tmp_path, HUBSPOT, reading=berlin)
    assert facts.source_format == "hubspot"
    assert (facts.rows, facts.rejected) == (6, 1)
    assert [row[:3] for row in rows] == [
        ("101", "Created", datetime(2024, 3, 1, 8)),
        ("101", "Lead", datetime(2024, 3, 1, 8)),
        ("102", "Created", datetime(2024, 3, 2, 9, 10)),
        ("101", "Opportunity", datetime(2024, 3, 4, 14, 30)),
        ("101", "Demo", datetime(2024, 4, 2, 9)),
    ]
    again = HUBSPOT.replace(b"bob@", b"rob@")
    rows, facts = read(tmp_path, HUBSPOT, again, reading=berlin)
    assert (len(rows), facts.duplicates, facts.rejected) == (5, 5, 2)


def test_hubspot_dates_under_their_newer_names(tmp_path):
    rows, facts = read(
        tmp_path,
        b'Record ID,Lifecycle Stage,"Date entered ""Lead (Lifecycle Stage Pipeline)""",'
        b'"Date entered ""Customer"""\n7,Customer,2024-03-01 10:00,2024-04-01\n',
    )
    assert facts.source_format == "hubspot"
    assert [row[:2] for row in rows] == [("7", "Lead"), ("7", "Customer")]


def test_an_empty_report_of_matomo_is_said(tmp_path):
    with pytest.raises(DataError, match="Matomo, an empty report"):
        attached(tmp_path, b"\xff\xfe" + "No data available".encode("utf-16-le"))


def test_hubspot_internal_names_in_parquet(tmp_path):
    made = parquet(
        tmp_path,
        "SELECT 101 AS hs_object_id, 'PAID_SEARCH' AS hs_analytics_source, TIMESTAMP"
        " '2024-03-01 10:00:00' AS hs_lifecyclestage_lead_date, NULL::TIMESTAMP AS"
        " hs_lifecyclestage_customer_date UNION ALL SELECT 102, NULL, NULL, NULL",
    )
    connection, facts = attached(tmp_path, made)
    assert (facts.source_format, facts.rows, facts.rejected) == ("hubspot", 2, 1)
    asked = "SELECT user_id, event, ts, channel FROM events"
    assert connection.execute(asked).fetchall() == [("101", "lead", TEN, "PAID_SEARCH")]
    assert connection.execute("SELECT line FROM rejects").fetchall() == [(2,)]


def test_process_logs_over_a_change_of_the_clocks(tmp_path):
    rows, facts = read(
        tmp_path,
        b",case:concept:name,concept:name,lifecycle:transition,time:timestamp,case:channel\n"
        b"0,A-17,submit,COMPLETE,2011-10-29T23:50:00.000+02:00,Desk\n"
        b"1,A-17,accept,COMPLETE,2011-10-30T02:30:00.000+01:00,Desk\n",
    )
    assert facts.source_format == "process-log"
    assert [(row[0], row[1], row[2], row[5]) for row in rows] == [
        ("A-17", "submit", datetime(2011, 10, 29, 21, 50), "Desk"),
        ("A-17", "accept", datetime(2011, 10, 30, 1, 30), "Desk"),
    ]


def test_every_bundled_format_is_tested():
    text = Path(__file__).read_text("utf-8")
    assert [one.name for one in bundled() if f'"{one.name}"' not in text and not one.instead] == []


def test_every_format_and_every_word_of_formats_is_documented():
    docs = Path(__file__).parents[2] / "docs"
    exports, configuration = (
        (docs / name).read_text("utf-8") for name in ("exports.md", "configuration.md")
    )
    assert [
        one.name for one in bundled() if f"`{one.name}`" not in exports and not one.instead
    ] == []
    assert [key for key in FormatTable.model_fields if f"| `{key}` |" not in configuration] == []
    assert set(Format._fields) == {"name", *FormatTable.model_fields}


def test_the_tables_of_a_format_have_a_key_for_each_role():
    assert tuple(Places.model_fields) == tuple(Nothing.model_fields) == ROLES
    assert {one.name for one in bundled()} >= {"segment", "mixpanel", "amplitude", "posthog", "ga4"}


def test_a_format_may_be_named_and_switched_off(tmp_path):
    rows, facts = read(tmp_path, HUBSPOT[:0] + SEGMENT_TRACKS, reading=Reading(format="none"))
    assert facts.source_format == ""
    assert rows[0][0] == "u-9"
    assert rows[1][0] is None  # user_id alone
    with pytest.raises(DataError, match=r"not of the format mixpanel.*properties\.distinct_id"):
        attached(tmp_path, SEGMENT_TRACKS, reading=Reading(format="mixpanel"))
    with pytest.raises(
        DataError, match="not of the format shopify: it has no column Email, which holds"
    ):
        attached(tmp_path, SEGMENT_TRACKS, reading=Reading(format="shopify"))
    with pytest.raises(UsageError, match=r'no format "mixpannel"; did you mean "mixpanel"'):
        attached(tmp_path, SEGMENT_TRACKS, reading=Reading(format="mixpannel"))


def test_configured_columns_go_before_those_of_a_format(tmp_path):
    columns = {"user": "anonymousId", "channel": "", "event": "type"}
    rows, facts = read(tmp_path, SEGMENT, columns=columns)
    assert {row[0] for row in rows} == {"an-71", "an-72"}
    assert {row[1] for row in rows} == {"page", "identify", "track"}
    assert {row[5] for row in rows} == {None}
    assert "channel" not in facts.roles


OWN = Format(
    name="tills",
    recognise=("till", "when"),
    columns={"user": "who.card|who.phone", "event": '"sale"', "timestamp": "when"},
    values={"city": "where[city]", "till": "who.card"},
    nothing={"user": ("0",)},
    timezone="Europe/Helsinki",
    unit="s",
)


def test_a_format_of_ones_own_is_found_before_the_bundled_ones(tmp_path):
    made = lines(
        {"till": 1, "when": "2024-03-01 12:00", "who": {"card": 0, "phone": "+358"},
         "where": [{"key": "zip", "value": 1}, {"key": "city", "value": "Oulu"}]},
        {"till": 2, "when": "2024-03-01 12:01", "who": {"card": "c-1"}},
    )  # fmt: skip
    connection, facts = attached(tmp_path, made, reading=Reading(formats=(OWN,)))
    assert facts.source_format == "tills"
    assert connection.execute("SELECT user_id, event, ts, city, till FROM events").fetchall() == [
        ("+358", "sale", TEN, "Oulu", 1),
        ("c-1", "sale", TEN.replace(minute=1), None, 2),
    ]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_nested_columns_play_roles_without_any_format(tmp_path, kind):
    one = {"name": "a", "at": "2024-03-01 10:00:00", "props": {"id": "u-1", "of": {"day": "x.y"}}}
    if kind == "csv":
        made = b'name,at,props\na,2024-03-01 10:00:00,"' + json.dumps(one["props"]).replace(
            '"', '""').encode() + b'"\n'  # fmt: skip
    else:
        made = lines(one)
    if kind == "parquet":
        (tmp_path / "made.json").write_bytes(made)
        made = parquet(tmp_path, f"FROM read_json('{tmp_path / 'made.json'}')")
    columns = {"user": "props.id", "timestamp": "at", "session": "props.of.day"}
    for needed in (None, ()):
        rows, facts = read(tmp_path, made, columns=columns, needed=needed)
        assert rows == [("u-1", "a", TEN, "x.y", None, None, None)]
        assert facts.roles["user"] == "props.id"
    with pytest.raises(DataError, match=r'user: no row has a value at "props\.idd"'):
        read(tmp_path, made, columns={**columns, "user": "props.idd"})
    with pytest.raises(DataError, match=r'user: there is no column "prop\.id"'):
        read(tmp_path, made, columns={**columns, "user": "prop.id"})


def test_a_list_of_purchases_needs_no_column_of_events(tmp_path):
    made = b"cust,date\n1,2006-01-01\n2,2006-01-02\n"
    with pytest.raises(DataError, match="no column holds the event") as failure:
        attached(tmp_path, made)
    assert "--event-name purchase" in failure.value.hint
    rows, facts = read(tmp_path, made, reading=Reading(event_name='the "big" sale|a'))
    assert [row[:2] for row in rows] == [("1", 'the "big" sale|a'), ("2", 'the "big" sale|a')]
    assert facts.roles["user"] == "cust"


def test_one_file_a_step(tmp_path):
    rows, _ = read(
        tmp_path,
        ("leads.csv", b"mql_id,first_contact_date\nx,2024-03-01\ny,2024-03-02\n"),
        ("deals.csv.gz", gzip.compress(b"mql_id,won_date\nx,2024-03-01 10:00:00\n")),
        columns={"timestamp": "first_contact_date|won_date"},
        reading=Reading(event_name="{file}"),
    )
    assert [row[:3] for row in rows] == [
        ("x", "leads", datetime(2024, 3, 1)),
        ("x", "deals", TEN),
        ("y", "leads", datetime(2024, 3, 2)),
    ]
    made = parquet(tmp_path, "SELECT 'u' AS user_id, TIMESTAMP '2024-03-01 10:00:00' AS ts")
    rows, _ = read(tmp_path, ("sign.up.parquet", made), reading=Reading(event_name="{file}"))
    assert rows[0][:3] == ("u", "sign.up", TEN)


def test_wide_files_are_unpivoted_when_asked(tmp_path):
    made = b"customer_id,Signed up at,paid_at,note\n7,2024-03-01 10:00,2024-03-01 10:05,x\n8,,,\n"
    with pytest.raises(DataError, match="no column holds the event") as failure:
        attached(tmp_path, made)
    assert "--source-format wide" in failure.value.hint
    rows, facts = read(tmp_path, made, reading=Reading(format="wide"))
    assert [row[:3] for row in rows] == [
        ("7", "Signed up", TEN), ("7", "paid", TEN.replace(minute=5)),
    ]  # fmt: skip
    assert (facts.rows, facts.rejected) == (3, 1)


@pytest.mark.parametrize("content", [SEGMENT, SHOPIFY, HUBSPOT, MIXPANEL, lines(*MATOMO),
                                     lines(*GA4)])  # fmt: skip
def test_the_statements_make_the_same_events_by_themselves(tmp_path, content):
    connection, facts = attached(tmp_path, content)
    with duckdb.connect() as shell:
        for statement in facts.statements:
            shell.execute(statement)
        made = "FROM events ORDER BY ALL"
        assert shell.execute(made).fetchall() == connection.execute(made).fetchall()


@pytest.mark.parametrize("content", [SEGMENT, SHOPIFY, HUBSPOT, MIXPANEL, lines(*MATOMO),
                                     lines(*GA4), SEGMENT_TRACKS])  # fmt: skip
def test_the_counts_do_not_depend_on_the_columns_asked_for(tmp_path, content):
    every, few = (read(tmp_path, content, needed=needed) for needed in (None, ()))
    assert every[0] == few[0]
    assert every[1].files == few[1].files


def test_ids_that_say_that_there_is_none_give_way_to_the_next(tmp_path):
    for nobody in ("null", "undefined", "(not set)", " "):
        rows, _ = read(tmp_path, SEGMENT_TRACKS.replace(b"u-9", nobody.encode()))
        assert [row[0] for row in rows] == ["an-71", "an-72"]


def test_the_format_that_asks_for_more_is_taken_and_ones_own_among_equals(tmp_path):
    columns = {"event": '"any"'}
    broad = Format(name="broad", recognise=("messageId",), columns=columns)
    equal = Format(
        name="equal",
        recognise=("messageId", "type", "anonymousId", "timestamp", "!channel"),
        columns=columns | {"user": "anonymousId"},
    )
    for forms, name in (((broad,), "segment"), ((broad, equal), "equal")):
        _, facts = attached(tmp_path, SEGMENT, reading=Reading(formats=forms))
        assert facts.source_format == name


def test_what_a_format_does_not_name_is_not_guessed(tmp_path):
    text = SEGMENT_TRACKS.replace(b"event_text", b"price", 1).replace(b"Order Completed", b"7")
    text = text.replace(b"Signed Up", b"8")
    _, facts = attached(tmp_path, text)
    assert "revenue" not in facts.roles
    assert facts.columns["price"] == "BIGINT"
    _, facts = attached(tmp_path, text, reading=Reading(format="none"))
    assert facts.roles["revenue"] == "price"


def test_rejected_rows_of_made_rows_keep_file_line_and_text(tmp_path):
    names = "customer_id,a_at,b_at\n"
    one = names + "1,2024-03-01,\n2,soon,2024-03-01\n3,,\n"
    other = names + "4,2024-03-01,2024-03-02\n5,,\n6,,late\n"
    connection, facts = attached(
        tmp_path, one.encode(), other.encode(), reading=Reading(format="wide")
    )
    assert (facts.rows, facts.rejected) == (8, 4)
    asked = 'SELECT right(file, 7), line, "column", reason, raw FROM rejects'
    assert connection.execute(asked).fetchall() == [
        ("export0", 3, "a_at", "timestamp not understood", "2,soon,2024-03-01"),
        ("export0", 4, None, "no timestamp", "3,,"),
        ("export1", 3, None, "no timestamp", "5,,"),
        ("export1", 4, "b_at", "timestamp not understood", "6,,late"),
    ]


def test_the_row_that_decides_on_day_and_month_is_named_in_made_rows(tmp_path):
    names = "customer_id,a_at,b_at\n"
    one, other = names + "1,01/02/2024,02/02/2024\n", names + "2,,\n3,03/02/2024,13/02/2024\n"
    _, facts = attached(tmp_path, one.encode(), other.encode(), reading=Reading(format="wide"))
    assert any(
        "begin with the day, as in " in note
        and 'export1 line 3 column "b_at" ("13/02/2024")' in note
        for note in facts.notes
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("13/02/2024,02/13/2024", 'the columns of times contradict each other: the day comes first'
         ' in EXPORT line 2 column "a_at" ("13/02/2024"), the month in EXPORT line 2 column "b'),
        (",02/03/2024", "may begin with the day or the month: no value says which, as EXPORT line 2"
         ' column "b_at"'),
        ("24/03/01,", 'with a year of two digits, as EXPORT line 2 column "a_at"'),
        (",soon", 'no time in the columns of times is understood: "soon"'),
    ],
)  # fmt: skip
def test_errors_of_made_rows_name_the_column_that_a_time_stands_in(tmp_path, values, said):
    made = f"customer_id,a_at,b_at\n1,{values}\n".encode()
    with pytest.raises(DataError) as failure:
        attached(tmp_path, made, reading=Reading(format="wide"))
    assert said.replace("EXPORT", str(tmp_path / "export0")) in failure.value.message


EUROS = b'{"key": "currency", "value": {"string_value": "EUR"}}, '


@pytest.mark.parametrize(
    ("form", "place", "content"),
    [
        ("segment", "properties.currency", SEGMENT + SEGMENT.replace(b"m-3", b"m-5")),
        ("matomo", "siteCurrency", json.dumps([MATOMO[0], {**MATOMO[0], "idVisit": 5}]).encode()),
        (
            "ga4",
            "event_params[currency]",
            lines(*GA4, GA4[1]).replace(b'{"key": "value"', EUROS + b'{"key": "value"'),
        ),
    ],
)
def test_amounts_of_several_currencies_are_told_where_the_format_has_them(
    tmp_path, form, place, content
):
    _, facts = attached(tmp_path, content)
    assert (facts.source_format, "revenue" in facts.roles) == (form, True)
    first, last = content.rsplit(b"EUR", 1)
    _, facts = attached(tmp_path, first + b"JPY" + last)
    assert "revenue" not in facts.roles
    mixed = f'"{place}" says that they are of several currencies, as "EUR" and "JPY"'
    assert mixed in str(facts.notes)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "user_id,event,ts\nu,a,2025-01-01\n"),
        ("x.jsonl", '{"user_id": "u", "event": "a", "ts": "2025-01-01"}\n'),
        ("x.json", '[{"user_id": "u", "event": "a", "ts": "2025-01-01"}]\n'),
    ],
)
@pytest.mark.parametrize("key", ["user_id", "line", "json", "filename"])
def test_the_folder_of_a_text_is_no_column(tmp_path, name, text, key):
    path = tmp_path / f"{key}=team" / name
    path.parent.mkdir()
    path.write_text(text)
    connection = connect()
    attach(connection, find_files([str(path)]))
    assert connection.sql("FROM events").fetchall() == [("u", "a", datetime(2025, 1, 1))]
