"""`hourglass inspect`: what an export holds, in the terminal and as data."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hourglass.analyses.ids import short_id

CSV = """\
user_id,event,ts,amount
1,visit,2024-01-01T00:00:00Z,
1,order_paid,2024-01-01T00:00:00Z,5
1,order_paid,2024-01-01T00:00:00Z,5
,visit,2024-01-04T00:00:00Z,
2,odd thing,2024-01-04T00:00:00Z,
2,visit,soon,
"""


def hourglass(*arguments: str, cwd: Path):
    return subprocess.run(
        [sys.executable, "-m", "hourglass", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(CSV)
    return tmp_path


@pytest.fixture
def told(export):
    done = hourglass("inspect", "export.csv", "--format", "json", cwd=export)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_files_are_counted(told):
    assert told["files"] == [
        {"file": "export.csv", "format": "csv", "rows": 6, "accepted": 5, "rejected": 1,
         "duplicates": 0}
    ]  # fmt: skip


def test_columns_have_type_role_and_example(told):
    assert [(one["column"], one["type"], one["role"]) for one in told["columns"]] == [
        ("user_id", "VARCHAR", "user"),
        ("event", "VARCHAR", "event"),
        ("ts", "TIMESTAMP", "timestamp"),
        ("revenue", "DOUBLE", "revenue"),
        ("amount", "BIGINT", None),
    ]
    assert told["columns"][0]["filled"] == 0.8
    assert told["columns"][4]["example"] == "5"
    assert [one["why"] for one in told["columns"]] == [
        "a usual name",
        "a usual name",
        "a usual name",
        '"amount": a usual name',
        None,
    ]


def test_events_have_counts_and_a_proposed_stage(told):
    assert {
        one["event"]: (one["events"], one["people"], one["stage"]) for one in told["events"]
    } == {
        "visit": (2, 1, "know"),
        "order_paid": (2, 1, "buy, repeat"),
        "odd thing": (1, 1, None),
    }


def test_what_is_odd_is_said(told):
    found = {one["check"]: one["count"] for one in told["quality"]}
    assert found == {
        "rows of one person at one instant": 3,
        "rows that repeat another exactly": 1,
        "rows without a person": 1,
        "days without events": 2,
        "rows whose event has no stage": 1,
    }


def test_late_future_and_tied_rows_are_counted(export):
    days = ["2024-01-05", "2024-01-03", "2024-01-05T05:00", "2024-01-04T23:00", "2150-01-01"]
    rows = "".join(f"{number},visit,{day}\n" for number, day in enumerate(days))
    (export / "late.csv").write_text("user_id,event,ts\n" + rows + "4,visit,2150-01-01\n")
    done = hourglass("inspect", "late.csv", "--format", "json", cwd=export)
    found = {one["check"]: one for one in json.loads(done.stdout)["quality"]}
    late = found["rows that come after a later one"]
    assert (late["count"], late["detail"]) == (2, "by 48 hours at most, 1 by over a day")
    assert found["rows later than now"]["count"] == 2
    assert found["rows of one person at one instant"]["count"] == 2


def test_rows_in_another_order_than_that_of_time_are_not_called_late_one_by_one(export):
    rows = "".join(f"{n},visit,2024-01-{20 - n:02d}\n" for n in range(9))
    (export / "late.csv").write_text("user_id,event,ts\n" + rows)
    done = hourglass("inspect", "late.csv", "--format", "json", cwd=export)
    found = {one["check"]: one for one in json.loads(done.stdout)["quality"]}
    late = found["rows that come after a later one"]
    assert (late["count"], late["detail"]) == (8, "the rows are not in the order of time")


@pytest.mark.parametrize(
    "said", [["--encoding", "cp1252"], ["--columns", "a"], ["--date-order", "dmy"]]
)
def test_a_database_is_read_already(export, said):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("inspect", "--db", "e.duckdb", *said, cwd=export)
    assert done.returncode == 2
    assert "a database is read already" in done.stderr


def test_how_an_export_is_read_may_be_said(export):
    (export / "raw.csv").write_text("1,visit,02.05.2018\n")
    said = ["--columns", "user_id,event,ts", "--date-order", "dmy", "--dedupe", "row"]
    done = hourglass("inspect", "raw.csv", *said, "--format", "json", cwd=export)
    assert json.loads(done.stdout)["input"]["first"].startswith("2018-05-02")


def test_what_a_load_would_reject_is_shown(told):
    assert told["rejects"] == [
        {"reason": "timestamp not understood", "rows": 1, "file": "export.csv", "line": 7,
         "example": "soon"}
    ]  # fmt: skip


def test_a_database_is_inspected_in_the_same_way(export, told):
    hourglass("load", "export.csv", "--db", "e.duckdb", cwd=export)
    done = hourglass("inspect", "--db", "e.duckdb", "--format", "json", cwd=export)
    again = json.loads(done.stdout)
    for name in ("files", "events", "quality", "gaps", "rejects"):
        assert again[name] == told[name]
    assert "zones" in told
    assert "zones" not in again
    for one, other in zip(again["columns"], told["columns"], strict=True):
        assert {**one, "why": None} == {**other, "why": None}
    assert again["columns"][3]["why"] == '"amount": settled when loaded'


def test_configured_stages_are_shown(export):
    (export / "hourglass.toml").write_text(
        '[models.m.stages]\nstart = ["visit"]\nend = ["odd thing"]\n'
    )
    done = hourglass("inspect", "export.csv", "--format", "json", cwd=export)
    stages = {one["event"]: one["stage"] for one in json.loads(done.stdout)["events"]}
    assert stages == {"visit": "start", "order_paid": None, "odd thing": "end"}


def test_the_terminal_shows_all_tables(export):
    done = hourglass("inspect", "export.csv", cwd=export)
    for title in ("Columns", "Events", "What is odd", "Rows that are no events"):
        assert title in done.stdout


@pytest.mark.parametrize("arguments", [[], ["export.csv", "--db", "e.duckdb"]])
def test_either_exports_or_a_database(export, arguments):
    done = hourglass("inspect", *arguments, cwd=export)
    assert done.returncode == 2
    assert "either exports or a database" in done.stderr


def test_a_header_alone_is_inspected(export):
    (export / "empty.csv").write_text("user_id,event,ts\n")
    done = hourglass("inspect", "empty.csv", cwd=export)
    assert done.returncode == 0, done.stderr


def test_why_a_column_plays_a_part_is_said(export):
    (export / "hourglass.toml").write_text('[columns]\nuser = "who"\n')
    (export / "e.csv").write_text("who,event,time,date\nu,a,2024-01-01,x\n")
    done = hourglass("inspect", "e.csv", "--format", "json", cwd=export)
    assert {one["column"]: one["why"] for one in json.loads(done.stdout)["columns"]} == {
        "user_id": '"who": named under [columns]',
        "event": "a usual name",
        "ts": '"time": a usual name, before date',
        "date": "a usual name of the timestamp too",
    }


def test_gaps_are_listed_the_longest_first(export):
    days = ["2024-01-01", "2024-01-03", "2024-01-04", "2024-02-01"]
    (export / "e.csv").write_text("user_id,event,ts\n" + "".join(f"u,a,{day}\n" for day in days))
    answer = json.loads(hourglass("inspect", "e.csv", "-f", "json", cwd=export).stdout)
    assert answer["gaps"] == [
        {"first_day": "2024-01-05", "last_day": "2024-01-31", "days": 27},
        {"first_day": "2024-01-02", "last_day": "2024-01-02", "days": 1},
    ]
    found = {one["check"]: one["count"] for one in answer["quality"]}
    assert found["days without events"] == 28


def crowd(**machines: list[str]) -> str:
    """A hundred people with ten events each, and whoever else is named with their instants."""
    rows = [f"p{n},a,2024-01-{day:02d}\n" for n in range(200) for day in range(1, 11)]
    rows += [f"{name},a,{ts}\n" for name, instants in machines.items() for ts in instants]
    return "user_id,event,ts\n" + "".join(rows)


def odd(export: Path, **machines: list[str]) -> dict[str, str]:
    (export / "crowd.csv").write_text(crowd(**machines))
    answer = json.loads(
        hourglass("inspect", "crowd.csv", "--show-ids", "-f", "json", cwd=export).stdout
    )
    return {one["user_id"]: one["why"] for one in answer.get("odd_people", ())}


def hours(number: int) -> list[str]:
    return [f"2024-01-{1 + n // 24:02d}T{n % 24:02d}:00" for n in range(number)]


def test_odd_people_have_over_ten_times_what_is_usual(export):
    assert odd(export, crawler=hours(101)) == {"crawler": "in all"}
    assert odd(export, keen=hours(100)) == {}


def test_odd_people_do_more_in_a_minute_than_people_can(export):
    seconds = [f"2024-01-01T10:00:{n % 60:02d}" for n in range(120)]
    spread = [*seconds[:119], "2024-01-01T10:01:00"]
    assert odd(export, bot=seconds)["bot"] == "within a minute"
    assert odd(export, quick=spread)["quick"] == "in all"


def test_offsets_of_times_are_counted_as_they_are_written(export):
    times = [
        "2024-03-30T10:00:00Z", "2024-03-30 10:00:00 UTC", "2024-03-30T10:00:00+01:00",
        "2024-03-31T10:00:00.5+0200", "2024-03-31 10:00-05", "2024-03-31T10:00:00", "2024-03-31",
    ]  # fmt: skip
    (export / "e.csv").write_text("user_id,event,ts\n" + "".join(f"u,a,{t}\n" for t in times))
    answer = json.loads(hourglass("inspect", "e.csv", "-f", "json", cwd=export).stdout)
    assert {one["zone"]: one["rows"] for one in answer["zones"]} == {
        "UTC": 2, "+01:00": 1, "+02:00": 1, "-05:00": 1, "no offset": 1, "no time of day": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("times", "zone"),
    [(["1704067200", "1704067201"], "a number since 1970"), (["20240101", "20240102"],
     "no time of day"), (["20240101T100000+0100"], "+01:00"), (["Feb 5, 2018"], "no time of day")],
)  # fmt: skip
def test_times_without_an_offset_are_called_what_they_are(export, times, zone):
    rows = "".join(f'u,a,"{one}"\n' for one in times)
    (export / "e.csv").write_text("user_id,event,ts\n" + rows)
    answer = json.loads(hourglass("inspect", "e.csv", "-f", "json", cwd=export).stdout)
    assert [one["zone"] for one in answer["zones"]] == [zone]


def test_the_page_holds_what_the_terminal_shows_and_asks_no_network(export):
    done = hourglass("inspect", "export.csv", "--html", "page.html", cwd=export)
    assert done.returncode == 0, done.stderr
    assert "What is odd" in done.stdout
    page = (export / "page.html").read_text("utf-8")
    for heading in ("Events by day", "Files", "Columns", "What is odd", "Rows that are no events"):
        assert f"<bdi>{heading}</bdi></a></h2>" in page
    assert "The events span 4 days; 2 days have none." in page
    days = page[page.index("<summary>Each day as a row</summary>") :]
    assert days[: days.index("</details>")].count('<th scope="row"') == 4
    assert "default-src 'none'" in page
    markup = page.replace(page[page.index('id="plotly-js"') :], "")
    assert "http" not in markup.replace("http-equiv", "").replace("http://www.w3.org", "")
    again = hourglass("inspect", "export.csv", "--html", "again.html", "-q", cwd=export)
    assert again.stderr == ""
    assert (export / "again.html").read_text("utf-8") == page


def test_columns_may_be_called_as_the_queries_call_theirs(export):
    rows = [line.split(",")[:3] for line in CSV.splitlines()[1:]]
    usual = "user_id,event,ts,c1,c2\n" + "".join(f"{','.join(row)},5,7\n" for row in rows)
    answers = []
    for header in ("user_id,event,ts,c1,c2", "user_id,event,ts,n,day"):
        (export / "export.csv").write_text(usual.replace("user_id,event,ts,c1,c2", header))
        done = hourglass(
            "inspect", "export.csv", "--format", "json", "--html", "p.html", cwd=export
        )
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout)["quality"])
    assert answers[0] == answers[1]
    assert {one["check"]: one["count"] for one in answers[0]}[
        "rows that repeat another exactly"
    ] == 1


def test_a_page_that_cannot_be_written_is_said(export):
    done = hourglass("inspect", "export.csv", "--html", "nowhere/page.html", cwd=export)
    assert done.returncode == 5
    assert "nowhere" in done.stderr


def test_ids_of_odd_people_are_shortened_hashes_unless_asked_for(export):
    (export / "crowd.csv").write_text(crowd(robot=["2024-01-01T00:00:00Z"] * 200))
    for flags, length in (((), 8), (("--show-ids",), 5)):
        answer = hourglass("inspect", "crowd.csv", *flags, "-f", "json", cwd=export).stdout
        (one,) = json.loads(answer)["odd_people"]
        assert len(one["user_id"]) == length
        assert (one["user_id"] == "robot") == bool(flags)
        assert ("robot" in answer) == bool(flags)


IDS = """visitor,event,ts,invited_by,anonymousId,cookie,jar,messageId,qty,properties
v9,a,2026-01-01T00:00:00Z,v8,c1,c1,k1,m1,1,"{""plan"":""pro"",""user"":{""id"":""v9""},""session_id"":12}"
v8,a,2026-01-02T00:00:00Z,,c2,c2,k2,m2,1,
"""
CONFIGURED = """[columns]
user = "visitor"
[identity]
alias = { event = "a", from = "jar", to = "visitor" }
"""


@pytest.mark.parametrize("kept", [False, True])
def test_examples_of_ids_are_short_hashes_unless_asked_for(tmp_path, kept):
    (tmp_path / "e.csv").write_text(IDS)
    (tmp_path / "hourglass.toml").write_text(CONFIGURED)
    data = ["--db", "e.duckdb"] if kept else ["e.csv"]
    if kept:
        assert hourglass("load", "e.csv", "--db", "e.duckdb", cwd=tmp_path).returncode == 0
    asked = {}
    for flags in ((), ("--show-ids",)):
        words = ("inspect", *data, *flags, "--html", "page.html", "-f", "json")
        done = hourglass(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        asked[flags] = {one["column"]: one["example"] for one in json.loads(done.stdout)["columns"]}
        page = (tmp_path / "page.html").read_text("utf-8")
        cells = page[page.index('id="columns-table"') : page.index('id="events-table"')]
        assert any(f"<bdi>{one}</bdi>" in cells for one in ("v8", "c1", "k1", "m1")) == bool(flags)
    hidden, shown = asked.values()
    for name in ("user_id", "event_id", "referrer_id", "anonymousId", "cookie", "jar"):
        assert hidden[name] == short_id(shown[name])
    for name in ("event", "ts", "qty"):
        assert hidden[name] == shown[name]
    properties = json.loads(hidden["properties"])
    assert properties == {
        "plan": "pro", "user": {"id": short_id("v9")}, "session_id": short_id("12"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ['pur"chase', "{file}"])
def test_what_was_said_of_every_row_is_no_guess(tmp_path, name):
    (tmp_path / "sales.csv").write_text("cust;date\n1;2024-03-01\n")
    words = ("inspect", "sales.csv", "--event-name", name, "--format", "json")
    done = hourglass(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    why = {one["role"]: one["why"] for one in json.loads(done.stdout)["columns"]}
    assert why["event"] == "said of every row"
    assert why["user"] == '"cust": a usual name'


def test_a_text_in_the_place_of_a_column_is_quoted_once(tmp_path):
    (tmp_path / "sales.csv").write_text("cust;date\n1;2024-03-01\n")
    (tmp_path / "hourglass.toml").write_text("[columns]\nevent = '\"sale\"'\n")
    done = hourglass("inspect", "sales.csv", "--format", "json", cwd=tmp_path)
    why = {one["role"]: one["why"] for one in json.loads(done.stdout)["columns"]}
    assert why["event"] == '"sale": named under [columns]'


def test_a_database_keeps_the_stages_that_it_was_loaded_with(export):
    (export / "hourglass.toml").write_text('[stages]\nknow = "odd thing"\nbuy = "order_paid"\n')
    assert hourglass("load", "export.csv", "--db", "kept.duckdb", cwd=export).returncode == 0
    (export / "hourglass.toml").unlink()
    done = hourglass("inspect", "--db", "kept.duckdb", "--format", "json", cwd=export)
    assert done.returncode == 0, done.stderr
    stages = {one["event"]: one["stage"] for one in json.loads(done.stdout)["events"]}
    assert stages == {"visit": None, "odd thing": "know", "order_paid": "buy"}
