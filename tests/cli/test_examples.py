"""Examples of the help that name events or columns work on what `hourglass sample` writes."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from hourglass.cli import app


def run(*words):
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("command", ["reconcile", "friction", "funnel", "paths", "referrals"])
def test_an_example_works_on_a_sample(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("sample", "--people", "300", "-o", "export.csv").exit_code == 0
    assert run("init", "export.csv").exit_code == 0  # [friction] is proposed there
    told = get_command(app).commands[command].help
    example = re.search(r"Example: hourglass (.*)", told)[1]
    done = run(*shlex.split(example), "-q")
    assert done.exit_code == 0, done.stderr
