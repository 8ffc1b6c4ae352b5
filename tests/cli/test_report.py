"""`hourglass report` as a person types it."""

import json
import os
import re
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


def test_strict_ends_with_one_where_there_are_warnings_and_writes_the_report(folder: Path) -> None:
    clean = "".join(line for line in EXPORT.splitlines(keepends=True) if "nonsense" not in line)
    (folder / "clean.csv").write_text(clean, encoding="utf-8")
    asked = ("--steps", "view,order", "-f", "md", "-o", "out.md", "--strict", "-q")
    done = hourglass(folder, "report", "clean.csv", *asked)
    assert (done.returncode, done.stderr) == (0, b"")
    (folder / "out.md").unlink()
    done = hourglass(folder, "report", "export.csv", *asked)
    assert done.returncode == 1
    assert b"warning" in done.stderr
    assert (folder / "out.md").exists()


def test_no_clobber_leaves_what_is_there(folder: Path) -> None:
    (folder / "out.md").write_text("mine")
    done = hourglass(folder, *ASKED, "-o", "out.md", "--no-clobber")
    assert done.returncode == 5
    assert b"out.md is there already" in done.stderr
    assert (folder / "out.md").read_text() == "mine"
    assert hourglass(folder, *ASKED, "-o", "new.md", "--no-clobber").returncode == 0


def test_champions_are_named_where_that_is_asked_for(folder: Path) -> None:
    (folder / "invited.csv").write_text(
        "user_id,event,ts,referrer_id\nann,order,2026-01-01,\nbob,view,2026-01-03,ann\n"
        "bob,order,2026-01-04,ann\nbob,order,2026-03-04,\n"
    )
    (folder / "hourglass.toml").write_text('[stages]\nknow = ["view", "order"]\nbuy = ["order"]\n')
    asked = ("report", "invited.csv", "-o", "-", "-f", "md", "-q")
    assert b"| ann |" not in hourglass(folder, *asked).stdout
    assert b"| ann |" in hourglass(folder, *asked, "--show-ids").stdout


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
        (("-o", "out.pdf"), 2, b"does not end in .html, .md or .json"),
        (("-o", "-", "--plotlyjs", "directory"), 2, b"a file beside the page"),
        (("-o", "nowhere/out.html"), 5, b"hint: mkdir -p nowhere"),
        (("-o", "out.html", "--by", "colour"), 2, b"colour"),
        (("-o", "out.html", "--since", "2030-01-01"), 3, b"from 2026-01-05 to 2026-01-13"),
    ],
    ids=[
        "another format",
        "no folder to share",
        "no such folder",
        "no such column",
        "nobody in the period",
    ],
)
def test_failures_leave_no_file(
    folder: Path, words: tuple[str, ...], code: int, said: bytes
) -> None:
    done = hourglass(folder, *ASKED, *words)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert [path.name for path in folder.iterdir()] == ["export.csv"]


def test_the_ending_says_the_format(folder: Path) -> None:
    assert hourglass(folder, *ASKED, "-o", "out.md", "-q").returncode == 0
    assert (folder / "out.md").read_text(encoding="utf-8").startswith("# Hourglass report\n")
    assert hourglass(folder, *ASKED, "-o", "out.json", "-q").returncode == 0
    data = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert data["results"]["funnel"]["stages"][0]["users"] == 2
    assert "referrals" in data["missing"]
    printed = hourglass(folder, *ASKED, "-o", "-", "-f", "md", "-q").stdout
    written = (folder / "out.md").read_bytes()
    assert printed == written.replace(b"-o out.md -q", b"-o - -f md -q")


def test_plotlyjs_is_inside_beside_elsewhere_or_not_at_all(folder: Path) -> None:
    sizes = {}
    for where in ("directory", "cdn", "none"):
        done = hourglass(folder, *ASKED, "-o", f"{where}.html", "--plotlyjs", where, "-q")
        assert done.returncode == 0
        sizes[where] = (folder / f"{where}.html").stat().st_size
    assert max(sizes.values()) < 150_000
    (library,) = folder.glob("plotly-*.min.js")
    assert f'<script src="{library.name}"' in (folder / "directory.html").read_text("utf-8")
    cdn = (folder / "cdn.html").read_text("utf-8")
    address = r"https://cdn\.plot\.ly/plotly-[\d.]+\.min\.js"
    assert re.search(rf'src="{address}" integrity="sha256-', cdn)
    assert "<script" not in (folder / "none.html").read_text("utf-8")


CONFIG = """
[columns]
user = "user_id"
event = "event"
timestamp = "ts"
[models.shop.stages]
view = ["view"]
order = ["order"]
[report]
title = "Monday <shop>"
logo = "logo.svg"
sections = ["stages", "data"]
"""


def test_the_configuration_says_title_logo_and_sections(folder: Path) -> None:
    (folder / "hourglass.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    done = hourglass(folder, "report", "export.csv", "-o", "out.html", "-q")
    assert (done.returncode, done.stderr) == (0, b"")
    text = (folder / "out.html").read_text(encoding="utf-8")
    assert "<title>Monday &lt;shop&gt;</title>" in text
    assert re.findall(r'<h2 id="([a-z]+)"', text) == ["stages", "data"]
    assert '<img class="logo" alt="" src="data:image/svg+xml;base64,' in text
    hourglass(folder, "report", "export.csv", "-o", "out.html", "-q", "--title", "Mine")
    assert "<title>Mine</title>" in (folder / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('"logo.svg"', '"../logo.svg"', b"must be a picture beside or below this file"),
        ('"logo.svg"', '"none.png"', b"there is no picture"),
        ('"logo.svg"', '"export.csv"', b"export.csv is no picture that a page can show"),
        ('"logo.svg"', '"big.png"', b"100,001 bytes"),
        ('"data"]', '"dats"]', b"dats"),
        ('"data"]', '"stages"]', b'names the section "stages" twice'),
        ('["stages", "data"]', '"stages"', b"is not a list of sections"),
        ("title", "titel", b'did you mean "title"?'),
    ],
)
def test_mistakes_in_the_configuration(folder: Path, was: str, now: str, said: bytes) -> None:
    (folder / "hourglass.toml").write_text(CONFIG.replace(was, now), encoding="utf-8")
    (folder / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "big.png").write_bytes(bytes(100_001))
    done = hourglass(folder, "report", "export.csv", "-o", "out.html")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (folder / "out.html").exists()


@pytest.mark.parametrize("question", ["funnel", "trend", "paths", "reconcile"])
def test_html_writes_an_answer_as_a_page_beside_the_answer(folder: Path, question: str) -> None:
    plain = hourglass(folder, question, *ASKED[1:], "-q")
    done = hourglass(folder, question, *ASKED[1:], "-q", "--html", "out.html")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == plain.stdout
    text = (folder / "out.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert f"hourglass {question} export.csv --steps view,order -q --html out.html" in text
    assert 'id="definitions"' in text


@pytest.mark.parametrize(
    ("question", "page", "code"), [("retention", "out.html", 3), ("funnel", "nowhere/out.html", 5)]
)
def test_an_error_leaves_no_page(folder: Path, question: str, page: str, code: int) -> None:
    done = hourglass(folder, question, *ASKED[1:], "--html", page)
    assert done.returncode == code
    assert not (folder / page).exists()
