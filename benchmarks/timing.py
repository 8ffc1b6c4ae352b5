"""Run commands in turn and compare them: a ratio says more than seconds of somebody's machine."""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall-clock and processor seconds, peak memory in MB, its output."""

    seconds: float
    processor: float
    peak_mb: float
    output: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two commands by name, their runs in pairs, and the ratio that is wanted at most, if any."""

    ours: str
    theirs: str
    done: list[tuple[Run, Run]]
    goal: float | None = None

    def row(self) -> str:
        """Write a row of the table that `HEAD` begins: medians, and ratios over the pairs."""
        ours, theirs = zip(*self.done, strict=True)
        cells = [
            self.ours,
            self.theirs,
            *(f"{_middle(run.seconds for run in runs):.2f}" for runs in (ours, theirs)),
            *(f"{_middle(run.processor for run in runs):.2f}" for runs in (ours, theirs)),
            *(f"{max(run.peak_mb for run in runs):.0f}" for runs in (ours, theirs)),
            f"{_middle(one.seconds / other.seconds for one, other in self.done):.2f}",
            f"{_middle(one.processor / other.processor for one, other in self.done):.2f}",
            "" if self.goal is None else f"{self.goal:g}",
        ]
        return f"| {' | '.join(cells)} |"


HEAD = """\
| command | against | s | s | CPU s | CPU s | peak MB | peak MB | ratio | ratio of CPU | goal |
|---|---|---|---|---|---|---|---|---|---|---|"""


def _middle(values: Iterable[float]) -> float:
    return statistics.median(values)


def run(command: Sequence[str]) -> Run:
    """Run a whole process; CalledProcessError if it fails. Needs `wait4`: Linux or macOS."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        output.seek(0)
        per_mb = 1e6 if sys.platform == "darwin" else 1e3  # macOS counts bytes, Linux kilobytes
        processor = usage.ru_utime + usage.ru_stime
        return Run(seconds, processor, usage.ru_maxrss / per_mb, output.read())


def alternate(
    ours: Sequence[str],
    theirs: Sequence[str],
    pairs: int,
    same: Callable[[str, str], None] = lambda ours, theirs: None,
) -> list[tuple[Run, Run]]:
    """Run both once to warm up, then pair by pair in turn; `same` compares what each pair says."""
    done = [(run(ours), run(theirs)) for _ in range(pairs + 1)]
    for one, other in done:
        same(one.output, other.output)
    return done[1:]


def print_ratio(name: str, other_name: str, done: list[tuple[Run, Run]]) -> None:
    """Print medians, the median of the pairs' ratios with its range, and the peaks of memory.

    The ratio of processor time says what is left of the first on a machine with other work.
    """
    for label, runs in zip((name, other_name), zip(*done, strict=True), strict=True):
        seconds = statistics.median(run.seconds for run in runs)
        peak = max(run.peak_mb for run in runs)
        print(f"{label:<40} median {seconds:6.2f} s   peak memory {peak:6.0f} MB")
    _print_ratios("ratio", [one.seconds / other.seconds for one, other in done])
    _print_ratios("of processor time", [one.processor / other.processor for one, other in done])


def _print_ratios(name: str, ratios: list[float]) -> None:
    middle = statistics.median(ratios)
    print(f"{name} {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} pairs)")


def console_script() -> str:
    """Return the `hourglass` command beside this interpreter, or exit with the cure.

    Its modules are compiled, as those of an installed package are: of a checkout each run would
    compile them anew where Python must not write beside them.
    """
    script = Path(sys.executable).with_name("hourglass")
    if not script.exists():
        sys.exit('hourglass is not installed here: pip install -e ".[test-engines]"')
    _compiled()
    return str(script)


@cache
def _compiled() -> None:
    package = find_spec("hourglass")
    for place in package.submodule_search_locations or () if package else ():
        compileall.compile_dir(place, quiet=2)
