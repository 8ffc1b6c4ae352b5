"""Where columns stand: points of numbers in line, marks beside their figures, room for names."""

import polars as pl
import pytest

from hourglass.render import layout, table
from hourglass.result import Column, InputFacts, Period, Result, Table


def result(data, kinds):
    frame = pl.DataFrame(data)
    columns = tuple(Column(name=one, kind=kinds[one], label=one) for one in frame.columns)
    only = Table(name="numbers", title="", data=frame, columns=columns)
    facts = InputFacts(
        rows=1, users=1, rejected=0, duplicates=0, unmapped_events=0, first=None, last=None
    )
    return Result(analysis="numbers", title="Numbers", model="m", rules={}, period=Period(),
                  tables=(only,), input=facts)  # fmt: skip


def body(data, kinds, width=80):
    written = table.render(result(data, kinds), table.Look(width=width))
    return [line for line in written.splitlines()[2:] if line]


@pytest.mark.parametrize(
    ("kind", "numbers", "shown"),
    [
        ("rate", [0.203, 0.019, 0.0046, None], ["20.3  %", " 1.9  %", " 0.46 %", "      –"]),
        ("mean", [44.1, 7.14, 0.91], ["44.1  ", " 7.14 ", " 0.910"]),
        ("count", [6_000, 12], ["6,000", "   12"]),
        ("seconds", [90_000.0, 60.0], ["1 d 1 h", "  1 min"]),
    ],
)
def test_numbers_stand_under_each_other_at_their_points(kind, numbers, shown):
    data = {"what": [f"row {number}" for number in range(len(numbers))], "of": numbers}
    lines = body(data, {"what": "text", "of": kind})[1 : 1 + len(numbers)]
    assert [line.removeprefix(f"row {row}  ") for row, line in enumerate(lines)] == [
        cell.rstrip() for cell in shown
    ]
    assert len({len(cell) for cell in shown}) == 1


def test_a_mark_stands_beside_its_figure_even_where_columns_go_below():
    data = {"what": ["a", "b"], "of": [1, 2], "q": [0.5, 0.001], "q_marked": [False, True]}
    kinds = {"what": "text", "of": "count", "q": "p", "q_marked": "flag"}
    for width in (80, 10):
        lines = body(data, kinds, width)
        assert [line for line in lines if line.endswith("*")] == [
            line for line in lines if line.startswith("b") and "0.001" in line
        ]


def test_a_name_is_folded_only_where_the_line_has_no_room_for_it():
    words = "later entry: not chosen because it comes less far"
    data = {"when": ["2026-01-01"], "why": [words]}
    kinds = {"when": "text", "why": "text"}
    assert body(data, kinds, 80)[1] == f"2026-01-01  {words}"
    assert max(map(len, body(data, kinds, 40)[:4])) <= 40
    columns = layout.narrowed(layout.shown(result(data, kinds).tables[0]), 40)
    assert layout.total(columns, 40) <= 40
