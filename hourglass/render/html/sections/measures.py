"""The cards at the head: each measure, its change, and a word for the change."""

from collections.abc import Mapping

from hourglass.nouns import counted
from hourglass.render import values
from hourglass.render.html.parts import Card, Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections.words import missing, sentences
from hourglass.render.html.tables import Row, name, rows_of
from hourglass.result import Json, Kind, Period

_HEADING = "At a glance"
_WORDS: Mapping[str, str] = {"up": "▲ up", "down": "▼ down"}
_SPREAD = {"rate": values.interval, "mean": values.mean_interval}


def section(report: Report) -> Section:
    """Show the measures as cards, and say which of them changed beyond chance."""
    result = report.results.get("measures")
    if result is None:
        return missing(report, "measures", "measures", _HEADING)
    rows = rows_of(result.table("measures"))
    zone, by = result.period.timezone, result.rules.get("count")
    return Section(
        id="measures",
        heading=_HEADING,
        finding=_finding(rows),
        cards=tuple(_card(row, zone, by) for row in rows),
        notes=sentences(result.notes),
    )


def _finding(rows: tuple[Row, ...]) -> str:
    clear = [f"{name(row['label'])} {row['verdict']}" for row in rows if row["verdict"] in _WORDS]
    if clear:
        return f"Changed beyond chance: {', '.join(clear)}."
    if any(row["change"] is not None for row in rows):
        return "No measure changed beyond what chance alone would do."
    return "There is no earlier period or week to compare with."


def _card(row: Row, zone: str, by: Json) -> Card:
    kind: Kind = row["kind"]
    return Card(
        label=name(row["label"]),
        value=value(row["value"], kind),
        interval=_interval(row, kind),
        about=_about(row, zone, by),
        change=_change(row, kind),
        verdict=_WORDS.get(row["verdict"], row["verdict"]),
        clear=row["verdict"] if row["verdict"] in _WORDS else "",
    )


def value(number: float | None, kind: Kind) -> str:
    """Write the value of a measure by its kind."""
    if number is not None and kind == "count":
        return values.count(round(number))
    return values.cell(number, kind)


def _interval(row: Row, kind: Kind) -> str:
    if row["p90"] is not None:
        return f"90 % within {values.seconds(row['p90'])}"
    write = _SPREAD.get(kind)
    if write is None or row["low"] is None:
        return ""
    return f"95 %: {write(row['low'], row['high'])}"


def _about(row: Row, zone: str, by: Json) -> str:
    """Say which period or week, and of how many."""
    of = f"{counted(row['people'], by)}, " if row["people"] is not None else ""
    if row["since"] is None and row["until"] is None:
        return f"{of}all data" if row["value"] is not None else ""
    return f"{of}{values.period(Period(since=row['since'], until=row['until'], timezone=zone))}"


def _change(row: Row, kind: Kind) -> str:
    """Say what the value was before, and by how much it changed."""
    if row["previous"] is None:
        return ""
    before = f"before {value(row['previous'], kind)}"
    return before if row["change"] is None else f"{before}; {_by(row, kind)}"


def _by(row: Row, kind: Kind) -> str:
    low, high = row["change_low"], row["change_high"]
    if kind == "rate":
        return f"{values.points(row['change'])} points ({values.points_interval(low, high)})"
    if kind == "mean" and low is not None:
        return f"{_signed(row['change'], kind)} ({values.mean_interval(low, high)})"
    if kind in ("mean", "seconds"):
        return _signed(row["change"], kind)
    told = values.change(row["value"], row["previous"])
    if low is None or high is None:
        return told
    return f"{told} ({values.change(1 + low, 1)} to {values.change(1 + high, 1)})"


def _signed(number: float, kind: Kind) -> str:
    return f"{'+' if number >= 0 else ''}{values.cell(number, kind)}"
