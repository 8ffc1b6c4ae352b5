"""Every figure of every stage."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections.words import NOBODY
from hourglass.render.html.tables import Row, name, rows_of, stage_sheet, windowed

_METHOD = (
    "People reached the stage in order; the step rate is of the stage before, with its Wilson "
    "95 % interval. Times are from the stage before, on the attempt that counts. Ever counts "
    "whoever did the stage at all: where it is far above People, the stages may happen in another "
    "order than the model has them, or more slowly than the window allows."
)
_MATURITY = (
    "Window open: stopped here and may still go on. Mature: the same funnel over the entries whose "
    "window is over, which had their full time."
)


def section(report: Report) -> Section:
    """Show the funnel as a table, and say where most people are lost."""
    rows = rows_of(report.funnel.table("stages"))
    return Section(
        id="stages",
        heading="Stage by stage",
        finding=_largest_loss(rows),
        sheets=(stage_sheet(rows),),
        notes=(_METHOD, _MATURITY) if windowed(rows) else (_METHOD,),
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
