"""What is odd about the data of a report, to be said before its first number."""

from datetime import timedelta

from hourglass import nouns
from hourglass.calendar import local_day
from hourglass.result import Result

REJECTED = 0.01
"""Share of rows rejected that is worth a warning."""
_HALF = 0.5
_FEW = 30
"""Entrants, in the larger of two periods, from which their number is compared."""


def warnings(counted: Result, previous: Result | None) -> tuple[str, ...]:
    """Say what a reader must know first: days missing, rows rejected, a volume far off."""
    return (
        *counted.warnings,
        *_ends_early(counted),
        *_rejected(counted),
        *_volume(counted, previous),
    )


def _ends_early(counted: Result) -> list[str]:
    last, until, zone = counted.input.last, counted.period.until, counted.period.timezone
    if last is None or until is None:
        return []
    end, day = local_day(until - timedelta(microseconds=1), zone), local_day(last, zone)
    if day >= end:
        return []
    return [f"the data end on {day}, and the period on {end}: its last days are missing"]


def _rejected(counted: Result) -> list[str]:
    facts = counted.input
    if not facts.rows or facts.rejected / facts.rows <= REJECTED:
        return []
    return [f"{facts.rejected:,} of {facts.rows:,} rows were rejected"]


def _volume(counted: Result, previous: Result | None) -> list[str]:
    if previous is None:
        return []
    now, then = (one.table("stages").frame["users"][0] for one in (counted, previous))
    if max(now, then) < _FEW or min(now, then) >= _HALF * max(now, then):
        return []
    return [
        f"{nouns.counted(now, counted.rules.get('count'))} entered, {then:,} in the period before:"
        " if the business did not change that much, a delivery is missing"
    ]
