"""Numbers of people for checks, out of the rows of a funnel."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hourglass.analyses.check_judging import Figure
from hourglass.analyses.sides import Counts

Rows = Sequence[Mapping[str, Any]]
"""The rows of a funnel's stages, in order."""


class Matured(NamedTuple):
    """What a comparison counts of a funnel: people by the entries whose window is over."""

    counts: Counts
    waiting: bool
    """Whether an entry of theirs still has time to go on."""
    closed: bool = True
    """Whether attempts begin with the first stage, so that who is there stays there."""


def people_figure(
    measure: str, rows: Rows, place: int, start: int, matured: Matured | None = None
) -> Figure:
    """Take a measure out of a funnel; of no rows, that of nobody.

    `place` is the stage, `start` the one that a step begins with, both from 0. With `matured` the
    figure is to be compared: only entries count whose window is over, and what has no such figure
    is mature only where all entries are.
    """
    if not rows:
        return Figure(value=0.0 if measure == "users" else None, people=0)
    row = rows[place]
    done = matured is None or not matured.waiting
    if measure == "users":
        users, stays = row["users"], matured is None or (matured.closed and place == 0)
        return Figure(value=float(users), people=users, mature=done or stays)
    if measure == "median_seconds":
        return Figure(value=row["median_seconds"], people=row["users"], mature=done)
    counts = None if matured is None else matured.counts
    successes, trials = _counts(measure, rows, place, start, counts)
    return Figure(
        value=share(successes, trials), people=trials, successes=successes, trials=trials or None
    )


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole; null where there is nothing."""
    return part / whole if whole else None


def _counts(
    measure: str, rows: Rows, place: int, start: int, mature: Counts | None
) -> tuple[int, int]:
    """Return how many did it, of how many."""
    row, before = rows[place], rows[start]
    if mature is not None:
        trials, successes = mature.step(place) if measure == "step_rate" else mature.total(place)
        return successes, trials
    if measure == "step_rate":
        return round((row["step_rate"] or 0.0) * before["users"]), before["users"]
    if measure == "mature_total_rate":
        return row["mature_users"], row["mature_entrants"]
    return row["users"], _entrants(rows)


def _entrants(rows: Rows) -> int:
    """Return of how many total rates are: who entered at stage 1, or anywhere if that may be."""
    for row in rows:
        if row["total_rate"]:
            entrants: int = round(row["users"] / row["total_rate"])
            return entrants
    return int(rows[0]["users"])
