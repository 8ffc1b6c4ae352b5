"""Write a large event log to Parquet, the same rows for the same arguments.

    python benchmarks/generate.py --events 10_000_000 --people 1_000_000 --out events.parquet

Every row is computed from its own number through MD5, so the log does not depend on the version
of a random generator, on threads or on the machine. A few people have very many events, most have
few; 54 of 100 events belong to one of seven stages; instants are whole seconds over 90 days.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import duckdb

STAGES = {
    "know": ("ad_impression", 15),
    "like": ("newsletter_signup", 11),
    "trust": ("review_read", 9),
    "try": ("trial_started", 7),
    "buy": ("order_paid", 5),
    "repeat": ("subscription_renewed", 4),
    "refer": ("referral_sent", 3),
}
"""Each stage with its one event and that event's share of all events, in percent."""

NOISE = {"page_view": 20, "scroll": 12, "search": 7, "video_play": 4, "chat_opened": 2, "error": 1}
"""Events of no stage, likewise in percent."""

CHANNELS = ("paid", "organic", "email", "social", "store", "partner")

LOG = """
COPY (
    WITH numbered AS (
        SELECT range AS number, md5_number_lower(range::VARCHAR) AS low,
            md5_number_upper(range::VARCHAR) AS high
        FROM range(getvariable('first'), getvariable('first') + getvariable('events'))
    ), shares AS (
        SELECT low, number, (high >> 32)::DOUBLE / 4294967296 AS who,
            (high % 4294967296)::DOUBLE / 4294967296 AS moment,
            (low % 100)::INTEGER AS what, ((low >> 32) % 6)::INTEGER AS channel
        FROM numbered
    )
    SELECT
        'person-' || format('{:08d}', floor(getvariable('people') * pow(who, 1.5))::BIGINT)
            AS user_id,
        getvariable('names')[what + 1] AS event,
        TIMESTAMP '2026-01-01' + to_seconds(floor(moment * 7776000)::BIGINT) AS ts,
        getvariable('channels')[channel + 1] AS channel
    FROM shares
    ORDER BY ts, number
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""


def hundred_names() -> list[str]:
    """Event names by percent: the n-th of a hundred is the event of that share."""
    shares = dict(STAGES.values()) | NOISE
    return [name for name, share in shares.items() for _ in range(share)]


def generate(events: int, people: int, out: Path, first: int = 0) -> None:
    """Write `events` rows about up to `people` people to the Parquet file `out`.

    Rows are numbered from `first`: logs of other numbers have other rows about the same people.
    """
    with duckdb.connect() as connection:
        values = {
            "first": first,
            "events": events,
            "people": people,
            "names": hundred_names(),
            "channels": list(CHANNELS),
        }
        for name, value in values.items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
        connection.execute(LOG.replace("{out}", str(out).replace("'", "''"))).fetchall()


def as_csv(file: Path, folder: Path) -> Path:
    """Write the rows of a Parquet file as CSV."""
    out = folder / f"{file.stem}.csv"
    run_elsewhere(f"COPY (FROM read_parquet('{file}')) TO '{out}' (FORMAT csv, HEADER)")
    return out


def with_whole_ids(file: Path, folder: Path) -> Path:
    """Write the rows of a Parquet file with ids that are whole numbers."""
    out = folder / f"{file.stem}-whole.parquet"
    ids = "* REPLACE (CAST(substr(user_id, 8) AS BIGINT) AS user_id)"
    run_elsewhere(
        f"COPY (SELECT {ids} FROM read_parquet('{file}'))"
        f" TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return out


def run_elsewhere(statement: str) -> None:
    """Run a statement without growing: the memory of a process counts as that of its children."""
    words = [sys.executable, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", statement]
    subprocess.run(words, check=True)


def in_another_process(events: int, people: int, out: Path, first: int = 0) -> None:
    """Write the log without growing, as `run_elsewhere` does."""
    said = {"--events": events, "--people": people, "--out": out, "--first": first}
    words = [str(word) for pair in said.items() for word in pair]
    subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Read the arguments, write the log, say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0, help="number of the first row")
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    generate(asked.events, asked.people, asked.out, asked.first)
    print(f"{asked.out}: {asked.events:,} events, {asked.out.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
