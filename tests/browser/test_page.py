"""The report in a real browser: drawn, silent, readable at every width, theme and medium."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourglass.render import values
from hourglass.render.html.whole import render_page
from tests.browser.devtools import Browser, find
from tests.browser.example import CHANNELS, HOSTILE, USERS, report

CUT = """
(() => {
  const inside = (box, frame) =>
    box.left >= frame.left - 1 && box.right <= frame.right + 1 &&
    box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  return Array.from(document.querySelectorAll("svg.hourglass text, .chart svg text"))
    .filter((text) => text.getClientRects().length && text.textContent)
    .filter((text) => {
      const frame = text.closest(".chart") ?? text.closest("svg");
      return !inside(text.getBoundingClientRect(), frame.getBoundingClientRect());
    })
    .map((text) => text.textContent);
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
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(render_page(report()))
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "hostile.html"
    stages = ("know", "</text><script>window.hacked = 1</script>", "address and delivery", *"defg")
    path.write_bytes(render_page(report(title=HOSTILE[0], channels=HOSTILE, stages=stages)))
    return path


@pytest.mark.parametrize("page", ["usual", "hostile"])
def test_charts_are_drawn_without_a_complaint_or_a_request(
    browser: Browser, page: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(page)
    browser.open(path)
    assert browser.value("document.documentElement.dataset.charts") == "drawn"
    assert browser.value("document.querySelectorAll('.chart .main-svg').length") >= 2
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri()]


def test_hostile_names_do_nothing(browser: Browser, hostile: Path) -> None:
    browser.open(hostile)
    assert browser.value("window.hacked") is None
    assert browser.value("document.querySelectorAll('.chart a, img, iframe').length") == 0
    labels = browser.value("document.getElementById('breakdown').closest('section').innerText")
    assert HOSTILE[2] in labels
    assert "<a href='https://exampl…" in browser.value(
        "Array.from(document.querySelectorAll('.ytick text')).map((t) => t.textContent).join('|')"
    )


def test_nothing_offers_to_share_the_chart(browser: Browser, usual: Path) -> None:
    browser.open(usual)
    buttons = browser.value(
        "Array.from(document.querySelectorAll('.modebar-btn')).map((b) => b.outerHTML).join()"
    )
    assert "Download plot" in buttons
    assert not any(word in buttons.casefold() for word in ("share", "cloud", "edit", "href"))


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("page", ["usual", "hostile"])
def test_nothing_is_cut_and_the_page_does_not_scroll_sideways(
    browser: Browser, page: str, width: int, request: pytest.FixtureRequest
) -> None:
    browser.open(request.getfixturevalue(page), width=width)
    assert browser.value("document.documentElement.scrollWidth") == width
    assert browser.value(CUT) == []


def test_one_picture_shows_at_a_time_with_every_number(browser: Browser, usual: Path) -> None:
    for width, shape in ((360, "narrow"), (1440, "wide")):
        browser.open(usual, width=width)
        seen = browser.value(
            "Array.from(document.querySelectorAll('svg.hourglass'))"
            ".filter((svg) => svg.getClientRects().length)"
            ".map((svg) => [svg.getAttribute('class'), svg.textContent])"
        )
        assert [kind for kind, _ in seen] == [f"hourglass {shape}"]
        assert all(f"{values.count(users)} people" in seen[0][1] for users in USERS)


def test_charts_follow_the_theme(browser: Browser, usual: Path) -> None:
    ink = "getComputedStyle(document.querySelector('.ytick text')).fill"
    body = "getComputedStyle(document.documentElement).color"
    page = "getComputedStyle(document.documentElement).backgroundColor"
    browser.prefer("light")
    browser.open(usual)
    light = browser.value(f"[{ink}, {page}]")
    browser.prefer("dark")
    browser.wait(lambda: browser.value(f"{ink} === {body}"))
    dark = browser.value(f"[{ink}, {page}]")
    browser.prefer("light")
    assert light[0] != dark[0]
    assert light[1] == "rgb(255, 255, 255)" != dark[1]


def test_without_scripts_every_number_is_there(browser: Browser, usual: Path) -> None:
    browser.open(usual, scripts=False)
    text = browser.value("document.body.innerText")
    browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert "The chart needs scripts" in text
    assert all(values.count(users) in text for users in USERS)
    assert all(channel in text for channel in CHANNELS if channel)
    assert "99.9" in text


def test_print_is_light_and_complete(browser: Browser, usual: Path) -> None:
    browser.prefer("dark")
    browser.open(usual)
    browser.value("void window.dispatchEvent(new Event('beforeprint'))")
    widths = "Array.from(document.querySelectorAll('.chart .main-svg')).map((s) => s.clientWidth)"
    assert max(browser.value(widths)) <= 660
    assert browser.value("document.querySelectorAll('details:not([open])').length") == 0
    assert browser.value("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    browser.value("void window.dispatchEvent(new Event('afterprint'))")
    browser.wait(lambda: max(browser.value(widths)) > 660)
    assert browser.value("document.querySelectorAll('details[open]').length") == 0
    assert browser.pdf().startswith(b"%PDF")
    browser.prefer("light")


def test_an_old_browser_is_told_where_the_figures_are(browser: Browser, usual: Path) -> None:
    added = browser.send(
        "Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream"
    )
    try:
        browser.open(usual)
        assert browser.value("document.documentElement.dataset.charts") == "failed"
        assert "The chart needs scripts" in browser.value("document.body.innerText")
    finally:
        browser.send("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])
