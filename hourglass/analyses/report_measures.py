"""The few measures a report begins with: each with its change, an interval, and a word for it.

Counts and money are those of the period and of the period before, as it stood at the same age.
Rates, times and K need people whose window is over: they are those of the newest such week, and
of the week before it.
"""

from datetime import datetime
from typing import Any, NamedTuple

from hourglass.analyses import report_changes as changes
from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Question
from hourglass.analyses.report_customers import Customers
from hourglass.analyses.report_periods import as_it_stood, closed_weeks, of_week
from hourglass.analyses.tables import table_of
from hourglass.analyses.times import with_times
from hourglass.calendar import Bucket
from hourglass.engines import Engine
from hourglass.errors import DataError, UsageError
from hourglass.nouns import whoever
from hourglass.result import InputFacts, Kind, Period, Result, Table, entrants_of

NAME = "measures"

_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("measure", "text", "measure"),
    ("label", "text", "what"),
    ("kind", "text", "kind"),
    ("since", "moment", "since"),
    ("until", "moment", "until (out)"),
    ("people", "count", "of"),
    ("value", "number", "value"),
    ("low", "number", "low"),
    ("high", "number", "high"),
    ("p90", "number", "p90"),
    ("previous", "number", "before"),
    ("change", "number", "change"),
    ("change_low", "number", "change low"),
    ("change_high", "number", "change high"),
    ("verdict", "text", "verdict"),
)
_METHOD = (
    "changes of counts are relative, as if both were Poisson counts: the Wilson interval of the"
    " later one's share of both; those of rates are in points, by Newcombe's interval; those of K"
    " by Welch's, or where one is 0 by Newcombe's; medians and money are not tested",
    "up and down are said where the 95 % interval of the change leaves out none",
)
Row = dict[str, Any]
Weeks = tuple[Bucket | None, Bucket | None]
"""The newest week that can be judged, and the one before it."""


class Seen(NamedTuple):
    """What the report knows already when it comes to its measures."""

    funnel: Result
    """Of the period; with `money`, where there is any."""
    previous: Result | None
    """Of the period before."""
    entered: datetime | None = None
    """When somebody last entered in the period."""

    @property
    def entries(self) -> InputFacts:
        """Return what was read as if it ended with the last entry: no week after it has a rate."""
        facts = self.funnel.input
        return facts._replace(last=min(filter(None, (facts.last, self.entered)), default=None))


def measures(engine: Engine, question: Question, seen: Seen) -> Result:
    """Return the table `measures`, one row a measure that can be had; notes say why others not."""
    facts, as_of = seen.funnel.input, seen.funnel.as_of
    weeks = closed_weeks(question, question.reach, seen.entries, as_of)
    rate, time = _of_weeks(engine, question, *weeks)
    customers, reasons = _of_customers(engine, question, seen)
    if not customers or customers[0]["measure"] != "new_buyers":
        customers.insert(0, _reached(seen, question))
    found = [customers[0], rate, *customers[1:], time, *_revenue(seen)]
    return Result(
        analysis="report",
        title="Measures of the period",
        model=question.model.name,
        rules=question.in_force,
        period=question.period,
        tables=(table_of(NAME, "Measures", _COLUMNS, found),),
        input=facts,
        as_of=as_of,
        notes=(*_METHOD, *_weeks_note(question), *reasons),
    )


def _of_customers(engine: Engine, question: Question, seen: Seen) -> tuple[list[Row], list[str]]:
    """Return the measures of customers, as far as they can be had, and why others cannot."""
    rows: list[Row] = []
    try:
        held = Customers.of(engine, question)
        week = closed_weeks(question, held.window, seen.funnel.input, seen.funnel.as_of)
        rows += _buyers(held, seen, week)
        rows.append(_k(held, week))
    except (DataError, UsageError) as problem:
        return rows, [f"not said: {problem.message}"]
    return rows, []


def _weeks_note(question: Question) -> list[str]:
    if question.rules.window is not None:
        return []
    return [
        "without a window a week counts as over with its last day, and the one before is taken as"
        " it stood when it was as old: these rates can only rise"
    ]


def _buyers(held: Customers, seen: Seen, week: Weeks) -> list[Row]:
    """Count who first bought in the period, and who of a week bought again."""
    period = held.question.period
    before = seen.previous.period if seen.previous else None
    now, then, newest, earlier = held.buyers([period, before, *_periods(week, period)])
    assert now is not None
    bought: Row = {"measure": "new_buyers", "label": "New buyers", "kind": "count"}
    bought |= {"value": now["buyers"], **_times(period)}
    bought |= changes.of_count(now["buyers"], None if then is None else then["buyers"])
    again: Row = {"measure": "repeat_rate", "label": "Repeat rate", "kind": "rate"}
    if newest is None:
        return [bought, again | {"verdict": changes.ALONE}]
    before_that = None if earlier is None else _again(earlier)
    return [bought, again | _bounds(week) | changes.of_rate(_again(newest), before_that)]


def _again(row: Row) -> tuple[int, int]:
    return row["again"], row["mature_buyers"]


def _k(held: Customers, week: Weeks) -> Row:
    row: Row = {"measure": "k", "label": "K-factor", "kind": "mean"}
    now, then = held.referrals(_periods(week, held.question.period))
    return row | (
        {"verdict": changes.ALONE} if now is None else _bounds(week) | changes.of_k(now, then)
    )


def _periods(week: Weeks, like: Period) -> list[Period | None]:
    return [None if one is None else like._replace(since=one.start, until=one.end) for one in week]


def _bounds(week: Weeks) -> Row:
    newest, _ = week
    return {"since": newest.start, "until": newest.end} if newest else {}


def _reached(seen: Seen, question: Question) -> Row:
    position = question.model.goal
    now = _stage(seen.funnel, position)
    then = _stage(seen.previous, position)["users"] if seen.previous else None
    row: Row = {
        "measure": "people",
        "label": f"{whoever(question.rules.count).capitalize()} at {now['stage']}",
        "kind": "count",
        "people": _entered(seen.funnel),
        "value": now["users"],
    }
    return row | _times(question.period) | changes.of_count(now["users"], then)


def _of_weeks(
    engine: Engine, question: Question, week: Bucket | None, before: Bucket | None
) -> list[Row]:
    """Return the rate from the first stage to the goal, and how long it took."""
    position = question.model.goal
    first, last = (question.model.stages[at - 1].name for at in (1, position))
    told = f"{first if question.rules.closed else 'entry'} to {last}"
    told = told if question.rules.order != "any" else f"any 1 to any {position}"
    rate: Row = {"measure": "conversion", "label": f"From {told}", "kind": "rate"}
    time: Row = {"measure": "time", "label": f"Median time, {told}", "kind": "seconds"}
    if week is None:
        return [one | {"verdict": changes.ALONE} for one in (rate, time)]
    asked = of_week(week, question)
    now = _with_times(engine, asked)
    then = None
    if before is not None:  # as it stood: without a window the later week had less time
        previous = question.period._replace(since=before.start, until=before.end)
        then = _with_times(engine, as_it_stood(asked, previous, now.as_of))
    bounds: Row = {"since": week.start, "until": week.end}
    rate |= bounds | changes.of_rate(
        _came(now, position), None if then is None else _came(then, position)
    )
    took = _took(now, position)
    earlier = _took(then, position)["median_seconds"] if then else None
    time |= bounds | {
        "people": took["users"], "value": took["median_seconds"], "p90": took["p90_seconds"],
    }  # fmt: skip
    return [rate, time | changes.of_median(took["median_seconds"], earlier)]


def _came(result: Result, position: int) -> tuple[int, int]:
    return _stage(result, position)["users"], _entered(result)


def _entered(result: Result) -> int:
    return entrants_of(result.table("stages").dicts())


def _with_times(engine: Engine, question: Question) -> Result:
    return with_times(engine, question, funnel(engine, question))


def _revenue(seen: Seen) -> list[Row]:
    total = _money(seen.funnel)
    if total is None:
        return []
    then = _money(seen.previous) if seen.previous else None
    row: Row = {"measure": "revenue", "label": "Revenue", "kind": "number", "value": total,
                **_times(seen.funnel.period)}  # fmt: skip
    if then is None:
        return [row | {"verdict": changes.ALONE}]
    change = total / then - 1 if then else None
    return [row | {"previous": then, "change": change, "verdict": changes.UNTESTED}]


def _money(result: Result) -> float | None:
    table = _table(result, "money")
    if table is None or "revenue" not in table.frame.columns:
        return None
    found = table.frame["revenue"].drop_nulls()
    return float(found.sum()) if len(found) else None


def _stage(result: Result, position: int) -> Row:
    return result.table("stages").frame.row(position - 1, named=True)


def _took(result: Result, position: int) -> Row:
    """Return the times from the entry to a stage."""
    rows = result.table("times").frame.to_dicts()
    return next(r for r in rows if r["time_from"] == "entry" and r["position"] == position)


def _times(period: Period) -> Row:
    return {"since": period.since, "until": period.until}


def _table(result: Result, name: str) -> Table | None:
    return next((one for one in result.tables if one.name == name), None)
