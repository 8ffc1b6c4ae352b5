"""The headline: the hourglass picture and how many came how far."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import sqrt

from hourglass.nouns import counted, many, people
from hourglass.render import values
from hourglass.render.html import picture
from hourglass.render.html.parts import Meter, Section, Variant
from hourglass.render.html.report import Report, closed, goal, needed_of, stages_of, table_of
from hourglass.render.html.sections.segments import segments
from hourglass.render.html.sections.words import NOBODY, sentences
from hourglass.render.html.tables import Row, name, rows_of
from hourglass.result import Json, Result, entrants_of
from hourglass.stages import waist

Lower = Mapping[tuple[str, str], Row]
"""Rows of the lower half, by stage and what is counted there."""

_PARTS = {
    "repeat": "first purchases, then further ones",
    "refer": "people referred who bought, then those who have not yet",
}
"""What the two shades of a bar are."""
_DID = {
    "know": "knew", "like": "liked", "trust": "trusted", "try": "tried",
}  # fmt: skip


def section(report: Report) -> Section:
    """Draw the picture of all stages, wide and narrow, for everybody and for each segment."""
    made = of(report.funnel, report.results.get("previous"))
    variants = []
    for segment, rows in segments(report):
        title = f"{name(report.model.name)}, {segment}: people by stage"
        drawn = _levels(report.funnel, rows, {}, ())
        variants.append(Variant(segment=segment, pictures=_draw(drawn, title)))
    return Section(
        id=made.id, heading=made.heading, finding=made.finding, pictures=made.pictures,
        meter=made.meter, legend=made.legend, caption=made.caption, variants=tuple(variants),
        notes=made.notes,
    )  # fmt: skip


def of(result: Result, previous: Result | None = None) -> Section:
    """Draw a funnel; `previous` is that of the period before."""
    rows = rows_of(result.table("stages"))
    before = rows_of(previous.table("stages")) if previous else ()
    lower = _lower(result)
    levels = _levels(result, rows, lower, before, _lower(previous) if previous else {})
    title = f"{name(result.model)}: people by stage"
    legend = (*_colours(result), *_shades(levels), *_dotted(before))
    caption = (picture.SCALE_NOTE, *_per_buyer(rows, lower))
    return Section(
        id="hourglass",
        heading="The hourglass" if result.model == "hourglass" else "The funnel",
        finding=_headline(result, rows),
        pictures=_draw(levels, title),
        meter=_meter(levels, title, " ".join(_colours(result))),
        legend=" ".join(legend),
        caption=" ".join(caption),
        notes=sentences(result.notes),
    )


def _draw(levels: tuple[picture.Level, ...], title: str) -> tuple[picture.Picture, ...]:
    return tuple(picture.draw(levels, at, title) for at in (picture.WIDE, picture.NARROW))


def _meter(levels: Sequence[picture.Level], title: str, legend: str) -> Meter:
    most = max((level.users for level in levels), default=0) or 1
    rows = ((one.name, sqrt(one.users / most), one.side, _told(one)) for one in levels)
    return Meter(caption=title, legend=legend, rows=tuple(rows))


def _told(level: picture.Level) -> str:
    return "; ".join(part for part in (level.count, level.detail, level.per_buyer) if part)


def _colours(result: Result) -> tuple[str, ...]:
    stages = stages_of(result)
    middle = waist(result.model, stages)
    if middle is None:
        return ()
    after = ", green is what follows" if middle < len(stages) else ""
    return (f"Blue leads to the first purchase, amber is that purchase{after}.",)


def _shades(levels: Sequence[picture.Level]) -> tuple[str, ...]:
    """Tell shades by their place: which is the lighter one depends on the theme."""
    told = [
        f"at {one.name} {_PARTS[one.name]}" for one in levels if one.users and one.part is not None
    ]
    return (f"Two shades of a bar, from the left: {'; '.join(told)}.",) if told else ()


def _dotted(before: Sequence[Row]) -> tuple[str, ...]:
    if not before:
        return ()
    return ("Dotted: the period before, as it stood when it was as old.",)


def _lower(result: Result) -> Lower:
    table = table_of(result, "lower")
    return {(row["stage"], row["what"]): row for row in rows_of(table)} if table else {}


def _per_buyer(rows: Sequence[Row], lower: Lower) -> tuple[str, ...]:
    """Say what stands behind each buyer, above the waist and below."""
    stages = [row["stage"] for row in rows]
    told = [
        f"{values.mean(lower[stage, 'people']['per_buyer'])} people {did}"
        for stage, did in _DID.items()
        if stage in stages and _has(lower, stage, "people")
    ]
    for stage, what, noun in (("buy", "purchases", "purchases"),
                              ("refer", "people referred", "people referred")):  # fmt: skip
        if _has(lower, stage, what):
            told.append(f"{values.mean(lower[stage, what]['per_buyer'])} {noun}")
    return (f"For each buyer: {', '.join(told)}.",) if told else ()


def _has(lower: Lower, stage: str, what: str) -> bool:
    row = lower.get((stage, what))
    return row is not None and row["per_buyer"] is not None


def _levels(
    result: Result,
    rows: Sequence[Row],
    lower: Lower,
    before: Sequence[Row],
    lower_before: Lower | None = None,
) -> tuple[picture.Level, ...]:
    middle, by = waist(result.model, [row["stage"] for row in rows]), result.rules.get("count")
    was: list[int | None] = [_counted(row, lower_before or {}, by)[0] for row in before]
    was = was or [None] * len(rows)
    went_on = "" if closed(result.rules) else " went on"
    told = partial(_level, lower=lower, went_on=went_on, by=by)
    return tuple(
        told(row, above, _side(row["position"], middle), was=number)
        for row, above, number in zip(rows, _before(result, rows), was, strict=True)
    )


def _before(result: Result, rows: Sequence[Row]) -> Iterator[Row | None]:
    """Yield for each stage the one that its rate is of: the nearest before it not optional."""
    above: Row | None = None
    for row, needed in zip(rows, needed_of(result, rows), strict=True):
        yield above
        above = row if needed else above


def _level(
    row: Row,
    above: Row | None,
    side: picture.Side,
    *,
    lower: Lower,
    was: int | None,
    went_on: str,
    by: Json,
) -> picture.Level:
    number, part, count = _counted(row, lower, by)
    per = lower.get((row["stage"], "people"), {}).get("per_buyer")
    return picture.Level(
        name=name(row["stage"]),
        users=number,
        count=count if was is None else f"{count}{_change(number, was)}",
        detail=_detail(row, above, lower, went_on, by),
        side=side,
        part=part,
        before=was,
        per_buyer=f"{values.mean(per)} a buyer" if per is not None and side == "above" else "",
    )


def _change(now: int, was: int) -> str:
    change = values.change(now, was)
    if change == values.NULL:
        return ""
    mark = {"+": "▲ ", "-": "▼ "}.get(change[0], "")
    return f" {mark}{change}"


def _counted(row: Row, lower: Lower, by: Json) -> tuple[int, int | None, str]:
    """Return what a bar stands for: its number, the lighter part of it, and how it is said."""
    stage = row["stage"]
    if stage == "repeat" and ("buy", "purchases") in lower:
        number = lower["buy", "purchases"]["number"]
        first = lower["buy", "first purchases"]["number"]
        return number, first, many(number, "purchase", "purchases")
    if stage == "refer" and (stage, "people referred") in lower:
        number = lower[stage, "people referred"]["number"]
        return number, lower[stage, "of them bought"]["number"], f"{people(number)} referred"
    return row["users"], None, counted(row["users"], by)


def _side(position: int, middle: int | None) -> picture.Side:
    if middle is None or position < middle:
        return "above"
    return "waist" if position == middle else "below"


def _detail(row: Row, above: Row | None, lower: Lower, went_on: str, by: Json) -> str:
    """Say whence people came; `went_on` tells the share of these from the count, if unlike."""
    if not row["ever"]:
        return "no event of this stage"
    if above is None:
        return "entered"
    stage = row["stage"]
    if stage == "repeat" and ("repeat", "further purchases") in lower:
        further = lower["repeat", "further purchases"]["number"]
        return f"{values.count(further)} further; {counted(row['users'], by)} again"
    if stage == "refer" and (stage, "of them bought") in lower:
        bought = lower[stage, "of them bought"]["number"]
        return f"{values.count(bought)} of them bought; by {counted(row['users'], by)}"
    if row["step_rate"] is None:
        return ""
    share = (
        f"{values.rate(row['step_rate'])} of {picture.shortened(name(above['stage']), 14)}{went_on}"
    )
    median = row["median_seconds"]
    return share if median is None else f"{share} · median {values.seconds(median)}"


def _headline(result: Result, rows: Sequence[Row]) -> str:
    entered = entrants_of(rows)
    if not entered:
        return NOBODY
    ends = dict.fromkeys((goal(result), len(rows)))
    reached = " and ".join(_reached(rows[position - 1]) for position in ends)
    where = name(rows[0]["stage"]) if closed(result.rules) else "any stage"
    by = result.rules.get("count")
    who = "that" if by == "session" else "who"
    return f"Of {counted(entered, by)} {who} entered at {where}, {reached}."


def _reached(row: Row) -> str:
    share = values.rate(row["total_rate"])
    return f"{values.count(row['users'])} ({share}) reached {name(row['stage'])}"
