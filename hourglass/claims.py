"""Which stages may claim the same event, from the model alone.

An event fills one stage. Where stages share events, a set of stages S can be filled at one
instant only if at least as many events are there that fit any of S (Hall's condition). The
claims are the sets that can matter: connected by shared events, with no minimum gap among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from hourglass.errors import UsageError
from hourglass.stages import Model

_MOST = 12
"""Predicates on one event, and kinds of overlapping stages, beyond which claims get too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A set of stages between two positions and the events that fit any of them."""

    first_position: int
    last_position: int
    stages_claimed: int
    """How many stages are in the set."""
    kinds: tuple[int, ...]
    """Sets of stages, as sums of bits, of the kinds of events that fit one of the set."""


def claims(model: Model) -> tuple[Claim, ...]:
    """Return every claim that the events of one instant may fail to meet."""
    kinds = sorted(_kinds(model))
    found: dict[Claim, None] = {}
    for block in _blocks(model):
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
    return {kind for fits in fitting.values() for kind in _kinds_of_event(fits)}


def _kinds_of_event(fits: Sequence[tuple[str | None, int]]) -> Iterator[int]:
    predicates = list(dict.fromkeys(where for where, _ in fits if where is not None))
    if len({bit for _, bit in fits}) > 1 and len(predicates) > _MOST:
        raise UsageError(f"more than {_MOST} predicates on one event that several stages share")
    for size in range(len(predicates) + 1) if len(predicates) <= _MOST else (1,):
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
    """Claims among connected stages; stages that the same kinds fit are taken together."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for place in stages:
        alike.setdefault(tuple(kind for kind in kinds if kind >> place & 1), []).append(place)
    if len(alike) > _MOST:
        raise UsageError(
            f"more than {_MOST} stages share their events in different ways",
            "give the stages events of their own, or a min_gap",
        )
    for size in range(1, len(alike) + 1):
        for chosen in combinations(alike, size):
            fitting = tuple(sorted({kind for part in chosen for kind in part}))
            yield from _between(sorted(place for part in chosen for place in alike[part]), fitting)


def _between(places: Sequence[int], fitting: tuple[int, ...]) -> Iterator[Claim]:
    for start in range(len(places)):
        for end in range(start + 1, len(places)):
            yield Claim(
                first_position=places[start] + 1,
                last_position=places[end] + 1,
                stages_claimed=end - start + 1,
                kinds=fitting,
            )
