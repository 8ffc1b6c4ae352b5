"""The command as a whole: help, versions, mistakes, signals, closed pipes, full disks."""

import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from hourglass import __version__
from hourglass.cli import app
from hourglass.cli import options as opt
from hourglass.cli.commands import PANELS, Commands
from hourglass.cli.group import Group
from hourglass.errors import DataError

ROOT = Path(__file__).parents[2]
unix = pytest.mark.skipif(os.name == "nt", reason="signals and /dev/full are those of Unix")

trial = typer.Typer(cls=Group, add_completion=False)


@trial.callback()
def group() -> None:
    """A group with a command that fails."""


@trial.command()
def fail(
    how: str, quiet: opt.Quiet = False, level: Annotated[int, typer.Option(min=1)] = 1
) -> None:
    """Fail in the way asked for."""
    if how == "exit":
        raise typer.Exit(1)
    if how == "data":
        raise DataError("nothing there", "look elsewhere")
    raise ZeroDivisionError(how)


def run(*words, application=app):
    return CliRunner().invoke(application, list(words))


def python(code, *words, **options):
    env = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    command = [sys.executable, "-c", textwrap.dedent(code), *words]
    return subprocess.Popen(
        command, stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, env=env
    )


def test_a_bare_call_prints_the_help_beside_the_results():
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: hourglass" in result.stderr


def test_the_version():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"hourglass {__version__}\n")


def test_help_lists_the_commands_in_their_panels():
    result = run("--help")
    assert result.exit_code == 0
    assert result.stderr == ""
    panels = re.findall(r"^([a-z ]+):$", result.stdout, re.MULTILINE)
    assert panels == ["set up", "ask", "explain", "deliver"]


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("hourglass re", {"retention", "referrals", "reconcile", "report"}),
        ("hourglass funnel --win", {"--window", "--window-from"}),
        ("hourglass funnel --order s", {"strict"}),
    ],
)
def test_a_shell_is_told_what_may_follow(words, completed):
    env = {
        "_HOURGLASS_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    process = python("from hourglass.cli import app; app()", env=env)
    said, wrong = process.communicate()
    assert (process.returncode, wrong) == (0, b"")
    assert set(said.decode().split()) == completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_a_shell_is_shown(shell, monkeypatch):
    """That of the shell in use: the test must not depend on the one that it was started from."""
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, shell))
    result = run("--show-completion")
    assert result.exit_code == 0
    assert "_HOURGLASS_COMPLETE=complete_" in result.stdout


def test_the_help_says_of_each_command_what_the_command_says_of_itself():
    for names in PANELS.values():
        assert names == {name: Commands()[name].get_short_help_str(200) for name in names}


@pytest.mark.parametrize("name", Commands())
def test_the_help_of_every_command_shows_an_example(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example:\s+hourglass {name}\b", result.stdout)


@pytest.mark.parametrize("name", Commands())
def test_an_unknown_option_names_the_help_to_read(name):
    result = run(name, "--no-such-thing")
    assert result.exit_code == 2
    assert result.stdout == ""
    said = result.stderr.splitlines()
    assert said[0].startswith("hourglass: error: no such option: --no-such-thing")
    assert said[1:] == [f"  hint: hourglass {name} --help"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fial"], "no such command 'fial'. Did you mean 'fail'?"),
        (["fail"], "missing argument 'HOW'"),
        (["fail", "data", "more"], "got unexpected extra argument(s) (more)"),
        (["fail", "data", "--level", "0"], "invalid value for '--level'"),
    ],
)
def test_mistakes_on_the_command_line_have_the_form_of_all_errors(words, said):
    result = run(*words, application=trial)
    assert result.exit_code == 2
    first, last = result.stderr.splitlines()
    assert first.casefold().startswith(f"hourglass: error: {said}".casefold())
    assert last.endswith(" --help")
    assert "─" not in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "jsn"), "invalid value for '--format' / '-f': 'jsn' is not one of 'table'"),
        (("--queries", "no"), "invalid value for '--queries': dir 'no' does not exist"),
    ],
)
def test_a_value_that_there_is_not_is_said_in_plain_words(words, said):
    result = run("funnel", "export.csv", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"hourglass: error: {said}")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["sql", "funnel", "--eject", "--help"], "--eject"),
        (["funnel", "a.csv", "-o", "--quiet"], "-o"),
        (["load", "a.csv", "--db", "a.duckdb", "--rejects", "--replace"], "--rejects"),
    ],
)
def test_the_name_of_an_option_is_no_value_of_another(tmp_path, monkeypatch, words, option):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("user_id,event,ts\n1,visit,2024-01-01\n")
    result = run(*words)
    assert result.exit_code == 2
    said = f"hourglass: error: option '{option}' requires an argument"
    assert result.stderr.splitlines() == [said, f"  hint: hourglass {words[0]} --help"]
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(("how", "code"), [("exit", 1), ("data", 3), ("oops", 70)])
def test_a_command_that_fails_exits_by_the_table(how, code):
    assert run("fail", how, application=trial).exit_code == code


HEAD = "-- The clock.\n--\n-- returns as_of TIMESTAMP\n"


@pytest.mark.parametrize(
    ("condition", "file", "code"),
    [
        ("plan =", None, 2),
        ("plam = 'a'", None, 2),
        ("plan > 4", None, 2),
        ("sum(amount) > 4", None, 2),
        ("CAST(plan AS INTEGER) > 4", None, 3),
        ("plan = 'a'", None, 0),
        ("plan = 'a'", "select as_of from", 4),
        ("plan = 'a'", "select as_of from nowhere", 4),
        ("plan = 'a'", "select 1 as as_of", 4),
        ("plan = 'a'", "drop table events", 4),
    ],
)
def test_conditions_and_sql_files_that_are_wrong_exit_by_the_table(
    tmp_path, monkeypatch, condition, file, code
):
    rows = "1,visit,2024-01-01,a,5\n1,order,2024-01-02,b,6\n"
    (tmp_path / "a.csv").write_text("user_id,event,ts,plan,amount\n" + rows)
    (tmp_path / "sql" / "funnel").mkdir(parents=True)
    if file:
        (tmp_path / "sql" / "funnel" / "as_of.sql").write_text(f"{HEAD}{file}\n")
    monkeypatch.chdir(tmp_path)
    words = ("--steps", "visit,order", "--where", condition, "--queries", "sql")
    assert run("funnel", "a.csv", *words).exit_code == code


def test_quiet_leaves_errors_alone():
    result = run("fail", "data", "-q", application=trial)
    assert result.stderr == "hourglass: error: nothing there\n  hint: look elsewhere\n"


def test_the_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "hourglass", "--version"], cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == ["hourglass", __version__]


WRITER = """
    import sys
    from hourglass import diagnostics
    from hourglass.cli.output import write_text

    def action():
        for _ in range(10_000):
            write_text("a line\\n" * 100)
        return 0

    sys.exit(diagnostics.run(action))
"""


@unix
def test_a_closed_pipe_is_no_error():
    process = python(WRITER)
    with process.stderr, process.stdout as out:
        out.readline()
        out.close()
        assert process.stderr.read() == b""
    assert process.wait(30) == 0


@unix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("write", ["print('x')", "write_text('x')"])
def test_a_full_disk_is_said_once(write):
    with Path("/dev/full").open("wb") as full:
        process = python(WRITER.replace('write_text("a line\\\\n" * 100)', write), stdout=full)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 5
    assert b"No space left on device" in said
    assert said.startswith(b"hourglass: error: ")
    assert b"Exception ignored" not in said


SLEEPER = """
    import sys, time
    from hourglass import diagnostics

    def action():
        try:
            print("ready", flush=True)
            time.sleep(60)
        finally:
            print("cleaned up", flush=True)
        return 0

    sys.exit(diagnostics.run(action))
"""
ENGINE = """
    import sys
    from hourglass import diagnostics
    from hourglass.engines.connect import connect

    def action():
        connection = connect()
        print("ready", flush=True)
        connection.execute("select count(distinct hash(range)) from range(9000000000)")
        connection.fetchall()
        return 0

    sys.exit(diagnostics.run(action))
"""


@unix
@pytest.mark.parametrize("code", [SLEEPER, ENGINE], ids=["python", "engine"])
@pytest.mark.parametrize(
    ("number", "exit_code", "said"),
    [
        (signal.SIGINT, 130, b"hourglass: error: interrupted\n"),
        (signal.SIGTERM, 143, b"hourglass: error: terminated\n"),
    ],
)
def test_signals_end_a_command_in_order(code, number, exit_code, said):
    process = python(code)
    try:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=4)  # less than the grace of a forced end
    finally:
        process.kill()
    assert (process.returncode, err) == (exit_code, said)
    assert out == (b"cleaned up\n" if code == SLEEPER else b"")
