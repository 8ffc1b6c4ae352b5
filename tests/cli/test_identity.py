"""`[identity]` from the shell: exports and databases alike, never stale, contradictions said."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.sample.log import generate

ROOT = Path(__file__).parents[2]
STAGES = '[models.m.stages]\nvisit = "visit"\norder = "order"\n'
LOGIN = '[identity]\nalias = { event = "login", from = "anonymous_id", to = "user_id" }\n'
EVENTS = """user_id,anonymous_id,event,ts
,a1,visit,2026-01-01T00:00:00Z
U1,a1,login,2026-01-01T02:00:00Z
U1,,order,2026-01-01T03:00:00Z
,a2,visit,2026-01-02T00:00:00Z
,a3,visit,2026-01-02T00:00:00Z
U2,a3,login,2026-01-02T01:00:00Z
U3,a3,login,2026-01-02T02:00:00Z
U2,,order,2026-01-02T03:00:00Z
(not set),null,visit,2026-01-02T04:00:00Z
"""
MORE = """user_id,anonymous_id,event,ts
U9,a2,login,2026-01-03T00:00:00Z
U9,,order,2026-01-03T01:00:00Z
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.csv").write_text(EVENTS)
    (tmp_path / "two.csv").write_text(MORE)
    configure(tmp_path, LOGIN)
    return tmp_path


def configure(folder, identity):
    (folder / "hourglass.toml").write_text(STAGES + identity)


def run(*words, code=0):
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == code, ran.stderr
    return ran


def users(*data):
    ran = run("funnel", *data, "--format", "csv")
    return [int(row["users"]) for row in csv.DictReader(io.StringIO(ran.stdout))]


def load(*files, db="e.duckdb"):
    return run("load", *files, "--db", db)


def test_a_visit_before_the_login_counts_for_the_user(folder):
    assert users("one.csv") == [3, 1]
    assert users("one.csv", "--count", "user_id") == [0, 0]


def test_every_question_says_how_many_ids_were_joined(folder):
    load("one.csv")
    said = "1 id is counted as 1 other person; 1 id of several known people left apart"
    for data in (["one.csv"], ["--db", "e.duckdb"]):
        for command in (["funnel"], ["trend"], ["people"], ["explain", "U1"]):
            assert said in run(*command, *data).stderr, command


@pytest.mark.parametrize("data", [["one.csv"], ["--db", "e.duckdb"]])
@pytest.mark.parametrize("question", ["funnel", "trend", "paths"])
def test_the_json_of_an_answer_says_how_many_ids_were_joined(folder, data, question):
    load("one.csv")
    answer = json.loads(run(question, *data, "--format", "json").stdout)
    assert answer["input"]["merged_ids"] == 1
    configure(folder, "")
    answer = json.loads(run(question, *data, "--format", "json").stdout)
    assert answer["input"]["merged_ids"] is None


@pytest.mark.parametrize("data", [["one.csv"], ["--db", "e.duckdb"]])
def test_an_alias_is_explained_as_its_person(folder, data):
    load("one.csv")
    ran = run("explain", "a1", *data, "-f", "json")
    assert "a1 is counted as U1" in ran.stderr
    assert json.loads(ran.stdout) == json.loads(run("explain", "U1", *data, "-f", "json").stdout)
    assert "is counted as" not in run("explain", "a2", *data).stderr.replace("1 id is counted", "")


def test_a_database_gives_what_its_export_gives(folder):
    load("one.csv", "two.csv")
    ran = run("funnel", "--db", "e.duckdb", "--format", "json")
    assert "made for this run" not in ran.stderr
    stages = json.loads(ran.stdout)["stages"]
    assert stages == json.loads(run("funnel", "one.csv", "two.csv", "-f", "json").stdout)["stages"]
    assert [one["users"] for one in stages] == [3, 2]


def test_events_stay_as_they_are_and_the_view_adds_the_person(folder):
    load("one.csv")
    with duckdb.connect("e.duckdb", read_only=True) as database:
        kept = database.execute("select * from identities order by all").fetchall()
        raw = database.execute("select user_id, anonymous_id from loaded_events").fetchall()
        people = database.execute(
            'select "hourglass person" from events order by ts, anonymous_id'
        ).fetchall()
    assert kept == [("a1", "U1")]
    assert (None, "a1") in raw
    assert [one for (one,) in people] == ["U1", "U1", "U1", "a2", "a3", "U2", "U3", "U2", None]


def test_questions_elsewhere_count_the_people_that_the_database_keeps(folder, monkeypatch):
    load("one.csv")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert users("--db", "../e.duckdb") == [3, 1]
    ran = run("inspect", "--db", "../e.duckdb", "--identity", "--show-ids", "-f", "json")
    assert json.loads(ran.stdout)["stitched"][0]["users"] == 3


CHANGES = {
    "merged": ("", LOGIN + "merge_shared = true\n", [3, 2]),
    "a table": ("alias,person\na2,U2\n", LOGIN + 'table = "who.csv"\n', [3, 2]),
    "no stand-in": ("", LOGIN + "anonymous = []\n", [0, 0]),
    "not at all": ("", "", [0, 0]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("again", [False, True], ids=["asked", "loaded again"])
def test_what_is_kept_is_never_stale(folder, change, again):
    load("one.csv")
    table, identity, expected = CHANGES[change]
    (folder / "who.csv").write_text(table)
    configure(folder, identity)
    if again:
        load("one.csv")
    load("one.csv", db="fresh.duckdb")
    ran = run("funnel", "--db", "e.duckdb")
    assert ("ids are joined for this run" in ran.stderr) is (not again)
    assert ("made for this run" in ran.stderr) is (not again)
    assert users("--db", "e.duckdb") == users("--db", "fresh.duckdb") == users("one.csv")
    assert users("one.csv") == expected


def test_a_login_that_comes_later_joins_what_is_there(folder):
    load("one.csv")
    load("two.csv")
    load("two.csv", "one.csv", db="fresh.duckdb")
    assert users("--db", "e.duckdb") == users("--db", "fresh.duckdb") == [3, 2]


def test_a_changed_alias_table_is_noticed(folder):
    configure(folder, '[identity]\nanonymous = "anonymous_id"\ntable = "who.csv"\n')
    (folder / "who.csv").write_text("old,new\na2,U2\n")
    load("one.csv")
    assert users("--db", "e.duckdb") == [3, 1]
    (folder / "who.csv").write_text("old,new\na2,U2\na1,U1\n")
    assert users("--db", "e.duckdb") == [3, 2]
    assert "loaded before" in load("one.csv").stderr
    assert "made for this run" not in run("funnel", "--db", "e.duckdb").stderr
    assert users("--db", "e.duckdb") == [3, 2]


def test_a_load_elsewhere_goes_on_with_the_same_identity(folder, monkeypatch):
    configure(folder, LOGIN + 'table = "who.csv"\n')
    (folder / "who.csv").write_text("old,new\na3,U2\n")
    load("one.csv")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    load("../two.csv", db="../e.duckdb")
    monkeypatch.chdir(folder)
    assert users("--db", "e.duckdb") == users("one.csv", "two.csv")
    assert "for this run" not in run("funnel", "--db", "e.duckdb").stderr


@pytest.mark.parametrize("name", ["who.parquet", "deep/who.csv.gz", "who.jsonl", "w[h]o.parquet"])
def test_alias_tables_are_read_in_the_forms_of_exports(folder, name):
    (folder / "deep").mkdir()
    pairs = "(select 'a1' as alias, 'U1' as person)"
    form = {".parquet": "parquet", ".jsonl": "json"}.get(Path(name).suffix, "csv")
    duckdb.sql(f"copy {pairs} to '{folder / name}' (format {form})")
    configure(folder, f'[identity]\nanonymous = "anonymous_id"\ntable = ["{name}"]\n')
    assert users("one.csv") == [3, 1]


def test_ids_that_lost_their_type_in_an_alias_table_are_whole(folder):
    (folder / "e.csv").write_text("user_id,event,ts\n8,visit,2026-01-01\n7,order,2026-01-02\n")
    pairs = "(select 8::double as alias, 7::decimal(9, 2) as person)"
    duckdb.sql(f"copy {pairs} to '{folder / 'who.parquet'}'")
    configure(folder, '[identity]\nanonymous = []\ntable = "who.parquet"\n')
    assert users("e.csv") == [1, 1]


@pytest.mark.parametrize(
    "pairs",
    ["an2,u2\nan3,u3\n", "a@b.c,U1\n", "17,U1\n", "kim,bob\nlee,bob\n",
     "6f9619ff-8b86,U1\nffe1-8b86-9,U2\n", "an7,eve\nan10,bob\n"],
)  # fmt: skip
def test_an_alias_table_without_names_loses_no_pair_silently(folder, pairs):
    (folder / "who.csv").write_text(pairs)
    configure(folder, '[identity]\nanonymous = "anonymous_id"\ntable = "who.csv"\n')
    said = run("funnel", "one.csv", code=3).stderr
    first = pairs.splitlines()[0].replace(",", ", ")
    assert f"who.csv: the first line ({first}) holds ids and no names" in said
    assert "write a line of names above it: alias,person" in said


@pytest.mark.parametrize("names", ["alias,person", "id1,id2", "cookie_v2,user_v2", "a,b"])
def test_names_of_an_alias_table_may_be_any_and_come_again(folder, names):
    (folder / "who.csv").write_text(f"{names}\na1,U1\n{names}\n")
    configure(folder, '[identity]\nanonymous = "anonymous_id"\ntable = "who.csv"\n')
    assert users("one.csv") == [3, 1]


def test_columns_may_be_named_as_in_the_source_or_lie_in_properties(folder):
    rows = [
        {"who": "U1", "event": "visit", "ts": "2026-01-01", "context": {"device": "d1"}},
        {"event": "order", "ts": "2026-01-02", "context": {"device": "d1"}},
    ]
    (folder / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    alias = 'alias = { from = "context.device", to = "who" }'
    (folder / "hourglass.toml").write_text(
        f'[columns]\nuser = "who"\n{STAGES}[identity]\n{alias}\n'
    )
    assert users("e.jsonl") == [1, 1]


def test_inspect_shows_ids_contradictions_and_the_funnel_before_and_after(folder):
    (folder / "who.csv").write_text("alias,person\na3,U2\nb1,a1\nb2,U4\nb2,U5\n")
    configure(folder, LOGIN + 'table = "who.csv"\n')
    load("one.csv")
    for data in (["one.csv"], ["--db", "e.duckdb"]):
        answer = json.loads(run("inspect", *data, "--identity", "--show-ids", "-f", "json").stdout)
        found = {one["check"]: one["count"] for one in answer["identity"]}
        assert found == {
            "ids named together with another": 9,
            "ids counted as another": 2,
            "ids that are alias and person": 1,
            "groups of ids of several known people": 2,
            "rows without a user that have a person now": 3,
            "rows without a person": 1,
            "people by their user ids alone": 3,
            "people with ids joined": 5,
        }
        assert answer["shared"] == [
            {"alias": "a3", "ids": 1, "people": 2, "persons": "U2, U3", "found_in": "both",
             "events": 2},
            {"alias": "b2", "ids": 1, "people": 2, "persons": "U4, U5",
             "found_in": "alias table", "events": 0},
        ]  # fmt: skip
        assert [
            (one["stage"], one["users_before"], one["users"]) for one in answer["stitched"]
        ] == [("visit", 0, 3), ("order", 0, 1)]


def test_where_a_contradiction_was_found_is_said(folder):
    (folder / "who.csv").write_text("alias,person\na1,U1\na1,U7\nb2,U4\nb2,U5\n")
    configure(folder, LOGIN + 'table = "who.csv"\n')
    answer = json.loads(run("inspect", "one.csv", "--identity", "--show-ids", "-f", "json").stdout)
    assert {one["alias"]: (one["found_in"], one["events"]) for one in answer["shared"]} == {
        "a1": ("both", 1),
        "a3": ("events", 2),
        "b2": ("alias table", 0),
    }


def test_who_shares_ids_are_known_people_alone(folder):
    (folder / "who.csv").write_text("alias,person\nx,U4\nx,U5\nx,y\ny,U4\n")
    configure(folder, LOGIN + 'table = "who.csv"\n')
    answer = json.loads(run("inspect", "one.csv", "--identity", "--show-ids", "-f", "json").stdout)
    found = {one["alias"]: (one["ids"], one["persons"]) for one in answer["shared"]}
    assert found == {"a3": (1, "U2, U3"), "x": (2, "U4, U5")}


def test_who_is_who_is_shown_by_hashes_unless_ids_are_asked_for(folder):
    (folder / "who.csv").write_text("alias,person\na3,U2\nb2,U4\nb2,U5\n")
    configure(folder, LOGIN + 'table = "who.csv"\n')
    for flags in ((), ("--show-ids",)):
        answer = run("inspect", "one.csv", "--identity", *flags, "-f", "json").stdout
        found = json.loads(answer)
        told = {one["check"]: one["detail"] for one in found["identity"]}["ids counted as another"]
        assert (told.split(" ids are one, ")[1] == "U1") == bool(flags)
        for one in found["shared"]:
            shown = [one["alias"], *one["persons"].split(", ")]
            assert all(len(name) == (2 if flags else 8) for name in shown)
            assert one["people"] == 2
        assert any(name in answer for name in ("U1", "U2", "U4")) == bool(flags)


def test_who_is_who_is_a_page_too(folder):
    configure(folder, LOGIN)
    run("inspect", "one.csv", "--identity", "--html", "who.html")
    page = (folder / "who.html").read_text("utf-8")
    for heading in ("Ids", "The funnel before and after", "Definitions"):
        assert f"<bdi>{heading}</bdi></a></h2>" in page


def test_the_sample_gives_the_people_that_are_planted_in_it(folder):
    stages = (ROOT / "tests" / "data" / "sample.toml").read_text("utf-8")
    (folder / "hourglass.toml").write_text(stages + LOGIN)
    planted = generate(6_000, 1).truth.reached_joined
    found = users(str(ROOT / "sample_events.parquet"))
    assert found == list(planted.values())


def test_inspect_says_where_no_identity_is_configured(folder):
    configure(folder, "")
    assert "there is no [identity]" in run("inspect", "one.csv", "--identity", code=2).stderr


WRONG = {
    "no such column": (LOGIN.replace("anonymous_id", "anonymus_id"), 2, 'mean "anonymous_id"'),
    "no such table": ('[identity]\ntable = "whom.csv"\n', 3, 'did you mean "who.csv"'),
    "three columns": ('[identity]\ntable = "three.csv"\n', 3, "has 3 columns (a, b, c)"),
    "uneven rows": ('[identity]\ntable = "uneven.csv"\n', 3, "line 3 is not a pair of ids"),
    "open quote": ('[identity]\ntable = "open.csv"\n', 3, 'line 3 is not a pair of ids: "b,"q"'),
    "outside": ('[identity]\ntable = "../who.csv"\n', 2, "beside or below this one"),
    "unknown key": (LOGIN.replace("from =", "form ="), 2, "hourglass.toml:5: identity.alias.form"),
    "no flag": (LOGIN + 'merge_shared = "yes"\n', 2, "neither true nor false"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("command", ["funnel", "load"])
def test_what_is_wrong_is_named(folder, case, command):
    (folder / "who.csv").write_text("alias,person\n")
    (folder / "open.csv").write_text('alias,person\na,p\nb,"q\nc,r\nd,s\n')
    (folder / "three.csv").write_text("a,b,c\n1,2,3\n")
    (folder / "uneven.csv").write_text("a,b\n1,2\n3,4,5\n")
    identity, code, said = WRONG[case]
    configure(folder, identity)
    db = ["--db", "e.duckdb"] if command == "load" else []
    assert said in run(command, "one.csv", *db, code=code).stderr
    assert not (folder / "e.duckdb").exists()


def test_ids_that_nobody_names_together_are_said(folder):
    configure(folder, LOGIN.replace("login", "sign-in"))
    assert "nowhere are two ids named together" in run("funnel", "one.csv").stderr


def test_events_that_the_data_lack_are_said(folder):
    configure(folder, LOGIN.replace('"login"', '["logn", "login"]'))
    said = '[identity]: no event "logn" in the data; did you mean "login"?'
    for words in (("funnel", "one.csv"), ("load", "one.csv", "--db", "n.duckdb")):
        assert run(*words).stderr.count(said) == 1
    assert said not in run("funnel", "--db", "n.duckdb").stderr  # it was said by the load
