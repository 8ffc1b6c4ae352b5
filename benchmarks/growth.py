"""Compare a load of 1 % new rows with the load that made the database.

    python benchmarks/growth.py --events 10_000_000 --people 1_000_000

A goal of 0.1: a load that only adds rows adds what these come to, and makes nothing anew.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from generate import in_another_process
from ours import configured, loaded
from timing import Compared, console_script, print_ratio, run


def one_percent(events: int, people: int, file: Path, folder: Path, pairs: int = 3) -> Compared:
    """Load `file` and then a hundredth of as many other rows, each into a copy of its own."""
    more, place = folder / "more.parquet", folder / "grown"
    in_another_process(events // 100, people, more, first=events)
    place.mkdir()
    shutil.copy(loaded(file, place), place / "before.duckdb")
    done = []
    for _ in range(pairs):
        (place / "events.duckdb").unlink()
        first = run(_load(file, place))
        shutil.copy(place / "before.duckdb", place / "events.duckdb")
        done.append((run(_load(more, place)), first))
    return Compared("load 1 % more rows", "the first load", done, 0.1)


def _load(file: Path, folder: Path) -> list[str]:
    where = ["--db", str(folder / "events.duckdb"), "--config", str(configured(folder))]
    return [console_script(), "load", str(file), *where, "-q"]


def main() -> None:
    """Read the arguments, make the data, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "events.parquet")
        in_another_process(asked.events, asked.people, file)
        one = one_percent(asked.events, asked.people, file, Path(name))
        print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
