"""How far a load is, on a terminal: what the engine itself says, and nothing where it cannot.

A step may take several passes over the data, whose number is not known before: percent and time
left are those of the pass under way, and the line says so.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from hourglass.wishes import Step

_INTERVAL = 0.1
_SURE = 1.0
"""Seconds that a pass must have run before a rate says something."""
_STILL = 3.0
"""Seconds after which a figure of the engine that does not move is no longer believed."""
_ALL, _NEARLY = 100.0, 99.0
"""From nearly all on the engine says no more, however much it has to write."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@contextmanager
def watching(*, quiet: bool) -> "Iterator[Callable[[Step], None] | None]":
    """Show the steps of a load on stderr; yield null where that is no terminal, or `quiet`."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    if quiet or not terminal or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console

    with Board(Console(stderr=True)) as board:
        yield board.begin


class Board:
    """One line on a console that follows the step under way, until the board is left."""

    def __init__(self, console: "Console", clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.bar = _bar(console)
        self.task = self.bar.add_task("", total=_ALL, visible=False, words="")
        self.now: Pass | None = None
        self.over = threading.Event()
        self.follower = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> "Board":
        self.bar.start()
        self.follower.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.follower.join()
        self.now = None  # it knows the connection, which is closed
        self.bar.stop()

    def begin(self, step: "Step") -> None:
        """Show another step."""
        self.now = Pass(step, self.clock())
        self.bar.update(self.task, visible=True)
        self.look()
        self.bar.refresh()

    def look(self) -> None:
        """Ask the engine how far it is, and write it down."""
        if self.now is not None:
            self.now.look(self.clock())
            total = None if self.now.percent is None else _ALL
            self.bar.update(
                self.task,
                description=self.now.name(),
                total=total,
                completed=self.now.percent or 0,
                words=self.now.words(self.clock()),
            )

    def _follow(self) -> None:
        while not self.over.wait(_INTERVAL):
            self.look()


class Pass:
    """The pass of a step over the data that the engine is at."""

    def __init__(self, step: "Step", now: float) -> None:
        self.step = step
        self.number = 1
        self.began = now
        self.last = 0.0
        self.moved = now
        self.percent: float | None = None
        """Null where the engine cannot say: it reads on, sorts or writes behind its own figure."""

    def look(self, now: float) -> None:
        """Take what the engine says; where it begins anew, another pass has begun."""
        said = self.step.done()
        if 0 <= said < self.last:
            self.number += 1
            self.began = now
        if said >= 0 and said != self.last:
            self.last, self.moved = said, now
        known = 0 < self.last < _NEARLY and now - self.moved < _STILL
        self.percent = self.last if known else None

    def name(self) -> str:
        """Name the step and what it is about."""
        words = [self.step.name]
        if self.step.files:
            first, last, many = self.step.files
            which = f"file {first:,}" if first == last else f"files {first:,}–{last:,}"
            words.append(f"{which} of {many:,}" if many > 1 else "1 file")
        if self.step.size:
            words.append(f"({_size(self.step.size)})")
        if self.step.rows:
            words.append(f"{self.step.rows:,} rows")
        return " ".join(words)

    def words(self, now: float) -> str:
        """Say rate and time left, as far as they are known."""
        took = now - self.began
        said = [f"pass {self.number}"] if self.number > 1 else []
        if took >= _SURE and self.percent is None:
            said.append(f"for {_time(took)}")
        elif took >= _SURE and self.percent is not None:
            share = self.percent / _ALL
            said += self._rate(share / took)
            said.append(f"{_time(took / share - took)} left of this pass")
        return ", ".join(said)

    def _rate(self, per_second: float) -> list[str]:
        """Write the rate; of a file's bytes only the first pass knows it."""
        if self.step.rows:
            return [f"{self.step.rows * per_second:,.0f} rows/s"]
        if self.step.size and self.number == 1:
            return [f"{_size(self.step.size * per_second)}/s"]
        return []


def _bar(console: "Console") -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[words]}", markup=False),
        console=console,
        transient=True,
    )


def _size(number: float) -> str:
    """Write a number of bytes in the unit that leaves at most three digits before the point."""
    for unit in _UNITS[:-1]:
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} {_UNITS[-1]}"


def _time(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes} min {left} s" if minutes else f"{left} s"
