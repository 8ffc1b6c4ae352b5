"""Data, questions and configurations that mean harm: they are data, or they are refused."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from typer.testing import CliRunner

from hourglass.cli import app
from hourglass.cli.dimensions import OWN
from hourglass.predicates import CHANGING

ROOT = Path(__file__).parents[2]
SECRET = "b7c1-what-nobody-may-see"
NAMES = {
    "quotes": "a\"b'c`d",
    "statement": '"; DROP TABLE events; --',
    "string": "'; ATTACH 'x.duckdb'; --",
    "lines": "two\nlines\r\nhere",
    "controls": "\x1b[31mred\x1b]0;title\x07\x08",
    "right to left": "\u202eexe.txt",
    "page": "</script><script>alert(1)</script>",
    "entity": "&lt;b&gt; <img src=x onerror=alert(1)>",
    "markdown": "[x](http://evil.example) | `y` ![z](z) *b* _i_",
    "formula": '=HYPERLINK("http://evil.example")',
    "annotation": "::error::stop%0A::set-env name=x::y",
    "template": "{{ 7 * 7 }} {% raw %} ${x} %(name)s {0}",
    "dollar": "$$ $1 ? :name getvariable('x')",
    "long": "l" * 10_000,
    "not ascii": "\u00fc\u4e2d\U0001f600\u0301",
    "spaces": "a   b",
    "backslash": "\\n \\ C:\\x",
    "dots": "a.b..c",
    "any column": "*",
    "pattern": "^.*$",
}
FORMATS = ("table", "json", "csv", "md")


def run(*words, code=0):
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, (words, done.exit_code, done.stderr[-600:])
    assert "Traceback" not in done.output
    return done


def write_export(folder, event, column):
    """Two people who do an event of this name and `buy`, with a column of this name."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["user_id", "event", "ts", column])
    for user in ("u1", "u2"):
        rows.writerow([user, event, "2024-01-01T10:00:00Z", event])
        if user == "u1":
            rows.writerow([user, "buy", "2024-01-01T11:00:00Z", event])
    (folder / "e.csv").write_text(text.getvalue(), newline="")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text(f"a,b\n{SECRET},{SECRET}\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def configure(event, column, more=""):
    named = json.dumps(column, ensure_ascii=False)
    told = json.dumps(f"{quoted(column)} IS NOT NULL", ensure_ascii=False)
    Path("hourglass.toml").write_text(
        "[models.m.stages]\n"
        f"first = [{json.dumps(event, ensure_ascii=False)}]\n"
        f"second = {{ events = ['buy'], where = {told} }}\n"
        f"[rules]\nhold = {named}\n{more}"
    )


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_are_only_names(folder, name):
    write_export(folder, name, name)
    configure(name, name)
    where = ("--where", f"{quoted(name)} IS NOT NULL", "--by", name)
    written = {
        form: run("funnel", "e.csv", "-f", form, *where).stdout_bytes.decode() for form in FORMATS
    }
    for form in ("table", "json", "md"):  # CSV holds the data as they are
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", written[form]), form
    assert next(csv.reader(io.StringIO(written["csv"], newline="")))[0] == name
    found = json.loads(written["json"])
    (group,) = found["breakdown"]
    assert group["by"][name].split() == name.split()
    assert [stage["users"] for stage in group["stages"]] == [2, 1]
    rows = list(csv.DictReader(io.StringIO(run("people", "e.csv", "-f", "csv").stdout)))
    assert [(row["user_id"], row["reached"]) for row in rows] == [("u1", "2"), ("u2", "1")]


@pytest.mark.parametrize("name", ["statement", "page", "markdown", "controls", "template"])
def test_names_act_in_no_page_and_no_database(folder, name):
    name = NAMES[name]
    write_export(folder, name, name)
    configure(name, name)
    run("load", "e.csv", "--db", "e.duckdb")
    for words in (
        ("trend", "--unit", "day", "--hold", "none"),
        ("paths",),
        ("explain", "u1"),
    ):
        run(*words, "--db", "e.duckdb", "-f", "md")
    run("report", "--db", "e.duckdb", "--by", name, "-o", "r.html")
    page = Path("r.html").read_text("utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "\x1b" not in page
    run("report", "--db", "e.duckdb", "--by", name, "-o", "r.md")
    text = Path("r.md").read_text("utf-8")
    assert not re.search(r"(?<!\\)\]\(http://evil", text)
    assert not re.search(r"(?<!\\)<(script|img)", text)


def test_every_keyword_is_a_name(folder):
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()
    words = [word for (word,) in rows]
    assert "select" in words
    mine = {"user_id", "event", "ts", "user", "timestamp", "time", "date", "name", "id"}
    words = [word for word in dict.fromkeys(words) if word not in mine | OWN]
    header = ["user_id", "event", "ts", *words]
    lines = [",".join(header)]
    for number, event in enumerate((words[0], words[1])):
        values = ",".join("v" for _ in words)
        lines.append(f"u,{event},2024-01-0{number + 1},{values}")
    Path("e.csv").write_text("\n".join(lines) + "\n")
    by = [flag for word in words[::40] for flag in ("--by", word)]
    by += ["--where", " AND ".join(f"{quoted(word)} = 'v'" for word in words)]
    asked = run("funnel", "e.csv", "--steps", f"{words[0]},{words[1]}", *by, "-f", "json")
    (group,) = json.loads(asked.stdout)["breakdown"]
    assert group["by"] == dict.fromkeys(words[::40], "v")
    assert [stage["users"] for stage in group["stages"]] == [1, 1]


REACHING = (
    "read_text('{secret}') IS NOT NULL",
    "read_csv('{secret}') IS NOT NULL",
    "(FROM '{secret}') IS NOT NULL",
    "user_id IN (SELECT a FROM '{secret}')",
    "EXISTS (FROM read_text('{secret}'))",
    "1); COPY events TO '{target}'; --",
    "1; ATTACH '{target}' AS x",
    "1; INSTALL httpfs",
    "1; SET threads = 1",
    "1; PRAGMA database_list",
    "getenv('HOME') = ''",
    "getvariable('since') IS NULL",
    "current_setting('temp_directory') = ''",
    "write_log('x') IS NULL",
    "sleep_ms(1000) IS NULL",
    "setseed(0.5) IS NULL",
    "random() < 0.5",
    "age(ts) < interval 30 days",
    "now() > ts",
    "COLUMNS(*) IS NULL",
    "#1 = 'u1'",
    "query('FROM events') IS NULL",
    "user_id = 'u1' UNION SELECT 1",
    "user_id = ?",
    "count(*) > 0",
    "event > 1",
    "",
)


@pytest.mark.parametrize("text", REACHING)
def test_a_predicate_reaches_nothing_but_the_event(folder, text):
    write_export(folder, "view", "plan")
    text = text.format(secret=folder.parent / "outside" / "secret.csv", target=folder / "new.db")
    done = CliRunner().invoke(app, ["funnel", "e.csv", "--steps", "view,buy", "--where", text])
    assert done.exit_code == 2, done.output
    assert SECRET not in done.output
    assert sorted(one.name for one in folder.iterdir()) == ["e.csv"]


def test_functions_that_change_are_refused_all_of_them():
    """Those of a newer engine too: whoever upgrades it sees this fail.

    Functions that change for a TIMESTAMP WITH TIME ZONE alone depend on the zone of the session,
    which is UTC and locked.
    """
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT function_name FROM duckdb_functions() WHERE function_type = 'scalar'"
            " GROUP BY function_name HAVING bool_and(stability <> 'CONSISTENT')"
            " OR bool_or(stability = 'VOLATILE') OR bool_or(has_side_effects)"
        ).fetchall()
        expanded = connection.execute(
            "SELECT DISTINCT function_name, macro_definition FROM duckdb_functions()"
            " WHERE function_type = 'macro' AND internal"
        ).fetchall()
    assert {name for (name,) in rows} <= CHANGING
    calls = re.compile(r"\b(\w+)\(|\b(current_\w+)")
    own = {
        name
        for name, text in expanded
        if {word for pair in calls.findall(text or "") for word in pair} & CHANGING
    }
    assert own <= CHANGING


QUERIES = (
    "SELECT count(*) AS events FROM read_csv('{secret}')",
    "SELECT count(*) AS events FROM '{secret}'",
    "SELECT count(*) AS events FROM read_text('{secret}')",
    "SELECT count(*) AS events FROM glob('{secret}')",
    "SELECT count(*) AS events FROM query('FROM ''{secret}''')",
    "SELECT count(*) AS events FROM read_csv('https://example.com/x.csv')",
    "SELECT count(*) AS events FROM enable_logging(storage = 'file')",
    "SELECT count(*) AS events FROM duckdb_secrets()",
    "COPY (SELECT 1 AS events) TO '{target}'",
    "ATTACH '{target}' AS x",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "PRAGMA version",
    "CALL pragma_version()",
    "CREATE TABLE x AS SELECT 1 AS events",
    "SELECT 1 AS events; COPY events TO '{target}'",
    "EXPORT DATABASE '{target}'",
    "SELECT getenv('HOME') AS events",
)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("data", ["export", "database"])
def test_a_shadowed_query_reaches_nothing_but_the_data(folder, text, data):
    write_export(folder, "view", "plan")
    if data == "database":
        run("load", "e.csv", "--db", "e.duckdb")
    there = sorted(one.name for one in folder.iterdir())
    text = text.format(secret=folder.parent / "outside" / "secret.csv", target=folder / "new.db")
    queries = folder.parent / "queries" / "map"
    queries.mkdir(parents=True)
    original = (ROOT / "queries" / "map" / "matching.sql").read_text()
    header = "".join(line for line in original.splitlines(True) if line.startswith("--"))
    (queries / "matching.sql").write_text(header + text + "\n")
    where = ("--db", "e.duckdb") if data == "database" else ("e.csv",)
    words = ["funnel", *where, "--steps", "view,buy", "--queries", str(queries.parent)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 4, done.output
    assert SECRET not in done.output
    assert sorted(one.name for one in folder.iterdir()) == there


def test_a_database_with_views_of_its_own_reaches_nothing(folder):
    write_export(folder, "view", "plan")
    run("load", "e.csv", "--db", "e.duckdb")
    secret = folder.parent / "outside" / "secret.csv"
    with duckdb.connect("e.duckdb") as connection:
        connection.execute("UPDATE loads SET file = $secret", {"secret": str(secret)})
        connection.execute(
            "CREATE OR REPLACE VIEW events AS SELECT a AS user_id, 'view' AS event,"
            " TIMESTAMP '2024-01-01' AS ts, b AS plan, a AS \"hourglass person\""
            f" FROM read_csv('{secret}')"
        )
    steps = ["--steps", "view,buy"]
    for words in (["funnel", *steps], ["people", *steps], ["inspect"], ["init", "-o", "-"]):
        done = CliRunner().invoke(app, [*words, "--db", "e.duckdb"])
        assert done.exit_code in (3, 4), (words, done.output)
        assert SECRET not in done.output


@pytest.mark.parametrize(
    "text",
    [
        'queries = "../outside"',
        'queries = "/etc"',
        '[report]\nlogo = "../outside/secret.csv"',
        '[identity]\ntable = "../outside/secret.csv"',
        '[identity]\ntable = "link.csv"',
        '[report]\nlogo = "link.csv"',
    ],
)
def test_a_configuration_does_not_leave_its_folder(folder, text):
    write_export(folder, "view", "plan")
    Path("link.csv").symlink_to(folder.parent / "outside" / "secret.csv")
    Path("hourglass.toml").write_text(text + '\n[models.m.stages]\na = ["view"]\nb = ["buy"]\n')
    there = sorted(one.name for one in folder.iterdir())
    for words in (["funnel", "e.csv"], ["report", "e.csv", "-o", "r.html"]):
        done = CliRunner().invoke(app, words)
        assert done.exit_code in (2, 3), done.output
        assert SECRET not in done.output
    assert sorted(one.name for one in folder.iterdir()) == there


@pytest.mark.parametrize("name", ["stage", "position", "users", "other", "segment"])
def test_a_column_named_as_one_of_the_answer_has_another_name(folder, name):
    write_export(folder, "view", name)
    for command in ("funnel", "trend"):
        words = (command, "e.csv", "--steps", "view,buy", "-f", "json", "--by")
        assert f"--by {name.upper()}" in run(*words, name, code=2).stderr
        assert f'"{name.upper()}": "view"' in run(*words, name.upper()).stdout
    run("funnel", "e.csv", "--steps", "view,buy", "--by", "event", "--by", "event", code=2)


def test_formulas_are_guarded_for_spreadsheets(folder):
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    rows = ["user_id,event,ts", *(f'"{one}",view,2024-01-01' for one in names)]
    Path("e.csv").write_text("\n".join(rows))
    words = ("people", "e.csv", "--steps", "view,buy", "-f", "csv")
    for flags, guard in (((), ""), (("--spreadsheet",), "'")):
        out = csv.DictReader(io.StringIO(run(*words, *flags).stdout))
        found = {row["user_id"] for row in out}
        assert {guard + name.strip() for name in names[:4]} <= found, found
        assert "plain" in found


def test_names_act_in_no_report_of_checks(folder):
    name = "x]]><boom/>\n::error::y \x1b[1m"
    write_export(folder, "view", "plan")
    Path("hourglass.toml").write_text(
        '[models.m.stages]\na = ["view"]\nb = ["buy"]\n'
        f"[[check]]\nname = {json.dumps(name)}\nmeasure = 'users'\nstage = 'b'\nmin = 9\n"
    )
    done = run("check", "e.csv", "--junit", "j.xml", "--annotations", "github", code=1)
    tree = ElementTree.parse("j.xml")
    assert not list(tree.iter("boom"))
    assert "\x1b" not in done.output
    lines = [line for line in done.output.splitlines() if line.startswith("::")]
    assert lines
    assert not [line for line in lines if line.startswith("::error::y")]


NETWORKLESS = """
import socket, sys
def refuse(*_, **__):
    raise AssertionError("the network was used")
class Guarded(socket.socket):
    connect = connect_ex = sendto = refuse
socket.socket = Guarded
socket.create_connection = socket.getaddrinfo = refuse
from hourglass.cli import app
app()
"""


def in_no_network():
    """Return what starts a program without any network, or with sockets that refuse."""
    for flags in ("-rn", "-n"):
        if (
            shutil.which("unshare")
            and not subprocess.run(
                ["unshare", flags, "true"], capture_output=True, check=False
            ).returncode
        ):
            return ["unshare", flags, sys.executable, "-m", "hourglass"]
    return [sys.executable, "-c", NETWORKLESS]


def test_everything_works_without_a_network(folder, tmp_path):
    command = in_no_network()
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home)}

    def offline(*words):
        done = subprocess.run([*command, *words], env=env, capture_output=True, check=False)
        assert done.returncode == 0, (words, done.stderr.decode())

    offline("sample", "--people", "300", "-o", "e.parquet")
    offline("load", "e.parquet", "--db", "e.duckdb")
    offline("report", "--db", "e.duckdb", "-o", "r.html")
    offline("funnel", "e.parquet", "--by", "channel", "-f", "json", "--where", "ts IS NOT NULL")
    assert not list(home.rglob("*")), "nothing is kept in the home of a user"
    page = re.sub(r"<script.*?</script>", "", Path("r.html").read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"""(src|href|action)\s*=\s*["']?(https?:)?//""", page)
