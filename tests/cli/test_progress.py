"""What is shown of a load under way: on a terminal alone, and no more than is known."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from hourglass.cli.progress import Board, Pass
from hourglass.wishes import Step

pty = pytest.importorskip("pty", reason="terminals of this kind are POSIX")

CSV = "user_id,event,ts\n" + "1,a,2024-01-01T00:00:00Z\n" * 1000


def step(percents, **amount):
    left = list(percents)
    return Step(name="storing", done=lambda: left.pop(0), **amount)


def lines(percents, every=1.0, **amount):
    """What is said of a step whose engine says these percents, one after the other."""
    now = Pass(step(percents, **amount), 0.0)
    said = []
    for number in range(1, len(percents) + 1):
        now.look(number * every)
        said.append(now.words(number * every))
    return said


def test_rows_rate_and_time_left_follow_the_engine():
    assert lines([25.0, 50.0, 75.0], rows=4000) == [
        "1,000 rows/s, 3 s left of this pass",
        "1,000 rows/s, 2 s left of this pass",
        "1,000 rows/s, 1 s left of this pass",
    ]


def test_of_files_the_first_pass_alone_knows_the_rate():
    assert lines([10.0, 90.0, 20.0], size=50_000_000) == [
        "5 MB/s, 9 s left of this pass",
        "22 MB/s, 0 s left of this pass",
        "pass 2",
    ]


@pytest.mark.parametrize(
    ("percents", "said"),
    [
        ([-1.0, -1.0], "for 2 s"),
        ([0.0, 0.0], "for 2 s"),
        ([50.0, 100.0], "for 2 s"),
        ([50.0] * 5, "for 5 s"),
    ],
    ids=["unknown", "not begun", "written behind its figure", "standing still"],
)
def test_where_the_engine_cannot_say_nothing_is_claimed(percents, said):
    assert lines(percents)[-1] == said


def test_within_the_first_second_no_rate_is_said():
    assert lines([30.0, 60.0], every=0.4) == ["", ""]


def test_long_times_are_in_minutes():
    assert lines([1.0], rows=100) == ["1 rows/s, 1 min 39 s left of this pass"]


@pytest.mark.parametrize(
    ("amount", "named"),
    [
        ({"files": (1, 1, 1), "size": 999}, "storing 1 file (999 bytes)"),
        ({"files": (2, 2, 9), "size": 1_500_000}, "storing file 2 of 9 (2 MB)"),
        ({"files": (2, 8, 9)}, "storing files 2–8 of 9"),
        ({"rows": 3_000_000}, "storing 3,000,000 rows"),
    ],
)
def test_a_step_says_what_it_is_about(amount, named):
    assert Pass(step([], **amount), 0.0).name() == named


def test_the_line_is_drawn_at_each_step_and_gone_at_the_end():
    paper = io.StringIO()
    console = Console(file=paper, force_terminal=True, width=100, color_system=None)
    with Board(console) as board:
        board.begin(Step(name="reading [bold]", done=lambda: 50.0))
        board.begin(Step(name="storing", rows=7, done=lambda: -1.0))
    assert "reading [bold]" in paper.getvalue()
    assert "storing 7 rows" in paper.getvalue()
    assert paper.getvalue().endswith("\x1b[2K")


def load(folder: Path, *more: str) -> tuple[str, int]:
    """Run a load whose stderr is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "hourglass", "load", "e.csv", "--db", "e.duckdb", *more],
        cwd=folder,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    return said.decode(), process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "e.csv").write_text(CSV)
    return tmp_path


def test_a_terminal_sees_the_steps_and_then_the_summary(folder):
    said, code = load(folder)
    assert code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert "reading 1 file (26 kB)" in plain.replace("25 kB", "26 kB")
    assert "storing 1,000 rows" in plain
    assert "loaded 1,000 events from 1 file" in plain.splitlines()[-1] + plain.splitlines()[-2]


def test_with_quiet_a_terminal_sees_nothing(folder):
    assert load(folder, "-q") == ("", 0)


def test_a_load_that_fails_leaves_no_line_behind(folder):
    (folder / "e.csv").write_text("a,b\n1,2\n")
    said, code = load(folder)
    assert code == 3
    assert "Traceback" not in said
    assert "hint:" in said


def test_without_a_terminal_there_is_one_line_of_summary(folder):
    done = subprocess.run(
        [sys.executable, "-m", "hourglass", "load", "e.csv", "--db", "e.duckdb"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert "\x1b" not in done.stderr
    assert "storing" not in done.stderr
    assert done.stderr.count("loaded 1,000 events") == 1
