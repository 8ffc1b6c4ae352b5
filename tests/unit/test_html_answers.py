"""From events to the page: the numbers of the report are those of the analyses."""

import datetime as dt

import pytest

from hourglass.analyses.question import Question
from hourglass.analyses.report import ask
from hourglass.engines.connect import connect
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError
from hourglass.render.html.report import Report
from hourglass.render.html.whole import render_page
from hourglass.result import Period
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step

MODEL = Model(
    name="checkout",
    stages=(
        Stage(name="cart", steps=(Step(events=("cart_view",)),)),
        Stage(name="pay", steps=(Step(events=("order_paid",), where="revenue > 1"),)),
    ),
)


def engine(channel: bool = True) -> DuckDBEngine:
    connection = connect()
    extra = ", 'mail' AS channel" if channel else ""
    connection.execute(f"""
        CREATE TEMP TABLE events AS
        SELECT user_id, event, ts::TIMESTAMP AS ts, revenue::DOUBLE AS revenue{extra}
        FROM (VALUES ('a', 'cart_view', '2026-01-05 10:00', NULL),
                     ('a', 'order_paid', '2026-01-05 11:00', 20),
                     ('b', 'cart_view', '2026-01-13 10:00', NULL),
                     ('b', 'order_paid', '2026-01-13 10:30', 0.5),
                     ('c', 'cart_view', '2026-01-14 10:00', NULL))
             AS given (user_id, event, ts, revenue)""")
    return DuckDBEngine(connection)


def test_the_report_asks_by_channel_and_by_week() -> None:
    question = Question(model=MODEL, rules=Rules(window=dt.timedelta(days=1)))
    answers = ask(engine(), question)
    counted = answers.results["funnel"]
    assert counted.table("stages").frame["users"].to_list() == [3, 1]
    assert counted.table("breakdown").frame["channel"].to_list() == ["mail", "mail"]
    weeks = answers.results["trend"].table("trend").frame
    assert weeks["users"].to_list() == [1, 1, 2, 0]
    text = render_page(
        Report(
            title="t", command="c", sources=("s",), model=MODEL, versions={},
            results=answers.results, reasons=answers.reasons,
        )
    ).decode()  # fmt: skip
    assert "Of 3 people who entered at cart, 1 (33.3\N{NO-BREAK SPACE}%) reached pay." in text
    assert "order_paid where revenue &gt; 1" in text


def test_without_channels_there_is_no_breakdown() -> None:
    answers = ask(engine(channel=False), Question(model=MODEL))
    counted = answers.results["funnel"]
    assert "breakdown" not in [table.name for table in counted.tables]
    page = render_page(
        Report(
            title="t", command="c", sources=("s",), model=MODEL, versions={},
            results=answers.results, reasons=answers.reasons,
        )
    )  # fmt: skip
    assert b"The data have no column channel to break down by" in page


def test_a_period_in_which_nobody_entered_is_an_error_and_not_an_empty_report() -> None:
    later = Period(since=dt.datetime(2026, 2, 1), until=dt.datetime(2026, 2, 8))
    with pytest.raises(DataError, match="nobody entered at cart"):
        ask(engine(), Question(model=MODEL, period=later))
