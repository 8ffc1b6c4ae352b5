"""Compare questions on a Spark cluster with DuckDB over the same Parquet file: Spark ÷ DuckDB.

    pip install -e ".[test-engines,spark]"
    python benchmarks/generate.py --events 20_000_000 --people 2_000_000 --out /data/events.parquet
    python benchmarks/spark.py /data/events.parquet --master sc://cluster:15002
    python benchmarks/spark.py /data/events.parquet --home PYSPARK   # a cluster of its own

With `--home`, the folder of an installed pyspark package in another environment, a master, two
workers with a core each and a Connect server are started on this machine, which needs Java 17.

Both are asked with `--format json` and must answer the same, word for word: rules, counts, times,
breakdown. Of Spark only the client is a process of ours, so the ratio is one of seconds.
"""

import argparse
import difflib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ours import about_file
from timing import Compared, Run, run

sys.path.insert(0, str(Path(__file__).parents[1]))  # the cluster that the tests start

QUESTIONS = ("funnel --times", "funnel --by channel", "trend")
JAVA = "-XX:+UseSerialGC"
"""How the machines of a cluster that is started here run Java: compiled in full."""
DIGITS = 12
"""Significant digits to which times must agree: means are summed in another order."""


def compare(
    file: Path, master: str, questions: Sequence[str], pairs: int, folder: Path
) -> Iterator[Compared]:
    """Run the pairs of each question, on Spark and on DuckDB; exit if answers differ."""
    for question in questions:
        here = about_file(question, file, folder)
        there = [*here, "--engine", "spark", "--master", master]
        done = [(run(there), run(here)) for _ in range(pairs)]
        for pair in done:
            _same(question, *pair)
        yield Compared(f"{question} on Spark", "on DuckDB", done)


def _same(question: str, spark: Run, duckdb: Run) -> None:
    one, other = (_lines(answer.output) for answer in (duckdb, spark))
    if one != other:
        differing = list(difflib.unified_diff(one, other, "DuckDB", "Spark", n=2, lineterm=""))
        sys.exit("\n".join([f"{question}: the answers differ", *differing[:40]]))


def _lines(answer: str) -> list[str]:
    known = json.loads(answer, parse_float=lambda text: float(f"{float(text):.{DIGITS}g}"))
    return json.dumps(known, indent=1).splitlines()


@contextmanager
def cluster(home: Path | None, master: str | None, memory: str, folder: Path) -> Iterator[str]:
    """Yield the address asked for, or that of a cluster started here."""
    if home is None:
        yield master or ""
        return
    from tests.engines.standalone import standalone

    with standalone(home, folder, memory, java=JAVA) as started:
        yield started.address


def main() -> None:
    """Read the arguments, run the pairs, print a line a question."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("questions", nargs="*", default=QUESTIONS)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--master", help="the address of a cluster that can read the file")
    where.add_argument("--home", type=Path, help="start one with the pyspark of this folder")
    parser.add_argument("--memory", default="4g", help="of each worker that is started")
    parser.add_argument("--pairs", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with cluster(asked.home, asked.master, asked.memory, folder) as master:
            file = asked.file.resolve()
            for one in compare(file, master, asked.questions, asked.pairs, folder):
                for spark, duckdb in one.done:
                    times = f"{spark.seconds:.1f} s, on DuckDB {duckdb.seconds:.1f} s"
                    ratio = f"Spark ÷ DuckDB {spark.seconds / duckdb.seconds:.1f}"
                    print(f"{one.ours}: {times}, {ratio}; equal answers", flush=True)


if __name__ == "__main__":
    main()
