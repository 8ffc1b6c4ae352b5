"""The compact form that load keeps: used when it fits, and never stale."""

import json

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass import queries
from hourglass.cli import app

STAGES = '[stages]\nknow = ["visit"]\nbuy = ["order"]\nrepeat = ["order"]\n'
EVENTS = """user_id,event,ts,amount
u1,visit,2026-01-01T10:00:00Z,
u1,order,2026-01-02T10:00:00Z,5
u1,order,2026-01-03T10:00:00Z,9
u2,visit,2026-01-01T10:00:00Z,
u2,order,2026-01-04T10:00:00Z,2
u3,visit,2026-01-05T10:00:00Z,
"""
MORE = """user_id,event,ts,amount
u3,order,2026-01-06T10:00:00Z,1
u4,visit,2026-01-06T11:00:00Z,
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.csv").write_text(EVENTS)
    (tmp_path / "two.csv").write_text(MORE)
    (tmp_path / "hourglass.toml").write_text(STAGES)
    assert run("load", "one.csv", "--db", "kept.duckdb").exit_code == 0
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, words)


def reached(ran):
    assert ran.exit_code == 0, ran.stderr
    return [int(line.split(",")[2]) for line in ran.stdout.splitlines()[1:]]


def users(*more):
    ran = run("funnel", "--db", "kept.duckdb", "--format", "csv", *more)
    return reached(ran), ran.stderr


def test_what_is_kept_is_used_and_nothing_is_said(folder):
    assert users() == ([3, 2, 1], "")


def test_a_later_load_refreshes_it(folder):
    run("load", "two.csv", "--db", "kept.duckdb")
    assert users() == ([4, 3, 1], "")


def test_another_model_is_counted_for_this_run_and_that_is_said(folder):
    (folder / "hourglass.toml").write_text(STAGES.replace('["order"]', '["visit"]', 1))
    counts, said = users()
    assert counts == [3, 0, 0]
    assert "keeps no compact form of hourglass as asked" in said


def test_a_new_configuration_is_kept_by_the_next_load(folder):
    (folder / "hourglass.toml").write_text(STAGES.replace("repeat", "refer"))
    ran = run("load", "one.csv", "--db", "kept.duckdb")
    assert "the configuration is kept with the database" in ran.stderr
    assert users() == ([3, 2, 1], "")


def test_a_load_without_a_configuration_reads_as_the_one_that_is_kept_says(folder):
    (folder / "hourglass.toml").write_text(
        STAGES + '[columns]\nuser = "visitor"\n[source]\ntimezone = "Asia/Tokyo"\n'
    )
    rows = "visitor,customer_id,event,ts\nv{0},c,visit,2026-01-01 09:00\n"
    for name in "ab":
        (folder / f"{name}.csv").write_text(rows.format(name))
    assert run("load", "a.csv", "--db", "other.duckdb").exit_code == 0
    (folder / "hourglass.toml").unlink()
    assert run("load", "b.csv", "--db", "other.duckdb").exit_code == 0
    ran = run("people", "--db", "other.duckdb", "--format", "jsonl")
    listed = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(one["user_id"], one["t_know"]) for one in listed] == [
        ("va", "2026-01-01T00:00:00Z"),
        ("vb", "2026-01-01T00:00:00Z"),
    ]


def test_a_failure_by_the_configuration_that_is_kept_says_where_it_is_from(folder):
    (folder / "hourglass.toml").write_text(STAGES + '[columns]\nuser = "user_id"\n')
    run("load", "two.csv", "--db", "kept.duckdb")
    (folder / "other.csv").write_text("uid,event,ts\nu9,visit,2026-01-01\n")
    kept = "the configuration is the one kept with kept.duckdb: --config FILE takes another"
    assert kept not in run("load", "other.csv", "--db", "kept.duckdb").stderr
    (folder / "hourglass.toml").unlink()
    assert kept in run("load", "other.csv", "--db", "kept.duckdb").stderr


def test_a_load_says_once_where_earlier_rows_were_read_by_another_column(folder):
    (folder / "hourglass.toml").write_text(STAGES + '[columns]\nuser = "visitor"\n')
    (folder / "new.csv").write_text("visitor,event,ts\nu9,visit,2026-01-01\n")
    said = run("load", "new.csv", "--db", "kept.duckdb").stderr
    assert 'rows of earlier loads stay as they were read, with user = "user_id"' in said
    (folder / "newer.csv").write_text("visitor,event,ts\nu8,visit,2026-01-01\n")
    assert "as they were read" not in run("load", "newer.csv", "--db", "kept.duckdb").stderr


def test_events_put_in_by_hand_make_it_stale(folder):
    with duckdb.connect(str(folder / "kept.duckdb")) as connection:
        connection.execute(
            "insert into loaded_events by name"
            " select 'u9' as user_id, 'visit' as event, now()::timestamp as ts,"
            ' 0 as "hourglass load"'
        )
    counts, said = users()
    assert counts == [4, 2, 1]
    assert "it is made for this run" in said


@pytest.mark.parametrize(
    "earlier",
    [
        "drop table compact_second; delete from meta where key = 'compact'",
        "alter table compact_ever drop entered_us;"
        " update meta set value = 'with entries' where key = 'compact'",
        "alter table compact_ever drop first_touch_us;"
        " update meta set value = 'with first touches' where key = 'compact'",
    ],
)
def test_a_form_of_an_earlier_version_is_not_used_and_made_anew_by_the_next_events(folder, earlier):
    with duckdb.connect(str(folder / "kept.duckdb")) as connection:
        connection.execute(earlier)
    counts, said = users()
    assert counts == [3, 2, 1]
    assert "it is made for this run" in said
    run("load", "two.csv", "--db", "kept.duckdb")
    assert users() == ([4, 3, 1], "")


def test_rows_without_a_person_make_nobody(folder):
    (folder / "some.csv").write_text(
        "user_id,event,ts\nu1,visit,2026-01-01T10:00:00Z\n,visit,2026-01-01T11:00:00Z\n"
    )
    run("load", "some.csv", "--db", "some.duckdb")
    ran = run("funnel", "--db", "some.duckdb", "--format", "json")
    read = json.loads(ran.stdout)["input"]
    assert (read["rows"], read["users"], read["without_user"]) == (2, 1, 1)


EDGES = """user_id,event,ts
early,visit,2026-01-01T00:00:00Z
early,order,2026-01-20T00:00:00Z
edge,visit,2026-01-10T00:00:00Z
edge,order,2026-01-11T00:00:00Z
later,visit,2026-01-01T00:00:00Z
later,visit,2026-01-09T00:00:00Z
later,visit,2026-01-10T00:00:00Z
later,order,2026-01-12T00:00:00Z
much later,visit,2026-01-02T00:00:00Z
much later,visit,2026-01-10T00:00:00Z
much later,order,2026-01-16T00:00:00Z
at once,visit,2026-01-05T00:00:00Z
at once,order,2026-01-05T00:00:00Z
again,visit,2026-01-05T00:00:00Z
again,order,2026-01-09T00:00:00Z
again,visit,2026-01-11T00:00:00Z
again,order,2026-01-12T00:00:00Z
"""


def both(folder, config, events, command, *words):
    """Ask the same of a file and of a database of it."""
    (folder / "hourglass.toml").write_text(config)
    (folder / "both.csv").write_text(events)
    run("load", "both.csv", "--db", "both.duckdb")
    return [run(command, *where, *words) for where in (("both.csv",), ("--db", "both.duckdb"))]


def assert_edges(folder, buy, asked, counts):
    """Ask for the people per stage of `EDGES`, of the file and of a database of it."""
    config = f'[stages]\nknow = ["visit"]\nbuy = {buy}\n'
    for ran in both(folder, config, EDGES, "funnel", *asked.split(), "--format", "csv"):
        assert reached(ran) == counts


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ("--window 10d", [6, 5]),
        ("--window 10d --until 2026-01-10T00:00:00", [5, 3]),
        ("--window 30d --until 2026-01-10T00:00:00", [5, 5]),
        ("--window 30d --until 2026-01-10T00:00:00 --range all", [5, 2]),
        ("--window 30d --since 2026-01-02T00:00:00", [5, 5]),
        ("--window 30d --since 2026-01-10T00:00:00", [4, 4]),
        ("--window 10d --ties later", [6, 4]),
        ("--window 30d --since 2026-01-05T00:00:00 --until 2026-01-10T00:00:00", [3, 3]),
        ("--window 3d --until 2026-01-10T00:00:00", [5, 2]),
    ],
)
def test_the_entry_that_is_kept_with_an_event_is_that_of_the_period(folder, asked, counts):
    assert_edges(folder, '["order"]', asked, counts)


@pytest.mark.parametrize(
    ("asked", "counts"), [("", [6, 4]), ("--until 2026-01-10T00:00:00", [5, 2])]
)
def test_the_entry_that_is_kept_with_an_event_lies_within_its_reach(folder, asked, counts):
    assert_edges(folder, '{ events = ["order"], within = "3 days" }', asked, counts)


FIRST_ENTRIES = """user_id,event,ts
at since,visit,2026-01-07T00:00:00Z
at since,visit,2026-01-05T00:00:00Z
before too,visit,2026-01-01T00:00:00Z
before too,visit,2026-01-08T00:00:00Z
before too,visit,2026-01-06T00:00:00Z
around,visit,2026-01-04T00:00:00Z
around,visit,2026-01-10T00:00:00Z
at until,visit,2026-01-10T00:00:00Z
ordered first,order,2026-01-05T00:00:00Z
ordered first,visit,2026-01-06T00:00:00Z
went on,visit,2026-01-05T00:00:00Z
went on,visit,2026-01-06T00:00:00Z
went on,order,2026-01-07T00:00:00Z
"""
BOTH = {"ordered first": 6, "went on": 6}


@pytest.mark.parametrize(
    ("asked", "entered"),
    [
        ("", {"at since": 5, "before too": 1, "around": 4, "at until": 10} | BOTH),
        (
            "--since 2026-01-05T00:00:00 --until 2026-01-10T00:00:00",
            {"at since": 5, "before too": 6} | BOTH,
        ),
        ("--since 2026-01-09T00:00:00", {"around": 10, "at until": 10}),
        ("--until 2026-01-05T00:00:00", {"before too": 1, "around": 4}),
        (
            "--since 2026-01-06T00:00:00",
            {"at since": 7, "before too": 6, "around": 10, "at until": 10} | BOTH,
        ),
    ],
)
def test_who_gets_no_further_entered_first_in_the_period(folder, asked, entered):
    config = (
        '[stages]\nknow = ["visit"]\nbuy = ["order"]\n'
        '[models.other.stages]\nwant = ["order"]\nlook = ["visit"]\n'
    )
    for ran in both(folder, config, FIRST_ENTRIES, "people", *asked.split(), "--format", "jsonl"):
        assert ran.exit_code == 0, ran.stderr
        rows = map(json.loads, ran.stdout.splitlines())
        found = [(one["user_id"], int(one["entered"][8:10])) for one in rows]
        assert sorted(found) == sorted(entered.items())


@pytest.mark.parametrize(
    "name",
    [
        "map/matching",
        "funnel/advance",
        "funnel/choose",
        "funnel/entries",
        "funnel/ever",
        "funnel/histories",
        "funnel/second_events",
        "breakdown/touches",
        "trend/touches",
        "touchpoints/events",
    ],
)
def test_a_file_of_ones_own_is_run_where_what_is_kept_would_stand_in_for_it(folder, name):
    own = folder / "own" / f"{name}.sql"
    own.parent.mkdir(parents=True)
    own.write_text((queries.bundled() / f"{name}.sql").read_text())
    _, said = users("--queries", str(folder / "own"))
    assert "it is made for this run" in said


def test_what_a_file_of_ones_own_says_counts(folder):
    (folder / "hourglass.toml").write_text('[stages]\nknow = ["visit"]\nbuy = ["order"]\n')
    run("load", "one.csv", "--db", "kept.duckdb")
    assert users() == ([3, 2], "")
    own = folder / "own" / "funnel" / "advance.sql"
    own.parent.mkdir(parents=True)
    text = (queries.bundled() / "funnel" / "advance.sql").read_text()
    own.write_text(text.replace("where before.ts_us", "where false and before.ts_us"))
    assert users("--queries", str(folder / "own"))[0] == [3, 0]


def test_a_predicate_looks_at_the_events_themselves(folder):
    assert users("--where", "amount is null or amount > 4")[0] == [3, 1, 1]


def test_without_a_configuration_the_one_kept_counts(folder):
    (folder / "hourglass.toml").unlink()
    assert users() == ([3, 2, 1], "")


def test_a_guess_of_stages_is_made_by_load_and_kept(folder):
    (folder / "hourglass.toml").unlink()
    ran = run("load", "one.csv", "--db", "guessed.duckdb")
    assert "stages guessed, and kept with the database: know = visit; buy = order" in ran.stderr
    answer = run("funnel", "--db", "guessed.duckdb", "--format", "csv")
    assert "guessed" not in answer.stderr
    assert answer.stdout.count("\n") == 4


def test_an_entry_that_is_kept_with_an_event_is_another_event(folder):
    (folder / "hourglass.toml").write_text('[stages]\nknow = ["visit"]\nlike = ["visit"]\n')
    assert run("load", "one.csv", "--db", "other.duckdb").exit_code == 0
    of_file = run("funnel", "one.csv", "--format", "csv")
    assert reached(of_file) == [3, 0]
    kept = run("funnel", "--db", "other.duckdb", "--format", "csv")
    assert (kept.stdout, kept.stderr) == (of_file.stdout, "")


def test_optional_stages_that_share_events_are_counted_from_what_is_kept(folder):
    shared = '[stages]\nknow = ["visit"]\ntry = { events = ["order"], optional = true }\n'
    (folder / "hourglass.toml").write_text(f'{shared}buy = ["order"]\n')
    assert run("load", "one.csv", "--db", "other.duckdb").exit_code == 0
    of_file = run("funnel", "one.csv", "--format", "csv").stdout
    kept = run("funnel", "--db", "other.duckdb", "--format", "csv")
    assert (kept.stdout, kept.stderr) == (of_file, "")
