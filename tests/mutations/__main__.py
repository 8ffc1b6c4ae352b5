"""Change the SQL files one small thing at a time, and see that a test fails each time.

    python -m tests.mutations            every mutation
    python -m tests.mutations optional   those of the files under queries/optional
    python -m tests.mutations --new      those whose outcome is not known

`mutations.toml` lists them: the file, a piece of its text, what it becomes, and how it ended: the
test that fails (`killed_by`), or why none can (`same`); neither is not tried yet. Outcomes are
written there. The tests of a folder run in one process, on a copy of the queries with the change.
What is no query any more would fail any test and says nothing: such a change is called broken.
It takes hours on a small machine, and is no part of the suite.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import tomlkit

from hourglass import queries

LIST = Path(__file__).with_name("mutations.toml")
QUERIES = Path(__file__).parents[2] / "queries"
QUIETLY = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist")
"""Workers of xdist would read the queries as they are."""


BROKEN = ("Parser Error", "Binder Error", "Catalog Error")
"""What a database says of text that is no query."""


class FirstFailure:
    """Remembers which test failed first, and whether it did for text that is no query."""

    name: str | None = None
    broken = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.name is None:
            self.name = report.nodeid
            self.broken = any(one in report.longreprtext for one in BROKEN)


@contextmanager
def mutated(file: str, text: str, becomes: str) -> Iterator[None]:
    """Have the product read its queries from a copy in which `text` became something else.

    A parameter that is not used any more is no error there: no number would be wrong by it.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "queries"
        shutil.copytree(QUERIES, copy)
        whole = (copy / file).read_text("utf-8")
        if whole.count(text) < 1:
            raise LookupError(f"{file} has no such text: {text}")
        (copy / file).write_text(whole.replace(text, becomes, 1), "utf-8")
        with (
            patch.object(queries, "bundled", lambda: copy),
            patch.object(queries, "_check_variables"),
        ):
            yield


def first_failure(tests: Sequence[Sequence[str]]) -> FirstFailure:
    """Run tests, one selection after the other, until one fails."""
    seen = FirstFailure()
    for words in tests:
        with redirect_stdout(io.StringIO()):
            code = pytest.main([*QUIETLY, *words], plugins=[seen])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise RuntimeError(f"pytest {' '.join(words)} ended with {code!r}")
        if seen.name is not None:
            break
    return seen


def attempt(mutation: Any, tests: Sequence[Sequence[str]]) -> str:
    """Try one mutation, note in it how it ended, and say so."""
    try:
        with mutated(mutation["file"], mutation["text"], mutation["becomes"]):
            killer = first_failure(tests)
    except LookupError as problem:
        return f"stale: {problem}"
    if killer.broken:
        return f"BROKEN: {killer.name} had no query to try"
    if killer.name is None:
        mutation.pop("killed_by", None)
        return "same" if "same" in mutation else "SURVIVED"
    mutation["killed_by"] = killer.name
    return f"killed by {killer.name}"


def main(words: Sequence[str]) -> int:
    """Try the mutations that are asked for; 1 if one survives unexplained or is broken."""
    os.environ.setdefault("HYPOTHESIS_PROFILE", "once")
    listed: Any = tomlkit.parse(LIST.read_text("utf-8"))
    folders, only_new = {one for one in words if not one.startswith("-")}, "--new" in words
    survived = 0
    for mutation in listed["mutation"]:
        folder = str(mutation["file"]).partition("/")[0]
        known = "killed_by" in mutation or "same" in mutation
        if (folders and folder not in folders) or (only_new and known):
            continue
        outcome = attempt(mutation, listed["tests"][folder])
        survived += outcome.startswith(("SURVIVED", "BROKEN"))
        said = f"{mutation['file']}: {mutation['text']} -> {mutation['becomes']}"
        print(f"{outcome}\n    {said}", flush=True)
        LIST.write_text(tomlkit.dumps(listed), "utf-8")
    return int(bool(survived))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
