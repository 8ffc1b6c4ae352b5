"""What `inspect` found as a page: events by day, then every table."""

from collections.abc import Sequence
from datetime import date

from hourglass.nouns import many
from hourglass.render import values
from hourglass.render.html import charts
from hourglass.render.html.page import write_page
from hourglass.render.html.parts import Cell, Chart, Head, Section, Sheet
from hourglass.render.html.sections.words import sentences
from hourglass.render.html.tables import name, sheet
from hourglass.result import InputFacts, Result, Table

Day = tuple[date, int, int]
"""A day (UTC), its events, and people with any."""

_COUNTED = {
    "files": ("file read", "files read"),
    "columns": ("column", "columns"),
    "events": ("event name", "event names"),
    "quality": ("finding", "findings"),
    "odd_people": ("person who may be a machine", "people who may be machines"),
    "zones": ("way of writing times", "ways of writing times"),
    "rejects": ("reason", "reasons"),
}
"""What the rows of a table are, one and more."""
_OF_WHICH = {"columns": ("role", "play a part"), "events": ("stage", "have a stage")}
"""What some of the rows have in a column, and others not."""
_LISTED = 200
"""Rows of a table beyond which the rest is left to the other formats."""
_DAYS = 400
"""Days that are listed: a year, and the days around it."""


def render_quality(result: Result, days: Sequence[Day], stages: Sequence[str] = ()) -> bytes:
    """Write the answer of `inspect` as an HTML page that needs no network.

    `stages` are those that events may have, in their order.
    """
    facts = result.input
    head = (
        ("Rows", values.count(facts.rows)),
        ("Events", values.count(facts.rows - facts.rejected - facts.duplicates)),
        ("Rejected", values.count(facts.rejected)),
        ("Duplicates", values.count(facts.duplicates)),
        ("People", values.count(facts.users)),
        ("First event", values.moment(facts.first)),
        ("Last event", values.moment(facts.last)),
    )
    parts = [
        *([_by_day(result, days)] if days else []),
        *(_section(one, result, stages) for one in _others(result)),
    ]
    return write_page(result.title, _read(facts), head, parts)


def _read(facts: InputFacts) -> str:
    return f"{many(facts.rows, 'row', 'rows')} read, times in UTC"


def _others(result: Result) -> list[Table]:
    return [one for one in result.tables if one.name != "gaps"]


def _by_day(result: Result, days: Sequence[Day]) -> Section:
    empty = sum(not events for _, events, _ in days)
    lacking = f"; {many(empty, 'day has', 'days have')} none" if empty else ", and none is without"
    gaps = [one for one in result.tables if one.name == "gaps"]
    return Section(
        id="days",
        heading="Events by day",
        finding=f"The events span {many(len(days), 'day', 'days')}{lacking}.",
        charts=(
            Chart(
                id="days-chart",
                label="Events of each day",
                figure=charts.daily(
                    [day.isoformat() for day, _, _ in days],
                    [events for _, events, _ in days],
                    [_words(*one) for one in days],
                ),
                height=charts.TREND_HEIGHT,
            ),
        ),
        sheets=(*(sheet(one, most=_LISTED) for one in gaps), _days(days)),
    )


def _days(days: Sequence[Day]) -> Sheet:
    """Show the bars of the chart as numbers; of many years the last days."""
    shown = days[-_DAYS:]
    left = f", the last {values.count(len(shown))} of {values.count(len(days))} days"
    return Sheet(
        id="days-table",
        caption=f"Events and people of each day{left if len(shown) < len(days) else ''}",
        heads=(Head("Day", number=False), Head("Events"), Head("People")),
        rows=tuple(
            (Cell(values.date(day)), Cell(values.count(events)), Cell(values.count(people)))
            for day, events, people in shown
        ),
        fold="Each day as a row",
    )


def _words(day: date, events: int, people: int) -> str:
    told = f"{many(events, 'event', 'events')} of {many(people, 'person', 'people')}"
    return f"{values.date(day)}: {told}"


def _section(table: Table, result: Result, stages: Sequence[str]) -> Section:
    made = sheet(table, most=_LISTED)
    return Section(
        id=table.name,
        heading=table.title,
        finding=_finding(table),
        sheets=(_by_stage(made, stages) if table.name == "events" else made,),
        notes=sentences(result.notes) if table.name == "odd_people" else (),
    )


def _by_stage(made: Sheet, stages: Sequence[str]) -> Sheet:
    """Let the stages of events be sorted in their order; an event may be in several."""
    at = [head.label for head in made.heads].index("stage")
    combined = {row[at].text for row in made.rows} - {values.NULL}
    places = {name(stage): place for place, stage in enumerate(stages)}

    def place(cell: str) -> list[int]:
        return [places.get(stage, len(places)) for stage in cell.split(", ")]

    ranked = made.heads[at]._replace(ranks=tuple(sorted(sorted(combined), key=place)))
    return made._replace(heads=(*made.heads[:at], ranked, *made.heads[at + 1 :]))


def _finding(table: Table) -> str:
    told = many(table.height, *_COUNTED[table.name])
    if table.name in _OF_WHICH:
        column, what = _OF_WHICH[table.name]
        filled = sum(value is not None for value in table.column(column))
        told += f", of which {values.count(filled)} {what}"
    return f"{told}."
