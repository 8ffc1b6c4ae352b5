"""Where an answer goes, in which format, and how a table looks there."""

import io
import json
import shlex
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app, output
from hourglass.errors import OutputError, UsageError
from tests.golden import results


class Stdout(io.TextIOWrapper):
    def __init__(self, encoding="utf-8", terminal=False):
        super().__init__(io.BytesIO(), encoding=encoding, newline="\r\n")
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("asked", "file", "chosen"),
    [
        (None, None, "table"),
        (None, "-", "table"),
        ("csv", "-", "csv"),
        ("csv", "a.json", "csv"),
        (None, "a.JSON", "json"),
        (None, "a.jsonl", "jsonl"),
        (None, "a.b.csv", "csv"),
        (None, "a.md", "md"),
        (None, "a.txt", "table"),
        (None, "a", "table"),
    ],
)
def test_the_format_is_that_asked_for_or_that_of_the_ending(asked, file, chosen):
    assert output.chosen_format(asked, file) == chosen


def test_an_ending_that_says_nothing_is_refused():
    with pytest.raises(UsageError, match=r"a\.xlsx"):
        output.chosen_format(None, "a.xlsx")


def test_a_file_gets_the_bytes_and_stderr_says_so(tmp_path, capsys):
    target = tmp_path / "answer.json"
    output.write(results.funnel(), output=str(target))
    assert json.loads(target.read_bytes())["stages"][0]["users"] == 776_712
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"hourglass: note: wrote {target}\n")


def test_a_file_that_cannot_be_written_is_an_output_error(tmp_path):
    with pytest.raises(OutputError):
        output.write(results.funnel(), "csv", str(tmp_path / "no" / "folder.csv"))


@pytest.mark.parametrize("style", ["table", "csv", "json", "md"])
def test_newlines_are_newlines_on_every_system(style, monkeypatch):
    stdout = Stdout()
    monkeypatch.setattr("sys.stdout", stdout)
    output.write(results.funnel(), style, "-")
    written = stdout.buffer.getvalue()
    assert written.endswith(b"\n")
    assert b"\r" not in written


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_stdout_that_is_not_utf8_gets_ascii_signs_and_data_as_ever(encoding, monkeypatch):
    stdout = Stdout(encoding)
    monkeypatch.setattr("sys.stdout", stdout)
    output.write(results.funnel(by=True), "table")
    written = stdout.buffer.getvalue().decode(encoding)
    assert "####" in written
    assert "\\u63a8" in written
    output.write(results.funnel(by=True), "csv")
    assert "推荐渠道".encode() in stdout.buffer.getvalue()


def test_a_closed_stdout_is_said(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(OutputError, match="closed"):
        output.write_text("x")


@pytest.mark.parametrize(
    ("terminal", "asked", "environment", "color"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (True, "auto", {"TERM": "dumb"}, False),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (False, "auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
        (True, "never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_go_to_terminals_unless_told_otherwise(
    terminal, asked, environment, color, monkeypatch
):
    monkeypatch.setattr("sys.stdout", Stdout(terminal=terminal))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.look(None, asked).color is color


def test_a_pipe_is_as_wide_as_columns_says_or_as_it_needs(monkeypatch):
    monkeypatch.setattr("sys.stdout", Stdout())
    assert output.look().width is None
    monkeypatch.setenv("COLUMNS", "132")
    assert output.look().width == 132
    for nowhere in ("wide", "0", "-5"):
        monkeypatch.setenv("COLUMNS", nowhere)
        assert output.look().width is None


@pytest.mark.parametrize(
    "typed", [["--master", "sc://h:1/;token=s3cret"], ["--master=sc://h/;x=s3cret"]]
)
def test_the_command_of_a_page_holds_no_parameters_of_a_cluster(monkeypatch, typed) -> None:
    monkeypatch.setattr("sys.argv", ["hourglass", "report", "/a;b", *typed, "-o", "week.html"])
    said = output.command()
    assert "s3cret" not in said
    assert said.startswith("hourglass report '/a;b' --master")
    assert "sc://h" in said


@pytest.fixture
def reading(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("o").mkdir()
    rows = "user_id,event,ts\nu1,view,2026-01-01\nu1,order,2026-01-02\n"
    Path("o/in.csv").write_text(rows)
    Path("same.csv").symlink_to("o/in.csv")
    Path("hourglass.toml").write_text('[stages]\nknow = ["view"]\nbuy = ["order"]\n')
    assert CliRunner().invoke(app, ["load", "o", "--db", "e.duckdb"]).exit_code == 0


@pytest.mark.parametrize(
    "typed",
    [
        "funnel o/in.csv -o o/in.csv",
        "people o/in.csv -o ./o/../o/in.csv",
        "people o -o same.csv",
        "trend o/*.csv --html o/in.csv",
        "report o --format html -o o/in.csv",
        "check o/in.csv --junit o/in.csv",
        "inspect o/in.csv --html o/in.csv",
        "init o/in.csv -o o/in.csv --force",
        "load o --db new.duckdb --rejects o/in.csv",
        "funnel --db e.duckdb -f json -o e.duckdb",
        "doctor --db e.duckdb -f json -o e.duckdb",
        "funnel o/in.csv -f json -o hourglass.toml",
        "funnel --config hourglass.toml o/in.csv --html hourglass.toml",
    ],
)
def test_an_output_that_the_command_reads_is_refused(reading, typed):
    words = typed.split()
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 2, ran.stderr
    assert "is read by this command" in ran.stderr
    assert f"name another file: --{'output' if '-o' in words else words[-2][2:]} new-" in ran.stderr
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("load o --db y.csv --rejects y.csv", "db", "rejects"),
        ("load o --db ./y.csv --rejects o/../y.csv", "db", "rejects"),
        ("load o --db y.csv --rejects link.csv", "db", "rejects"),
        ("funnel o --steps a,b -f json -o o.html --html o.html", "output", "html"),
        ("funnel o --steps a,b -o old.txt --html hard.txt", "output", "html"),
        ("check o -o o.csv --junit o.csv", "output", "junit"),
    ],
)
def test_two_outputs_in_one_file_are_refused(reading, typed, first, second):
    Path("link.csv").symlink_to("y.csv")
    Path("old.txt").write_text("")
    Path("hard.txt").hardlink_to("old.txt")
    ran = CliRunner().invoke(app, typed.split())
    assert ran.exit_code == 2, ran.stderr
    assert f"--{first} and --{second} name the same file: {typed.split()[-1]}" in ran.stderr
    assert f"--{second} new-{Path(typed.split()[-1]).name}" in ran.stderr
    assert not Path("y.csv").exists()
    assert not Path("o.html").exists()


def test_a_device_takes_two_outputs(reading):
    typed = "inspect o -f json -o /dev/null --html /dev/null"
    assert CliRunner().invoke(app, typed.split()).exit_code == 0


@pytest.mark.parametrize(
    "typed",
    [
        "funnel o/in.csv -f json -o old.txt",
        "init o/in.csv -o hourglass.toml --force",
        "people no.csv -o old.txt -f csv",
    ],
)
def test_other_outputs_are_replaced_as_ever(reading, typed):
    Path("old.txt").write_text("")
    assert "is read by this command" not in CliRunner().invoke(app, typed.split()).stderr


@pytest.mark.parametrize(
    ("typed", "code", "hint"),
    [
        ("load o --db 'no dir/e.duckdb'", 5, "mkdir -p 'no dir'"),
        ("load o --db n.duckdb --spill 'no dir'", 5, "mkdir -p 'no dir'"),
        ("load o --db n.duckdb --rejects 'no dir/r.csv'", 5, "mkdir -p 'no dir'"),
        ("funnel --db 'no file.duckdb'", 3, "hourglass load EVENTS --db 'no file.duckdb'"),
        ("funnel 'a b.zip'", 3, "see what is there: unzip -l 'a b.zip'"),
        ("funnel 'a b/in.cvs'", 3, "see what is there: ls 'a b'"),
        ("funnel o -o 'x y.zzz'", 2, "--output 'x y.zzz' --format csv"),
        ("explain nobody o", 3, "hourglass people o --all lists everybody"),
        ("people o --trigger 'a b' --all", 2, "hourglass people o --trigger 'a b'"),
        ("sql --check 'a b' o", 2, "hourglass sql funnel/stages --eject 'a b'"),
        ("funnel o -o 'a b'", 5, "name another file"),
    ],
)
def test_hints_may_be_typed_as_they_are(reading, typed, code, hint):
    Path("a b").mkdir()
    with zipfile.ZipFile("a b.zip", "w"):
        pass
    ran = CliRunner().invoke(app, shlex.split(typed))
    assert ran.exit_code == code, ran.stderr
    assert ran.stderr.splitlines()[-1].endswith(hint)


@pytest.mark.parametrize("command", ["funnel -f csv", "funnel -f jsonl", "people -f csv"])
def test_what_a_format_has_no_place_for_is_said_beside_it(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    rows = "1,a,2024-01-01\n,a,2024-01-01\n1,b,2024-01-02\n1,b,2199-01-02\n"
    Path("s.csv").write_text(f"user_id,event,ts\n{rows}")
    done = CliRunner().invoke(app, [*command.split(), "s.csv", "--steps", "a,b"])
    said = done.stderr.splitlines()
    assert "hourglass: note: 1 row without a person left out" in said
    assert "hourglass: note: 1 of the events is later than the clock" in said


def test_a_file_of_queries_that_nothing_reads_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_text("user_id,event,ts\n1,a,2024-01-01\n1,b,2024-01-02\n")
    for name in ("funel/stages", "checks/own"):
        Path(f"sql/{name}.sql").parent.mkdir(parents=True)
        Path(f"sql/{name}.sql").write_text("select 1\n")
    words = ["funnel", "s.csv", "--steps", "a,b", "--queries", "sql"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    (said,) = (line for line in done.stderr.splitlines() if ".sql" in line)
    assert said == (
        "hourglass: warning: sql/funel/stages.sql stands in for no file of ours, and is not"
        ' read; did you mean "funnel/stages"?'
    )
    Path("sql/funnel").mkdir()
    Path("sql/funnel/stages.sql").write_bytes("-- Ein Schluß\nselect 'ä'\n".encode("latin-1"))
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 4
    assert "sql/funnel/stages.sql:1: not UTF-8" in done.stderr
