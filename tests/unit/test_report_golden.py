"""The static part of the report, byte for byte; `pytest --update-golden` writes it anew.

That is what stands on the page without scripts: headings, findings, cards, the picture, tables and
notes. Scripts, style and the data of charts have tests of their own, and change with plotly.
"""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from hourglass.render.html import whole as pages
from hourglass.render.html.report import Report
from tests.browser.whole import Event, engine_of, whole

GOLDEN = Path(__file__).parents[1] / "golden"
HOW = {
    "report.html": pages.render_page,
    "report.mail.html": pages.render_mail,
    "report.md": pages.render_markdown,
}
FIRST = dt.datetime(2026, 1, 5)
STEPS = (("ad_impression", 0), ("follow", 5), ("review_read", 30), ("trial_started", 50),
         ("order_paid", 90), ("order_paid", 200), ("referral_sent", 230))  # fmt: skip
"""What a person does, and how many hours after the first of it."""


def life(number: int) -> list[Event]:
    """Return the events of a person, of whom every other one comes further: 1, 2, 4 and so on."""
    depth = next((step for step in range(len(STEPS)) if number % 2 ** (step + 1)), len(STEPS))
    came = FIRST + dt.timedelta(hours=7 * number)
    return [
        (f"p{number}", event, (came + dt.timedelta(hours=later)).isoformat(" "))
        for event, later in STEPS[: depth + 1]
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    events = [event for number in range(300) for event in life(number)]
    engine = engine_of(
        events,
        channel="CASE WHEN event = 'follow' THEN '<b>' WHEN user_id LIKE '%3' THEN 'mail' END",
        revenue="if(event = 'order_paid', 20.0, NULL)",
        referrer_id="if(user_id LIKE '%6', 'p' || (CAST(user_id[2:] AS INTEGER) - 15), NULL)",
    )
    return replace(whole(engine), versions={"hourglass": "1", "duckdb": "2"})


def static(page: bytes) -> str:
    """Leave out scripts, styles and the fingerprints of SQL files; begin a line with each tag."""
    text = page.decode()
    text = re.sub(r"(?s)(<(script|style)\b[^>]*>).*?(</\2>)", r"\1\3", text)
    text = re.sub(r"'sha256-[^']*'", "'sha256-…'", text)
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "…", text)
    return re.sub(r"(?<=>)(?=<(?:section|table|tr|p|h2|li|figure|g|text|details)\b)", "\n", text)


@pytest.mark.parametrize("name", HOW)
def test_what_stands_on_the_page_is_that_of_the_file(
    name: str, report: Report, request: pytest.FixtureRequest
) -> None:
    path = GOLDEN / name
    text = static(HOW[name](report))
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
