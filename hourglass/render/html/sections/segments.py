"""Which segments the switch of a page offers, with their rows."""

from collections.abc import Iterator, Sequence

from hourglass.render.html.report import Report, table_of
from hourglass.render.html.tables import Row, groups_of, rows_of, value_cell
from hourglass.result import Table


def segments(report: Report) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yield the largest values of the first breakdown, each with its rows of the funnel."""
    table = table_of(report.funnel, "breakdown")
    if table is None:
        return
    over_time = _labels(table_of(report.results.get("trend"), "breakdown"))
    found = [
        (label, rows)
        for label, rows in labelled(table, ())
        if over_time is None or label in over_time
    ]
    yield from found[: report.segments]


def labelled(table: Table, keys: Sequence[str]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yield each value of a breakdown, but folded ones, with its rows."""
    for rows in groups_of(rows_of(table), (*table.by, "other", *keys)):
        if not rows[0]["other"]:
            yield value_cell(table, rows[0]).text, rows


def _labels(table: Table | None) -> set[str] | None:
    return {label for label, _ in labelled(table, ())} if table else None
