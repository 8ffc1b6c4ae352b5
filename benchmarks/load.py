"""Compare `hourglass load FILE` with DuckDB's bare `create table as select … order by`.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/load.py events.parquet          # Parquet
    python benchmarks/load.py events.parquet --csv    # the same rows as CSV

Both are whole processes that make a new database file. Ours also takes the file's fingerprint,
looks for rejected rows and duplicates, counts, and makes the compact form of the seven stages. Both
must hold the same rows.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
from generate import as_csv
from ours import configured
from timing import alternate, console_script, print_ratio

BARE = """
import pathlib, sys, duckdb
file, db, limit = sys.argv[1:]
pathlib.Path(db).unlink(missing_ok=True)
read = "read_csv" if file.endswith(".csv") else "read_parquet"
with duckdb.connect(db) as connection:
    if limit:
        connection.execute("SET memory_limit = $limit", {"limit": limit})
    connection.execute(
        f"CREATE TABLE events AS SELECT * FROM {read}('{file}') ORDER BY user_id, ts"
    )
"""

ROWS = "SELECT count(*), bit_xor(hash(user_id, event, ts::TIMESTAMP, channel)) FROM events"


def rows(db: Path) -> object:
    """Return what the two databases must agree in."""
    with duckdb.connect(str(db), read_only=True) as connection:
        return connection.execute(ROWS).fetchone()


def compare(file: Path, folder: Path, pairs: int, limit: str) -> None:
    """Run the pairs, compare the rows, print the ratio."""
    config = configured(folder)
    mine, bare = folder / "mine.duckdb", folder / "bare.duckdb"
    load = f'"{console_script()}" load "{file}" --db "{mine}" --config "{config}" -q'
    load += f" --memory-limit {limit}" if limit else ""
    ours = ["sh", "-c", f'rm -f "{mine}" && exec {load}']
    done = alternate(ours, [sys.executable, "-c", BARE, str(file), str(bare), limit], pairs)
    if rows(mine) != rows(bare):
        sys.exit(f"rows differ: {rows(mine)} and {rows(bare)}")
    print(f"rows, equal in both: {rows(mine)}")
    print_ratio("hourglass load", "DuckDB create table as … order by", done)


def main() -> None:
    """Read the arguments and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--memory-limit", default="")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = asked.file.resolve()
        file = as_csv(file, Path(folder)) if asked.csv else file
        compare(file, Path(folder), asked.pairs, asked.memory_limit)


if __name__ == "__main__":
    main()
