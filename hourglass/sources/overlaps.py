"""Exports that overlap: an event that two of them have is counted twice, where no id tells it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from hourglass.engines.sqltext import literal

Run = Callable[[str], Sequence[Sequence[Any]]]

_MOST = 200_000
"""How many rows are compared: of more, those at the beginning of each time that files share."""
_TIMES = 50
"""How many such times are looked at, the longest."""
_DEDUPE = "--dedupe user_id,event,ts"
READING = f"{_DEDUPE} leaves one of each"
LOADING = f"load them all into a new database with {_DEDUPE}"
"""What to do where exports overlap: when they are asked, and when they are loaded."""


class _Span(NamedTuple):
    """From when to when there are events, and how many."""

    first: datetime
    last: datetime
    rows: int = 0

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.last - self.first).total_seconds()

    def rows_in(self, other: "_Span") -> float:
        """Estimate how many of them lie in another span, as if they were spread evenly."""
        both = _Span(max(self.first, other.first), min(self.last, other.last)).seconds
        return self.rows * (both / self.seconds if self.seconds else 1) if both >= 0 else 0


def told_overlaps(
    run: Run, spans: str, rows: str, names: Sequence[str], remedy: str = READING
) -> tuple[str, ...]:
    """Say how many events two files have alike: the same person, name and instant.

    `spans` is SQL with the first instant of each file, the last, and how many rows it has; `rows`
    with the columns person, event, ts and file, which is the number of its name in `names`, from 1.
    """
    files = sorted(_Span(*row) for row in run(spans) if None not in row)
    shared = list(_shared(files))
    if not shared:
        return ()
    looked_at = sorted(shared, key=lambda one: -one.seconds)[:_TIMES]
    part = min(1, _MOST / max(sum(one.rows_in(span) for span in looked_at for one in files), 1))
    ((count, pair),) = run(_alike(rows, looked_at, part))
    if not count:
        return ()
    one, other = (names[pair[key] - 1] for key in ("one", "other"))
    least = "at least " if part < 1 or len(shared) > _TIMES else ""
    events = "event is" if count == 1 else "events are"
    return (
        f"{least}{count:,} {events} in two files, as {one} and {other} (the same person, name and"
        f" instant), and counted twice; where exports overlap, {remedy}",
    )


def _shared(files: Iterable[_Span]) -> Iterator[_Span]:
    """Yield the times, one after the other, in which two files have events; sorted they come."""
    there: datetime | None = None
    open_: _Span | None = None
    for one in files:
        if there is not None and one.first <= there:
            both = _Span(one.first, min(one.last, there))
            if open_ and both.first <= open_.last:
                open_ = open_._replace(last=max(both.last, open_.last))
            else:
                if open_:
                    yield open_
                open_ = both
        there = max(there or one.last, one.last)
    if open_:
        yield open_


def _alike(rows: str, shared: Sequence[_Span], part: float) -> str:
    """Count the copies of events in the first part of each time, and name two files of one.

    To list the few files of what stands in several takes a third of counting those of each event.
    """
    times = " OR ".join(
        f"ts BETWEEN {literal(one.first)} AND {literal(one.first + (one.last - one.first) * part)}"
        for one in shared
    )
    return (
        "SELECT coalesce(sum(len(files) - 1), 0)::BIGINT, min({'one': one, 'other': other}) FROM ("
        " SELECT list_distinct(list(file)) AS files, min(file) AS one, max(file) AS other"
        f" FROM ({rows}) WHERE ({times}) AND person IS NOT NULL"
        " GROUP BY person, event, ts HAVING min(file) <> max(file))"
    )
