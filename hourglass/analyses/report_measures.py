"""The few measures a report begins with: each with its change, an interval, and a word for it.

Counts and money are those of the period and of the period before, as it stood at the same age.
Rates, times and K need people whose window is over: they are those of the newest such week, and
of the week before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hourglass.analyses.differences import table_of
from hourglass.analyses.funnel import funnel
from hourglass.analyses.question import Question
from hourglass.analyses.report_customers import Customers
from hourglass.analyses.report_periods import as_it_stood, closed_weeks, of_week
from hourglass.analyses.times import with_times
from hourglass.calendar import Bucket
from hourglass.engines import Engine
from hourglass.errors import DataError, UsageError
from hourglass.result import Kind, Period, Result, Table
from hourglass.stats import Sample, mean_interval, newcombe, welch, wilson

NAME = "measures"
UP, DOWN, UNCLEAR, UNTESTED, ALONE = "up", "down", "no clear change", "not tested", "no comparison"
"""Words for a change: beyond chance or not; or that there is no test, or nothing before."""

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
    " by Welch's; medians and money are not tested",
    "up and down are said where the 95 % interval of the change leaves out none",
)
Row = dict[str, Any]
Weeks = tuple[Bucket | None, Bucket | None]
"""The newest week that can be judged, and the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the report knows already when it comes to its measures."""

    funnel: Result
    """Of the period; with `money`, where there is any."""
    previous: Result | None
    """Of the period before."""


def measures(engine: Engine, question: Question, seen: Seen) -> Result:
    """Return the table `measures`, one row a measure that can be had; notes say why others not."""
    facts, as_of = seen.funnel.input, seen.funnel.as_of
    rate, time = _of_weeks(engine, question, *closed_weeks(question, question.reach, facts, as_of))
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
    bought |= _count_change(now["buyers"], None if then is None else then["buyers"])
    again: Row = {"measure": "repeat_rate", "label": "Repeat rate", "kind": "rate"}
    if newest is None:
        return [bought, again | {"verdict": ALONE}]
    before_that = None if earlier is None else _again(earlier)
    return [bought, again | _bounds(week) | _rate_change(_again(newest), before_that)]


def _again(row: Row) -> tuple[int, int]:
    return row["again"], row["mature_buyers"]


def _k(held: Customers, week: Weeks) -> Row:
    row: Row = {"measure": "k", "label": "K-factor", "kind": "mean"}
    now, then = held.referrals(_periods(week, held.question.period))
    return row | ({"verdict": ALONE} if now is None else _bounds(week) | _k_change(now, then))


def _periods(week: Weeks, like: Period) -> list[Period | None]:
    return [None if one is None else replace(like, since=one.start, until=one.end) for one in week]


def _bounds(week: Weeks) -> Row:
    newest, _ = week
    return {"since": newest.start, "until": newest.end} if newest else {}


def _reached(seen: Seen, question: Question) -> Row:
    position = question.model.goal
    now = _stage(seen.funnel, position)
    then = _stage(seen.previous, position)["users"] if seen.previous else None
    row: Row = {
        "measure": "people",
        "label": f"People at {now['stage']}",
        "kind": "count",
        "people": _stage(seen.funnel, 1)["users"],
        "value": now["users"],
    }
    return row | _times(question.period) | _count_change(now["users"], then)


def _count_change(now: int, then: int | None) -> Row:
    if then is None:
        return {"verdict": ALONE}
    if not then:
        return {"previous": then, "verdict": UNTESTED}
    low, high = wilson(now, now + then)
    assert low is not None
    assert high is not None
    below = low / (1 - low) - 1
    above = high / (1 - high) - 1 if high < 1 else None
    change = {"previous": then, "change": now / then - 1, "change_low": below, "change_high": above}
    return change | {"verdict": _verdict(below, above)}


def _of_weeks(
    engine: Engine, question: Question, week: Bucket | None, before: Bucket | None
) -> list[Row]:
    """Return the rate from the first stage to the goal, and how long it took."""
    position = question.model.goal
    first, last = (question.model.stages[at - 1].name for at in (1, position))
    told = f"{first} to {last}" if question.rules.order != "any" else f"any {position}"
    rate: Row = {"measure": "conversion", "label": f"From {told}", "kind": "rate"}
    time: Row = {"measure": "time", "label": f"Median time, {told}", "kind": "seconds"}
    if week is None:
        return [one | {"verdict": ALONE} for one in (rate, time)]
    asked = of_week(week, question)
    now = _with_times(engine, asked)
    then = None
    if before is not None:  # as it stood: without a window the later week had less time
        previous = replace(question.period, since=before.start, until=before.end)
        then = _with_times(engine, as_it_stood(asked, previous, now.input.last))
    bounds: Row = {"since": week.start, "until": week.end}
    rate |= bounds | _rate_change(
        _came(now, position), None if then is None else _came(then, position)
    )
    took = _took(now, position)
    earlier = _took(then, position)["median_seconds"] if then else None
    time |= bounds | {
        "people": took["users"], "value": took["median_seconds"], "p90": took["p90_seconds"],
    }  # fmt: skip
    return [rate, time | _difference(took["median_seconds"], earlier)]


def _came(result: Result, position: int) -> tuple[int, int]:
    return _stage(result, position)["users"], _stage(result, 1)["users"]


def _with_times(engine: Engine, question: Question) -> Result:
    return with_times(engine, question, funnel(engine, question))


def _rate_change(now: tuple[int, int], then: tuple[int, int] | None) -> Row:
    """Write a rate of `(hits, of)` with its interval, and its change since another."""
    hits, of = now
    low, high = wilson(hits, of)
    row: Row = {"people": of, "value": hits / of if of else None, "low": low, "high": high}
    if then is None or not of or not then[1]:
        return row | {"verdict": ALONE}
    below, above = newcombe(*now, *then)
    previous = then[0] / then[1]
    change = hits / of - previous
    return row | {
        "previous": previous, "change": change, "change_low": below, "change_high": above,
        "verdict": _verdict(below, above),
    }  # fmt: skip


def _difference(now: float | None, then: float | None) -> Row:
    if now is None or then is None:
        return {"verdict": ALONE}
    return {"previous": then, "change": now - then, "verdict": UNTESTED}


def _k_change(now: Row, then: Row | None) -> Row:
    row: Row = {
        "people": now["customers"], "value": now["k"], "low": now["k_low"], "high": now["k_high"],
    }  # fmt: skip
    if then is None or now["k"] is None or then["k"] is None:
        return row | {"verdict": ALONE}
    low, high, _ = welch(_sample(now), _sample(then))
    return row | {
        "previous": then["k"], "change": now["k"] - then["k"], "change_low": low,
        "change_high": high, "verdict": _verdict(low, high),
    }  # fmt: skip


def _sample(row: Mapping[str, Any]) -> Sample:
    """Return the sample behind K and its interval, whose upper bound is never cut."""
    count, mean, high = row["customers"], row["k"], row["k_high"]
    if high is None or count < 2:
        return Sample(count, mean)
    unit = mean_interval(Sample(count, 0.0, 1.0))[1]
    assert unit is not None
    return Sample(count, mean, (high - mean) / unit)


def _revenue(seen: Seen) -> list[Row]:
    total = _money(seen.funnel)
    if total is None:
        return []
    then = _money(seen.previous) if seen.previous else None
    row: Row = {"measure": "revenue", "label": "Revenue", "kind": "number", "value": total,
                **_times(seen.funnel.period)}  # fmt: skip
    if then is None:
        return [row | {"verdict": ALONE}]
    change = total / then - 1 if then else None
    return [row | {"previous": then, "change": change, "verdict": UNTESTED}]


def _money(result: Result) -> float | None:
    table = _table(result, "money")
    if table is None or "revenue" not in table.frame.columns:
        return None
    found = table.frame["revenue"].drop_nulls()
    return float(found.sum()) if len(found) else None


def _verdict(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return UNTESTED
    if low is not None and low > 0:
        return UP
    return DOWN if high is not None and high < 0 else UNCLEAR


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
