# ruff: noqa: E501  (text of a page)
"""Writes docs/reliability.md: what was tried, how often, with which result.

python -m tests.docs.reliability [--every N] [--files N]
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.soak import soak
from tests.cli import faults

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
HEAD = """# What happens when something goes wrong

Nothing that was there before is lost: a database takes a load as a whole or not at all, an output is
replaced in one step or stays, and whatever goes wrong has an exit code of its own. This page is
written by `python -m tests.docs.reliability`, which runs every command into every fault as a process of
its own and compares database and earlier output byte by byte; the tests run a part of the same table.

| fault | exit code | runs | commands | as it should be |
|---|---|---|---|---|
"""
TAIL = """
The exit code of a killed process is that of the signal. After SIGKILL a hidden file of an output that was
being written may be left beside it; the next load clears what is left of a database.

## A soak

`python benchmarks/soak.py` loads files in a loop, kills some of the loads at a random moment, and after each
asks whether the database holds whole files and nothing else.

| files | rows | loads done | loads killed | rows unaccounted for |
|---|---|---|---|---|
| {files} | {rows:,} | {done} | {killed} | 0 |

## What else is tried

- A load on a full disk, real and by a limit on the size of files: `tests/cli/test_full_disk.py`.
- A load killed at any moment of it, into a new and into an old database: `tests/cli/test_load.py`.
- Two loads, two reports, a shell that holds the database: `tests/cli/test_locks.py`.
- The same question elsewhere (locale, order of sets, time zone, threads): `tests/cli/test_same_bytes.py`.
- Made-up text, the same in each run, more of it in CI: exports (no row lost), configurations, conditions
  and command lines (never a bug, never a traceback): `tests/property/test_*_fuzz.py`.
- Hostile names, queries and databases: [threats.md](threats.md).
"""

Tried = tuple[faults.Fault, faults.Command, list[str]]


def tried(every: int) -> Iterator[Tried]:
    """Run one case of so many; yield what was not as it should be."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        base = Path(name).resolve()
        prepared = base / "prepared"
        prepared.mkdir()
        faults.prepare(prepared)

        def run(case: tuple[int, tuple[faults.Fault, faults.Command]]) -> Tried:
            number, (fault, command) = case
            folder = base / str(number) / "work"
            shutil.copytree(prepared, folder)
            found = faults.problems(fault, command, folder)
            shutil.rmtree(folder)
            return fault, command, found

        cases = [one for one in enumerate(faults.cases()) if one[0] % every == 0]
        yield from pool.map(run, cases)


def page(results: list[Tried], soaked: dict[str, object]) -> str:
    """Write the page."""
    rows = []
    for fault in faults.FAULTS:
        mine = [(command, found) for one, command, found in results if one is fault]
        good = sum(not found for _, found in mine)
        names = ", ".join(command.name for command, _ in mine)
        rows.append(f"| {fault.name} | {fault.code} | {len(mine)} | {names} | {good} |\n")
    return HEAD + "".join(rows) + TAIL.format(**soaked)


def main() -> None:
    """Run everything and write the page; say what failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try one case of so many")
    parser.add_argument("--files", type=int, default=200, help="files of the soak")
    asked = parser.parse_args()
    results = list(tried(asked.every))
    for fault, command, found in results:
        for problem in found:
            print(f"{fault.name}, {command.name}: {problem}")
    PAGE.write_text(page(results, soak(asked.files, 0.4, 7)), "utf-8")


if __name__ == "__main__":
    main()
