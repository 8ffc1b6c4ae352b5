"""What joining the ids of one person does: ids, contradictions, the funnel before and after."""

from dataclasses import replace

import polars as pl

from hourglass.analyses.funnel import funnel
from hourglass.analyses.ids import short_id
from hourglass.analyses.question import Delivery, Question
from hourglass.engines import Engine
from hourglass.identity_views import rows_view
from hourglass.result import Column, Result, Table

_SHARED = 50


def identities(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    *,
    show_ids: bool = False,
) -> Result:
    """Describe what became of the ids that `join_ids` joined on this engine.

    The tables are `identity` (check, count, detail), `shared` (ids of several known people, where
    there are any) and `stitched`: people and total rate of each stage counted by the user id alone
    (`users_before`, `rate_before`) and with ids joined (`users`, `total_rate`). Ids are shown as
    short hashes unless `show_ids`.
    """
    after = funnel(engine, question._replace(by=()), delivery)
    rules = replace(question.rules, count="user_id")
    before = funnel(engine, question._replace(by=(), rules=rules), delivery)
    shared = engine.fetch("identity/shared", {"most": _SHARED, "show_ids": show_ids})
    tables = [_findings(engine, show_ids=show_ids)]
    if not shared.is_empty():
        tables.append(_shared(shared))
    tables.append(_stitched(before.table("stages").frame, after.table("stages").frame))
    return after._replace(
        analysis="inspect_identity",
        title="Who is who",
        tables=tuple(tables),
        notes=(*after.notes, "Before: people by their user ids alone, as with --count user_id"),
    )


def _findings(engine: Engine, *, show_ids: bool) -> Table:
    engine.view("id_rows", rows_view(engine.dialect))
    found = engine.fetch("identity/findings").rename({"finding": "check"})
    details = [
        detail if person is None else f"{detail}, {person if show_ids else short_id(person)}"
        for detail, person in found.select("detail", "person").iter_rows()
    ]
    return Table(
        name="identity",
        title="Ids",
        data=found.select("check", "count", pl.Series("detail", details, pl.String)),
        columns=(
            Column(name="check", kind="text", label="finding"),
            Column(name="count", kind="count", label="count"),
            Column(name="detail", kind="text", label="detail"),
        ),
    )


def _shared(found: pl.DataFrame) -> Table:
    return Table(
        name="shared",
        title="Ids of several known people",
        data=found,
        columns=(
            Column(name="alias", kind="text", label="id"),
            Column(name="ids", kind="count", label="ids"),
            Column(name="people", kind="count", label="people"),
            Column(name="persons", kind="text", label="they are"),
            Column(name="found_in", kind="text", label="found in"),
            Column(name="events", kind="count", label="events"),
        ),
    )


def _stitched(before: pl.DataFrame, after: pl.DataFrame) -> Table:
    frame = pl.DataFrame(
        {
            "position": after["position"],
            "stage": after["stage"],
            "users_before": before["users"],
            "users": after["users"],
            "difference": after["users"] - before["users"],
            "rate_before": before["total_rate"],
            "total_rate": after["total_rate"],
        }
    )
    return Table(
        name="stitched",
        title="The funnel before and after",
        data=frame,
        columns=(
            Column(name="position", kind="count", label="#"),
            Column(name="stage", kind="text", label="stage"),
            Column(name="users_before", kind="count", label="people before"),
            Column(name="users", kind="count", label="people after"),
            Column(name="difference", kind="count", label="more"),
            Column(name="rate_before", kind="rate", label="total before"),
            Column(name="total_rate", kind="rate", label="total after"),
        ),
    )
