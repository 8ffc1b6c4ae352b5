"""Compare `hourglass --help` with the bare import of the library that parses its options.

python benchmarks/startup.py
"""

import argparse
import sys

from timing import alternate, console_script, print_ratio


def main() -> None:
    """Read the arguments, run the pairs, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=20)
    asked = parser.parse_args()
    ours = [console_script(), "--help"]
    theirs = [sys.executable, "-c", "import typer"]
    print_ratio("hourglass --help", "import typer", alternate(ours, theirs, asked.pairs))


if __name__ == "__main__":
    main()
