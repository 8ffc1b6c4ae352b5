"""Every session that the documentation shows gives what it shows."""

import os
import shutil
from pathlib import Path

import pytest

from tests.docs.sessions import Exchange, Shell, exchanges

CHECKOUT = Path(__file__).parents[2]
SAMPLE = CHECKOUT / "sample_events.parquet"
TEXTS = [
    path
    for path in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md")))
    if exchanges(path.read_text(encoding="utf-8"))
]


@pytest.mark.skipif(os.name == "nt", reason="sessions are typed into a POSIX shell")
@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_sessions_print_what_is_shown(text: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path)
    shell = Shell(tmp_path)
    shown = exchanges(text.read_text(encoding="utf-8"))
    for number, exchange in enumerate(shown):
        output = shell.type(exchange.command)
        assert exchange.fits(output), f"$ {exchange.command}\n{output}"
        following = shown[number + 1].command if number + 1 < len(shown) else ""
        assert shell.code == 0 or following == "echo $?", f"exit code {shell.code}: {exchange}"


def test_the_readme_shows_the_main_job() -> None:
    shown = exchanges((CHECKOUT / "README.md").read_text(encoding="utf-8"))
    assert shown[0].command == "hourglass funnel sample_events.parquet"


@pytest.mark.parametrize(
    ("expected", "output", "fits"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a…z\n", "a to z\n", True),
        ("a…z\n", "a\nz\n", False),
        ("a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("a\n…\nz\n", "a\nz\n", True),
        ("1.5 (x)\n", "1.5 (x)\n", True),
        ("1.5\n", "125\n", False),
        ("", "", True),
    ],
)
def test_output_fits_exactly_but_for_ellipses(expected: str, output: str, fits: bool) -> None:
    assert Exchange("x", expected).fits(output) is fits


def test_commands_go_on_after_a_backslash() -> None:
    block = "```console\n$ echo a \\\n    b\na b\n$ false\n$ echo $?\n1\n```\n"
    assert exchanges(block) == [
        Exchange("echo a \\\n    b", "a b\n"),
        Exchange("false", ""),
        Exchange("echo $?", "1\n"),
    ]


def test_a_shell_remembers_the_last_exit_code(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.type("exit 3")
    assert shell.type("echo $?; echo b >&2") == "3\nb\n"
