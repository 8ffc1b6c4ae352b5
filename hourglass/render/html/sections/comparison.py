"""Two periods or segments, stage by stage: what differs beyond chance."""

from collections.abc import Sequence

from hourglass.nouns import people
from hourglass.render import values
from hourglass.render.html import charts_counts
from hourglass.render.html.parts import Chart, Section
from hourglass.render.html.sections.words import sentences
from hourglass.render.html.tables import Row, intervals_under, name, rows_of, sheet
from hourglass.result import Result


def of(result: Result) -> Section:
    """Draw the steps of both sides, and show every difference."""
    stages, *rest = result.tables
    rows, zone = rows_of(stages), result.period.timezone
    caption = f"{stages.title}, with 95 % intervals under the figures"
    return Section(
        id="compare",
        heading="Compared stage by stage",
        finding=_finding(rows),
        charts=_chart(rows),
        sheets=(
            intervals_under(sheet(stages, zone, most=200, caption=caption)),
            *(sheet(one, zone, most=200) for one in rest),
        ),
        notes=sentences(result.notes),
    )


def _finding(rows: Sequence[Row]) -> str:
    marked = [row for row in rows if row["total_marked"]]
    if not marked:
        return "No stage differs beyond chance in its share of all who entered."
    told = (
        f"{name(row['stage'])} {values.rate(row['base_total_rate'])} to"
        f" {values.rate(row['total_rate'])}"
        for row in marked
    )
    return f"Shares of all who entered that differ beyond chance: {', '.join(told)}."


def _chart(rows: Sequence[Row]) -> tuple[Chart, ...]:
    if len(rows) < 2 or not rows[0]["users"] or not rows[0]["base_users"]:
        return ()
    sides = [
        (label, [_step(label, row, before) for row in rows[1:]])
        for label, before in (("base", "base_"), ("compared", ""))
    ]
    return (
        Chart(
            id="compare-chart",
            label="Share of each stage's people who reached the next, with 95 % intervals; hatched "
            "is who did not",
            figure=charts_counts.steps([name(row["stage"]) for row in rows[1:]], sides),
            height=charts_counts.steps_height(),
        ),
    )


def _step(label: str, row: Row, before: str) -> dict[str, object]:
    """Return a step of the side whose columns have `before` in front of their names."""
    rate, low, high = (row[f"{before}step_{one}"] for one in ("rate", "low", "high"))
    told = f"{label}, {name(row['stage'])}: {values.rate(rate)} ({values.interval(low, high)})"
    return {"rate": rate, "low": low, "high": high,
            "words": f"{told}, {people(row[f'{before}users'])}"}  # fmt: skip
