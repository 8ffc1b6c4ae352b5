"""Phrases that several sections use."""

from hourglass.render import values
from hourglass.render.html.tables import Row

NOBODY = "Nobody entered in this period."


def people(number: int) -> str:
    """`1 person`, `2,600 people`."""
    return many(number, "person", "people")


def many(number: int, one: str, more: str) -> str:
    """Write a count with its noun."""
    return f"{values.count(number)} {one if number == 1 else more}"


def rate_and_interval(row: Row) -> str:
    """`8.3 % (7.7–9.1 %)`, the share of all entrants."""
    between = values.interval(row["total_low"], row["total_high"])
    return f"{values.rate(row['total_rate'])} ({between})"


def pointed_at(what: str, row: Row) -> str:
    """Say what a pointer on a chart reads about `what`."""
    if row["total_rate"] is None:
        return f"{what}: nobody entered"
    return f"{what}: {rate_and_interval(row)}, {people(row['users'])}"
