"""Whole reports of small logs, as the command makes them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hourglass.analyses.question import Question
from hourglass.analyses.report import Settings, ask
from hourglass.engines.connect import connect
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.render.html.report import Report
from hourglass.result import Period
from hourglass.rules import Rules
from hourglass.settings.friction import Friction
from hourglass.stages import Model, Stage, Step

SAMPLE = Path(__file__).parents[2] / "sample_events.parquet"
STAGES = {
    "know": ("ad_impression", "blog_view"), "like": ("newsletter_signup", "follow"),
    "trust": ("review_read", "case_study_view"), "try": ("trial_started",),
    "buy": ("order_paid",), "repeat": ("order_paid",), "refer": ("referral_sent",),
}  # fmt: skip
MODEL = Model(
    name="hourglass",
    stages=tuple(Stage(name=name, steps=(Step(events=those),)) for name, those in STAGES.items()),
)
WEEK = Period(since=dt.datetime(2026, 3, 30), until=dt.datetime(2026, 4, 6))
FRICTION = {"try": Friction(attempted=["trial_form_opened"], failed=["trial_form_error"])}

Event = tuple[str, str, str]
"""A person, an event, when."""


def sample_engine() -> DuckDBEngine:
    """An engine on the sample data."""
    connection = connect()
    connection.execute(
        f"CREATE TEMP TABLE events AS SELECT DISTINCT ON (event_id) * FROM '{SAMPLE}'"
    )
    return DuckDBEngine(connection)


def engine_of(events: Iterable[Event], **columns: Any) -> DuckDBEngine:
    """An engine on these events; each of `columns` has the same value in all rows."""
    connection = connect()
    connection.execute("CREATE TEMP TABLE given (user_id TEXT, event TEXT, ts TIMESTAMP)")
    rows = list(events)
    if rows:
        connection.executemany("INSERT INTO given VALUES (?, ?, ?)", rows)
    extra = "".join(f", {value} AS {name}" for name, value in columns.items())
    connection.execute(f"CREATE TEMP TABLE events AS SELECT *{extra} FROM given")
    return DuckDBEngine(connection)


def asked(**changes: Any) -> Question:
    """The question of a weekly report, with a window of 30 days."""
    usual: dict[str, Any] = {
        "model": MODEL, "hourglass": MODEL, "rules": Rules(window=dt.timedelta(days=30)),
        "period": WEEK, "as_of": dt.datetime(2026, 4, 6),
    }  # fmt: skip
    return Question(**(usual | changes))


def whole(engine: DuckDBEngine, question: Question | None = None, **changes: Any) -> Report:
    """Answer everything and make a report of it."""
    question = question or asked()
    answers = ask(engine, question, None, Settings(friction=FRICTION))
    made: dict[str, Any] = {
        "title": "Weekly hourglass", "command": "hourglass report events.csv -o week.html",
        "sources": ("events.csv",), "model": question.model,
        "versions": {"hourglass": "0.1.0", "duckdb": "2.0.0", "plotly": "7.1.0"},
        "results": answers.results, "reasons": answers.reasons, "warnings": answers.warnings,
    }  # fmt: skip
    return Report(**(made | changes))
