"""The events of one person, and which of them fill the stages of an attempt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hourglass.analyses.attempts import instant

_EPOCH = datetime(1970, 1, 1)


def moment_of(ts_us: int) -> datetime:
    """Naive UTC moment of whole microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=ts_us)


def clock(ts_us: int, zone: str) -> str:
    """Write whole microseconds since 1970 as the date and time of a zone, to the second."""
    local = moment_of(ts_us).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S}"


class Verdict(NamedTuple):
    """Whether an event counts, why, and the rule that decides (null: none needed)."""

    used: bool
    reason: str
    rule: str | None = None


class Strike(NamedTuple):
    """The excluding event that an attempt runs into: when, in microseconds, and its name."""

    ts_us: int
    event: str


class Row(NamedTuple):
    """One event: its place in time, when (naive UTC), its name, and a bit for each stage.

    `fills` are the stages that take it: a stage may take the first or the n-th event alone.
    """

    n: int
    ts: datetime
    event: str
    stages: int
    fills: int
    excludes: bool = False
    value: str | None = None
    """What it carries of the property that attempts hold."""

    @property
    def ts_us(self) -> int:
        """Whole microseconds since 1970."""
        return instant(self.ts, 0)

    @property
    def positions(self) -> list[int]:
        """Positions of the stages that it matches."""
        return _bits(self.stages)

    @property
    def filling(self) -> list[int]:
        """Positions of the stages that take it."""
        return _bits(self.fills)


def _bits(number: int) -> list[int]:
    return [place + 1 for place in range(number.bit_length()) if number >> place & 1]


def dealt(
    rows: Iterable[Row], reached: Mapping[int, int], *, reuse: bool, tolerated: int = 0
) -> dict[int, int]:
    """Give each stage that was reached an event: position to the event's `n`.

    `reached` says when, in microseconds; an event is one of that instant, or, where none is, the
    latest that lies at most `tolerated` before it. Without `reuse` no event is given twice: a
    stage whose events are taken asks the stage that took one for another (augmenting paths, as in
    any bipartite matching).
    """
    known = list(rows)
    fit = {
        position: list(_fitting(known, position, ts, tolerated)) for position, ts in reached.items()
    }
    if reuse:
        return {position: found[0] for position, found in fit.items()}
    holder: dict[int, int] = {}

    def take(position: int, asked: set[int]) -> bool:
        for n in fit[position]:
            if n not in asked:
                asked.add(n)
                if n not in holder or take(holder[n], asked):
                    holder[n] = position
                    return True
        return False

    for position in fit:
        take(position, set())
    return {position: n for n, position in sorted(holder.items(), key=lambda one: one[1])}


def _fitting(rows: Sequence[Row], position: int, ts: int, tolerated: int) -> Iterator[int]:
    """Yield the events that a stage may have been reached with, the likeliest first."""
    those = [row for row in rows if row.fills >> (position - 1) & 1]
    exact = [row.n for row in those if row.ts_us == ts]
    yield from exact
    if not exact:
        yield from (row.n for row in reversed(those) if 0 < ts - row.ts_us <= tolerated)
