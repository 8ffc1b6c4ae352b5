"""Whatever is typed: an answer or an error of ours, never a bug, never a traceback."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command
from typer.testing import CliRunner

from hourglass.cli import app

CODES = {0, 1, 2, 3, 4, 5, 6}
WORDS = (
    "e.csv", "e.duckdb", "none.csv", "new.csv", "new.json", "new.html", "here", "-", "", " ", "0",
    "1", "-1", "3", "1e99", "99999999999999999999", "nan", "2024-01-01", "2024-01-32", "0001-01-01",
    "9999-12-31", "2024-01-01T10:00:00+02:00", "1 day", "0s", "none", "99999999 weeks", "-1 day",
    "Europe/Helsinki", "Mars/Base", "../zone", "monday", "view,pay", "view,pay,view",
    "view|pay,pay",
    ",", "view", "*", "plan", "stage", "user_id", "properties.x", "plan = 'a'",
    "1) or (1", "now() > ts",
    "plan=a", "first_touch", "stage:pay", "stage:", "hourglass", "buying-cycle", "u1", "funnel",
    "funnel/stages", "html", "json", "csv", "table", "md", "day", "week", "month", "1GB", "1KB",
    "x" * 300,
    "\x00", "\x1b[31m", "\u202e", "\ud800", "é", "[", "{", "'", '"', ";", "%", "$x",
)  # fmt: skip
ROWS = [
    "user_id,event,ts,plan",
    *(
        f"u{n % 5},{'view' if n % 2 else 'pay'},2024-01-0{1 + n % 7},{'ab'[n % 2]}"
        for n in range(30)
    ),
]


def flags_of(command):
    """Return the flags of a command, each with whether a word follows it."""
    return [
        (option, not getattr(one, "is_flag", False))
        for one in get_command(app).commands[command].params
        if one.param_type_name == "option"
        for option in (*one.opts, *one.secondary_opts)
        if option.startswith("--") and option not in ("--help", "--wait")
    ]


FLAGS = {name: flags_of(name) for name in get_command(app).commands}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("flags")
    (made / "e.csv").write_text("\n".join(ROWS))
    (made / "here").mkdir()
    return made


def typed(command, seed):
    """Make up a command line: some flags, sensible words among them more often than not."""
    dice = random.Random(seed)
    line = [command]
    if dice.random() < 0.7:
        line.append("e.csv")
    if dice.random() < 0.5 and "--steps" in dict(FLAGS[command]):
        line += ["--steps", "view,pay"]
    for _ in range(dice.randrange(4)):
        flag, takes = dice.choice(FLAGS[command])
        line += [flag, dice.choice(WORDS)] if takes else [flag]
    if dice.random() < 0.3:
        line.append(dice.choice(WORDS))
    return line


@pytest.mark.parametrize("command", FLAGS)
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=max(settings.get_profile(settings.get_current_profile_name()).max_examples // 5, 8)
)
def test_any_command_line_ends_in_good_order(folder, command, seed):
    line = typed(command, seed)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        done = CliRunner().invoke(app, line)
    assert done.exit_code in CODES, (line, done.output)
    assert "Traceback" not in done.output, line
    assert "bug in hourglass" not in done.output, line
    if done.exit_code not in (0, 1):
        assert "hourglass: error: " in done.stderr or command == "doctor", (line, done.output)
    assert (folder / "e.csv").read_text() == "\n".join(ROWS)
    for one in folder.iterdir():
        if one.name not in ("e.csv", "here") and one.is_file():
            one.unlink()
    assert Path.cwd() != folder
