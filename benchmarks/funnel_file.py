"""Compare `hourglass funnel FILE` with ClickHouse's windowFunnel on the same Parquet file.

    python benchmarks/generate.py --out events.parquet
    python benchmarks/funnel_file.py events.parquet

Both are whole processes, start-up and reading included: seven stages of one event each, a window
of 14 days from the entry. Both must count the same people at every stage.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from generate import STAGES
from timing import alternate, console_script, print_ratio

DAYS = 14

CLICKHOUSE = """
import sys, chdb
print(chdb.query(sys.argv[1], "JSONEachRow"))
"""

WINDOW_FUNNEL = """
SELECT level, count() AS users
FROM (
    SELECT windowFunnel({seconds})(toDateTime(ts, 'UTC'), {conditions}) AS level
    FROM file('{file}', Parquet)
    WHERE event IN ({events})
    GROUP BY user_id
)
GROUP BY level
"""


def window_funnel(file: Path) -> str:
    """ClickHouse's question; the filter leaves out rows that no condition mentions."""
    events = [f"'{event}'" for event, _ in STAGES.values()]
    return WINDOW_FUNNEL.format(
        seconds=DAYS * 86_400,
        conditions=", ".join(f"event = {event}" for event in events),
        events=", ".join(events),
        file=str(file).replace("\\", "\\\\").replace("'", "\\'"),
    )


def configuration() -> str:
    """Our own question, as a hourglass.toml."""
    stages = "\n".join(f'{stage} = ["{event}"]' for stage, (event, _) in STAGES.items())
    columns = 'user = "user_id"\nevent = "event"\ntimestamp = "ts"'
    return f'[columns]\n{columns}\n\n[stages]\n{stages}\n\n[rules]\nwindow = "{DAYS} days"\n'


def our_counts(output: str) -> list[int]:
    """People per stage from the JSON of `hourglass funnel`."""
    return [stage["users"] for stage in json.loads(output)["stages"]]


def their_counts(output: str) -> list[int]:
    """People per stage from people per deepest level."""
    rows = [json.loads(line) for line in output.splitlines() if line]
    levels = {int(row["level"]): int(row["users"]) for row in rows}
    return [
        sum(users for level, users in levels.items() if level >= position)
        for position in range(1, len(STAGES) + 1)
    ]


def same_counts(ours: str, theirs: str) -> None:
    """Exit if the two do not agree: then their times mean nothing."""
    if our_counts(ours) != their_counts(theirs):
        sys.exit(f"counts differ: {our_counts(ours)} and {their_counts(theirs)}")


def main() -> None:
    """Read the arguments, run the pairs, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    file = asked.file.resolve()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "hourglass.toml")
        config.write_text(configuration(), encoding="utf-8")
        ours = [
            console_script(),
            "funnel",
            str(file),
            "--config",
            str(config),
            "--format",
            "json",
            "-q",
        ]
        theirs = [sys.executable, "-c", CLICKHOUSE, window_funnel(file)]
        done = alternate(ours, theirs, asked.pairs, same_counts)
    print(f"people per stage, equal in both: {our_counts(done[0][0].output)}")
    print_ratio("hourglass funnel", "ClickHouse windowFunnel", done)


if __name__ == "__main__":
    main()
