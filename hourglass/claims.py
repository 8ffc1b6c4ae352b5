"""Which stages may claim the same event, from the model alone.

An event fills one stage. Where stages share events, a set of stages S can be filled at one
instant only if at least as many events are there that fit any of S (Hall's condition). The
claims are the sets that can matter: connected by shared events, with no minimum gap among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import combinations
from typing import NamedTuple

from hourglass.errors import UsageError
from hourglass.stages import ANY, Model

_MOST_PREDICATES = 12
"""Predicates on one event that several stages share, beyond which its kinds get too many."""

_MOST_CLAIMS = 2_000


class Claim(NamedTuple):
    """A set of stages between two positions and the events that fit any of them."""

    first_position: int
    last_position: int
    stages: int
    """The set, as a sum of bits, 1 for the first stage."""
    kinds: tuple[int, ...]
    """Sets of stages, as sums of bits, of the kinds of events that fit one of the set."""


@cache
def claims(model: Model, *, whole: bool = False) -> tuple[Claim, ...]:
    """Return every claim that the events of one instant may fail to meet.

    `whole` looks at all stages together: a minimum gap parts them only where none is left out.
    """
    kinds = sorted(_kinds(model))
    found: dict[Claim, None] = {}
    everything = [list(range(len(model.stages)))]
    for block in everything if whole else _blocks(model):
        for stages in _overlapping(block, kinds):
            found.update(dict.fromkeys(_claims_among(stages, kinds)))
    return tuple(found)


def _kinds(model: Model) -> set[int]:
    """Collect the sets of stages (sums of bits) that one event may fit."""
    fitting: dict[str, list[tuple[str | None, int]]] = {}
    for place, stage in enumerate(model.stages):
        for step in stage.steps:
            for event in step.events:
                fitting.setdefault(event, []).append((step.where, 1 << place))
    everywhere = fitting.get(ANY, [])
    for event, fits in fitting.items():
        if event != ANY:
            fits.extend(everywhere)
    return {kind for fits in fitting.values() for kind in _kinds_of_event(fits)}


def _kinds_of_event(fits: Sequence[tuple[str | None, int]]) -> Iterator[int]:
    predicates = list(dict.fromkeys(where for where, _ in fits if where is not None))
    if len({bit for _, bit in fits}) > 1 and len(predicates) > _MOST_PREDICATES:
        raise UsageError(
            f"more than {_MOST_PREDICATES} predicates on one event that several stages share"
        )
    for size in range(len(predicates) + 1) if len(predicates) <= _MOST_PREDICATES else (1,):
        for passed in combinations(predicates, size):
            kind = 0
            for where, bit in fits:
                kind |= bit if where is None or where in passed else 0
            if kind:
                yield kind


def _blocks(model: Model) -> Iterator[list[int]]:
    """Yield the runs of stages that one instant may hold: a minimum gap parts them."""
    block: list[int] = []
    for place, stage in enumerate(model.stages):
        if stage.min_gap > timedelta() and block:
            yield block
            block = []
        block.append(place)
    yield block


def _overlapping(block: Iterable[int], kinds: Sequence[int]) -> Iterator[list[int]]:
    """Yield the groups of two and more stages that are connected by shared events."""
    left = sum(1 << place for place in block)
    while left:
        group, grown = 0, left & -left
        while grown != group:
            group = grown
            for kind in kinds:
                if kind & group:
                    grown |= kind & left
        left &= ~group
        if group & (group - 1):
            yield [place for place in range(group.bit_length()) if group >> place & 1]


def _claims_among(stages: Sequence[int], kinds: Sequence[int]) -> Iterator[Claim]:
    """Yield the claims of connected stages: of each set of kinds, the stages that need them."""
    needs = {place: frozenset(kind for kind in kinds if kind >> place & 1) for place in stages}
    for supply in _supplies(set(needs.values())):
        fitted = [place for place in stages if needs[place] <= supply]
        for start, end in combinations(range(len(fitted)), 2):
            claiming = fitted[start : end + 1]
            if frozenset().union(*(needs[place] for place in claiming)) == supply:
                yield Claim(
                    first_position=claiming[0] + 1,
                    last_position=claiming[-1] + 1,
                    stages=sum(1 << place for place in claiming),
                    kinds=tuple(sorted(supply)),
                )


def _supplies(needs: set[frozenset[int]]) -> set[frozenset[int]]:
    """Collect the unions of what stages need, as far as they are connected by a common kind."""
    found = set(needs)
    fresh = list(needs)
    while fresh:
        supply = fresh.pop()
        for need in needs:
            union = supply | need
            if supply & need and union not in found:
                found.add(union)
                fresh.append(union)
        if len(found) > _MOST_CLAIMS:
            raise UsageError(
                "too many stages share their events in too many ways",
                "give the stages events of their own, or a min_gap",
            )
    return found
