"""Rows of results as tables of the page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from hourglass.nouns import whoever
from hourglass.render import showing, values, view
from hourglass.render.groups import called
from hourglass.render.html.parts import Cell, Head, Sheet
from hourglass.render.html.picture import shortened
from hourglass.render.html.report import closed
from hourglass.result import Json, Kind, Table

Row = Mapping[str, Any]
MOST = 50
"""Rows that a table of the page shows, where nothing else is said."""

_LONGEST_NAME = 80


def rows_of(table: Table) -> tuple[Row, ...]:
    """All rows of a result's table by column name, in their order."""
    return tuple(table.dicts())


def name(text: str) -> str:
    """Make a name from data fit to be shown: nothing invisible in it, and of bearable length."""
    return shortened(values.visible(text), _LONGEST_NAME)


def sheet(
    table: Table,
    timezone: str = "UTC",
    *,
    most: int = MOST,
    caption: str = "",
    fold: str = "",
    prefix: str = "",
    without: Collection[str] = (),
) -> Sheet:
    """Show the first rows of any table, as in a terminal; columns `without` are left out."""
    columns = [one for one in view.of(table, timezone) if one.name not in without]
    lines = list(zip(*(one.cells[:most] for one in columns), strict=True))
    left = len(columns[0].cells) - most if columns else 0
    more = f" (the first {most}; {values.count(left)} more)" if left > 0 else ""
    place = next((at for at, one in enumerate(columns) if one.key), 0)
    order = [place, *(at for at in range(len(columns)) if at != place)]
    return Sheet(
        id=f"{prefix}{table.name.replace('_', '-')}-table",
        caption=f"{caption or table.title}{more}",
        heads=tuple(
            Head(columns[at].heading, columns[at].right, ranks=_ranks(table, columns[at].name))
            for at in order
        ),
        rows=tuple(tuple(Cell(name(line[at])) for at in order) for line in lines),
        fold=fold,
    )


def stage_head(stages: Iterable[str]) -> Head:
    """Return the head of a column of stages, which are sorted as they follow each other."""
    return Head("Stage", number=False, ranks=tuple(map(name, stages)))


def _ranks(table: Table, column: str) -> tuple[str, ...]:
    """Return the stages of a column in their order: by their positions, else as they come."""
    if column not in table.names or not (column == "stage" or column.endswith("_stage")):
        return ()
    stages = table.column(column)
    if (position := column.removesuffix("stage") + "position") in table.names:
        places = zip(table.column(position), stages, strict=True)
        stages = [stage for _, stage in sorted(places, key=lambda place: place[0])]
    return tuple(dict.fromkeys(name(stage) for stage in stages if stage is not None))


def intervals_under(wide: Sheet) -> Sheet:
    """Put each interval of a sheet under its figure, as the second line."""
    spreads = {at for at, head in enumerate(wide.heads) if head.label.endswith(showing.INTERVAL)}
    kept = [at for at in range(len(wide.heads)) if at not in spreads]
    return wide._replace(
        heads=tuple(wide.heads[at] for at in kept),
        rows=tuple(
            tuple(_with(row[at], row[at + 1] if at + 1 in spreads else None) for at in kept)
            for row in wide.rows
        ),
    )


def _with(figure: Cell, spread: Cell | None) -> Cell:
    if spread is None or spread.text == values.NULL:
        return figure
    return figure._replace(small=spread.text)


def rate_cell(row: Row, which: str) -> Cell:
    """Write a rate (`step`, `total`) with its interval as the second line."""
    value = row[f"{which}_rate"]
    if value is None:
        return Cell(values.NULL, faint=True)
    return Cell(values.rate(value), values.interval(row[f"{which}_low"], row[f"{which}_high"]))


def stage_sheet(
    rows: Sequence[Row],
    rules: Mapping[str, Json],
    before: Sequence[Row] = (),
    prefix: str = "",
) -> Sheet:
    """Show the funnel, one row a stage; the mature columns only where there is a window.

    `before` are the rows of the period before.
    """
    mature, who = (
        any(row["mature_entrants"] for row in rows),
        whoever(rules.get("count")).capitalize(),
    )
    changes = [_changes(*both) for both in zip(rows, before, strict=True)] if before else []
    people, *heads = (
        *_rate_heads(name(rows[0]["stage"]), rules),
        *_figure_heads(windowed(rows), mature),
    )
    return Sheet(
        id=f"{prefix}stage-table",
        caption=f"{who} by stage, with 95 % intervals under the rates",
        heads=(stage_head(row["stage"] for row in rows), people,
               *(_CHANGES if before else ()), *heads),
        rows=tuple(
            (Cell(name(row["stage"])), Cell(values.count(row["users"])),
             *(changes[at] if changes else ()), *_figures(row, windowed(rows), mature))
            for at, row in enumerate(rows)
        ),
    )  # fmt: skip


_CHANGES = (
    Head("Before", about="people in the period before, as it stood at the same age"),
    Head("Change", about="of people, and of the step rate in percentage points"),
)


def _changes(row: Row, before: Row) -> tuple[Cell, ...]:
    change = values.change(row["users"], before["users"])
    rates = row["step_rate"], before["step_rate"]
    points = "" if None in rates else f"{values.points(rates[0] - rates[1])} points"
    return Cell(values.count(before["users"])), Cell(change, points, faint=change == values.NULL)


def value_cell(table: Table, row: Row) -> Cell:
    """Name the value that a row of a breakdown is about; none and other stand back."""
    if row["other"]:
        return Cell(values.OTHER, faint=True)
    parts = [row[column] for column in table.by]
    text = " · ".join(name(called(part)) for part in parts)
    return Cell(text, faint=all(part is None for part in parts))


def groups_of(rows: Iterable[Row], keys: Sequence[str]) -> tuple[tuple[Row, ...], ...]:
    """Rows that agree in all `keys`, together, in the order in which the groups first appear."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return tuple(tuple(group) for group in groups.values())


def stage_heads(rows: Sequence[Row]) -> tuple[Head, ...]:
    """One number column for each stage in `rows`."""
    return tuple(Head(name(row["stage"]), about="people who reached it") for row in rows)


def count_cells(rows: Sequence[Row]) -> tuple[Cell, ...]:
    """People at each stage, with the step rate as the second line."""
    return tuple(
        Cell(
            values.count(row["users"]),
            "" if row["step_rate"] is None else values.rate(row["step_rate"]),
        )
        for row in rows
    )


def windowed(rows: Iterable[Row]) -> bool:
    """Say whether the question had a window, so that entries can be mature or not."""
    return any(row["mature_entrants"] is not None for row in rows)


def _rate_heads(first: str, rules: Mapping[str, Json]) -> tuple[Head, ...]:
    """Name people and rates by what they are under the rules on order and entry."""
    ordered, of_first = rules.get("order") != "any", closed(rules)
    return (
        Head(
            whoever(rules.get("count")).capitalize(),
            about="reached the stage in order" if ordered else "did so many stages",
        ),
        Head(
            "Ever",
            about="did the stage at all, in any order" if ordered else "did so many at any time",
        ),
        Head(
            "Step rate", about="of the stage before" + ("" if of_first else ", who came from there")
        ),
        Head(f"Of {first}", about="of all who entered")
        if of_first
        else Head("Of all", about="of all who entered, at whichever stage"),
    )


def _figure_heads(windows: bool, mature: bool) -> tuple[Head, ...]:
    about_mature = (
        Head("Mature", about="reached it, of entries whose window is over"),
        Head("Mature rate", about="the same as a share of these entries"),
    )
    return (
        Head("Median time", about="from the stage before"),
        Head("90 % within", about="from the stage before, of those who reached it"),
        Head("Lost", about="did not reach the next stage"),
        *((Head("Window open", about="stopped here and may still go on"),) if windows else ()),
        *(about_mature if mature else ()),
    )


def _figures(row: Row, windows: bool, mature: bool) -> tuple[Cell, ...]:
    return (
        Cell(values.count(row["ever"])),
        rate_cell(row, "step"),
        rate_cell(row, "total"),
        _cell(row["median_seconds"], "seconds"),
        _cell(row["p90_seconds"], "seconds"),
        _cell(row["dropped"], "count"),
        *((_cell(row["immature"], "count"),) if windows else ()),
        *(_mature(row) if mature else ()),
    )


def _mature(row: Row) -> tuple[Cell, ...]:
    return (
        Cell(values.count(row["mature_users"]), f"of {values.count(row['mature_entrants'])}"),
        _cell(row["mature_total_rate"], "rate"),
    )


def _cell(value: object, kind: Kind) -> Cell:
    return Cell(values.cell(value, kind), faint=value is None)
