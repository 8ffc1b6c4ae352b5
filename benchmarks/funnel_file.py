"""Compare `hourglass funnel FILE` with others over the same Parquet file.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/funnel_file.py events.parquet

All are whole processes, start-up and reading included: seven stages of one event each, a window
of 14 days from the entry. All must count the same people at every stage.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ours import about_file
from rivals import clickhouse_file, our_counts, polars_file, same_counts
from timing import Compared, alternate, print_ratio


def compare(file: Path, folder: Path, pairs: int) -> Iterator[Compared]:
    """Run the pairs with each rival; `folder` is for the configuration."""
    ours = about_file("funnel", file, folder)
    rivals = {
        "ClickHouse windowFunnel, the file": clickhouse_file(file),
        "polars by hand, the file": polars_file(file),
    }
    for rival, theirs in rivals.items():
        done = alternate(ours, theirs, pairs, same_counts)
        yield Compared("funnel FILE", rival, done)


def main() -> None:
    """Read the arguments, run the pairs, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for one in compare(asked.file.resolve(), Path(folder), asked.pairs):
            print(f"people per stage, equal in both: {our_counts(one.done[0][0].output)}")
            print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
