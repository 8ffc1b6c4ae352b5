"""Customers of several periods at once: what is the same for all of them is made once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hourglass.analyses.groups import everybody
from hourglass.analyses.mapping import map_events
from hourglass.analyses.purchases import make_purchases, observe, window
from hourglass.analyses.question import Question
from hourglass.analyses.referrals_tables import with_intervals
from hourglass.analyses.referred import REFERRER, count
from hourglass.analyses.retention import follow, summarized
from hourglass.engines import Engine
from hourglass.errors import DataError, UsageError
from hourglass.result import Period

Row = dict[str, Any]


class Customers(NamedTuple):
    """An engine that holds the purchases of a question."""

    engine: Engine
    question: Question
    as_of: datetime | None
    window: timedelta

    @classmethod
    def of(cls, engine: Engine, question: Question) -> "Customers":
        """Make the purchases of everybody; DataError where nobody knows what one is."""
        map_events(engine, question)
        as_of = observe(engine, question)
        make_purchases(engine, question, as_of)
        return cls(engine=engine, question=question, as_of=as_of, window=window(question))

    def buyers(self, periods: Iterable[Period | None]) -> list[Row | None]:
        """Return what `retention` summarizes of those who first bought in each period."""
        return [None if one is None else self._summary(one) for one in periods]

    def referrals(self, periods: Iterable[Period | None]) -> list[Row | None]:
        """Return K and its parts, as `referrals` has them, of the customers of each period.

        Raises DataError where no column says who brought a person, UsageError for sessions.
        """
        if REFERRER not in (self.engine.event_columns() or {}):
            raise DataError("K, as no column is known to say who brought a person")
        if self.question.rules.count == "session":
            raise UsageError("K, as referrers are people, and sessions are counted here")
        return [None if one is None else self._parts(one) for one in periods]

    def _summary(self, period: Period) -> Row:
        follow(self.engine, self.question._replace(period=period), self.as_of)
        summary = everybody(summarized(self.engine.fetch("retention/summary")))
        return summary.row(0, named=True)

    def _parts(self, period: Period) -> Row:
        count(self.engine, self.question._replace(period=period))
        parts = everybody(with_intervals(self.engine.fetch("referrals/parts")))
        return parts.row(0, named=True)
