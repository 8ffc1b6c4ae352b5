"""The report as bytes: complete, inert, and asking nothing of any network."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import polars as pl
import pytest
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from hourglass.render import values
from hourglass.render.html import plotlyjs
from hourglass.render.html.page import script_json
from hourglass.render.html.whole import render_page
from hourglass.result import Table
from tests.browser.example import HOSTILE, report

LIMIT = 2_300_000


def page(**changes: Any) -> str:
    return render_page(report(**changes)).decode()


def without_library(text: str) -> str:
    return re.sub(r'(?s)(id="plotly-js">).*?(</script>)', r"\1\2", text)


def shown(text: str) -> str:
    """The words of a page as a reader without scripts has them."""
    body = re.sub(r"(?s)<(style|script|title|desc)\b.*?</\1>", " ", text[text.index("<body>") :])
    words = unescape(re.sub(r"<[^>]*>", " ", body)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", words)


@pytest.fixture(scope="module")
def usual() -> str:
    return page()


def test_equal_reports_make_equal_bytes() -> None:
    assert render_page(report()) == render_page(report())


def test_the_file_stays_small(usual: str) -> None:
    assert len(usual.encode()) < LIMIT
    assert len(without_library(usual)) < 150_000


def test_the_library_inside_is_the_one_of_the_installed_plotly(usual: str) -> None:
    packed = re.search(r'id="plotly-js">([^<]*)</script>', usual)
    assert packed
    source = gzip.decompress(base64.b64decode(packed[1])).decode()
    assert source == get_plotlyjs()
    assert f"plotly.js v{get_plotlyjs_version()}" in source[:200]


def test_the_policy_admits_the_two_scripts_and_nothing_else(usual: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', usual)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    own = re.search(r"(?s)<script>(.*?)</script>", usual)
    assert own
    digest = base64.b64encode(hashlib.sha256(own[1].encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [f"'sha256-{digest}'", plotlyjs.library().csp_source]
    assert rules["img-src"] == "data: blob:"


def test_nothing_is_fetched_and_nothing_can_be_uploaded(usual: str) -> None:
    rest = without_library(usual)
    assert not re.findall(r"""(?:src|href|action|srcset)\s*=\s*["']?(?!#)[^\s"'>]""", rest)
    assert "http://" not in rest
    assert "https://" not in rest
    assert "@import" not in rest
    assert "showSendToCloud: false" in rest
    assert 'plotlyServerURL: ""' in rest


def test_hostile_names_stay_text_everywhere() -> None:
    text = without_library(
        page(
            title=HOSTILE[0],
            channels=HOSTILE,
            stages=("know", "</text><script>1</script>", *"cdefg"),
            notes=("<b>note</b>",),
        )
    )
    for raw in ("<script>window", "<img", "<a href='https", "</text><script>", "<b>note"):
        assert raw not in text
    assert "\x00" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "n" * 100 not in text
    assert HOSTILE[0] in shown(text)
    for name in HOSTILE[1:4]:
        assert name in shown(text)


def test_labels_of_charts_are_entities_where_plotly_reads_html() -> None:
    figures = _figures(page(channels=HOSTILE))
    labels = figures["breakdown-chart-figure"]["layout"]["yaxis"]["ticktext"]
    assert not any("<" in label for label in labels)
    assert labels[0].startswith("&lt;/script&gt;")
    assert labels[3].startswith("&amp;lt;b")


def test_json_cannot_end_the_element_it_is_in() -> None:
    text = script_json({"a": "</script><!--&\u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--&\u2028"}


def test_every_figure_is_in_a_table_without_scripts(usual: str) -> None:
    words = shown(usual)
    made = report()
    stages = made.funnel.table("stages")
    assert all(text in words for text in _texts(stages))
    # of the shares of all entrants a week and a value show the one that is drawn
    for table in (made.results["trend"].table("trend"),
                  made.results["breakdown_1"].table("breakdown")):  # fmt: skip
        goals = table._replace(data=table.frame.filter(pl.col("position") == 5))
        shown_columns = ["users", "step_rate"]
        others = table._replace(data=table.frame.select("position", *shown_columns))
        assert all(text in words for text in _texts(_kept(goals)) | _texts(others))


def _kept(table: Table) -> Table:
    return table._replace(data=table.frame.select("users", "step_rate", "total_rate"))


def _texts(table: Table) -> set[str]:
    kinds = {column.name: column.kind for column in table.columns}
    rows = table.frame.drop("mean_seconds", strict=False).iter_rows(named=True)
    return {
        values.cell(value, kinds[name])
        for row in rows
        for name, value in row.items()
        if name.endswith(("users", "ever", "rate", "seconds", "dropped", "immature"))
    }


def test_columns_about_maturity_appear_only_with_a_window(usual: str) -> None:
    assert "Mature rate" in shown(usual)
    assert "Mature rate" not in shown(page(windowed=False))


def test_a_section_without_a_result_says_why_and_no_more() -> None:
    made = report()
    bare = replace(
        made,
        results={"funnel": made.funnel},
        reasons={"trend": "No event has a time.",
                 "breakdown_1": "The data have no column channel."},
    )  # fmt: skip
    text = render_page(bare).decode()
    assert "The data have no column channel." in text
    assert "data-chart=" not in text
    assert 'id="plotly-js"' not in text
    assert len(text) < 100_000


@pytest.mark.parametrize(
    "changes",
    [
        {"users": (0,) * 7, "channels": (), "weeks": 0},
        {"users": (40, 1, 1, 1, 1, 0, 0), "channels": ("a",), "weeks": 1, "windowed": False},
        {"users": (9, 3), "stages": ("in", "out"), "model": "door", "weeks": 2, "young": 2},
    ],
    ids=["nobody", "one buyer in one week", "two stages, all weeks young"],
)
def test_thin_data_make_a_page(changes: dict[str, Any]) -> None:
    assert shown(page(**changes)).count("Definitions") == 2


def test_bytes_of_a_file_name_that_are_no_text_do_not_stop_the_report() -> None:
    odd = replace(report(), command="hourglass report 'a\udcff.csv'", sources=("a\udcff.csv",))
    assert b"hourglass report" in render_page(odd)


def test_notes_of_all_results_are_said_once() -> None:
    assert shown(page(notes=("rows without a person are left out",))).count(
        "Rows without a person are left out."
    ) == 1  # fmt: skip


def _figures(text: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([^"]*)">([^<]*)</script>', text)
    return {name: json.loads(figure) for name, figure in found}
