"""The sentences that sections begin with, from rows as the analyses give them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hourglass.analyses.funnel import funnel
from hourglass.analyses.trend import trend as weekly
from hourglass.analyses.triggers import Wanted, triggers
from hourglass.analyses.triggers_found import _untested
from hourglass.render import facts
from hourglass.render.html import markdown, whole
from hourglass.render.html.parts import Cell, Sheet
from hourglass.render.html.sections import breakdown, friction, touchpoints, trend
from hourglass.render.html.sections import triggers as section
from hourglass.result import Period
from hourglass.rules import Rules
from tests.browser.whole import asked, engine_of
from tests.browser.whole import whole as whole_report


def channel(name: str | None, people: int, onward: float, other: bool = False) -> dict[str, Any]:
    return {
        "position": 1, "stage": "know", "channel": name, "channel_other": other, "people": people,
        "onward_rate": onward, "onward_low": onward, "onward_high": onward,
    }  # fmt: skip


def test_the_finding_of_touchpoints_names_single_channels_and_its_floor() -> None:
    rows = [
        channel(None, 2_009, 0.9, other=True),
        channel("ads", 800, 0.1), channel("fair", 40, 0.244), channel("fax", 5, 0.8),
    ]  # fmt: skip
    assert touchpoints._finding(rows) == (
        "Most people come to know through ads: 800 people; of the channels with 30 people or more"
        " there, fair has the largest share that goes on, 24.4 % (24.4–24.4 %)."
    )


def test_why_no_event_could_be_tested_is_said_in_page_and_terminal() -> None:
    events = [(f"p{at}", "blog_view", "2026-03-31 10:00") for at in range(80)]
    engine = engine_of([*events, ("p0", "order_paid", "2026-04-01 10:00")])
    result = triggers(engine, asked(rules=Rules()), Wanted())
    finding = section.of(result).finding
    assert finding == (
        "No event could be tested: of 80 people who entered nobody was observed for 37 days from"
        " the entry, to the landmark and the horizon after it."
    )
    assert [note for note in result.notes if "could be tested" in note]
    assert not [note for note in section.of(result).notes if "could be tested" in note]
    assert not [note for note in result.notes if "0 events tested" in note]


@pytest.mark.parametrize(
    ("users", "told"),
    [
        (60, "no event could be tested: it takes 30 people who did it and 30 who did not"),
        (
            59,
            "no event could be tested: 59 people of 90 who entered could be followed, and it takes"
            " 30 people who did it and 30 who did not; 20 were not observed for 2 days, 11 had"
            " bought by the landmark",
        ),
    ],
)
def test_too_few_people_are_another_reason_than_too_little_time(users: int, told: str) -> None:
    followed = {"entrants": 90, "unobserved": 20, "customers": 11, "users": users}
    assert _untested(followed, (timedelta(days=1), timedelta(days=1))) == told


@pytest.mark.parametrize(
    ("still", "told"),
    [
        (0, "never got it done."),
        (1, "have not got it done yet: 1 still has time."),
        (12, "have not got it done yet: 12 still have time."),
    ],
)
def test_who_has_time_has_not_failed_for_ever(still: int, told: str) -> None:
    row = {
        "stage": "try", "failed": 23, "never_done": 12, "never_done_rate": 12 / 23,
        "immature_failed": still,
    }  # fmt: skip
    assert friction._finding([row]) == f"23 people failed at try, and 52.2 % of them {told}"


def test_the_stage_table_is_never_cut() -> None:
    row = (Cell("a"),)
    every = Sheet(id="stage-table", caption="c", heads=(), rows=(row,) * 32)
    other = every._replace(id="x-table")
    assert len(whole._shortened(every, 20).rows) == 32
    assert len(whole._shortened(other, 20).rows) == 20


def test_nobody_is_no_bar_in_markdown() -> None:
    assert markdown._bar(0.0) == ""
    assert markdown._bar(0.01) == "█ "


def test_weeks_with_one_rate_lie_not_between_two() -> None:
    rows = [{"total_rate": 0.125, "stage": "buy"}] * 2
    assert trend._spread(rows, "week").startswith("Of the entrants of each week 12.5 % reached buy")
    judged = {"mature": True, "bucket": date(2026, 3, 2), "total_low": 0.1, "total_high": 0.2}
    assert trend._latest([row | judged for row in rows], "week") == (
        "Of those who entered in the week of 2026-03-02, 12.5 % (10.0–20.0 %) reached buy, as"
        " in each of the 2 weeks that can be judged."
    )


def test_sessions_are_not_called_people() -> None:
    session = "concat('s', user_id, event)"
    events = [("a", "blog_view", "2026-03-31 10:00"), ("b", "blog_view", "2026-03-31 11:00")]
    made = whole_report(engine_of(events, session_id=session), asked(rules=Rules(count="session")))
    page = whole.render_markdown(made).decode()
    assert "each session is counted as a person" in page
    assert "- Counted: each session is counted as a person" in page
    assert "Sessions: 2 · " in page
    assert "2 rows of 2 sessions" in page
    assert "Of 2 sessions that entered at know" in page
    assert "Most sessions are lost between know and like" in page
    assert "Sessions at buy" in made.results["measures"].table("measures").column("label")
    read = facts.lines(made.funnel)
    assert read[0].startswith("Rules: each session is counted as a person, ordered")
    assert read[-1].startswith("Read 2 rows of 2 sessions")
    columns = facts.lines(made.funnel._replace(rules={**made.funnel.rules, "count": "plan"}))
    assert columns[0].startswith("Rules: each value of plan is counted as a person, ordered")


def test_a_share_of_nobody_is_not_the_largest() -> None:
    rows = [channel("ads", 800, 0.0), channel("fair", 40, 0.0)]
    assert touchpoints._finding(rows) == (
        "Most people come to know through ads: 800 people; from none of the channels with 30 people"
        " or more there did anybody go on."
    )


def test_a_name_before_which_a_would_not_stand_is_said_without_it() -> None:
    events = [(f"p{at}", "blog_view", "2026-03-31 10:00") for at in range(2)]
    made = whole_report(engine_of(events, originSite="'x'"), asked(by=("originSite",)))
    (found,) = breakdown.section(made)
    assert "people with no originSite;" in found.notes[0]
    assert found.sheets[0].heads[0].label == "OriginSite"


def test_in_any_order_the_rate_is_from_one_stage_to_so_many() -> None:
    events = [("p", "blog_view", "2026-03-31 10:00"), ("p", "follow", "2026-03-31 11:00")]
    made = whole_report(engine_of(events), asked(rules=Rules(order="any", reuse=True)))
    rows = made.results["measures"].table("measures").dicts()
    assert {"From any 1 to any 5", "Median time, any 1 to any 5"} <= {one["label"] for one in rows}


def test_weeks_that_the_period_cuts_are_named() -> None:
    days = ["2026-03-04", "2026-03-12", "2026-03-17"]
    engine = engine_of([("p", "blog_view", f"{day} 10:00") for day in days])
    period = Period(since=datetime(2026, 3, 4), until=datetime(2026, 3, 18))
    cut = "the weeks of 2026-03-02 and 2026-03-16 lie only partly in the period"
    assert weekly(engine, asked(period=period)).notes[-1] == cut
    one = weekly(engine, asked(period=period._replace(until=datetime(2026, 3, 23))))
    assert one.notes[-1] == "the week of 2026-03-02 lies only partly in the period"
    whole_weeks = Period(since=datetime(2026, 3, 2), until=datetime(2026, 3, 23))
    assert not [
        note for note in weekly(engine, asked(period=whole_weeks)).notes if "partly" in note
    ]


def test_days_are_those_of_the_time_zone_and_a_tolerance_has_its_unit() -> None:
    engine = engine_of([("p", "blog_view", "2026-03-31 02:00")])
    rules = Rules(tie_tolerance=timedelta(seconds=2), reuse=True)
    result = funnel(engine, asked(rules=rules, period=Period(timezone="America/New_York")))
    lines = facts.lines(result)
    assert any("2026-03-30 to 2026-03-30" in line for line in lines)
    assert "tie tolerance 2 s," in lines[0]


def test_a_switch_that_is_left_out_is_spoken_of() -> None:
    report = whole_report(engine_of([("p", "blog_view", "2026-03-31 02:00")], channel="'a'"))
    (told,) = whole._smaller(report, 0).warnings[-1:]
    assert told == "The switch by channel is left out, as the page would be too large."
    assert "only the 3 largest values" in whole._smaller(report, 3).warnings[-1]
