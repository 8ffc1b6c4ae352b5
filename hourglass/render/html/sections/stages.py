"""Every figure of every stage."""

from collections.abc import Iterator, Sequence

from hourglass.nouns import whoever
from hourglass.render import values
from hourglass.render.html.parts import Section, Sheet, Variant
from hourglass.render.html.report import Report, needed_of, table_of
from hourglass.render.html.sections.segments import segments
from hourglass.render.html.sections.words import NOBODY
from hourglass.render.html.tables import Row, name, rows_of, sheet, stage_sheet, windowed
from hourglass.result import Result

_METHOD = (
    "{people} reached the stage in order; the step rate is of the stage before, with its Wilson "
    "95 % interval. Times are from the stage before, on the attempt that counts. Ever counts "
    "whoever did the stage at all: where it is far above {people}, the stages may happen in "
    "another order than the model has them, or more slowly than the window allows."
)
_ANY_ORDER = (
    "{people} did at least so many different stages, in whatever order; the step rate is of the "
    "row before, with its Wilson 95 % interval. Times are from the row before, on the attempt that "
    "counts. Ever counts whoever did so many at all, however slowly."
)
_OPEN = "Window open: stopped here and may still go on."
_MATURITY = (
    "Mature: the same funnel over the entries whose window is over, which had their full time."
)


def section(report: Report) -> Section:
    """Show the funnel as a table, for everybody and for each segment."""
    variants = tuple(
        Variant(
            segment=segment,
            sheets=(stage_sheet(rows, report.funnel.rules, prefix=f"segment-{number}-"),),
        )
        for number, (segment, rows) in enumerate(segments(report), start=1)
    )
    return of(report.funnel, report.results.get("previous"), variants)


def of(
    result: Result, previous: Result | None = None, variants: tuple[Variant, ...] = ()
) -> Section:
    """Show a funnel as a table, and say where most people are lost."""
    rows = rows_of(result.table("stages"))
    before = rows_of(previous.table("stages")) if previous else ()
    return Section(
        id="stages",
        heading="Stage by stage",
        finding=_largest_loss(result, rows),
        variants=variants,
        sheets=(stage_sheet(rows, result.rules, before), *_below(result)),
        notes=tuple(_notes(result, rows)),
    )


def _notes(result: Result, rows: Sequence[Row]) -> Iterator[str]:
    """Explain the columns that are there."""
    method = _ANY_ORDER if result.rules.get("order") == "any" else _METHOD
    yield method.format(people=whoever(result.rules.get("count")).capitalize())
    if windowed(rows):
        yield _OPEN
    if any(row["mature_entrants"] for row in rows):
        yield _MATURITY


def _below(result: Result) -> tuple[Sheet, ...]:
    """Show what stands behind each buyer, and the money of each stage, where there is any."""
    found = (table_of(result, one) for one in ("lower", "money"))
    return tuple(sheet(one, result.period.timezone) for one in found if one)


def _largest_loss(result: Result, rows: Sequence[Row]) -> str:
    """Name the step that loses most: on to the nearest stage that is not optional."""
    if not rows[0]["users"]:
        return NOBODY
    lost = [row for row in rows if row["dropped"]]
    if not lost:
        return "Nobody was lost between stages."
    before = max(lost, key=lambda row: row["dropped"])
    place, needed = before["position"], needed_of(result, rows)
    who = whoever(result.rules.get("count"))
    after = next(rows[at] for at in range(place, len(rows)) if needed[at])
    return (
        f"Most {who} are lost between {name(before['stage'])} and {name(after['stage'])}: "
        f"{values.count(before['dropped'])} of {values.count(before['users'])} did not go on."
    )
