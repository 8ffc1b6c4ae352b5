"""Each row of a breakdown against all other people: which of them differ beyond chance."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from hourglass.analyses.differences import LEAST, MARKED
from hourglass.result import Column, Kind, Result, Table, entrants_of
from hourglass.stats import adjusted, fisher, newcombe, wilson

NAME = "against_rest"
_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("stage", "text", "stage"),
    ("entrants", "count", "entrants"),
    ("users", "count", "people"),
    ("total_rate", "rate", "rate"),
    ("total_low", "rate", "low"),
    ("total_high", "rate", "high"),
    ("rest_entrants", "count", "rest"),
    ("rest_users", "count", "rest people"),
    ("rest_rate", "rate", "rest rate"),
    ("difference", "points", "points"),
    ("difference_low", "points", "points low"),
    ("difference_high", "points", "points high"),
    ("difference_p", "p", "p"),
    ("difference_q", "p", "q"),
    ("difference_marked", "flag", "marked"),
)
_TYPES: dict[Kind, Any] = {"text": pl.String, "count": pl.Int64, "flag": pl.Boolean}
_MATURE = "of entries whose window is over; the counts are of all"
_ONE_ROW = ("first_touch", "last_touch", "entry")


def with_rest(result: Result, position: int) -> Result:
    """Return a funnel with the table `against_rest`: one row for each value, at one stage.

    Only entries whose window is over count, where any is. Difference and q are null where either
    side has fewer than 30 people, and where a person may be in several rows.
    """
    table = result.table("breakdown")
    rows = [row for row in table.frame.to_dicts() if row["position"] == position]
    (whole,) = (r for r in result.table("stages").frame.to_dicts() if r["position"] == position)
    mature = bool(whole["mature_entrants"])
    entered = {key: entrants_of(some) for key, some in _grouped(table).items()}
    alone = result.rules.get("attribution") in _ONE_ROW
    everybody = entrants_of(result.table("stages").dicts()), whole["users"]
    if mature:
        everybody = whole["mature_entrants"], whole["mature_users"]
    found = [
        _row(row, entered[_key(row, table.by)], everybody, table.by, mature=mature, alone=alone)
        for row in rows
    ]
    notes = (*result.notes, *_notes(result, mature=mature, alone=alone))
    return result._replace(tables=(*result.tables, _table(table, _judged(found))), notes=notes)


def _grouped(table: Table) -> dict[tuple[object, ...], list[dict[str, Any]]]:
    found: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in table.dicts():
        found.setdefault(_key(row, table.by), []).append(row)
    return found


def _key(row: dict[str, Any], by: Sequence[str]) -> tuple[object, ...]:
    return (*(row[name] for name in by), row["other"])


def _row(
    row: dict[str, Any],
    entrants: int,
    everybody: tuple[int, int],
    by: Sequence[str],
    *,
    mature: bool,
    alone: bool,
) -> dict[str, Any]:
    users = row["users"]
    if mature:
        entrants, users = row["mature_entrants"], row["mature_users"]
    low, high = wilson(users, entrants)
    found = {name: row[name] for name in (*by, "other", "stage")} | {
        "entrants": entrants, "users": users, "total_rate": _share(users, entrants),
        "total_low": low, "total_high": high,
    }  # fmt: skip
    rest, others = everybody[0] - entrants, everybody[1] - users
    if not alone or rest <= 0:
        return found
    found |= {"rest_entrants": rest, "rest_users": others, "rest_rate": _share(others, rest)}
    if min(entrants, rest) < LEAST:
        return found
    below, above = newcombe(users, entrants, others, rest)
    return found | {
        "difference": users / entrants - others / rest,
        "difference_low": below,
        "difference_high": above,
        "difference_p": fisher(users, entrants, others, rest),
    }


def _share(users: int, of: int) -> float | None:
    return users / of if of else None


def _judged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    every = adjusted([row.get("difference_p") for row in rows])
    return [
        row | {"difference_q": q, "difference_marked": None if q is None else q <= MARKED}
        for row, q in zip(rows, every, strict=True)
    ]


def _table(breakdown: Table, rows: list[dict[str, Any]]) -> Table:
    columns = tuple(Column(name=name, kind=kind, label=label) for name, kind, label in _COLUMNS)
    lead = breakdown.columns[: len(breakdown.by) + 1]
    schema = {one.name: _TYPES.get(one.kind, pl.Float64) for one in (*lead, *columns)}
    return Table(
        name=NAME,
        title="Each against the rest",
        data=pl.DataFrame(
            [[row.get(name) for name in schema] for row in rows], schema=schema, orient="row"
        ),
        columns=(*lead, *columns),
        by=breakdown.by,
        rows_name="",
    )


def _notes(result: Result, *, mature: bool, alone: bool) -> list[str]:
    if not alone:
        several = "a person may be in several rows, so that none is held against the rest"
        return [several, f"the mature rate is {_MATURE}"] if mature else [several]
    notes = [
        f"against the rest: all other people; q is Fisher's p, adjusted over the rows with {LEAST}"
        f" people or more on each side; * marks those of {MARKED} or less"
    ]
    if mature:
        notes.append(f"the mature rate, and what is held against the rest, are {_MATURE}")
    elif result.rules.get("window") is not None:
        notes.append("no window is over yet: the rows had equally little time")
    return notes
