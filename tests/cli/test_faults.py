"""Faults from outside, as processes: each with its exit code, earlier output and database intact.

A part of the table, another for each fault, so that every command meets some; in CI all of it.
"""

import os
import shutil

import pytest
from typer.main import get_command

from hourglass.cli import app

pytest.importorskip("resource", reason="limits and signals of this kind are POSIX")

from tests.cli import faults

EVERY = 1 if os.environ.get("CI") == "true" else 7
"""One case of so many is tried."""
CASES = [case for number, case in enumerate(faults.cases()) if number % EVERY == 0]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    faults.prepare(folder)
    return folder


@pytest.mark.parametrize(
    ("fault", "command"), CASES, ids=[f"{fault.name}-{one.name}" for fault, one in CASES]
)
def test_a_fault_has_its_exit_code_and_harms_nothing(prepared, tmp_path, fault, command):
    folder = tmp_path / "work"
    shutil.copytree(prepared, folder)
    assert not faults.problems(fault, command, folder)


def test_every_command_is_in_the_table():
    assert set(get_command(app).commands) == {one.name for one in faults.COMMANDS}
    assert {one.name for one in faults.COMMANDS} == {one.name for _, one in faults.cases()}
