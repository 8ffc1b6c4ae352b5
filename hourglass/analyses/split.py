"""The change of a rate, split exactly into mix and rate.

An overall rate moves because its segments convert otherwise (rate) or because people come from
other segments (mix). With w the segment's share of the entrants, r its rate and R the overall
rate, of the base (0) and of the side compared with it (1):

    rate = (w0 + w1) / 2 * (r1 - r0)
    mix  = (w1 - w0) * ((r0 + r1) / 2 - (R0 + R1) / 2)

Over all segments they add up to R1 - R0: shares sum to one, so that the overall rate drops out.
A segment absent on one side takes its other rate, so that all of it is mix.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

Values = tuple[str | None, ...]
Reached = tuple[int, int]
"""People who entered, and those of them who reached the stage."""
NOBODY: Reached = (0, 0)


class Part(NamedTuple):
    """What one segment adds to a change; exact, null where a side has nobody at all."""

    values: Values
    """The segment's value in each column; empty in the row of folded segments."""
    base: Reached
    side: Reached
    mix: Fraction | None
    rate: Fraction | None


def rate_of(reached: Reached) -> Fraction | None:
    """Return the share of entrants who reached the stage; null where nobody entered."""
    entrants, users = reached
    return Fraction(users, entrants) if entrants else None


def total(counts: Mapping[Values, Reached]) -> Reached:
    """Add up the people of all segments."""
    return (
        sum(entrants for entrants, _ in counts.values()),
        sum(users for _, users in counts.values()),
    )


def split(base: Mapping[Values, Reached], side: Mapping[Values, Reached]) -> list[Part]:
    """Split the change of the overall rate from `base` to `side` by segment.

    Largest segments first, those without any value last; segments that nobody entered in are
    left out.
    """
    whole = total(base), total(side)
    found = [
        _part(values, base.get(values, NOBODY), side.get(values, NOBODY), *whole)
        for values in {**base, **side}
    ]
    return sorted((part for part in found if part.base[0] or part.side[0]), key=_place)


def folded(parts: Sequence[Part], top: int) -> list[Part]:
    """Keep the first `top` segments and those without a value; the rest is one part, added up.

    Mix and rate of the rest are the sums of those folded, so that their totals do not depend on
    how many rows are shown.
    """
    valued = [part for part in parts if not _is_none(part.values)]
    if len(valued) <= top:
        return list(parts)
    rest = valued[top:]
    other = Part(
        values=(),
        base=total({part.values: part.base for part in rest}),
        side=total({part.values: part.side for part in rest}),
        mix=added(part.mix for part in rest),
        rate=added(part.rate for part in rest),
    )
    return [*valued[:top], other, *(part for part in parts if _is_none(part.values))]


def whole(base: Mapping[Values, Reached], side: Mapping[Values, Reached]) -> Part:
    """Return the whole change: what mix and rate of all segments add up to."""
    parts, all_base, all_side = split(base, side), total(base), total(side)
    known = bool(all_base[0] and all_side[0])
    return Part(
        values=(),
        base=all_base,
        side=all_side,
        mix=added(part.mix for part in parts) if known else None,
        rate=added(part.rate for part in parts) if known else None,
    )


def added(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """Add up; null if any is."""
    result = Fraction(0)
    for number in numbers:
        if number is None:
            return None
        result += number
    return result


def _part(
    values: Values, base: Reached, side: Reached, all_base: Reached, all_side: Reached
) -> Part:
    before, after = rate_of(all_base), rate_of(all_side)
    if before is None or after is None:
        return Part(values=values, base=base, side=side, mix=None, rate=None)
    r0, r1 = _rates(base, side)
    w0, w1 = Fraction(base[0], all_base[0]), Fraction(side[0], all_side[0])
    return Part(
        values=values,
        base=base,
        side=side,
        mix=(w1 - w0) * ((r0 + r1) / 2 - (before + after) / 2),
        rate=(w0 + w1) / 2 * (r1 - r0),
    )


def _rates(base: Reached, side: Reached) -> tuple[Fraction, Fraction]:
    """Return both rates of a segment; one that is not there is taken to be the other."""
    before, after = rate_of(base), rate_of(side)
    known = before if before is not None else after
    known = Fraction(0) if known is None else known
    return (known if before is None else before), (known if after is None else after)


def _is_none(values: Values) -> bool:
    return all(value is None for value in values)


def _place(part: Part) -> tuple[bool, int, list[tuple[bool, str]]]:
    people = part.base[0] + part.side[0]
    names = [(value is None, value or "") for value in part.values]
    return _is_none(part.values), -people, names
