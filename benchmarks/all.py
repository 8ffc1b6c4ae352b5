"""Run every comparison and print the table of docs/scaling.md, with versions and machine.

    pip install -e ".[test-engines]"
    python benchmarks/all.py                               # 10 million events, half an hour
    python benchmarks/all.py --events 1_000_000 --people 100_000 --pairs 3

Times of a machine with other work are worth little: look at the ratios of processor time then.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import against_funnel
import funnel_file
import funnel_loaded
import sizes
from generate import in_another_process
from growth import one_percent
from ours import loaded
from timing import HEAD, Compared

PACKAGES = ("hourglass", "duckdb", "chdb", "polars")


def comparisons(
    file: Path, folder: Path, pairs: int, python: Path | None = None
) -> Iterator[Compared]:
    """Run all comparisons over one file, with what has to be made in `folder`.

    `python` is an interpreter that retentioneering is installed for, if it takes part.
    """
    yield from funnel_file.compare(file, folder, pairs)
    yield from funnel_file.compare_csv(file, folder, pairs)
    if python:
        yield from funnel_file.compare_retentioneering(python, file, folder, pairs)
    database = loaded(file, folder)
    yield from funnel_loaded.compare(file, database, pairs)
    yield from against_funnel.compare(database, [*against_funnel.QUESTIONS], pairs)


def machine() -> str:
    """Say what it ran on."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"{where}; Python {platform.python_version()}, {versions}."


def main() -> None:
    """Read the arguments, make the data, print row by row."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where data and databases are made")
    parser.add_argument("--retentioneering", type=Path, metavar="PYTHON", help="that has it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        file = folder / "events.parquet"
        in_another_process(asked.events, asked.people, file)
        print(f"{machine()}\n{asked.events:,} events, {asked.people:,} people.\n\n{HEAD}")
        for one in comparisons(file, folder, asked.pairs, asked.retentioneering):
            print(one.row(), flush=True)
        print(one_percent(asked.events, asked.people, file, folder).row(), flush=True)
        for compare in (sizes.stages, sizes.busy, sizes.growth):
            for one in compare(asked.events // 10, folder / compare.__name__, asked.pairs):
                print(one.row(), flush=True)


if __name__ == "__main__":
    main()
