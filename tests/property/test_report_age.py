"""The period before as it stood: a funnel that may read to an instant, as if the data ended there.

And the measures of a report: those of the questions they stand for.
"""

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hourglass.analyses.funnel import funnel
from hourglass.analyses.referrals import referrals
from hourglass.analyses.report_customers import Customers
from hourglass.analyses.retention import retention
from hourglass.result import Period
from tests.browser.whole import asked, sample_engine
from tests.property import product
from tests.property.oracle import SECOND
from tests.property.strategies import Case, cases, moment

CELLS = ("position", "users", "step_rate", "total_rate", "median_seconds")


@settings(max_examples=settings().max_examples // 2)
@given(cases(), st.integers(0, 400))
def test_a_funnel_that_may_read_to_an_instant_is_that_of_the_data_up_to_it(
    case: Case, minutes: int
) -> None:
    first = min((event.ts for event in case.log), default=0)
    end = first + minutes * 60 * SECOND
    question = product.question(case)._replace(read_until=moment(end))
    whole = funnel(product.fill(case.log), question).table("stages").frame.select(CELLS)
    kept = [event for event in case.log if event.ts < end]
    cut = product.question(case)._replace(as_of=dt.datetime(2030, 1, 1))
    engine = product.fill(kept)
    names = {name for step in question.model.steps for name in step.events}
    assume({event.name for event in kept} & names)  # without any a model is refused
    assert whole.rows() == funnel(engine, cut).table("stages").frame.select(CELLS).rows()


@pytest.mark.parametrize("since", [dt.datetime(2026, 2, 16), dt.datetime(2026, 2, 23)])
def test_customers_of_a_week_are_those_that_the_questions_count(since: dt.datetime) -> None:
    engine = sample_engine()
    week = Period(since=since, until=since + dt.timedelta(days=7))
    question = asked(period=Period())
    held = Customers.of(engine, question)
    (bought,) = held.buyers([week])
    (brought,) = held.referrals([week])
    alone = question._replace(period=week)
    assert bought is not None
    assert brought is not None
    summary = retention(engine, alone).table("summary").frame.row(0, named=True)
    assert {name: bought[name] for name in summary} == summary
    assert brought == referrals(engine, alone).table("referrals").frame.row(0, named=True)
