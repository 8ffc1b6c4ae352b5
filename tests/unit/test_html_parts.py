"""The picture, the charts and the sentences, each by itself."""

from math import isclose
from typing import Any

import pytest

from hourglass.render import values
from hourglass.render.html import charts, charts_counts, charts_special, picture
from hourglass.render.html.page import bound
from hourglass.render.html.parts import fit
from hourglass.render.html.sections import sections
from hourglass.render.html.sections.words import sentences
from hourglass.stages import HOURGLASS, ROLLUPS, Model, Stage, waist
from tests.browser.example import report


def level(users: int, name: str = "try") -> picture.Level:
    return picture.Level(name=name, users=users, count=str(users), detail="", side="above")


def model(name: str, *stages: str) -> Model:
    return Model(name=name, stages=tuple(Stage(name=stage, steps=()) for stage in stages))


def test_a_bar_half_as_wide_stands_for_a_quarter() -> None:
    drawn = picture.draw((level(400), level(100)), picture.WIDE, "t")
    assert isclose(drawn.bars[0].width, 2 * drawn.bars[1].width)
    assert "quarter" in drawn.description


def test_a_handful_among_millions_is_visible_and_nobody_is_not() -> None:
    drawn = picture.draw((level(10**9), level(1), level(0)), picture.NARROW, "t")
    assert [bar.width for bar in drawn.bars] == [330.0, 2.0, 0.0]
    assert len(drawn.connectors) == 1


def test_bars_are_centred() -> None:
    for layout in (picture.WIDE, picture.NARROW):
        drawn = picture.draw((level(900), level(123)), layout, "t")
        assert all(abs(bar.x + bar.width / 2 - layout.centre) < 0.1 for bar in drawn.bars)


def test_long_names_are_cut_in_the_picture_only() -> None:
    drawn = picture.draw((level(1, "n" * 99),), picture.WIDE, "t")
    assert len(drawn.bars[0].name) == picture.WIDE.letters
    assert "n" * 99 in drawn.description


def test_the_waist_is_the_first_purchase_in_every_built_in_model() -> None:
    assert waist("hourglass", HOURGLASS) == 5
    waists = {name: waist(name, list(groups)) for name, groups in ROLLUPS.items()}
    assert waists == {
        "buying-cycle": 3,
        "customer-journey": 3,
        "buying-path": 4,
        "customer-lifecycle": 3,
    }
    assert waist("checkout", ("cart", "pay")) is None
    assert model("checkout", "cart", "pay").goal == 2
    assert model("hourglass", "buy", "repeat", "refer").goal == 3


def point(day: int, rate: float | None, pale: bool = False) -> charts.Point:
    low, high = (None, None) if rate is None else (rate / 2, rate * 2)
    return charts.Point(at=f"2026-01-{day:02}", rate=rate, low=low, high=high, words="w", pale=pale)


def traces(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return figure["data"]


def test_a_band_does_not_leap_over_a_week_without_people() -> None:
    points = [point(5, 0.1), point(12, 0.2), point(19, None), point(26, 0.1)]
    bands = [trace for trace in traces(charts.trend(points)) if trace.get("hoverinfo") == "skip"]
    assert [trace["x"][0] for trace in bands] == ["2026-01-05", "2026-01-26"]
    assert bands[0]["y"] == [0.2, 0.4, 0.1, 0.05]


def test_the_dashed_line_begins_where_the_solid_one_ends() -> None:
    points = [point(5, 0.1), point(12, 0.2), point(19, 0.3, pale=True)]
    *_, solid, dashed = traces(charts.trend(points))
    assert solid["y"] == [0.1, 0.2, None]
    assert dashed["y"] == [None, 0.2, 0.3]
    assert dashed["line"]["dash"] == "dot"
    assert dashed["marker"]["size"] == [0, 0, 8]


def test_whiskers_reach_to_the_bounds() -> None:
    points = [charts.Point(at="paid", rate=0.4, low=0.3, high=0.6, words="w")]
    (bar,) = traces(charts.rates(points, 0.4, "all"))
    assert isclose(bar["x"][0] + bar["error_x"]["array"][0], 0.6)
    assert isclose(bar["x"][0] - bar["error_x"]["arrayminus"][0], 0.3)


def test_colours_are_left_to_the_theme() -> None:
    figure = str(charts.trend([point(5, 0.1), point(12, 0.1, pale=True)]))
    assert "var(--above)" in figure
    assert "#" not in figure


def test_names_cut_to_the_same_letters_keep_bars_of_their_own() -> None:
    points = [
        charts.Point(at="x" * 50 + end, rate=0.1, low=0.1, high=0.1, words="w") for end in "ab"
    ]
    (bar,) = traces(charts.rates(points, None, ""))
    assert bar["y"] == [0, 1]


def test_the_findings_say_the_numbers() -> None:
    findings = [section.finding for section in sections(report())]
    assert findings[0].startswith("Of 6,000 people who entered at know, 500 (8.3 %) reached buy")
    assert findings[0].endswith(" and 120 (2.0 %) reached refer.")
    assert findings[1].endswith("between know and like: 3,400 of 6,000 did not go on.")
    assert "2026-03-02" in findings[2]
    assert findings[3] == "No value differs from the rest in its rate to buy beyond chance."
    assert findings[4] == "60,312 rows of 6,044 people; 17 rejected, 4 without a person."


def test_no_sentence_compares_rows_with_too_few_people() -> None:
    thin = sections(report(users=(20, 10, 5, 4, 3, 2, 1), channels=("a", "b")))
    assert "30 people" in thin[3].finding
    assert all(row[-2].text == values.NULL for row in thin[3].sheets[0].rows)


def test_no_week_is_judged_before_its_windows_are_over() -> None:
    assert "No week can be judged" in sections(report(young=13))[2].finding


def test_without_a_window_no_week_is_called_complete() -> None:
    trend = sections(report(windowed=False))[2]
    assert "without a window the later weeks had less time" in trend.finding
    assert all(head.label != "State" for head in trend.sheets[0].heads)


def test_the_caption_speaks_only_of_colours_that_are_there() -> None:
    cycle = report(users=(9, 5, 2), stages=("awareness", "consideration", "decision"),
                   model="buying-cycle")  # fmt: skip
    assert "green" not in sections(cycle)[0].legend
    assert "green" in sections(report())[0].legend


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-01-05", "short"), ("a few plain words", ""), ("x" * 40, "long"), ("", "short")],
)
def test_where_a_cell_may_break(text: str, expected: str) -> None:
    assert fit(text) == expected


def test_a_number_keeps_its_percent_sign() -> None:
    assert bound("8.3 % of all") == "8.3\N{NO-BREAK SPACE}% of all"


def test_notes_become_sentences() -> None:
    assert sentences(["two rows are odd", "said"], said=["said"]) == ("Two rows are odd.",)
    assert sentences(["q is Fisher's p", "a rise"]) == ("q is Fisher's p.", "A rise.")
    assert sentences(['no "a"; did you mean "b"?']) == ('No "a"; did you mean "b"?',)


def test_days_are_marked_where_the_points_are() -> None:
    """Plotly's own marks of thirteen weeks were Sundays, a day before each point."""
    points = [point(day, 0.1) for day in range(1, 31, 2)]
    marked = charts.trend(points)["layout"]["xaxis"]["tickvals"]
    assert marked == [one.at for one in points[::3]]


@pytest.mark.parametrize(("rates", "most"), [([0.1, None, 0.4], 0.4), ([0.0, 0.0, None], 1)])
def test_a_grid_begins_at_nobody(rates: list[float | None], most: float) -> None:
    """Its palest cell is 0 %, not whatever rate is the lowest."""
    (heat,) = traces(charts_counts.grid(["a"], ["x", "y", "z"], [rates], [["w"] * 3]))
    assert (heat["zmin"], heat["zmax"]) == (0, most)
    assert heat["textfont"]["color"] == "var(--ink)"


def test_long_heads_of_a_grid_have_room() -> None:
    short, long = ["know", "like"], ["a very long name of a stage"] * 4
    assert charts_counts.grid_height(["a"], long) > charts_counts.grid_height(["a"], short) + 100


def test_people_are_not_halved_on_an_axis() -> None:
    few = charts_counts.columns(["1 h", "2 h"], [1, 2], ["w", "w"], 300)
    many = charts_counts.columns(["1 h", "2 h"], [10, 200], ["w", "w"], 300)
    assert few["layout"]["yaxis"]["dtick"] == 1
    assert "dtick" not in many["layout"]["yaxis"]


def test_ratios_are_marked_as_such() -> None:
    found = [charts_special.Ratio("a", 2.0, 1.5, 2.5, "w", marked=True)]
    assert "×3" in charts_special.ratios(found)["layout"]["xaxis"]["ticktext"]


def test_cells_of_a_grid_may_be_marked() -> None:
    drawn = charts_counts.grid(["a"], ["x", "y"], [[0.5, 0.0]], [["w"] * 2], marks=[["", "*"]])
    (heat,) = traces(drawn)
    assert (heat["texttemplate"], heat["text"]) == ("%{z:.0%}%{text}", [["", "*"]])
