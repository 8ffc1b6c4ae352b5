"""Chance that falls alike on every machine and every Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Spans are whole microseconds."""


class Dice:
    """A stream of draws that depends on `seed` and `number` alone.

    Everything comes from `random()` by the four basic operations: that sequence is promised
    across versions of Python, and no logarithm of some platform has a say in the last digit.
    """

    def __init__(self, seed: int | str, number: int | str) -> None:
        self._key = f"{seed}:{number}"
        self._random = random.Random(self._key).random  # noqa: S311  not for secrets

    def apart(self, name: str) -> "Dice":
        """Return a stream of its own: whatever is drawn from it moves no other draw."""
        return Dice(self._key, name)

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self._random() < probability

    def below(self, bound: int) -> int:
        """Draw a whole number from 0 to `bound - 1`, all alike."""
        return int(self._random() * bound)

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high - 1`, all alike."""
        return low + self.below(high - low)

    def pick(self, values: Sequence[T], weights: Sequence[int]) -> T:
        """Draw one of `values`, each as likely as its weight says."""
        left = self._random() * sum(weights)
        for value, weight in zip(values, weights, strict=True):
            left -= weight
            if left < 0:
                return value
        return values[-1]

    def wait(self, quantiles: Sequence[int]) -> int:
        """Draw a span from its quantiles (evenly spaced, lowest and highest included)."""
        place = self._random() * (len(quantiles) - 1)
        below = int(place)
        low, high = quantiles[below], quantiles[below + 1]
        return low + int((high - low) * (place - below))
