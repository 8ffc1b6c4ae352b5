"""Through which channels people come to each stage, and who goes on from there."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.groups import called
from hourglass.render.html import charts_counts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, name, rows_of, sheet
from hourglass.result import Result

_HEADING = "Touchpoints by stage"
_FEW = 30


def section(report: Report) -> Section:
    """Show the touchpoints of a report, or say why there are none."""
    result = report.results.get("touchpoints")
    if result is None:
        return missing(report, "touchpoints", "touchpoints", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw the share that goes on, by stage and channel."""
    rows = rows_of(result.table("touchpoints"))
    zone = result.period.timezone
    others = [table_of(result, one) for one in ("kinds", "buyers", "breakdown")]
    return Section(
        id="touchpoints",
        heading=_HEADING,
        finding=dated(result, report, _finding(rows)),
        charts=_chart(rows),
        sheets=(
            sheet(result.table("touchpoints"), zone, most=90, without=_idle(rows)),
            *(
                sheet(one, zone, prefix="touchpoints-", without=_idle(rows))
                for one in others
                if one
            ),
        ),
        notes=sentences(result.notes, said=report.funnel.notes if report else ()),
    )


def _idle(rows: Sequence[Row]) -> frozenset[str]:
    """Return the columns that say nothing while no window is over."""
    if any(row["mature_people"] for row in rows):
        return frozenset()
    return frozenset({"mature_people", "mature_onward", "mature_onward_rate"})


def _finding(rows: Sequence[Row]) -> str:
    if not rows:
        return "No event of a stage came through a channel."
    first = [row for row in rows if row["position"] == rows[0]["position"]]
    single = [row for row in first if not row["channel_other"]] or first
    largest = max(single, key=lambda row: row["people"])
    judged = [row for row in single if row["people"] >= _FEW and row["onward_rate"] is not None]
    told = (
        f"Most people come to {name(largest['stage'])} through {_channel(largest)}:"
        f" {people(largest['people'])}"
    )
    if len(judged) < 2:
        return f"{told}."
    best = max(judged, key=lambda row: row["onward_rate"])
    if not best["onward_rate"]:
        return (
            f"{told}; from none of the channels with {_FEW} people or more there did anybody go on."
        )
    return (
        f"{told}; of the channels with {_FEW} people or more there, {_channel(best)} has the"
        f" largest share that goes on, {_rate(best)}."
    )


def _rate(row: Row) -> str:
    spread = values.interval(row["onward_low"], row["onward_high"])
    return f"{values.rate(row['onward_rate'])} ({spread})"


def _channel(row: Row) -> str:
    if row["channel_other"]:
        return values.OTHER
    return name(called(row["channel"]))


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    onward = [row for row in rows if row["onward_rate"] is not None]
    stages = list(dict.fromkeys(name(row["stage"]) for row in onward))
    channels = list(dict.fromkeys(_channel(row) for row in onward))
    if not stages:
        return ()
    cells = {(_channel(row), name(row["stage"])): row for row in onward}
    rates = [[_of(cells.get((one, stage))) for stage in stages] for one in channels]
    words = [[_words(cells.get((one, stage))) for stage in stages] for one in channels]
    return (
        Chart(
            id="touchpoints-chart",
            label="Share of the people of a stage and channel who did the next stage after it",
            figure=charts_counts.grid(channels, stages, rates, words),
            height=charts_counts.grid_height(channels, stages),
        ),
    )


def _of(row: Row | None) -> float | None:
    return None if row is None else row["onward_rate"]


def _words(row: Row | None) -> str:
    if row is None:
        return ""
    return f"{name(row['stage'])}, {_channel(row)}: {_rate(row)} of {people(row['people'])}"
