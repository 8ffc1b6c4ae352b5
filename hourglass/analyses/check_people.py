"""Numbers of people for checks, out of the rows of a funnel."""

from collections.abc import Mapping, Sequence
from typing import Any

from hourglass.analyses.check_judging import Figure

Rows = Sequence[Mapping[str, Any]]
"""The rows of a funnel's stages, in order."""


def people_figure(
    measure: str, rows: Rows, place: int, start: int, *, compared: bool = False
) -> Figure:
    """Take a measure out of a funnel; of no rows, that of nobody.

    `place` is the stage, `start` the one that a step begins with, both from 0. Under a window that
    is `compared` only entries count whose window is over, as in every comparison; what has no such
    figure is mature only where all entries are.
    """
    if not rows:
        return Figure(value=0.0 if measure == "users" else None, people=0)
    row, first = rows[place], rows[0]
    done = not compared or first["users"] == first["mature_entrants"]
    if measure == "users":
        users = row["users"]
        return Figure(value=float(users), people=users, mature=done or place == 0)
    if measure == "median_seconds":
        return Figure(value=row["median_seconds"], people=row["users"], mature=done)
    successes, trials = _counts(measure, rows, place, start, compared)
    return Figure(
        value=share(successes, trials), people=trials, successes=successes, trials=trials or None
    )


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole; null where there is nothing."""
    return part / whole if whole else None


def _counts(measure: str, rows: Rows, place: int, start: int, compared: bool) -> tuple[int, int]:
    """Return how many did it, of how many."""
    row, before = rows[place], rows[start]
    if measure == "step_rate" and compared:
        return min(row["mature_users"], before["mature_users"]), before["mature_users"]
    if measure == "step_rate":
        return round((row["step_rate"] or 0.0) * before["users"]), before["users"]
    if compared or measure == "mature_total_rate":
        return row["mature_users"], row["mature_entrants"]
    return row["users"], _entrants(rows)


def _entrants(rows: Rows) -> int:
    """Return of how many total rates are: who entered at stage 1, or anywhere if that may be."""
    for row in rows:
        if row["total_rate"]:
            entrants: int = round(row["users"] / row["total_rate"])
            return entrants
    return int(rows[0]["users"])
