"""Loads many files in a loop, kills some of the loads at random, and accounts for every row.

    python benchmarks/soak.py --files 200 --kill 0.4

Each load may be killed at any moment (SIGKILL); after each, the database must hold whole files
only. At the end every file is there once, and every row is an event, a duplicate or a reject.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb


def write_files(folder: Path, count: int, dice: random.Random) -> dict[str, int]:
    """Write exports; return the rows of each by its name. Some rows are no events, some repeat."""
    rows_of = {}
    for number in range(count):
        lines = ["user_id,event,ts,event_id"]
        for row in range(dice.randrange(20, 400)):
            ts = "soon" if dice.random() < 0.02 else f"2024-01-{1 + row % 28:02}T10:00:00Z"
            key = f"e{number}-{row - (dice.random() < 0.03)}"
            lines.append(f"u{dice.randrange(500)},{dice.choice(['view', 'try', 'pay'])},{ts},{key}")
        path = folder / f"export{number:03}.csv"
        path.write_text("\n".join(lines) + "\n")
        rows_of[path.name] = len(lines) - 1
    return rows_of


def load(paths: list[Path], db: Path, kill_after: float | None) -> str:
    """Load files; say whether that was done, killed, or failed."""
    words = [sys.executable, "-m", "hourglass", "load", *map(str, paths), "--db", str(db), "-q"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    try:
        process.wait(kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
    _, said = process.communicate()
    if process.returncode == 0:
        return "done"
    if process.returncode < 0:
        return "killed"
    raise SystemExit(f"exit code {process.returncode}: {said.decode()}")


def accounted(db: Path, rows_of: dict[str, int]) -> set[str]:
    """Hold a database to whole files; return those that it has."""
    if not db.exists():
        return set()
    with duckdb.connect(str(db), read_only=True) as connection:
        loads = connection.execute(
            'SELECT file, "rows", accepted, rejected, "duplicate" FROM loads'
        ).fetchall()
        ((events,),) = connection.execute("SELECT count(*) FROM events").fetchall()
        ((rejects,),) = connection.execute("SELECT count(*) FROM rejects").fetchall()
    names = [Path(file).name for file, *_ in loads]
    assert len(set(names)) == len(names), "a file is there twice"
    for file, rows, accepted, rejected, duplicates in loads:
        assert rows == rows_of[Path(file).name] == accepted + rejected + duplicates, file
    assert events == sum(one[2] for one in loads), "events are missing, or too many"
    assert rejects == sum(one[3] for one in loads), "rejected rows are missing, or too many"
    return set(names)


def batches(names: list[str], dice: random.Random) -> Iterator[list[str]]:
    """Split names into loads of one to ten files."""
    while names:
        size = dice.randrange(1, 11)
        yield names[:size]
        names = names[size:]


def soak(files: int, kill: float, seed: int) -> dict[str, Any]:
    """Load all files, whatever it takes; return what was done."""
    dice = random.Random(seed)
    tally: dict[str, Any] = {"done": 0, "killed": 0}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = folder / "events.duckdb"
        rows_of = write_files(folder, files, dice)
        usual = 1.0
        for batch in batches(sorted(rows_of), dice):
            ended = "killed"
            while ended == "killed":
                before = accounted(db, rows_of)
                limit = dice.uniform(0, 1.2 * usual) if dice.random() < kill else None
                start = time.monotonic()
                ended = load([folder / one for one in batch], db, limit)
                usual = time.monotonic() - start if ended == "done" else usual
                tally[ended] += 1
                after = accounted(db, rows_of)
                assert after in (before, before | set(batch)), "a load came in halves"
                assert ended == "killed" or set(batch) <= after
        assert accounted(db, rows_of) == set(rows_of)
        left = [one.name for one in folder.iterdir() if one.name.endswith((".partial", ".wal"))]
        assert not left, left
    rows = sum(rows_of.values())
    return {**tally, "files": files, "rows": rows, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--kill", type=float, default=0.4, help="share of loads that are killed")
    parser.add_argument("--seed", type=int, default=7)
    found = soak(**vars(parser.parse_args()))
    print(
        "{files} files, {rows:,} rows, {done} loads, {killed} killed, {seconds:.0f} s:"
        " every row is accounted for".format(**found)
    )
