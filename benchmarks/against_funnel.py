"""Compare other questions with `hourglass funnel` on the same loaded database.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/against_funnel.py events.parquet retention referrals

The file is loaded once, with the configuration of the funnel's benchmark; then each question and
the funnel run in turn, whole processes both. A question should take three times the funnel at most.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from funnel_file import configuration
from timing import alternate, console_script, print_ratio


def main() -> None:
    """Read the arguments, load the file, print a ratio for each question."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("questions", nargs="+", help="Commands, each with its flags in quotes.")
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config, database = Path(folder, "hourglass.toml"), Path(folder, "events.duckdb")
        config.write_text(configuration(), encoding="utf-8")
        load = ["load", str(asked.file.resolve()), "--db", str(database), "--config", str(config)]
        subprocess.run([console_script(), *load, "-q"], check=True)
        tail = ["--db", str(database), "--config", str(config), "--format", "json", "-q"]
        funnel = [console_script(), "funnel", *tail]
        for question in asked.questions:
            command = [console_script(), *question.split(), *tail]
            print_ratio(question, "funnel", alternate(command, funnel, asked.pairs))


if __name__ == "__main__":
    main()
