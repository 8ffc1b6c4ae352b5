"""Tables in a terminal: nothing is cut, nothing is wider than the screen, bars are true."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hourglass.render import picture, table
from hourglass.result import Period
from tests.golden import results


def lines(result, **look):
    return table.render(result, table.Look(**look)).splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 220])
@pytest.mark.parametrize(
    "result",
    [results.funnel(by=True), results.funnel(window=False), results.every_kind()],
    ids=["broken down", "plain", "every kind"],
)
def test_no_line_is_wider_than_the_screen(result, width):
    written = lines(result, width=width)
    assert max(map(cell_len, written)) <= width
    assert not [line for line in written if line != line.rstrip()]
    assert "…" not in "".join(written)


def test_at_80_columns_the_picture_is_28_cells_wide_and_at_110_44():
    for width, cells in ((80, 28), (110, 44), (200, 44)):
        widest = max(line.count("█") for line in lines(results.funnel(), width=width))
        assert widest == cells


def test_without_a_window_there_is_no_word_of_maturity():
    assert "mature" in "\n".join(lines(results.funnel(), width=80))
    assert "mature" not in "\n".join(lines(results.funnel(window=False), width=80))


def test_a_stage_done_mostly_out_of_order_is_pointed_out():
    answer = results.funnel()._replace(period=Period())
    pointed = [line for line in lines(answer, width=80) if "in the order of" in line]
    assert pointed == ["refer: 9,731 did it at some time, 986 in the order of the model."]


def test_in_a_period_nothing_is_pointed_out_for_people_who_entered_before_it():
    assert "in the order of" not in "\n".join(lines(results.funnel(), width=80))


def test_a_stage_without_events_says_so():
    users, ever = (*results.USERS[:6], 0), (*results.EVER[:6], 0)
    note = 'stage refer: no event "invited" in the data'
    shown = "\n".join(lines(results.funnel(users=users, ever=ever, notes=[note]), width=80))
    assert "no such event" in shown
    assert "no such event" not in "\n".join(lines(results.funnel(users=users, ever=ever), width=80))


def test_nobody_at_all_is_drawn_too():
    nobody = (0,) * 7
    written = lines(results.funnel(users=nobody, ever=nobody), width=80)
    assert sum("▕▏" in line for line in written) == 7


def test_colours_only_where_asked_for():
    assert "\x1b[" not in table.render(results.funnel(by=True), table.Look(width=80))
    assert "\x1b[33m" in table.render(results.funnel(), table.Look(width=80, color=True))


def test_in_ascii_nothing_else_is_left_of_our_own_signs():
    assert table.render(results.funnel(), table.Look(width=80, ascii=True)).isascii()


def test_names_that_are_wide_stay_in_line():
    stages = ("推荐渠道", *results.STAGES[1:])
    first, second = [
        line for line in lines(results.funnel(stages=stages), width=100) if "█" in line
    ][:2]
    assert cell_len(first[: first.index("776,712")]) == cell_len(second[: second.index("194,109")])


def test_a_long_name_keeps_its_row_and_loses_nothing():
    stages = ("a" * 40 + " " + "b" * 10, *results.STAGES[1:])
    written = "".join(lines(results.funnel(stages=stages), width=80))
    assert written.count("a" * 20) >= 2
    assert "b" * 10 in written


@pytest.mark.parametrize("cells", [8, 28, 44])
@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_bars_are_centred_and_on_a_square_root_scale(cells, first, second):
    value, largest = sorted((first, second))
    drawn = picture.bar(value, largest, cells)
    assert len(drawn) == cells
    assert drawn[::-1].translate(str.maketrans("▐▌▕▏", "▌▐▏▕")) == drawn
    if value:
        wide = drawn.count("█") + 0.5 * (drawn.count("▐") + drawn.count("▌"))
        assert abs(wide - cells * math.sqrt(value / largest)) <= 1
    else:
        assert drawn.strip() == "▕▏"
