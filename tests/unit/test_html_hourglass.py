"""What is said of the picture of the hourglass, so that it can be read in print too."""

import datetime as dt
from typing import Any

import pytest

from hourglass.analyses.funnel import funnel
from hourglass.render.html import whole as pages
from hourglass.render.html.picture import Level, cut_apart
from hourglass.render.html.report import Report
from hourglass.render.html.sections import hourglass
from hourglass.render.html.sections import stages as stages_section
from hourglass.result import Result
from hourglass.rules import Rules
from tests.browser import example
from tests.browser.whole import MODEL, asked, engine_of, sample_engine, whole

REPEAT = "at repeat first purchases, then further ones"
REFER = "at refer people referred who bought, then those who have not yet"
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def weekly() -> Report:
    return whole(sample_engine())


def test_the_page_says_which_shade_is_what(weekly: Report) -> None:
    page = pages.render_page(weekly).decode()
    figure = page[page.index('class="hourglass narrow"') :]
    caption = figure[figure.index("<figcaption>") : figure.index("</figcaption>")]
    told = f"Two shades of a bar, from the left: {REPEAT}."
    assert told in caption.replace(SPACE, " ")
    wide = hourglass.section(weekly).pictures[0]
    assert [one.level.name for one in wide.bars if one.part] == ["repeat"]


def test_where_no_bar_has_two_shades_none_are_spoken_of() -> None:
    page = pages.render_page(example.report()).decode()
    assert 'class="part"' not in page
    assert "shades" not in page


@pytest.mark.parametrize(
    ("purchases", "referred", "told"),
    [(9, 4, f"{REPEAT}; {REFER}."), (9, 0, f"{REPEAT}."), (0, 4, f"{REFER}."), (0, 0, "")],
)
def test_only_bars_that_are_there_are_spoken_of(purchases: int, referred: int, told: str) -> None:
    levels = [
        Level(name=name, users=users, count="", detail="", side="below", part=users // 2)
        for name, users in (("repeat", purchases), ("refer", referred))
    ]
    said = " ".join(hourglass._shades(levels))
    assert said == (told and f"Two shades of a bar, from the left: {told}")


def test_each_form_explains_the_colours_and_marks_that_it_has(weekly: Report) -> None:
    forms = {
        form: made(weekly).decode().replace(SPACE, " ")
        for form, made in (
            ("page", pages.render_page), ("mail", pages.render_mail), ("md", pages.render_markdown),
        )
    }  # fmt: skip
    has = {
        word: {form for form, text in forms.items() if word in text}
        for word in ("Blue leads", "Two shades", "Dotted:", "Square-root scale", "For each buyer:")
    }
    assert has["Blue leads"] == {"page", "mail"}
    assert has["Two shades"] == has["Dotted:"] == {"page"}
    assert has["Square-root scale"] == has["For each buyer:"] == set(forms)


def test_rates_and_losses_are_of_the_nearest_stage_that_is_not_optional() -> None:
    stages = tuple(
        one._replace(optional=one.name in ("like", "trust"))
        for one in MODEL.stages
        if one.name in ("know", "like", "trust", "try", "buy")
    )
    events = [
        (f"p{number}", event, f"2026-03-31 1{hour}:00")
        for number in range(8)
        for hour, event in enumerate(("blog_view", "follow", "review_read", "trial_started"))
        if hour <= number % 4
    ]
    question = asked(model=MODEL._replace(stages=stages), rules=Rules())
    counted = funnel(engine_of(events), question)
    details = {one.level.name: one.level.detail for one in hourglass.of(counted).pictures[0].bars}
    assert details["try"].startswith("25.0 % of know ·")
    assert details["buy"] == "no event of this stage"
    assert stages_section.of(counted).finding == (
        "Most people are lost between know and try: 6 of 8 did not go on."
    )


def of_two_ways(**rules: Any) -> Result:
    """A funnel of know, try and buy: eight enter at know, two of them go on, two enter at try."""
    stages = tuple(one for one in MODEL.stages if one.name in ("know", "try", "buy"))
    events = [
        *((f"k{number}", "blog_view", "2026-03-31 10:00") for number in range(8)),
        *((f"k{number}", "trial_started", "2026-03-31 11:00") for number in range(2)),
        *((f"t{number}", "trial_started", "2026-03-31 11:00") for number in range(2)),
        ("t0", "order_paid", "2026-03-31 12:00"),
    ]
    question = asked(model=MODEL._replace(stages=stages), rules=Rules(**rules))
    return funnel(engine_of(events), question)


def test_an_open_funnel_says_of_whom_each_number_is() -> None:
    counted = of_two_ways(closed=False)
    section = hourglass.of(counted)
    assert section.finding == "Of 10 people who entered at any stage, 1 (10.0 %) reached buy."
    details = {one.level.name: one.level.detail for one in section.pictures[0].bars}
    assert details["try"].startswith("25.0 % of know went on ·")
    heads = {head.label: head.about for head in stages_section.of(counted).sheets[0].heads}
    assert heads["Of all"] == "of all who entered, at whichever stage"
    assert "came from there" in heads["Step rate"]
    assert "Of know" not in heads
    assert any("total is of all who entered" in note for note in counted.notes)


def test_the_method_is_that_of_the_columns_and_of_the_order() -> None:
    (plain,) = stages_section.of(of_two_ways()).notes
    assert plain.startswith("People reached the stage in order")
    (anyhow,) = stages_section.of(of_two_ways(order="any")).notes
    assert "in order;" not in anyhow
    assert anyhow.startswith("People did at least so many different stages")
    windowed = stages_section.of(of_two_ways(window=dt.timedelta(days=30))).notes
    assert [note.split(":")[0] for note in windowed[1:]] == ["Window open"]  # none is over
    over = stages_section.of(of_two_ways(window=dt.timedelta(days=1))).notes
    assert [note.split(":")[0] for note in over[1:]] == ["Window open", "Mature"]


def test_long_names_that_begin_alike_are_cut_in_the_middle() -> None:
    names = [
        "newsletter signup form opened",
        "newsletter signup form sent",
        "order",
        "a very long stage",
    ]
    assert cut_apart(names, 15) == ("newslet…opened", "newslet…rm sent", "order", "a very long st…")
