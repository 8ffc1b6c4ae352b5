"""Pages about next to nobody: one person, one value, nothing to test."""

from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

EVENTS = """user_id,event,ts,channel,revenue,referrer_id
a,view,2026-01-05T10:00:00Z,ads,,
a,pay,2026-01-05T11:00:00Z,ads,10,
a,pay,2026-01-06T11:00:00Z,ads,,
b,view,2026-01-07T11:00:00Z,ads,,a
b,pay,2026-01-08T11:00:00Z,ads,5,
z,view,2026-06-01T11:00:00Z,ads,,
"""
CONFIG = '[stages]\nknow = ["view"]\nbuy = ["pay"]\nrepeat = ["pay"]\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hourglass.toml").write_text(CONFIG)
    Path("e.csv").write_text(EVENTS)


def page(*words: str) -> str:
    done = CliRunner().invoke(app, [words[0], "e.csv", *words[1:], "--html", "p.html"])
    assert done.exit_code == 0, done.stderr
    text = unescape(Path("p.html").read_text("utf-8"))
    return text[text.index("<main") :]


def test_one_value_has_one_rate() -> None:
    shown = page("funnel", "--by", "channel", "--until", "2026-01-05")
    assert "The rate to buy is 100.0" in shown  # and a blank that does not break


def test_no_table_stands_for_events_that_were_not_tested() -> None:
    shown = page("triggers")
    assert "No event could be tested" in shown
    assert "Events before buying" not in shown


def test_one_purchase_is_no_purchases() -> None:
    assert "1 purchase has no revenue, and counts as nothing in it" in page("retention")


def test_one_customer_is_no_customers() -> None:
    assert "the one customer brought 1.00 people" in page("referrals", "--until", "2026-01-06")


def test_a_log_of_orders_has_a_report() -> None:
    """People enter at the waist there: what is asked is whether they come again."""
    Path("hourglass.toml").write_text('[stages]\nbuy = ["pay"]\nrepeat = ["pay"]\n')
    done = CliRunner().invoke(app, ["report", "e.csv", "--until", "2026-01-11", "-o", "r.md"])
    assert done.exit_code == 0, done.stderr
    assert "| From buy to repeat | 50.0" in Path("r.md").read_text("utf-8")


def test_rates_of_whose_window_is_over_are_called_so() -> None:
    """All of the counts stand beside them, of which they are not the quotient."""
    asked = ("e.csv", "--by", "channel", "--window", "1 day")
    done = CliRunner().invoke(app, ["report", *asked, "-o", "r.md"])
    assert done.exit_code == 0, done.stderr
    shown = Path("r.md").read_text("utf-8")
    section = shown[shown.index("## Breakdown") : shown.index("## Touchpoints")]
    assert "| Mature rate to buy |" in section
    assert "entries whose window is over; the counts are of all" in section
