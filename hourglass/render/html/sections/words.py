"""Phrases that several sections use."""

from collections.abc import Container, Iterable

from hourglass.render import values
from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report
from hourglass.render.html.tables import Row
from hourglass.result import Result

NOBODY = "Nobody entered in this period."


def sentences(notes: Iterable[str], said: Container[str] = ()) -> tuple[str, ...]:
    """Write the notes of a result as sentences, without those that are `said` elsewhere."""
    new = (values.visible(note).removesuffix(".") for note in notes if note not in said)
    return tuple(_raised(note) + ("" if note.endswith("?") else ".") for note in new)


def _raised(note: str) -> str:
    """Begin with a capital, but for signs as q: Q would be another."""
    return note if note[1:2] == " " and note[0] not in "aA" else f"{note[:1].upper()}{note[1:]}"


def dated(result: Result, report: Report | None, sentence: str) -> str:
    """Put the period of a result before a sentence, where it is not that of the whole report."""
    if report is None or result.period == report.funnel.period:
        return sentence
    span = values.period(result.period)
    return f"{span[:1].upper()}{span[1:]}: {sentence}"


def missing(report: Report, which: str, id: str, heading: str) -> Section:  # noqa: A002
    """Say in a line why a section has nothing to show."""
    reason = report.reasons.get(which, "Not asked.")
    return Section(id=id, heading=heading, finding=values.visible(reason))


def rate_and_interval(row: Row) -> str:
    """`8.3 % (7.7–9.1 %)`, the share of all entrants."""
    between = values.interval(row["total_low"], row["total_high"])
    return f"{values.rate(row['total_rate'])} ({between})"


def pointed_at(what: str, row: Row) -> str:
    """Say what a pointer on a chart reads about `what`."""
    if row["total_rate"] is None:
        return f"{what}: nobody entered"
    return f"{what}: {rate_and_interval(row)}, {values.count(row['users'])} reached it"
