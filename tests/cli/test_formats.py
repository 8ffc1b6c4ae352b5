"""Formats from the shell: named on stderr, forced, switched off, refused, made by oneself."""

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

MIXPANEL = "\n".join(
    json.dumps({"event": event, "properties": {"time": 1709287200 + at, "distinct_id": user,
                                               "$insert_id": f"i-{at}", "plan": plan}})
    for at, (user, event, plan) in enumerate(
        [("a", "signup", "pro"), ("a", "purchase", "pro"), ("b", "signup", "free")]
    )
)  # fmt: skip
STEPS = ("--steps", "signup,purchase")
WIDE = "customer_id,signup_at,purchase_at\n1,2024-03-01,2024-03-02\n2,2024-03-01,\n"
PURCHASES = "cust;date\n1;2024-03-01\n1;2024-03-05\n2;2024-03-01\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.json").write_text(MIXPANEL)
    (tmp_path / "wide.csv").write_text(WIDE)
    (tmp_path / "sales.csv").write_text(PURCHASES)
    return tmp_path


def hourglass(*arguments):
    from hourglass.cli import app

    return CliRunner().invoke(app, list(arguments))


def users(*arguments):
    done = hourglass(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return [stage["users"] for stage in json.loads(done.stdout)["stages"]]


def test_the_format_is_named_on_stderr_and_by_inspect():
    done = hourglass("funnel", "export.json", *STEPS)
    assert done.exit_code == 0
    assert (
        "hourglass: note: format: mixpanel (Mixpanel, raw export);"
        " --source-format none reads by names of columns alone\n"
        "hourglass: note: columns: user = properties.distinct_id, event = event,"
        " timestamp = properties.time, event_id = properties.$insert_id,"
        " channel = properties.utm_source (as mixpanel has them)\n"
    ) in done.stderr
    assert "mixpanel: json lines" in hourglass("inspect", "export.json").stdout


def test_a_format_that_was_asked_for_is_not_announced():
    done = hourglass("funnel", "export.json", *STEPS, "--source-format", "mixpanel")
    assert done.exit_code == 0
    assert "note: format" not in done.stderr


@pytest.mark.parametrize("command", ["funnel", "inspect", "people", "init"])
def test_no_format_reads_by_names_alone(command):
    done = hourglass(command, "export.json", "--source-format", "none")
    assert done.exit_code == 3
    assert "no column holds the user" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("funnel", "export.json", "--source-format", "mixpanle"), 2, 'did you mean "mixpanel"?'),
        (("load", "export.json", "--db", "x.duckdb", "--source-format", "x"), 2, "formats are "),
        (("funnel", "wide.csv", "--source-format", "ga4"), 3, "is not of the format ga4"),
        (("funnel", "wide.csv"), 3, "--source-format wide"),
        (("funnel", "sales.csv"), 3, "--event-name purchase"),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_type(arguments, code, words):
    done = hourglass(*arguments)
    assert done.exit_code == code
    assert words in done.stderr


def test_totals_are_refused_everywhere(folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "imported_pages_20240301_20240302.csv",
            '"date","hostname","page","visits","visitors","pageviews"\n"2024-03-01","a","/",1,1,1',
        )
    (folder / "export.zip").write_bytes(packed.getvalue())
    for arguments in (("funnel", "export.zip"), ("load", "export.zip", "--db", "e.duckdb")):
        done = hourglass(*arguments)
        assert done.exit_code == 3
        assert "imported_pages_20240301_20240302.csv holds totals and no events" in done.stderr
    assert not (folder / "e.duckdb").exists()


def test_wide_files_and_lists_of_purchases():
    assert users("funnel", "wide.csv", "--source-format", "wide", *STEPS) == [2, 1]
    again = ("--steps", "purchase,purchase", "--event-name", "purchase")
    assert users("funnel", "sales.csv", *again) == [2, 1]


def test_one_file_a_step(folder):
    (folder / "signup.csv").write_text("user_id,date\n1,2024-03-01\n2,2024-03-01\n")
    (folder / "purchase.csv.gz").write_bytes(gzip.compress(b"user_id,date\n2,2024-03-03\n"))
    assert users("funnel", "signup.csv", "purchase.csv.gz", "--event-name", "{file}", *STEPS) == [
        2, 1,
    ]  # fmt: skip


def test_files_of_two_steps_may_hold_the_same(folder):
    for name in ("signup", "purchase"):
        (folder / f"{name}.csv").write_text("user_id,date\n1,2024-03-01\n2,2024-03-01\n")
    asked = ("signup.csv", "purchase.csv", "--event-name", "{file}")
    assert users("funnel", *asked, *STEPS) == [2, 2]
    for told in ("loaded 4 events", "signup.csv was loaded before"):
        assert told in hourglass("load", *asked, "--db", "steps.duckdb").stderr
    assert users("funnel", "--db", "steps.duckdb", *STEPS) == [2, 2]


def test_nested_places_are_asked_for_by_path():
    done = hourglass("funnel", "export.json", *STEPS, "--by", "plan", "--format", "json")
    found = {row["by"]["plan"]: row["stages"][0]["users"]
             for row in json.loads(done.stdout)["breakdown"]}  # fmt: skip
    assert found == {"pro": 1, "free": 1}


OWN = """
[source]
format = "tills"
[formats.tills]
title = "Tills of the shop"
[formats.tills.columns]
user = "who.card"
event = '"sale"'
timestamp = "at"
[stages]
buy = ["sale"]
repeat = ["sale"]
"""
TILLS = '{"who": {"card": "c"}, "at": 1709287200}\n{"who": {"card": "c"}, "at": 1709287201}\n'


def test_a_format_of_ones_own_in_the_configuration(folder):
    (folder / "hourglass.toml").write_text(OWN)
    (folder / "tills.json").write_text(TILLS)
    assert users("funnel", "tills.json") == [1, 1]
    assert hourglass("load", "tills.json", "--db", "e.duckdb").exit_code == 0
    (folder / "hourglass.toml").unlink()
    assert users("funnel", "--db", "e.duckdb") == [1, 1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("recognize = ['a']", 'formats.x.recognize: unknown key; did you mean "recognise"?'),
        ("unit = 'min'", "formats.x.unit: "),
        ("lower_case = ['usr']", 'formats.x.lower_case: "usr" is no part of a column; did you'),
        ("steps = { 'a' = '*' }", "formats.x.steps: "),
        ("timezone = 'Mars'", "formats.x.timezone: "),
        ("columns = { usr = 'a' }", 'formats.x.columns.usr: unknown key; did you mean "user"?'),
    ],
)
def test_mistakes_in_a_format_are_told_with_their_key(folder, line, message):
    (folder / "hourglass.toml").write_text(f"[formats.x]\n{line}\n")
    done = hourglass("funnel", "export.json")
    assert done.exit_code == 2
    assert message in done.stderr


def test_the_name_of_no_format_is_not_to_be_had(folder):
    (folder / "hourglass.toml").write_text("[formats.none]\ntitle = 'x'\n")
    assert hourglass("funnel", "export.json").exit_code == 2


def test_init_writes_down_how_the_export_is_read(folder):
    asked = ("--event-name", "purchase", "--source-tz", "Europe/Berlin", "--dedupe", "cust,date")
    assert hourglass("init", "sales.csv", *asked).exit_code == 0
    text = (folder / "hourglass.toml").read_text()
    assert 'timezone = "Europe/Berlin"\ndedupe = ["cust", "date"]\nevent_name = "purchase"' in text
    done = hourglass("inspect", "sales.csv", "--format", "json")
    assert json.loads(done.stdout)["input"]["first"] == "2024-02-29T23:00:00Z"
    assert hourglass("init", "sales.csv", "--force", "--decimal", "comma").exit_code == 0
    text = (folder / "hourglass.toml").read_text()
    assert 'decimal = "comma"' in text
    assert 'event_name = "purchase"' in text
    done = hourglass("init", "--db", "x", "--decimal", "comma", "-o", "-")
    assert done.exit_code == 2


def test_init_needs_no_columns_for_a_format_and_keeps_ones_own(folder):
    assert hourglass("init", "export.json").exit_code == 0
    text = (folder / "hourglass.toml").read_text()
    assert "\nuser =" not in text
    assert "[source]" not in text
    assert users("funnel", "export.json", *STEPS) == [2, 1]
    (folder / "tills.json").write_text(TILLS)
    (folder / "hourglass.toml").write_text(OWN)
    assert hourglass("init", "tills.json", "--force").exit_code == 0
    assert users("funnel", "tills.json", "--steps", "sale,sale") == [1, 1]


def test_a_database_is_read_already():
    assert hourglass("load", "export.json", "--db", "e.duckdb").exit_code == 0
    for flag in ("--source-format", "--event-name"):
        done = hourglass("funnel", "--db", "e.duckdb", flag, "x", *STEPS)
        assert done.exit_code == 2
        assert f"{flag} is about exports" in done.stderr


def test_a_later_delivery_of_the_same_contacts_adds_what_is_new(folder):
    (folder / "later.csv").write_text(WIDE.replace("2,2024-03-01,", "2,2024-03-01,2024-03-09"))
    for name, events in (("wide.csv", 3), ("later.csv", 4)):
        done = hourglass("load", name, "--db", "e.duckdb", "--source-format", "wide")
        assert done.exit_code == 0
        with duckdb.connect("e.duckdb", read_only=True) as database:
            assert database.execute("SELECT count(*) FROM events").fetchall() == [(events,)]
    assert "(4 rows read: 1 + 0 rejected + 3 duplicates)" in done.stderr


def test_tables_of_one_vendor_are_loaded_together(folder):
    common = "received_at,original_timestamp,timestamp"
    when = "2024-03-01 10:00:00," * 3
    (folder / "tracks.csv").write_text(
        f"id,anonymous_id,user_id,event,{common}\n1,a,u,paid,{when[:-1]}\n"
    )
    (folder / "pages.csv").write_text(
        f"id,anonymous_id,user_id,path,name,{common}\n2,a,,/,Home,{when[:-1]}\n"
    )
    done = hourglass("funnel", "tracks.csv", "pages.csv", *STEPS)
    assert done.exit_code == 3
    assert "several formats" in done.stderr
    done = hourglass("load", "tracks.csv", "pages.csv", "--db", "e.duckdb")
    assert done.exit_code == 0
    with duckdb.connect("e.duckdb", read_only=True) as database:
        asked = "SELECT user_id, event FROM events ORDER BY ALL"
        assert database.execute(asked).fetchall() == [("a", "Home"), ("u", "paid")]
        formats = "SELECT format FROM loads ORDER BY ALL"
        assert database.execute(formats).fetchall() == [
            ("segment-pages: csv",), ("segment-warehouse: csv",),
        ]  # fmt: skip


def test_a_script_over_copies_is_refused(folder):
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.write("export.json")
    (folder / "utf16.csv").write_text("user_id,event,ts\nu,signup,2024-03-01\n", "utf-16")
    for name in ("export.zip", "utf16.csv"):
        done = hourglass("sql", "funnel", name, *STEPS)
        assert done.exit_code == 2
        assert "a copy that is gone by then" in done.stderr
        assert "hourglass load FILES --db events.duckdb" in done.stderr


def test_the_documented_format_reads_what_it_describes(folder):
    text = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(\[formats.*?)```", text, re.DOTALL)
    (folder / "hourglass.toml").write_text(example)
    sale = {"till": 1, "number": 7, "closed": "2024-03-01 12:00", "customer": {"card": "0",
            "phone": "+358"}, "receipt": {"lines": [1], "total": "5,50"},
            "where": [{"key": "city", "value": "Oulu"}]}  # fmt: skip
    (folder / "tills.json").write_text(f"{json.dumps(sale)}\n{json.dumps(sale)}\n")
    assert hourglass("load", "tills.json", "--db", "e.duckdb").exit_code == 0
    with duckdb.connect("e.duckdb", read_only=True) as database:
        asked = "SELECT user_id, event, ts::VARCHAR, revenue, city FROM events"
        assert database.execute(asked).fetchall() == [
            ("+358", "sale", "2024-03-01 10:00:00", 5.5, "Oulu")
        ]


def test_a_value_of_a_format_is_read_only_where_it_is_asked_for(folder):
    (folder / "hourglass.toml").write_text(f'{OWN}[formats.tills.values]\ncity = "where[city]"\n')
    where = '"where": [{"key": "city", "value": "Oulu"}]'
    (folder / "tills.json").write_text(TILLS.replace('"at"', f'{where}, "at"'))
    assert users("funnel", "tills.json") == [1, 1]
    assert users("funnel", "tills.json", "--where", "city = 'Oulu'") == [1, 1]
    assert users("funnel", "tills.json", "--where", "city = 'Turku'") == [0, 0]


@pytest.mark.parametrize("data", [["nested.json"], ["--db", "nested.duckdb"]])
def test_a_condition_reaches_into_a_nested_column(data):
    lines = [
        {"user_id": user, "event": event, "ts": f"2024-03-0{day}", "properties": {"plan": plan}}
        for user, plan in (("a", "pro"), ("b", 7))
        for day, event in enumerate(("signup", "purchase"), start=1)
    ]
    Path("nested.json").write_text("\n".join(map(json.dumps, lines)))
    assert hourglass("load", "nested.json", "--db", "nested.duckdb").exit_code == 0
    for condition in ("properties.plan = 'pro'", "properties.plan > 6.5"):
        assert users("funnel", *data, *STEPS, "--where", condition) == [1, 1]
        Path("own.toml").write_text(
            '[models.own.stages]\nsignup = "signup"\n'
            f'purchase = {{ events = "purchase", where = "{condition}" }}\n'
        )
        assert users("funnel", *data, "--model", "own", "-c", "own.toml") == [2, 1]
    done = hourglass("funnel", *data, *STEPS, "--where", "properties.paln = 'pro'")
    assert 'no event has a value of "properties.paln"\n' in done.stderr
    done = hourglass("funnel", *data, *STEPS, "--where", "properties.plan + 1 > 2")
    assert done.exit_code != 0
    assert "try_cast(NAME AS DOUBLE)" in done.stderr


@pytest.mark.parametrize("data", [["nested.json"], ["--db", "nested.duckdb"]])
def test_sessions_are_counted_where_events_have_them(data):
    lines = [
        {"user_id": 1, "event": event, "ts": f"2024-03-0{day}", "properties": {"plan": "pro"}}
        for day, event in enumerate(("signup", "purchase"), start=1)
    ]
    Path("nested.json").write_text("\n".join(map(json.dumps, lines)))
    assert hourglass("load", "nested.json", "--db", "nested.duckdb").exit_code == 0
    done = hourglass("funnel", *data, *STEPS, "--count", "session")
    assert done.exit_code == 2
    assert 'there is no column "session_id" to count' in done.stderr
    done = hourglass("reconcile", *data, *STEPS)
    assert 'umami is left out: there is no column "session_id" to count' in done.stdout


@pytest.mark.parametrize("data", [["nested.json"], ["--db", "nested.duckdb"]])
@pytest.mark.parametrize("steps", [(), STEPS])
def test_a_channel_that_json_alone_has_is_found_there(data, steps):
    lines = [
        {"user_id": 1, "event": event, "ts": f"2024-03-0{day}", "properties": {"channel": "tv"}}
        for day, event in enumerate(("signup", "purchase"), start=1)
    ]
    Path("nested.json").write_text("\n".join(map(json.dumps, lines)))
    assert hourglass("load", "nested.json", "--db", "nested.duckdb").exit_code == 0
    done = hourglass("funnel", *data, *steps, "--by", "channel", "--format", "csv")
    assert [row.split(",")[0] for row in done.stdout.splitlines()[1:3]] == ["tv", "tv"]


@pytest.mark.parametrize("data", [["nested.json"], ["--db", "nested.duckdb"]])
def test_a_key_that_no_event_has_is_said(data):
    lines = [
        {"user_id": 1, "event": "signup", "ts": "2024-03-01", "properties": {"plan": "pro"}},
        {"user_id": 1, "event": "purchase", "ts": "2024-03-02", "properties": "no object"},
    ]
    Path("nested.json").write_text("\n".join(map(json.dumps, lines)))
    assert hourglass("load", "nested.json", "--db", "nested.duckdb").exit_code == 0
    for name, said in (("properties.plan", False), ("plan", False), ("plam", True)):
        done = hourglass("funnel", *data, "--by", name, "--format", "json")
        assert done.exit_code == 0
        assert (f'no event has a value of "{name}"' in done.stderr) == said
        value = None if said else "pro"
        assert [row["by"] for row in json.loads(done.stdout)["breakdown"]] == [{name: value}]
