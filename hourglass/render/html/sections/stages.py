"""Every figure of every stage."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections.words import NOBODY
from hourglass.render.html.tables import Row, name, rows_of, stage_sheet

_METHOD = (
    "Rates carry Wilson 95 % intervals. Times are from the stage before, on the attempt that "
    "counts. Ever counts whoever did the stage at all: where it is far above People, the stages "
    "may happen in another order than the model has them."
)


def section(report: Report) -> Section:
    """Show the funnel as a table, and say where most people are lost."""
    rows = rows_of(report.funnel.table("stages"))
    return Section(
        id="stages",
        heading="Stage by stage",
        finding=_largest_loss(rows),
        sheets=(stage_sheet(rows),),
        notes=(_METHOD,),
    )


def _largest_loss(rows: Sequence[Row]) -> str:
    if not rows[0]["users"]:
        return NOBODY
    lost = [number for number, row in enumerate(rows) if row["dropped"]]
    if not lost:
        return "Nobody was lost between stages."
    most = max(lost, key=lambda number: rows[number]["dropped"])
    before, after = rows[most], rows[most + 1]
    return (
        f"Most people are lost between {name(before['stage'])} and {name(after['stage'])}: "
        f"{values.count(before['dropped'])} of {values.count(before['users'])} did not go on."
    )
