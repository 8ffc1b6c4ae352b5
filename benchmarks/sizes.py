"""Compare a loaded funnel with itself on more events, more stages, and beside one very busy person.

    python benchmarks/sizes.py                             # 1 and 10 million events
    python benchmarks/sizes.py --events 10_000_000         # 10 and 100 million, in 4 GB of memory
    python benchmarks/sizes.py --stages --busy

Ten times as many events of ten times as many people may take 11.5 times as long; a funnel of 32
stages 5 times as long as one of seven, all of their events being as frequent; a person with a
million events may do no harm.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generate import in_another_process, run_elsewhere
from ours import about_database, configuration, loaded
from timing import Compared, alternate, print_ratio

LIMIT = "--memory-limit 4GB"

ALIKE = """
COPY (
    SELECT user_id, 'step ' || (1 + hash(user_id, ts, event) % 64) AS event, ts
    FROM read_parquet('{file}')
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""

BUSY = """
COPY (
    SELECT user_id, event, ts FROM read_parquet('{file}')
    UNION ALL
    SELECT 'busy' AS user_id, event, ts FROM read_parquet('{file}') USING SAMPLE {rows} ROWS
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""


def growth(events: int, folder: Path, pairs: int) -> Iterator[Compared]:
    """Ask about `events` events, and about ten times as many of ten times as many people."""
    asked = []
    for times in (1, 10):
        place = folder / f"{times}"
        place.mkdir(parents=True)
        file = place / "events.parquet"
        in_another_process(times * events, times * events // 10, file)
        asked.append(about_database(f"funnel {LIMIT}", loaded(file, place)))
    yield Compared(
        "ten times the events", "funnel --db", alternate(asked[1], asked[0], pairs), 11.5
    )


def stages(events: int, folder: Path, pairs: int) -> Iterator[Compared]:
    """Ask with 32 stages and with seven, of 64 events that are equally frequent."""
    folder.mkdir(exist_ok=True)
    source, file = folder / "source.parquet", folder / "alike.parquet"
    in_another_process(events, events // 10, source)
    run_elsewhere(ALIKE.format(file=source, out=file))
    head, tail = configuration().partition("[stages]")[0], '\n\n[rules]\nwindow = "90 days"\n'
    asked = []
    for count in (32, 7):
        place = folder / f"{count}"
        place.mkdir()
        lines = "\n".join(f'stage{one} = ["step {one}"]' for one in range(1, count + 1))
        database = loaded(file, place, f"{head}[models.steps.stages]\n{lines}{tail}")
        asked.append(about_database("funnel --model steps", database))
    yield Compared("funnel of 32 stages", "of 7 stages", alternate(*asked, pairs), 5)


def busy(events: int, folder: Path, pairs: int) -> Iterator[Compared]:
    """Ask with a person who has a tenth as many events as all others together, and without."""
    folder.mkdir(exist_ok=True)
    source, file = folder / "calm.parquet", folder / "busy.parquet"
    in_another_process(events, events // 10, source)
    run_elsewhere(BUSY.format(file=source, out=file, rows=events // 10))
    asked = []
    for one in (file, source):
        place = folder / one.stem
        place.mkdir()
        asked.append(about_database("funnel", loaded(one, place)))
    yield Compared("with a busy person", "funnel --db", alternate(*asked, pairs))


def main() -> None:
    """Read the arguments, make the data, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="of the smaller log")
    parser.add_argument("--stages", action="store_true", help="32 stages against seven")
    parser.add_argument("--busy", action="store_true", help="a person with a tenth of all events")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where data and databases are made")
    asked = parser.parse_args()
    chosen = [one for one, wanted in ((stages, asked.stages), (busy, asked.busy)) if wanted]
    for compare in chosen or [growth]:
        with tempfile.TemporaryDirectory(dir=asked.folder) as name:
            for one in compare(asked.events, Path(name), asked.pairs):
                print_ratio(one.ours, one.theirs, one.done)


if __name__ == "__main__":
    main()
