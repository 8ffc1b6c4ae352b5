"""Numbers of customers for checks: who buys again, and what customers bring."""

from collections.abc import Mapping
from typing import Any

from hourglass.analyses.check_judging import Figure
from hourglass.analyses.check_people import share
from hourglass.analyses.question import Delivery, Question
from hourglass.analyses.referrals import referrals
from hourglass.analyses.retention import retention
from hourglass.engines import Engine
from hourglass.result import Period

_TABLES = {"repeat_rate": "summary", "k": "referrals"}


def customer_figures(
    engine: Engine,
    question: Question,
    measure: str,
    *,
    by: str | None,
    period: Period,
    delivery: Delivery | None = None,
) -> dict[str | None, Figure]:
    """Return `repeat_rate` or `k` of the customers of a period, by segment; null is everybody.

    They are those that `retention` and `referrals` show: only of customers whose W is over.
    """
    asked = question._replace(by=(by,) if by else (), period=period)
    ask = retention if measure == "repeat_rate" else referrals
    result = ask(engine, asked, delivery)
    table = result.table("breakdown" if by else _TABLES[measure])
    return {row[by] if by else None: _figure(measure, row) for row in table.frame.to_dicts()}


def _figure(measure: str, row: Mapping[str, Any]) -> Figure:
    if measure == "repeat_rate":
        again, buyers = row["again"], row["mature_buyers"]
        return Figure(
            value=share(again, buyers), people=buyers, successes=again, trials=buyers or None
        )
    customers, k = row["customers"], row["k"]
    if k == 0:  # nobody brought a buyer: as sure as a rate of none
        return Figure(value=k, people=customers, trials=customers)
    if row["k_high"] is None:  # nobody differs, and nothing says how far chance reaches
        return Figure(value=None, people=customers)
    return Figure(value=k, people=customers, spread=row["k_high"] - k)
