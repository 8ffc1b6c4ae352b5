"""Lines on stderr are broken between words, and commands not at all."""

import pytest

from hourglass import diagnostics, errors
from hourglass.render import wrapping
from hourglass.render.wrapping import wrapped

LONG = "hourglass: warning: no event of newsletter_signup, and none of order-paid"


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setattr(wrapping, "_width", lambda: 40)


def test_lines_are_broken_at_blanks_and_set_in(narrow):
    assert wrapped(LONG) == [
        "hourglass: warning: no event of",
        "    newsletter_signup, and none of",
        "    order-paid",
    ]
    assert wrapped(f"    {'x ' * 30}y")[1].startswith("        x")


@pytest.mark.parametrize(
    "line",
    [
        "  hint: hourglass load 'a file.csv' --db events.duckdb --config hourglass.toml",
        "  hint: say it for all of the columns: --date-order dmy or --date-order mdy",
        "  hint: see what is there, as far as it is: ls 'a folder of exports'",
        f"hourglass: {'x' * 60}",
        "hourglass: note: short",
    ],
)
def test_what_is_typed_and_what_has_no_blanks_stays_one_line(narrow, line):
    assert wrapped(line) == [line] or wrapped(line)[-1].strip() == "x" * 60


def test_nothing_is_broken_inside_of_quotes(narrow):
    assert wrapped('hourglass: error: there is no column "sign up page of ours"')[1:] == [
        '    "sign up page of ours"'
    ]


def test_where_stderr_is_no_terminal_nothing_changes(capsys):
    diagnostics.warn(LONG * 3)
    diagnostics.error(errors.DataError("x " * 200, "y " * 200))
    assert len(capsys.readouterr().err.splitlines()) == 3
