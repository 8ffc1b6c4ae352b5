"""In which order the columns of a table on the page are sorted that have one of their own."""

import re

import pytest

from hourglass.render.html import quality
from hourglass.render.html import whole as pages
from hourglass.render.html.parts import Cell, Head, Sheet
from hourglass.render.html.report import Report
from hourglass.render.html.sections import sections
from hourglass.stages import HOURGLASS
from tests.browser import example
from tests.browser.whole import sample_engine, whole

STAGES = {"stage", "Stage", "from", "to"}
"""Headings of columns of stages."""


@pytest.fixture(scope="module")
def weekly() -> Report:
    return whole(sample_engine())


def test_every_column_of_stages_has_their_order(weekly: Report) -> None:
    found = [
        (sheet.id, head)
        for section in sections(weekly)
        for sheet in section.sheets
        for head in sheet.heads
        if head.ranks or (head.label in STAGES and sheet.id != "times-table")  # "from" is no stage
    ]
    assert len(found) > 8
    for name, head in found:
        if head.label == "Time":
            continue
        places = [HOURGLASS.index(stage) for stage in head.ranks]
        assert places, (name, head)
        assert places == sorted(places)


def test_hostile_names_of_stages_stay_inside_of_the_attribute() -> None:
    stages = ("it's", "\"a\" 'b'>", "</th><script>", "plain")
    page = pages.render_page(example.report(stages=stages, users=(9, 5, 2, 1), model="m")).decode()
    heads = re.findall(r"data-order='([^']*)'", page)
    assert len(heads) >= 2
    assert all("<" not in one and ">" not in one for one in heads)


def test_events_are_sorted_by_the_first_of_their_stages() -> None:
    cells = ("buy, repeat", "–", "know", "refer", "buy", "gone")
    sheet = Sheet(
        id="events-table", caption="",
        heads=(Head("event", number=False), Head("stage", number=False)),
        rows=tuple((Cell("e"), Cell(cell)) for cell in cells),
    )  # fmt: skip
    ranked = quality._by_stage(sheet, HOURGLASS).heads[1].ranks
    assert ranked == ("know", "buy", "buy, repeat", "refer", "gone")
