"""The headline: the hourglass picture and how many came how far."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html import picture
from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report, goal, waist
from hourglass.render.html.sections.words import NOBODY, people, sentences
from hourglass.render.html.tables import Row, name, rows_of


def section(report: Report) -> Section:
    """Draw the picture of all stages, wide and narrow."""
    rows = rows_of(report.funnel.table("stages"))
    levels = _levels(report, rows)
    title = f"{name(report.model.name)}: people by stage"
    return Section(
        id="hourglass",
        heading="The hourglass" if report.model.name == "hourglass" else "The funnel",
        finding=_headline(report, rows),
        pictures=tuple(picture.draw(levels, at, title) for at in (picture.WIDE, picture.NARROW)),
        caption=" ".join((picture.SCALE_NOTE, *_colours(report))),
        notes=sentences(report.funnel.notes),
    )


def _colours(report: Report) -> tuple[str, ...]:
    middle = waist(report.model)
    if middle is None:
        return ()
    after = ", green is what follows" if middle < len(report.model.stages) else ""
    return (f"Blue leads to the first purchase, amber is that purchase{after}.",)


def _levels(report: Report, rows: Sequence[Row]) -> tuple[picture.Level, ...]:
    middle = waist(report.model)
    return tuple(
        picture.Level(
            name=name(row["stage"]),
            users=row["users"],
            count=people(row["users"]),
            detail=_detail(row, before),
            side=_side(row["position"], middle),
        )
        for row, before in zip(rows, (None, *rows), strict=False)
    )


def _side(position: int, middle: int | None) -> picture.Side:
    if middle is None or position < middle:
        return "above"
    return "waist" if position == middle else "below"


def _detail(row: Row, before: Row | None) -> str:
    if not row["ever"]:
        return "no event of this stage"
    if before is None:
        return "entered"
    if row["step_rate"] is None:
        return ""
    share = f"{values.rate(row['step_rate'])} of {picture.shortened(name(before['stage']), 14)}"
    median = row["median_seconds"]
    return share if median is None else f"{share} · median {values.seconds(median)}"


def _headline(report: Report, rows: Sequence[Row]) -> str:
    first = rows[0]
    if not first["users"]:
        return NOBODY
    ends = dict.fromkeys((goal(report.model), len(rows)))
    reached = " and ".join(_reached(rows[position - 1]) for position in ends)
    return f"Of {people(first['users'])} who entered at {name(first['stage'])}, {reached}."


def _reached(row: Row) -> str:
    share = values.rate(row["total_rate"])
    return f"{values.count(row['users'])} ({share}) reached {name(row['stage'])}"
