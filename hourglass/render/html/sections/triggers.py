"""Which events go before buying, and what became of the triggers that are configured."""

from collections.abc import Sequence

from hourglass.render import values
from hourglass.render.html import charts_special
from hourglass.render.html.charts import rates_height
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections.words import dated, missing, sentences
from hourglass.render.html.tables import Row, name, rows_of, sheet
from hourglass.result import Result

_HEADING = "What goes before buying"
_DRAWN = 12
_UNTESTED = "no event could be tested"


def section(report: Report) -> Section:
    """Show the triggers of a report, or say why there are none."""
    result = report.results.get("triggers")
    if result is None:
        return missing(report, "triggers", "triggers", _HEADING)
    return of(result, report)


def of(result: Result, report: Report | None = None) -> Section:
    """Draw how much more often people bought who did an event."""
    table = table_of(result, "triggers")
    rows = rows_of(table) if table else ()
    zone = result.period.timezone
    return Section(
        id="triggers",
        heading=_HEADING,
        finding=dated(result, report, _finding(result, rows)),
        charts=_chart(rows),
        sheets=tuple(
            sheet(one, zone, prefix="" if one.name == "triggers" else "triggers-")
            for one in result.tables
            if rows or one.name != "triggers"  # the finding says that there is none
        ),
        notes=_notes(result, report),
    )


def _notes(result: Result, report: Report | None) -> tuple[str, ...]:
    new = (note for note in result.notes if not note.startswith(_UNTESTED))  # it is the finding
    return sentences(new, said=report.funnel.notes if report else ())


def _finding(result: Result, rows: Sequence[Row]) -> str:
    if table_of(result, "triggers") is None:
        return "Of the configured triggers, how often each fired and who bought."
    if not rows:
        return _untested(result)
    marked = [row for row in rows if row["ratio_marked"] and row["ratio"] is not None]
    if not marked:
        return f"None of the {len(rows)} events goes before buying beyond chance."
    top = max(marked, key=lambda row: row["ratio"])
    return (
        f"{name(top['event'])} goes before buying most: {values.rate(top['with_rate'])} of those"
        f" who did it bought, {values.rate(top['without_rate'])} of the others. That is no proof"
        " that it causes it."
    )


def _untested(result: Result) -> str:
    """Return the note that says why no event could be tested."""
    (told,) = sentences(note for note in result.notes if note.startswith(_UNTESTED))
    return told


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    drawn = [row for row in rows if row["ratio"] and row["ratio_low"]][:_DRAWN]
    if not drawn:
        return ()
    return (
        Chart(
            id="triggers-chart",
            label="How many times as often people bought who did the event, with 95 % intervals on"
            " a logarithmic scale; grey events do not differ beyond chance",
            figure=charts_special.ratios([_ratio(row) for row in drawn]),
            height=rates_height(len(drawn)),
        ),
    )


def _ratio(row: Row) -> charts_special.Ratio:
    event = name(row["event"])
    spread = values.mean_interval(row["ratio_low"], row["ratio_high"])
    return charts_special.Ratio(
        name=event,
        ratio=row["ratio"],
        low=row["ratio_low"],
        high=row["ratio_high"],
        words=f"{event}: ×{values.mean(row['ratio'])} ({spread}),"
        f" q {values.p_value(row['ratio_q'])}",
        marked=bool(row["ratio_marked"]),
    )
