"""Whoever wants to know which query files run, and how long each takes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Told = Callable[[str, float], None]
"""Is told of a step that is done, and of the seconds it took."""

_told: list[Told] = []


def watch(told: Told) -> None:
    """Tell of every step from here on; in place of whoever was told before."""
    _told[:] = [told]


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Tell of what happens inside; of what fails, nobody is told."""
    start = time.perf_counter()
    yield
    for told in _told:
        told(step, time.perf_counter() - start)
