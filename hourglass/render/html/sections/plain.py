"""Any table as a section: for answers that have no section of their own."""

from hourglass.nouns import many
from hourglass.render.html.parts import Section
from hourglass.render.html.sections.words import sentences
from hourglass.render.html.tables import sheet
from hourglass.result import Result, Table

_MOST = 300
"""Rows of a table; all of them are in the other formats."""


def of(result: Result) -> tuple[Section, ...]:
    """Show every table of a result, its notes under the last."""
    found = [section(table, result) for table in result.tables]
    notes = Section(id="notes", heading="Notes", finding=" ".join(sentences(result.notes)))
    return (*found, notes) if result.notes else tuple(found)


def section(table: Table, result: Result) -> Section:
    """Show one table."""
    made = sheet(table, result.period.timezone, most=_MOST, prefix="all-")
    return Section(
        id=table.name.replace("_", "-"),
        heading=table.title,
        finding=f"{many(len(made.rows), 'row', 'rows')}.",
        sheets=(made,),
    )
