"""A period beyond the data: zeros and a warning, whatever is asked."""

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

CONFIG = """[stages]
know = ["view"]
buy = ["pay"]
[friction.buy]
attempted = ["cart"]
failed = ["error"]
[triggers.left]
events = ["cart"]
without = ["pay"]
within = "1 day"
"""
EVENTS = """user_id,event,ts,channel,referrer_id
a,view,2026-03-02T10:00:00Z,ads,b
a,cart,2026-03-02T11:00:00Z,ads,b
a,pay,2026-03-05T12:00:00Z,ads,b
"""
QUESTIONS = ("funnel", "trend", "people", "people --trigger left", "reconcile", "paths",
             "triggers", "touchpoints", "friction", "retention", "referrals")  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hourglass.toml").write_text(CONFIG)
    (tmp_path / "e.csv").write_text(EVENTS)


def stderr_of(question, *words):
    name, *more = question.split()
    done = CliRunner().invoke(app, [name, "e.csv", *more, *words])
    assert done.exit_code == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("form", ["table", "csv"])
@pytest.mark.parametrize("bounds", [("--since", "2030-01-01"), ("--until", "2026-03-01")])
@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_a_warning(question, bounds, form):
    assert "warning: " in stderr_of(question, *bounds, "-f", form)


@pytest.mark.parametrize("question", ["people", "people --trigger left", "paths", "friction"])
def test_a_period_with_events_has_none(question):
    assert "warning: the period" not in stderr_of(question, "--since", "2026-03-05", "-f", "csv")
