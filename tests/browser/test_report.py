"""The whole report in a real browser, and what a reader can do with it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourglass.analyses.compare import compare_periods
from hourglass.analyses.funnel import funnel
from hourglass.analyses.lower import with_lower_half
from hourglass.analyses.trend import trend
from hourglass.render import values
from hourglass.render.html import plotlyjs, whole
from hourglass.render.html.answer import render_answer
from hourglass.render.html.report import Report
from hourglass.result import Period
from hourglass.stages import HOURGLASS
from tests.browser.devtools import Browser, find
from tests.browser.test_page import CUT
from tests.browser.whole import WEEK, asked, sample_engine
from tests.browser.whole import whole as made_of

SELECT = """
(() => {
  const select = document.getElementById("segment");
  select.value = %s;
  select.dispatchEvent(new Event("change"));
})()
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find()
    if program is None:
        pytest.skip("no Chromium on the PATH that can be driven over pipes")
    profile = tempfile.mkdtemp()
    opened = Browser(program, Path(profile))
    yield opened
    opened.close()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def report() -> Report:
    return made_of(sample_engine())


@pytest.fixture(scope="module")
def page(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "week.html"
    path.write_bytes(whole.render_page(report))
    return path


def seen(browser: Browser, what: str) -> list[str]:
    """The text of all such elements that are shown."""
    found = browser.value(
        f"Array.from(document.querySelectorAll({what!r}))"
        ".filter((one) => one.getClientRects().length).map((one) => one.textContent)"
    )
    return list(found)


def table(name: str) -> str:
    return f"document.getElementById('{name}').closest('table')"


def column(name: str, at: int) -> str:
    return f"Array.from({table(name)}.tBodies[0].rows, (r) => r.cells[{at}].firstChild.textContent)"


def test_every_chart_is_drawn_without_a_complaint_or_a_request(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    assert browser.value("document.documentElement.dataset.charts") == "drawn"
    # those of segments are drawn when they are chosen
    assert browser.value("document.querySelectorAll('.chart .main-svg').length") >= 10
    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_is_cut_and_the_page_does_not_scroll_sideways(
    browser: Browser, page: Path, width: int
) -> None:
    browser.open(page, width=width)
    assert browser.value("document.documentElement.scrollWidth") == width
    assert browser.value(CUT) == []


def test_a_long_name_to_choose_does_not_widen_the_page(browser: Browser, page: Path) -> None:
    browser.open(page, width=360)
    browser.value("document.querySelector('#segment option:last-child').text = 'x'.repeat(150)")
    assert browser.value("document.documentElement.scrollWidth") == 360


def test_the_switch_puts_a_segment_in_the_place_of_everybody(
    browser: Browser, page: Path, report: Report
) -> None:
    browser.open(page)
    offered = browser.value("Array.from(document.getElementById('segment').options, (o) => o.text)")
    assert offered[0] == "all"
    assert len(offered) == 7
    rows = report.funnel.table("breakdown").frame
    people = rows.filter((rows["channel"] == "search") & (rows["position"] == 1))["users"][0]
    browser.value(SELECT % "'search'")
    shown = " ".join(seen(browser, "svg.hourglass text"))
    assert f"{values.count(people)} people" in shown
    assert "1,128 people" not in shown
    assert seen(browser, ".which") == ["search"] * 3
    chart = "document.querySelector('[data-segment=search] [data-chart$=trend-chart-figure]')"
    browser.wait(lambda: browser.value(f"!!{chart}.querySelector('.main-svg')"))
    browser.value(SELECT % "''")
    assert "1,128 people" in " ".join(seen(browser, "svg.hourglass text"))
    assert browser.complaints() == []


def test_a_click_on_a_heading_sorts_the_table(browser: Browser, page: Path) -> None:
    browser.open(page)
    head = f"{table('breakdown-table')}.tHead.rows[0].cells[1]"
    found = []
    for order in (None, "descending", "ascending"):
        if order:
            browser.value(f"{head}.querySelector('button').click()")
        assert browser.value(f"{head}.getAttribute('aria-sort')") == order
        texts = browser.value(column("breakdown-table", 1))
        found.append([int(text.replace(",", "")) for text in texts])
    before, down, up = found
    assert before != down
    assert down == sorted(before, reverse=True)
    assert up == sorted(before)


def test_a_third_click_brings_back_the_order_of_the_page(browser: Browser, page: Path) -> None:
    browser.open(page)
    names = browser.value(column("breakdown-table", 0))
    for at in (1, 0):  # by people, then by name, each from where the other left the rows
        head = f"{table('breakdown-table')}.tHead.rows[0].cells[{at}]"
        for order in ("descending", "ascending", None):
            browser.value(f"{head}.querySelector('button').click()")
            assert browser.value(f"{head}.getAttribute('aria-sort')") == order
            assert (browser.value(column("breakdown-table", 0)) == names) == (order is None)
    people = f"{table('breakdown-table')}.tHead.rows[0].cells[1].querySelector('button')"
    browser.value(f"{people}.click()")
    browser.value(f"{people}.click()")
    like = f"{table('breakdown-table')}.tHead.rows[0].cells[2].querySelector('button')"
    for _ in range(3):
        browser.value(f"{like}.click()")
    assert browser.value(column("breakdown-table", 0)) == names


@pytest.mark.parametrize(
    ("name", "at"),
    [("stage-table", 0), ("moves-table", 0), ("moves-table", 1), ("touchpoints-table", 0)],
)
def test_stages_are_sorted_as_they_follow_each_other(
    browser: Browser, page: Path, name: str, at: int
) -> None:
    browser.open(page)
    head = f"{table(name)}.tHead.rows[0].cells[{at}]"
    for backward in (True, False):
        browser.value(f"{head}.querySelector('button').click()")
        places = [HOURGLASS.index(one) for one in browser.value(column(name, at))]
        assert len(set(places)) > 4
        assert places == sorted(places, reverse=backward)


def test_bins_of_time_are_sorted_as_they_follow_each_other(browser: Browser, page: Path) -> None:
    browser.open(page)
    bins = browser.value(column("histogram-table", 0))
    head = f"{table('histogram-table')}.tHead.rows[0].cells[0].querySelector('button')"
    browser.value(f"{head}.click()")
    assert browser.value(column("histogram-table", 0)) == bins[::-1]


def test_times_are_sorted_by_how_long_they_are_and_dashes_are_last(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    browser.value(f"{table('times-table')}.tHead.rows[0].cells[3].querySelector('button').click()")
    medians = browser.value(column("times-table", 3))
    assert medians[0] == "4 d 7 h"
    assert medians[-3].endswith("min")
    assert medians[-1] == values.NULL


def test_a_table_is_copied_as_csv(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.value(
        "void (navigator.clipboard.writeText ="
        " (text) => { window.copied = text; return Promise.resolve(); })"
    )
    scroll = "document.getElementById('stage-table').closest('.scroll')"
    browser.value(f"{scroll}.nextElementSibling.click()")
    browser.wait(
        lambda: (
            browser.value("document.getElementById('said').textContent")
            == "Copied as shown; the JSON has every digit."
        )
    )
    lines = browser.value("window.copied").split("\n")
    assert lines[0].startswith("Stage,People,Before,Change,Ever,")
    assert lines[1].startswith('know,"1,128","1,115",+1.2 %,"1,128",')
    assert len(lines) == 9


def test_the_theme_is_a_choice(browser: Browser, page: Path) -> None:
    browser.prefer("light")
    browser.open(page)
    back = "getComputedStyle(document.documentElement).backgroundColor"
    ink = "getComputedStyle(document.querySelector('.ytick text')).fill"
    light = browser.value(f"[{back}, {ink}]")
    browser.value("document.getElementById('theme').click()")
    assert browser.value("document.getElementById('theme').textContent") == "Theme: dark"
    browser.wait(lambda: browser.value(ink) != light[1])
    assert browser.value(back) != light[0]
    browser.value("document.getElementById('theme').click()")
    browser.wait(lambda: browser.value(f"[{back}, {ink}]") == light)


def test_without_scripts_every_number_is_there(
    browser: Browser, page: Path, report: Report
) -> None:
    browser.open(page, scripts=False)
    text = browser.value("document.body.textContent")
    tools = browser.value("document.querySelector('.tools').getClientRects().length")
    browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert tools == 0
    for name, which in (("trend", "trend"), ("retention", "cohorts"), ("paths", "moves")):
        frame = report.results[name].table(which).frame
        for counted in {"users", "buyers", "people"} & set(frame.columns):
            assert all(values.count(number) in text for number in frame[counted])


def test_print_hides_what_cannot_be_clicked(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.send("Emulation.setEmulatedMedia", media="print")
    assert seen(browser, ".tools, .copy, nav") == []
    browser.send("Emulation.setEmulatedMedia", media="")
    assert browser.pdf().startswith(b"%PDF")


def test_the_first_printed_page_has_the_measures_and_the_hourglass(
    browser: Browser, page: Path
) -> None:
    """A4 less its margins of 14 mm is 688 by 1016 pixels."""
    browser.open(page)
    paper = {"width": 688, "height": 1016, "deviceScaleFactor": 1, "mobile": False}
    browser.send("Emulation.setDeviceMetricsOverride", **paper)
    browser.send("Emulation.setEmulatedMedia", media="print")
    figure = "document.querySelector('svg.hourglass.wide').getBoundingClientRect()"
    bottom = browser.value(f"{figure}.bottom + window.scrollY")
    browser.send("Emulation.setEmulatedMedia", media="")
    browser.resize(1440)
    assert 400 < bottom < 1016


def test_pages_of_a_folder_share_one_library(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    library = tmp_path / plotlyjs.file_name()
    library.write_bytes(plotlyjs.script())
    path = tmp_path / "week.html"
    path.write_bytes(whole.render_page(report, "directory"))
    assert path.stat().st_size < 400_000
    browser.open(path)
    assert browser.value("document.documentElement.dataset.charts") == "drawn"
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri(), library.as_uri()]


def test_the_mail_is_silent_and_narrow(browser: Browser, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "mail.html"
    path.write_bytes(whole.render_mail(report))
    browser.open(path, width=500)
    assert browser.value("document.documentElement.scrollWidth") == 500
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri()]


def test_answers_are_pages_too(browser: Browser, report: Report, tmp_path: Path) -> None:
    engine, everything = sample_engine(), asked(period=Period(), by=("channel",))
    assert WEEK.since
    before = Period(since=WEEK.since.replace(day=1), until=WEEK.since)
    answers = [
        *(one for name, one in report.results.items() if name not in ("previous", "measures")),
        with_lower_half(engine, everything, funnel(engine, everything)),
        trend(engine, everything),
        compare_periods(engine, asked(as_of=None), before),
    ]
    for number, result in enumerate(answers):
        path = tmp_path / f"{number}.html"
        path.write_bytes(render_answer(result, "hourglass it"))
        browser.open(path, width=720)
        assert browser.complaints() == [], result.analysis
        drawn = browser.value("document.querySelectorAll('.chart').length")
        state = browser.value("document.documentElement.dataset.charts")
        assert state == ("drawn" if drawn else None), result.analysis
        assert browser.value("document.documentElement.scrollWidth") == 720, result.analysis
        assert browser.requests() == [path.as_uri()]
