"""What a chart draws stands in a table too, for whoever has no scripts, prints or copies."""

import datetime as dt

import pytest

from hourglass.render import values
from hourglass.render.html import quality
from hourglass.render.html.parts import Section, Sheet
from hourglass.render.html.report import Report
from hourglass.render.html.sections import breakdown, sections, times
from hourglass.result import InputFacts, Period, Result
from tests.browser.whole import sample_engine, whole


@pytest.fixture(scope="module")
def weekly() -> Report:
    return whole(sample_engine())


def sheet(section: Section, name: str) -> Sheet:
    return next(one for one in section.sheets if one.id == name)


def column(of: Sheet, heading: str) -> list[str]:
    at = [head.label for head in of.heads].index(heading)
    return [row[at].text for row in of.rows]


def test_no_chart_is_without_a_table(weekly: Report) -> None:
    drawn = [one for one in sections(weekly) if one.charts]
    assert len(drawn) > 8
    assert all(one.sheets for one in drawn)


def test_the_bars_of_times_are_in_a_table_beside_those_of_every_step(weekly: Report) -> None:
    section = times.section(weekly)
    (bars,) = section.charts[0].figure["data"]
    listed = sheet(section, "histogram-table")
    assert listed.fold == "How many took how long"
    whole_way = column(listed, "Entry to buy")
    shown = [at for at, count in enumerate(whole_way) if count != "0"]
    assert whole_way[shown[0] : shown[-1] + 1] == [values.count(one) for one in bars["y"]]
    labels = section.charts[0].figure["layout"]["xaxis"]["ticktext"]
    assert column(listed, "Time")[shown[0] : shown[-1] + 1] == labels
    stages = weekly.funnel.table("stages").frame
    for stage, users in list(zip(stages["stage"], stages["users"], strict=True))[1:]:
        assert sum(int(one.replace(",", "")) for one in column(listed, stage)) == users


def test_the_whiskers_of_steps_are_in_a_table(weekly: Report) -> None:
    (section,) = breakdown.section(weekly)
    steps = sheet(section, "breakdown-steps-table")
    bars = [one for one in section.charts[1].figure["data"] if "error_y" in one]
    assert len(bars) == len(steps.rows) == 4
    for drawn, row in zip(bars, steps.rows, strict=True):
        whiskers = drawn["error_y"]
        for at, cell in enumerate(row[1:]):
            if (rate := drawn["y"][at]) is not None:
                low, high = rate - whiskers["arrayminus"][at], rate + whiskers["array"][at]
                assert cell[:2] == (values.rate(rate), values.interval(low, high))


@pytest.mark.parametrize(("count", "listed"), [(3, 3), (400, 400), (1203, 400)])
def test_each_day_of_an_export_is_a_row_and_of_many_years_the_last(count: int, listed: int) -> None:
    first = dt.date(2023, 1, 1)
    days = [(first + dt.timedelta(days=day), 2 * day, day) for day in range(count)]
    section = quality._by_day(_inspected(), days)
    table = sheet(section, "days-table")
    assert len(table.rows) == listed
    assert column(table, "Day")[-1] == values.date(days[-1][0])
    assert column(table, "Events") == [values.count(one) for _, one, _ in days[-listed:]]
    assert ("the last 400 of 1,203 days" in table.caption) == (count > listed)


def _inspected() -> Result:
    facts = InputFacts(
        rows=1, users=1, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
    )
    return Result(
        analysis="inspect", title="t", model="", rules={}, period=Period(), tables=(), input=facts
    )
