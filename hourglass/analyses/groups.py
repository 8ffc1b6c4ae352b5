"""Breakdowns outside the funnel: everybody who is counted, in the row of a value.

How to use it, after `map_events` and once there is a table or view of the people to be counted:

    engine.make("buyers", "…")                       # any relation with person_key, each once
    group(engine, question, "buyers")                # makes `segments(segment, person_key)`
    frame = engine.fetch("…")                        # one query for all: it joins `segments`
    plain = everybody(frame)                         # rows of segment 0
    tables = [Table(…plain…)]
    if question.by:
        tables.append(by_table(engine, question, frame, COLUMNS, rows_name="…"))

Segment 0 is everybody; 1 and up are rows of the breakdown by number of people, then the row
`other` of the folded ones, then that of people without a value. So a query that groups by segment
serves both, with `by` and without. It must not have rows for segments only: start it from
`(select distinct segment from segments)` where a segment could have nothing to count.

The value of a person is that of the first (or last) of the events that match a stage of the model
asked about and have one: over all data before `until_us`, as history counts here. Each person is in
one row, but for personas, which put a person into several: a query must not take `segments` for
one row a person.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hourglass.analyses import personas
from hourglass.analyses.attempts import NEVER
from hourglass.analyses.question import Question
from hourglass.analyses.touches import DIRECTIONS, touch
from hourglass.engines import Engine, Maker
from hourglass.errors import UsageError
from hourglass.result import Column, Table

if TYPE_CHECKING:
    import polars as pl


def group(
    engine: Maker,
    question: Question,
    people: str,
    *,
    since_us: int = -NEVER,
    until_us: int = NEVER,
) -> None:
    """Make `segments(segment, person_key)` of the relation `people`, each of whom is there once.

    Values are those of events from `since_us` to before `until_us`. Raises UsageError for an
    attribution that only a funnel has.
    """
    engine.alias("counted", people)
    if not question.by:
        engine.make("segments", "groups/everybody")
        return
    refuse_attribution(question)
    touch(engine, question, since_us, until_us)
    combine(engine, question)
    personas.spread(engine, question, "group_values")
    engine.make("ranks", "groups/ranks", {"top": question.top})
    engine.make("segments", "groups/segments")
    personas.fold(engine, question)


def combine(engine: Maker, question: Question) -> None:
    """Make `group_values`, the combination of values of each of `counted`, from `touches`."""
    if len(question.by) == 1:
        engine.make("group_values", "groups/one_value")
    else:
        engine.make("group_values", "groups/values", {"dimensions": len(question.by)})


def refuse_attribution(question: Question) -> None:
    """Raise UsageError for a breakdown by what only a funnel has: attempts, or rows that overlap.

    `group` does it; call it before long work.
    """
    attribution = question.rules.attribution
    if question.by and attribution not in DIRECTIONS:
        raise UsageError(
            f"attribution = {attribution} is of a funnel: here nobody has a chosen attempt,"
            " and everybody is in one row",
            "--attribution first_touch, or last_touch",
        )


def everybody(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Return the rows of everybody, without the column `segment`."""
    import polars as pl

    return frame.filter(pl.col("segment") == 0).drop("segment")


def by_table(
    engine: Engine,
    question: Question,
    frame: "pl.DataFrame",
    columns: Sequence[Column],
    *,
    name: str = "breakdown",
    rows_name: str = "rows",
) -> Table:
    """Turn the rows of all segments but everybody's into a table with `by`.

    `frame` has `segment` and the `columns`, sorted as they are to be shown in each segment; an
    empty `rows_name` says that each has one row.
    """
    import polars as pl

    labels = engine.fetch("breakdown/labels")
    values = labels["by_values"].to_list()
    named = labels.select("segment", "other").with_columns(
        pl.Series(one, [None if row is None else row[place] for row in values], dtype=pl.String)
        for place, one in enumerate(question.by)
    )
    shown = [one.name for one in columns]
    rows = named.sort("segment").join(frame, on="segment", how="inner", maintain_order="left_right")
    return Table(
        name=name,
        title=f"By {', '.join(question.by)}",
        data=rows[[*question.by, "other", *shown]],  # select would read * and ^…$ as patterns
        columns=(
            *(Column(name=one, kind="text", label=one) for one in question.by),
            Column(name="other", kind="flag", label="other"),
            *columns,
        ),
        by=question.by,
        rows_name=rows_name,
    )
