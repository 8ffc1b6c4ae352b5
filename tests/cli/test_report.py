"""`hourglass report` as a person types it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXPORT = """user_id,event,ts,channel
a,view,2026-01-05 10:00,mail
a,order,2026-01-06 10:00,mail
b,view,2026-01-13 10:00,<b>shop</b>
c,view,nonsense,mail
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    return tmp_path


def hourglass(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "hourglass", *words]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=settings)


ASKED = ("report", "export.csv", "--steps", "view,order")


def test_the_path_is_the_only_line_and_the_bytes_repeat(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "-o", "out.html", "--title", "Q1 <fair>")
    assert (done.returncode, done.stdout.split()) == (0, [b"out.html"])
    first = (folder / "out.html").read_bytes()
    hourglass(folder, *ASKED, "-o", "out.html", "--title", "Q1 <fair>")
    assert (folder / "out.html").read_bytes() == first
    text = first.decode()
    assert "<title>Q1 &lt;fair&gt;</title>" in text
    assert "Of 2 people who entered at view, 1 (50.0\N{NO-BREAK SPACE}%) reached order." in text
    assert "hourglass report export.csv --steps view,order -o out.html" in text
    assert "&lt;b&gt;shop&lt;/b&gt;" in text
    assert "<b>shop" not in text
    assert "export.csv line 5" in text


def test_quiet_success_is_silent(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "-o", "out.html", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (folder / "out.html").stat().st_size > 1_000_000


def test_a_dash_is_standard_output(folder: Path) -> None:
    done = hourglass(folder, *ASKED, "-o", "-")
    assert done.stdout.startswith(b"<!doctype html>")
    assert done.stdout.endswith(b"</html>\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("-o", "out.pdf"), 2, b"does not end in .html"),
        (("-o", "nowhere/out.html"), 5, b"could not be written"),
        (("-o", "out.html", "--by", "colour"), 2, b"colour"),
        (("-o", "out.html", "--since", "2030-01-01"), 3, b"from 2026-01-05 to 2026-01-13"),
    ],
    ids=["another format", "no such folder", "no such column", "nobody in the period"],
)
def test_failures_leave_no_file(
    folder: Path, words: tuple[str, ...], code: int, said: bytes
) -> None:
    done = hourglass(folder, *ASKED, *words)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert [path.name for path in folder.iterdir()] == ["export.csv"]
