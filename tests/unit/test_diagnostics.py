"""Everything on stderr has one form, and every class of failure its exit code."""

import errno
import io

import pytest

from hourglass import diagnostics, errors
from hourglass.diagnostics import ExitCode

OutOfMemoryException = type("OutOfMemoryException", (Exception,), {})


def failing(exc):
    def action():
        raise exc

    return action


@pytest.mark.parametrize(
    ("exc", "code"),
    [
        (errors.UsageError("x"), 2),
        (errors.ConfigError(["x"]), 2),
        (errors.DataError("x"), 3),
        (errors.QueryError("x"), 4),
        (errors.OutputError("x"), 5),
        (OSError(errno.ENOSPC, "No space left on device"), 5),
        (errors.EngineError("x"), 6),
        (OutOfMemoryException("x"), 6),
        (MemoryError(), 6),
        (KeyError("x"), 70),
        (PermissionError("x"), 70),
        (errors.HourglassError("no class of its own"), 70),
        (KeyboardInterrupt(), 130),
        (SystemExit(143), 143),
        (BrokenPipeError(), 0),
    ],
)
def test_every_failure_has_its_code(exc, code, capsys):
    assert diagnostics.run(failing(exc)) == code
    assert capsys.readouterr().out == ""


def test_what_went_wrong_and_what_to_type(capsys):
    diagnostics.run(failing(errors.DataError("a.csv is empty", "hourglass inspect a.csv")))
    said = capsys.readouterr().err
    assert said == "hourglass: error: a.csv is empty\n  hint: hourglass inspect a.csv\n"


def test_every_problem_of_a_configuration_is_said(capsys):
    diagnostics.run(failing(errors.ConfigError(["one", "two"], "look")))
    said = capsys.readouterr().err
    assert said == "hourglass: error: one\nhourglass: error: two\n  hint: look\n"


def test_a_bug_is_one_line_that_names_the_place(capsys):
    diagnostics.run(failing(KeyError("x\ny")))
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("hourglass: error: this is a bug in hourglass: KeyError at test_diag")
    assert second.startswith("  hint: for a traceback to report: hourglass --debug")


def test_debug_adds_the_traceback(capsys):
    def action():
        diagnostics.be(debug=True)
        raise ValueError("odd\x1b[31m")

    assert diagnostics.run(action) == ExitCode.BUG
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):\n")
    assert "raise ValueError" in said
    assert "\x1b" not in said


def test_no_value_can_act_on_the_terminal_or_pass_for_a_hint(capsys):
    diagnostics.run(failing(errors.DataError("bad \x1b[2J\u202e\n  hint: rm -rf ~")))
    said = capsys.readouterr().err
    assert said == "hourglass: error: bad \\x1b[2J\\u202e\n      hint: rm -rf ~\n"


@pytest.mark.parametrize(
    ("switches", "heard"),
    [
        ({}, ["hourglass: warning: w", "hourglass: note: n"]),
        (
            {"verbose": True},
            ["hourglass: warning: w", "hourglass: note: n", "hourglass: 0.250 s map/people"],
        ),
        ({"quiet": True}, []),
        ({"quiet": True, "verbose": True}, []),
    ],
)
def test_how_much_is_said(switches, heard, capsys):
    def action():
        diagnostics.be(**switches)
        diagnostics.warn("w")
        diagnostics.note("n")
        diagnostics.step("map/people", 0.25)
        raise errors.DataError("e")

    diagnostics.run(action)
    assert capsys.readouterr().err.splitlines() == [*heard, "hourglass: error: e"]


def test_switches_do_not_outlive_a_command(capsys):
    diagnostics.run(lambda: diagnostics.be(quiet=True) or 0)
    diagnostics.run(lambda: diagnostics.note("heard") or 0)
    assert capsys.readouterr().err == "hourglass: note: heard\n"


def test_results_come_before_what_is_said_of_them(monkeypatch):
    both = io.BytesIO()
    out = io.TextIOWrapper(both, write_through=False)
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(both, write_through=True))
    out.write("result\n")
    diagnostics.note("after it")
    assert both.getvalue() == b"result\nhourglass: note: after it\n"


def test_streams_that_are_closed_are_no_failure(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert diagnostics.run(failing(errors.DataError("unheard"))) == ExitCode.DATA


def test_every_code_is_explained():
    values = {int(code) for code in ExitCode}
    assert values == {0, 1, 2, 3, 4, 5, 6, 70, 130, 143}
