"""Compare the funnel under each rule that goes the general way with the plain funnel.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/rules_cost.py events.parquet "order = strict" hold

Both read the same file, or with --db the same loaded database, whole processes both. Without rules
named, all of `RULES` are asked.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from generate import STAGES
from ours import about_database, about_file, configuration, loaded
from timing import Compared, alternate, print_ratio

GOAL = 3
"""How many plain funnels a rule may cost at most."""

RULES = {
    "order = strict": "funnel --order strict",
    "order = any": "funnel --order any",
    "window_from = previous": "funnel --window-from previous",
    "entry = first": "funnel --entry first",
    "ties = later": "funnel --ties later",
    "ties = row": "funnel --ties row",
    "tie_tolerance": "funnel --tie-tolerance 2s",
    "reuse": "funnel --reuse",
    "closed = false": "funnel --open",
    "hold": "funnel --hold channel",
    "attribution = entry": "funnel --by channel --attribution entry",
    "attribution = stage:try": "funnel --by channel --attribution stage:try",
    "attribution = all": "funnel --by channel --attribution all",
    "optional": "funnel --model optional",
    "exclusion": "funnel --model exclusion",
    "within": "funnel --model within",
    "first_time": "funnel --model first_time",
    "nth": "funnel --model nth",
    "shared events": "funnel --model shared",
}
"""A question for each rule."""

ALONE = {
    "optional": ("trust", "optional = true"),
    "within": ("trust", 'within = "3 days"'),
    "first_time": ("know", 'first_time = "event"'),
    "nth": ("know", "nth = 2"),
    "shared": ("repeat", None),
}
"""Models that differ from the plain one in one stage: what is said of it, or null: it takes the
events of the stage before as well."""


def models() -> str:
    """Write a model for each rule that is said of a stage."""
    whole = "".join(_model(name, *said) for name, said in ALONE.items())
    excluding = '[[models.exclusion.exclusions]]\nevents = ["error"]\nfrom = "know"\nto = "try"\n'
    return whole + _model("exclusion", "", None) + excluding


def _model(name: str, changed: str, said: str | None) -> str:
    lines = [f"\n[models.{name}.stages]"]
    before = ""
    for stage, (event, _) in STAGES.items():
        events = f'["{event}"]' if stage != changed or said else f'["{before}", "{event}"]'
        beside = f", {said}" if stage == changed and said else ""
        lines.append(f"{stage} = {{ events = {events}{beside} }}")
        before = event
    return "\n".join([*lines, ""])


def compare(
    file: Path, folder: Path, rules: Sequence[str], pairs: int, *, kept: bool
) -> Iterator[Compared]:
    """Run the pairs of each rule with the plain funnel; from a database where it is `kept`."""
    text = configuration() + models()
    database = loaded(file, folder, text) if kept else None
    for rule in rules:
        if database is not None and rule == "ties = row":
            continue  # a database keeps no order of rows
        asked, plain = (
            about_file(one, file, folder, text)
            if database is None
            else about_database(one, database)
            for one in (RULES[rule], "funnel")
        )
        yield Compared(rule, "plain funnel", alternate(asked, plain, pairs), GOAL)


def main() -> None:
    """Read the arguments, print a ratio for each rule."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("rules", nargs="*", help="Rules, as they are called in RULES.")
    parser.add_argument("--db", action="store_true", help="Load the file first, and ask of that.")
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rules = asked.rules or [*RULES]
        for one in compare(asked.file.resolve(), Path(folder), rules, asked.pairs, kept=asked.db):
            print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
