"""Referrals: what a customer brings (K = i * c), how fast, through whom, and what it is worth."""

from collections.abc import Iterable

import polars as pl

from hourglass.analyses.groups import by_table, everybody, refuse_attribution
from hourglass.analyses.ids import HASHED
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import borrowed, make_purchases, observe, window_note
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.read import input_facts
from hourglass.analyses.referrals_compared import compared
from hourglass.analyses.referrals_tables import (
    COLUMNS,
    champions,
    cycle_times,
    fates,
    new_buyers,
    parts,
    trees,
    with_intervals,
)
from hourglass.analyses.referred import REFERRER, count
from hourglass.analyses.windowed import in_force, of_purchases, within_window
from hourglass.engines import Engine, Maker
from hourglass.errors import DataError, UsageError
from hourglass.result import Result

RULES = ("count", "window", "attribution", "where", "timezone", "week_start")
"""Rules that have a say; how a funnel is followed has none."""


def referrals(
    engine: Engine,
    question: Question,
    delivery: Delivery | None = None,
    *,
    show_ids: bool = False,
    columns: Iterable[str] = (),
) -> Result:
    """Count who brings whom; `columns` are those to choose from if none holds referrers.

    Tables: `referrals` (one row: customers, referred, i, bought, c, K, with intervals), with
    `question.by` the same as `breakdown`, `named` (people who name a referrer, by what that is
    worth), `cycle_times`, `new_buyers`, `tree`, `generations`, `champions` (ids as short hashes
    unless `show_ids`), and the referred against other people: `rates`, `means`, `times`. Raises
    DataError without a column of referrers and where nothing says what a purchase is, UsageError
    where sessions are counted.
    """
    _refuse(engine, question, columns)
    map_events(engine, question)
    facts = input_facts(engine, delivery)
    as_of = observe(engine, question)
    warnings = make_purchases(engine, question, as_of)
    count(engine, question)
    frame = with_intervals(engine.fetch("referrals/parts"))
    named = engine.fetch("referrals/fates")
    buyers = engine.fetch("referrals/new_buyers").row(0, named=True)
    has_revenue = "revenue" in (engine.event_columns() or {})
    known = champions(engine, question, show_ids=show_ids)
    tables = [parts(everybody(frame))]
    if question.by:
        tables.append(by_table(engine, question, frame, COLUMNS, rows_name=""))
    tables += [
        fates(named),
        cycle_times(engine.fetch("referrals/cycle_times")),
        new_buyers(buyers),
        *trees(engine, question.top),
        known,
        *compared(engine, question, has_revenue=has_revenue),
    ]
    warnings += _warnings(named, buyers)
    hashed = (HASHED,) if known.height and not show_ids else ()
    return Result(
        analysis="referrals",
        title=f"Referrals of {question.model.name}",
        model=question.model.name,
        rules=in_force(within_window(question), RULES) | of_purchases(question),
        period=question.period,
        tables=tuple(tables),
        input=facts,
        as_of=as_of,
        notes=(*warnings, *_notes(question, buyers, has_revenue=has_revenue), *hashed),
        warnings=tuple(warnings),
    )


def _refuse(engine: Maker, question: Question, columns: Iterable[str]) -> None:
    """Refuse what cannot be counted, before any work is done."""
    if question.rules.count == "session":
        raise UsageError(
            "referrers are people, and sessions are counted here", "leave out --count session"
        )
    refuse_attribution(question)
    have = engine.event_columns()
    if have is not None and REFERRER not in have:
        raise DataError(
            "referrals need a column that says who brought a person, and none is known to;"
            f" columns are: {', '.join(list(columns or have)[:30])}",
            'write referrer = "COLUMN" under [columns] in hourglass.toml'
            " (a database has to be loaded anew with it)",
        )


def _warnings(named: pl.DataFrame, buyers: dict[str, int]) -> list[str]:
    people = dict(named.iter_rows())
    if not people:
        return ["nobody names a referrer"]
    warnings = []
    if set(people) == {"unknown"}:
        warnings.append(
            "no referrer is a person of the data: are the ids of the referrer column those of"
            " the user column?"
        )
    if not buyers["mature"]:
        warnings.append("no customers: nobody first bought in the period and so long ago as W")
    return warnings


def _notes(question: Question, buyers: dict[str, int], *, has_revenue: bool) -> list[str]:
    notes = [
        window_note(question),
        *borrowed(question),
        "customers: first purchase in the period, and W or longer before as-of; their referred"
        " people: first event inside W of that purchase; bought: first purchase inside it",
        "K = i × c = bought ÷ customers; only referrals that are counted are in it",
    ]
    if left := buyers["new_buyers"] - buyers["mature"]:
        notes.append(f"{left:,} of the period's new buyers are no customers yet: W is not over")
    notes += [
        "trees are over all data: from somebody who names no referrer, or none to believe",
        "referred against others: rates and times by first events in the period; repeats, revenue"
        " and referrals by customers; all inside W; q adjusted over rows with 30 people on each"
        " side, * marks 0.05 or less",
    ]
    if not has_revenue:
        notes.append(
            "revenue a buyer is left out: no column holds revenue"
            ' (write revenue = "COLUMN" under [columns])'
        )
    return notes
