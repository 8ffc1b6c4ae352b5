"""Phrases that several sections use."""

from collections.abc import Container, Iterable

from hourglass.render import values
from hourglass.render.html.tables import Row

NOBODY = "Nobody entered in this period."


def people(number: int) -> str:
    """`1 person`, `2,600 people`."""
    return many(number, "person", "people")


def many(number: int, one: str, more: str) -> str:
    """Write a count with its noun."""
    return f"{values.count(number)} {one if number == 1 else more}"


def sentences(notes: Iterable[str], said: Container[str] = ()) -> tuple[str, ...]:
    """Write the notes of a result as sentences, without those that are `said` elsewhere."""
    new = (values.visible(note).removesuffix(".") for note in notes if note not in said)
    return tuple(f"{note[:1].upper()}{note[1:]}." for note in new)


def rate_and_interval(row: Row) -> str:
    """`8.3 % (7.7–9.1 %)`, the share of all entrants."""
    between = values.interval(row["total_low"], row["total_high"])
    return f"{values.rate(row['total_rate'])} ({between})"


def pointed_at(what: str, row: Row) -> str:
    """Say what a pointer on a chart reads about `what`."""
    if row["total_rate"] is None:
        return f"{what}: nobody entered"
    return f"{what}: {rate_and_interval(row)}, {people(row['users'])}"
