"""Compare other questions with `hourglass funnel` on the same loaded database.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/against_funnel.py events.parquet retention "people -o people.parquet"

The file is loaded once, with the configuration of the funnel's benchmark; then each question and
the funnel run in turn, whole processes both. Without questions named, all of `QUESTIONS` are asked.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ours import about_database, loaded
from timing import Compared, alternate, print_ratio

QUESTIONS = {
    "funnel --by channel": 2,
    "people -o people.parquet": 2,
    "trend": 5,
    "trend --unit day": 5,
    "compare --previous --since 2026-02-15 --until 2026-03-31": 3,
    "touchpoints": 3,
    "triggers": 3,
    "triggers --by channel": 3,
    "paths": 3,
    "retention": 3,
    "reconcile": 12,
    "report -o report.html": 12,
}
"""How many funnels each may cost at most."""


def compare(database: Path, questions: Sequence[str], pairs: int) -> Iterator[Compared]:
    """Run the pairs of each question with the funnel."""
    funnel = about_database("funnel", database)
    for question in questions:
        done = alternate(about_database(question, database), funnel, pairs)
        yield Compared(question, "funnel --db", done, QUESTIONS.get(question))


def main() -> None:
    """Read the arguments, load the file, print a ratio for each question."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("questions", nargs="*", help="Commands, each with its flags in quotes.")
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = loaded(asked.file.resolve(), Path(folder))
        for one in compare(database, asked.questions or [*QUESTIONS], asked.pairs):
            print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
