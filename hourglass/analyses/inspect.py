"""What an export holds, before anything is asked of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import polars as pl

from hourglass.analyses.ids import id_names, is_id, short_id, without_ids
from hourglass.analyses.inspected import table
from hourglass.engines import Engine
from hourglass.engines.sqltext import Value
from hourglass.result import InputFacts, Period, Result, Table
from hourglass.sources import places
from hourglass.sources.facts import Attached
from hourglass.sources.roles import CANONICAL, candidates

_MOST = 20
"""How many gaps and odd people are listed."""
_ODD = (
    "Odd people: at least 100 events and over 10 times the 99th percentile of events a person"
    " (here {}), or 120 events within one minute"
)


def inspect(
    engine: Engine,
    attached: Attached,
    stages: Mapping[str, Sequence[str]],
    now: datetime,
    *,
    configured: Mapping[str, str] | None = None,
    said: bool = False,
    zones: bool = False,
    show_ids: bool = False,
    id_columns: Collection[str] = (),
) -> Result:
    """Describe files, columns, events and what is odd about them.

    `stages` maps stages to the event names they have, or would have; `now` is the clock, naive UTC;
    `configured` are the roles that a configuration gives, null where it was settled by a load;
    `said` whether a person said what every row is; `zones` that the times as written are there to
    be looked at. Ids are shown as short hashes unless `show_ids`; `id_columns` are columns of ids
    besides those that play a role or have a usual name.
    """
    values: dict[str, Value] = {"now": now}
    mapped = sorted({name for names in stages.values() for name in names})
    engine.define("mapped_events", {"event": "VARCHAR"}, [(name,) for name in mapped])
    odd = engine.fetch("inspect/odd_people", {"most": _MOST})
    columns = engine.fetch("inspect/columns")
    if not show_ids:
        odd = _replaced(odd, "user_id", map(short_id, odd["user_id"].to_list()))
        names = id_names(attached.roles, id_columns)
        columns = _replaced(columns, "example", _examples(columns, names))
    tables = [
        _files(attached),
        _columns(columns, attached, configured, said),
        _events(engine.fetch("inspect/events"), stages),
        table("quality", engine.fetch("inspect/quality", {**values, "show_ids": show_ids})),
        *_filled("gaps", engine.fetch("inspect/gaps", {"most": _MOST})),
        *_filled("odd_people", odd.drop("usual")),
        *(_filled("zones", engine.fetch("inspect/offsets")) if zones else ()),
    ]
    if attached.rejected:
        tables.append(table("rejects", engine.fetch("inspect/rejects")))
    facts = engine.fetch("inspect/input", values).row(0, named=True)
    return Result(
        analysis="inspect",
        title="What the export holds",
        model="",
        rules={},
        period=Period(),
        tables=tuple(tables),
        input=InputFacts(
            rows=attached.rows,
            users=facts["users"],
            rejected=attached.rejected,
            duplicates=attached.duplicates,
            unmapped_events=facts["unmapped"],
            first=facts["first"],
            last=facts["last"],
            without_user=facts["without_user"],
            future=facts["future"],
        ),
        notes=() if odd.is_empty() else (_ODD.format(odd["usual"][0]),),
    )


def days(engine: Engine) -> pl.DataFrame:
    """Return events and people of each day (UTC), days without any included."""
    return engine.fetch("inspect/days")


def _replaced(frame: pl.DataFrame, column: str, texts: Iterable[str]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(column, list(texts), pl.String))


def _examples(found: pl.DataFrame, names: Collection[str]) -> Iterable[str]:
    """Yield the examples without ids: also where a column has the same values as one of ids."""
    rows = found.to_dicts()
    same = {(row["distinct"], row["example"]) for row in rows if is_id(row["column"], names)}
    for row in rows:
        if (row["distinct"], row["example"]) in same:
            yield short_id(row["example"])
        else:
            yield without_ids(row["example"], names)


def _filled(name: str, found: pl.DataFrame) -> Iterable[Table]:
    return () if found.is_empty() else (table(name, found),)


def _files(attached: Attached) -> Table:
    rows = [
        (one.file.name, one.format, one.rows, one.accepted, one.rejected, one.duplicates)
        for one in attached.files
    ]
    return table("files", rows)


def _columns(
    found: pl.DataFrame,
    attached: Attached,
    configured: Mapping[str, str] | None,
    said: bool,
) -> Table:
    roles = {CANONICAL[role]: role for role in attached.roles}
    by_name = {row["column"]: row for row in found.iter_rows(named=True)}
    accepted = sum(one.accepted for one in attached.files)
    rows = []
    for name, kind in attached.columns.items():
        facts = by_name.get(name, {"filled": 0, "distinct": 0, "example": None})
        share = facts["filled"] / accepted if accepted else None
        role = roles.get(name)
        why = _why(role, attached, configured) if role else _usual(name, attached)
        if role == "event" and said:
            why = "said of every row"
        rows.append((name, kind, role, share, facts["distinct"], facts["example"], why))
    return table("columns", rows)


def _why(role: str, attached: Attached, configured: Mapping[str, str] | None) -> str:
    """Say why a column plays a role."""
    column = attached.roles[role]
    named = "" if column == CANONICAL[role] else f"{_quoted(column)}: "
    if configured is None:
        return f"{named}settled when loaded"
    if role in configured:
        return f"{named}named under [columns]"
    if attached.source_format:
        return f"{named}as the format {attached.source_format} has it"
    if any(len(parts) > 1 for parts in places.parse(column, list(attached.columns)).choices):
        return f"{named}a day and a time of day"
    taken = {column, *CANONICAL.values()}
    others = [one for one in candidates(list(attached.columns), role) if one not in taken]
    before = f", before {others[0]}" if others else ""
    return f"{named}a usual name{before}"


def _quoted(column: str) -> str:
    """Put quotes around the name of a column; a place that is a text has them already."""
    return column if column.startswith('"') else f'"{column}"'


def _usual(name: str, attached: Attached) -> str | None:
    """Say which role a column would play by its name, if another did not."""
    if name in attached.roles.values():
        return None
    for role in CANONICAL:
        if candidates([name], role):
            return f"a usual name of the {role} too"
    return None


def _events(found: pl.DataFrame, stages: Mapping[str, Sequence[str]]) -> Table:
    by_event: dict[str, list[str]] = {}
    for stage, names in stages.items():
        for name in names:
            by_event.setdefault(name, []).append(stage)
    proposed = [", ".join(by_event.get(name, ())) or None for name in found["event"]]
    return table("events", found.with_columns(pl.Series("stage", proposed, dtype=pl.String)))
