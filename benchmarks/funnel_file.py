"""Compare `hourglass funnel FILE` with others over the same file, Parquet or CSV.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/funnel_file.py events.parquet
    python benchmarks/funnel_file.py events.parquet --csv
    python benchmarks/funnel_file.py events.parquet --retentioneering PYTHON

All are whole processes, start-up and reading included: seven stages of one event each, a window
of 14 days from the entry. All must count the same people at every stage. Retentioneering knows no
window and takes rows in their order, so hourglass is asked with `ties = "row"` and no window there;
PYTHON is an interpreter that it is installed for.
"""

import argparse
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from generate import as_csv, with_whole_ids
from ours import about_file, configuration
from rivals import (
    DAYS,
    bound_file,
    clickhouse_file,
    our_counts,
    polars_file,
    retentioneering,
    same_counts,
)
from timing import Compared, alternate, print_ratio

_CLICKHOUSE = "ClickHouse windowFunnel, the file"


def compare(file: Path, folder: Path, pairs: int) -> Iterator[Compared]:
    """Run the pairs with each rival; `folder` is for the configuration."""
    ours, clickhouse = about_file("funnel", file, folder), clickhouse_file(file)
    done = alternate(ours, clickhouse, pairs, same_counts)
    yield Compared("funnel FILE", _CLICKHOUSE, done, 0.7)
    done = alternate(ours, polars_file(file), pairs, same_counts)
    yield Compared("funnel FILE", "polars by hand, the file", done)
    done = alternate(bound_file(file), clickhouse, pairs)
    yield Compared("bound: people told apart, events mapped", _CLICKHOUSE, done)
    whole = with_whole_ids(file, folder)
    ours, theirs = about_file("funnel", whole, folder), clickhouse_file(whole)
    done = alternate(ours, theirs, pairs, same_counts)
    yield Compared("funnel FILE, whole ids", "ClickHouse windowFunnel, that file", done, 0.7)


def compare_csv(file: Path, folder: Path, pairs: int) -> Iterator[Compared]:
    """Run the pairs over the rows as CSV."""
    csv = as_csv(file, folder)
    theirs = clickhouse_file(csv)
    done = alternate(about_file("funnel", csv, folder), theirs, pairs, same_counts)
    yield Compared("funnel FILE.csv", "ClickHouse windowFunnel, the CSV", done, 0.8)


def compare_retentioneering(
    python: Path, file: Path, folder: Path, pairs: int
) -> Iterator[Compared]:
    """Run the pairs with retentioneering, without a window and in the order of rows."""
    in_order = configuration().replace(f'window = "{DAYS} days"', 'ties = "row"')
    ours = about_file("funnel", file, folder, in_order)
    done = alternate(ours, retentioneering(python, file), pairs, same_counts)
    yield Compared("funnel FILE, ties = row", "retentioneering", done)


def main() -> None:
    """Read the arguments, run the pairs, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--csv", action="store_true", help="over the same rows as CSV")
    parser.add_argument("--retentioneering", type=Path, metavar="PYTHON")
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        file, folder = asked.file.resolve(), Path(name)
        found = compare_csv if asked.csv else compare
        if asked.retentioneering:
            found = partial(compare_retentioneering, asked.retentioneering)
        for one in found(file, folder, asked.pairs):
            if one.ours.startswith("funnel"):
                print(f"people per stage, equal in both: {our_counts(one.done[0][0].output)}")
            print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
