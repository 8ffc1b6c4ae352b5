"""Change the SQL files one small thing at a time, and see that a test fails each time.

    python -m tests.mutations            every mutation
    python -m tests.mutations optional   those of the files under queries/optional
    python -m tests.mutations --new      those whose outcome is not known

`mutations.toml` lists them: the file, a piece of its text, what it becomes, and how it ended: the
test that fails (`killed_by`), or why none can (`same`); neither is not tried yet. Outcomes are
written there. The tests of a folder run in one process, on a copy of the queries with the change.
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

import pytest
import tomlkit

from hourglass import queries

LIST = Path(__file__).with_name("mutations.toml")
QUERIES = Path(__file__).parents[2] / "queries"
QUIETLY = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist")
"""Workers of xdist would read the queries as they are."""


class FirstFailure:
    """Remembers which test failed first."""

    name: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.name is None:
            self.name = report.nodeid


@contextmanager
def mutated(file: str, text: str, becomes: str) -> Iterator[None]:
    """Have the product read its queries from a copy in which `text` became something else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "queries"
        shutil.copytree(QUERIES, copy)
        whole = (copy / file).read_text("utf-8")
        if whole.count(text) < 1:
            raise LookupError(f"{file} has no such text: {text}")
        (copy / file).write_text(whole.replace(text, becomes, 1), "utf-8")
        original, queries.bundled = queries.bundled, lambda: copy
        try:
            yield
        finally:
            queries.bundled = original


def first_failure(tests: Sequence[Sequence[str]]) -> str | None:
    """Run tests, one selection after the other; return the first that fails, null if none does."""
    for words in tests:
        seen = FirstFailure()
        with redirect_stdout(io.StringIO()):
            code = pytest.main([*QUIETLY, *words], plugins=[seen])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise RuntimeError(f"pytest {' '.join(words)} ended with {code!r}")
        if seen.name is not None:
            return seen.name
    return None


def attempt(mutation: Any, tests: Sequence[Sequence[str]]) -> str:
    """Try one mutation, note in it how it ended, and say so."""
    try:
        with mutated(mutation["file"], mutation["text"], mutation["becomes"]):
            killer = first_failure(tests)
    except LookupError as problem:
        return f"stale: {problem}"
    if killer is None:
        mutation.pop("killed_by", None)
        return "same" if "same" in mutation else "SURVIVED"
    mutation["killed_by"] = killer
    return f"killed by {killer}"


def main(words: Sequence[str]) -> int:
    """Try the mutations that are asked for; 1 if one survives whose reason is not known."""
    os.environ.setdefault("HYPOTHESIS_PROFILE", "quick")
    listed: Any = tomlkit.parse(LIST.read_text("utf-8"))
    folders, only_new = {one for one in words if not one.startswith("-")}, "--new" in words
    survived = 0
    for mutation in listed["mutation"]:
        folder = str(mutation["file"]).partition("/")[0]
        known = "killed_by" in mutation or "same" in mutation
        if (folders and folder not in folders) or (only_new and known):
            continue
        outcome = attempt(mutation, listed["tests"][folder])
        survived += outcome == "SURVIVED"
        said = f"{mutation['file']}: {mutation['text']} -> {mutation['becomes']}"
        print(f"{outcome}\n    {said}", flush=True)
        LIST.write_text(tomlkit.dumps(listed), "utf-8")
    return int(bool(survived))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
