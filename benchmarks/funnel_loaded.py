"""Compare `hourglass funnel --db` with ClickHouse's own table, and with the bound.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/funnel_loaded.py events.parquet

The file is loaded once by each. The table of ClickHouse is sorted by person and time and its events
are dictionary-coded. The bound groups what our database keeps by person and answers nothing.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ours import about_database, loaded
from rivals import bound, clickhouse_table, make_table, our_counts, same_counts
from timing import Compared, alternate, print_ratio


def compare(file: Path, database: Path, pairs: int) -> Iterator[Compared]:
    """Run the pairs; the table of ClickHouse is made beside the database."""
    tables = database.with_name("clickhouse")
    make_table(file, tables)
    ours = about_database("funnel", database)
    done = alternate(ours, clickhouse_table(tables), pairs, same_counts)
    yield Compared("funnel --db", "ClickHouse windowFunnel, its table", done, 0.8)
    done = alternate(ours, bound(database), pairs)
    yield Compared("funnel --db", "bound: group by person", done, 2.5)


def main() -> None:
    """Read the arguments, run the pairs, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file.resolve()
        for one in compare(file, loaded(file, Path(folder)), asked.pairs):
            print(f"people per stage: {our_counts(one.done[0][0].output)}")
            print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
