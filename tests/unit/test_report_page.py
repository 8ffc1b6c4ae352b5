"""The whole report: every section, every number, whatever the data are like."""

import datetime as dt
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from hourglass.render import values, view
from hourglass.render.html import whole as pages
from hourglass.render.html.report import SECTIONS, Report
from hourglass.render.text import reported
from hourglass.result import Period, Result, Table
from hourglass.rules import Rules
from tests.browser.example import HOSTILE
from tests.browser.whole import MODEL, Event, asked, engine_of, sample_engine, whole

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def weekly() -> Report:
    return whole(sample_engine())


@pytest.fixture(scope="module")
def text(weekly: Report) -> str:
    return pages.render_page(weekly).decode()


def without_library(page: str) -> str:
    return re.sub(r'(?s)(id="plotly-js">).*?(</script>)', r"\1\2", page)


def section(page: str, name: str) -> str:
    found = re.search(rf'(?s)<section aria-labelledby="{name}">.*?</section>', page)
    assert found, name
    return found[0]


def cells(html: str) -> list[str]:
    """The text of every cell of every table, its second line apart."""
    found = re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", html)
    parts = [part for cell in found for part in re.split(r"<small>|</small>", cell)]
    return [unescape(re.sub(r"<[^>]*>", "", part)).replace(SPACE, " ") for part in parts]


def test_every_section_has_a_heading_a_finding_and_a_method(text: str) -> None:
    for name in SECTIONS:
        html = section(text, name)
        assert re.search(rf'<h2 id="{name}"><a href="#{name}">', html)
        assert re.search(r'<p class="finding">\S.{20,}</p>', html), name
    for name in SECTIONS[2:-2]:
        assert "<table>" in section(text, name)
        assert '<p class="note">' in section(text, name)


def test_charts_are_where_they_belong(text: str) -> None:
    drawn = set(re.findall(r'data-chart="([a-z-]+)-chart-figure"', text))
    assert drawn == {
        "times", "trend", "breakdown", "breakdown-steps", "touchpoints", "triggers", "retention",
        "referrals", "paths", "friction",
    }  # fmt: skip
    assert section(text, "hourglass").count('class="hourglass wide"') == 7  # all, six segments


def test_the_page_is_small_and_the_same_again(weekly: Report, text: str) -> None:
    assert len(text.encode()) <= 2_300_000
    assert len(without_library(text)) < 330_000
    assert pages.render_page(weekly).decode() == text


def test_five_measures_and_money_begin_the_page(weekly: Report, text: str) -> None:
    rows = weekly.results["measures"].table("measures").frame.to_dicts()
    assert [row["measure"] for row in rows] == [
        "new_buyers", "conversion", "repeat_rate", "k", "time", "revenue",
    ]  # fmt: skip
    html = section(text, "measures").replace(SPACE, " ")
    assert html.count('<li class="card') == 6
    for row in rows:
        assert row["label"] in html
        shown = values.count(int(row["value"])) if row["kind"] == "count" else values.cell(
            row["value"], row["kind"]
        )  # fmt: skip
        assert f"<strong>{shown}</strong>" in html
    assert html.count("2026-03-30 to 2026-04-05") == 2  # counts are last week's
    assert html.count("2026-02-23 to 2026-03-01") == 4  # rates are of a week that is over


def test_every_number_of_a_table_is_one_of_the_json(weekly: Report, text: str) -> None:
    known = told(weekly)
    shown = [one for one in cells(without_library(text)) if re.search(r"\d", one)]
    assert len(shown) > 2_000
    assert [one for one in shown if one not in known] == []


def told(report: Report) -> set[str]:
    """Every value of every result as it is written, alone and as a cell of its table."""
    found: set[str] = set()
    for result in report.results.values():
        zone = result.period.timezone
        for table in result.tables:
            found |= raw(table, zone)
            found |= {cell for column in view.of(table, zone) for cell in column.cells}
            found |= {values.visible(column.heading) for column in view.of(table, zone)}
    return found | changes(report) | {"90 % within"}


def raw(table: Table, zone: str) -> set[str]:
    found = set()
    for row in table.frame.to_dicts():
        for one in table.columns:
            found.add(values.cell(row[one.name], one.kind, zone))
            stem = one.name.removesuffix("_rate")
            low, high = row.get(f"{stem}_low"), row.get(f"{stem}_high")
            if one.kind == "rate":
                found.add(values.interval(low, high))
            if one.kind == "points":
                found.add(values.points_interval(low, high))
        if row.get("mature_entrants") is not None:
            found.add(f"of {values.count(row['mature_entrants'])}")
    return found


def changes(report: Report) -> set[str]:
    found = set()
    before = report.results["previous"].table("stages").frame.to_dicts()
    for now, then in zip(report.funnel.table("stages").frame.to_dicts(), before, strict=True):
        found.add(values.change(now["users"], then["users"]))
        if now["step_rate"] is not None and then["step_rate"] is not None:
            found.add(f"{values.points(now['step_rate'] - then['step_rate'])} points")
    return found


def test_json_has_all_results_and_reasons(weekly: Report) -> None:
    data = json.loads(reported(weekly.results, {"friction": "Not so."}, ("odd",)))
    assert data["analysis"] == "report"
    assert data["missing"] == {"friction": "Not so."}
    assert data["warnings"] == ["odd"]
    assert list(data["results"]) == list(weekly.results)
    assert data["results"]["funnel"]["stages"][0]["users"] == 1128


def test_mail_is_small_and_has_no_script_and_no_picture(weekly: Report) -> None:
    mail = pages.render_mail(weekly).decode()
    assert len(mail.encode()) <= 100_000
    assert not re.search(r"<(script|svg|img|link|iframe)|src=|https?://", mail)
    shown = mail.replace(SPACE, " ")
    assert "1,128 people" in shown
    assert mail.count("height:18px") == 7  # the hourglass, as bars of a table
    assert [one for one in cells(mail) if re.search(r"\d", one)]


def test_markdown_is_small_and_has_every_section(weekly: Report) -> None:
    markdown = pages.render_markdown(weekly).decode()
    assert len(markdown.encode()) <= 900_000
    assert markdown.startswith("# Weekly hourglass\n")
    assert markdown.count("\n## ") == len(SECTIONS)
    assert "| know | 1,128 | 1,115 | +1.2 % | 1,128 |" in markdown


def test_sections_and_their_order_are_a_choice(weekly: Report) -> None:
    chosen = replace(weekly, sections=("trend", "measures"))
    page = pages.render_page(chosen).decode()
    assert re.findall(r'<h2 id="([a-z]+)"', page) == ["trend", "measures"]


def test_a_logo_is_part_of_the_page(weekly: Report) -> None:
    page = pages.render_page(replace(weekly, logo="data:image/png;base64,AAAA")).decode()
    assert '<img class="logo" alt="" src="data:image/png;base64,AAAA">' in page


def test_what_cannot_be_had_is_a_line_with_the_reason() -> None:
    events = [*visit("a"), *visit("b", buys=False)]
    made = whole(engine_of(events))
    assert set(made.reasons) == {"breakdown_1", "touchpoints", "referrals"}
    page = pages.render_page(made).decode()
    assert "The data have no column channel to break down by" in section(page, "breakdown")
    assert "no column of the events is the channel" in section(page, "touchpoints")
    html = section(page, "referrals")
    assert "referrals need a column" in html.casefold()
    assert "<table>" not in html
    notes = made.results["measures"].notes
    assert any("no column is known to say who brought" in note for note in notes)


def visit(user: str, day: str = "2026-03-31", buys: bool = True) -> list[Event]:
    """A person who comes, and buys a day later, or not."""
    return [
        (user, "ad_impression", f"{day} 10:00"),
        (user, "trial_started", f"{day} 11:00"),
        *([(user, "order_paid", f"{day} 12:00")] if buys else []),
    ]


def crowd(people: int, *days: str) -> list[Event]:
    return [
        event
        for at in range(people)
        for event in visit(f"u{at}", days[at % len(days)], at % 3 == 0)
    ]


@pytest.mark.parametrize(
    ("events", "columns"),
    [
        (visit("a"), {}),
        (visit("a", buys=False), {"channel": "'mail'"}),
        (crowd(90, "2026-03-31"), {"channel": "'mail'", "referrer_id": "NULL::TEXT"}),
        (crowd(90, "2026-03-24", "2026-03-31"), {"channel": "NULL::TEXT", "revenue": "0.0"}),
        (crowd(90, "2026-01-06", "2026-01-13", "2026-03-31"), {"referrer_id": "'u0'"}),
    ],
    ids=["one buyer", "no buyer", "one week", "no channels", "a gap, and one referrer"],
)
@pytest.mark.parametrize("windowed", [True, False])
def test_thin_data_make_a_whole_page(
    events: list[Event], columns: dict[str, Any], windowed: bool
) -> None:
    question = asked(rules=Rules(window=dt.timedelta(days=30) if windowed else None))
    made = whole(engine_of(events, **columns), question)
    page = pages.render_page(made).decode()
    assert re.findall(r'<h2 id="([a-z]+)"', page) == list(SECTIONS)
    assert not re.search(r"\b(nan|inf|None)\b", "|".join(cells(page)))
    assert pages.render_mail(made)
    assert pages.render_markdown(made)


def test_all_data_without_a_period_have_nothing_to_compare_with() -> None:
    made = whole(sample_engine(), asked(period=Period(), as_of=None))
    assert "previous" not in made.results
    rows = made.results["measures"].table("measures").frame.to_dicts()
    assert rows[0]["verdict"] == "no comparison"
    assert rows[1]["verdict"] != "no comparison"  # weeks are there to be compared
    page = pages.render_page(made).decode()
    assert 'class="before"' not in page
    assert len(page.encode()) <= 2_300_000


def test_two_hundred_channels_with_hostile_names_fit() -> None:
    names = [
        *(name.replace("'", "''") for name in HOSTILE),
        *(f"{'x' * 60}{n}" for n in range(193)),
    ]
    cases = " ".join(f"WHEN {n} THEN '{name.replace(chr(0), '')}'" for n, name in enumerate(names))
    channel = f"CASE hash(user_id) % 200 {cases} END"
    events = crowd(1500, "2026-01-06", "2026-01-20", "2026-02-10", "2026-03-24", "2026-03-31")
    made = whole(engine_of(events, channel=channel))
    page = pages.render_page(made)
    assert len(page) <= 2_300_000
    bare = without_library(page.decode())
    for raw_text in ("<script>window", "<img src=x", "<a href='https", "\u202e", "\x1b", "n" * 100):
        assert raw_text not in bare
    assert len(pages.render_mail(made)) <= 100_000
    markdown = pages.render_markdown(made)
    assert len(markdown) <= 900_000
    assert not re.search(rb"(?<!\\)<", markdown)


def test_a_log_whose_entries_end_long_before_it_is_judged_by_its_last_weeks_of_entry() -> None:
    events = [*crowd(10, "2025-01-07", "2025-01-14"), ("late", "order_paid", "2026-03-31 10:00")]
    made = whole(engine_of(events), asked(period=Period(), rules=Rules(), as_of=None))
    page = pages.render_page(made).decode()
    assert "Nobody entered" not in section(page, "trend")
    rate = made.results["measures"].table("measures").dicts()[1]
    assert (rate["since"], rate["people"]) == (dt.datetime(2025, 1, 13), 5)


def test_data_that_end_early_are_said_first() -> None:
    made = whole(engine_of(crowd(60, "2026-03-24", "2026-03-31")), asked(as_of=None))
    page = pages.render_page(made).decode()
    assert "The data end on 2026-03-31, and the period on 2026-04-05" in page
    assert page.index('class="warnings"') < page.index('<section aria-labelledby="measures"')


def test_a_volume_that_is_far_off_is_said_first() -> None:
    events = [*crowd(90, "2026-03-24"), *visit("late"), ("late", "other", "2026-04-05 23:00")]
    made = whole(engine_of(events))
    assert made.warnings[-1:] == (
        "1 person entered, 90 in the period before: if the business did not change that much,"
        " a delivery is missing",
    )


def test_model_without_purchases_counts_who_reached_its_end() -> None:
    steps = MODEL._replace(name="door", stages=MODEL.stages[:2])
    made = whole(sample_engine(), asked(model=steps, hourglass=None))
    first = made.results["measures"].table("measures").frame.to_dicts()[0]
    assert (first["measure"], first["label"]) == ("people", "People at like")
    page = pages.render_page(made).decode()
    assert "The funnel" in page


def test_results_are_of_the_periods_that_they_say(weekly: Report) -> None:
    periods: dict[str, Period] = {name: one.period for name, one in weekly.results.items()}
    week = periods["funnel"]
    assert periods["previous"].until == week.since
    assert {name for name, one in periods.items() if one == week} == {
        "funnel", "measures", "touchpoints", "friction",
    }  # fmt: skip
    long: Result = weekly.results["trend"]
    assert long.period.since == dt.datetime(2026, 1, 5)
    assert len(set(long.table("trend").frame["bucket"])) == 13
