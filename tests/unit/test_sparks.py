"""A trend at a glance: small bars for each stage, or each value."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.render import picture, sparks, table, values
from hourglass.result import Column, InputFacts, Period, Result, Table

STAGES = ("know", "like", "buy")
RATES = {"like": (0.5, 0.25, None, 1.0), "buy": (0.0, 0.125, None, 0.5)}


def trend(buckets: int = 4, *, by: bool = False) -> Table:
    """Return a trend by day whose last bucket is not mature; by channel, one person has none."""
    rows = []
    for channel in ("x\x1b", None) if by else ("",):
        for day in range(buckets):
            for position, stage in enumerate(STAGES, start=1):
                rate = 1.0 if position == 1 else RATES[stage][day % 4]
                rows.append({
                    "channel": channel, "other": False,
                    "bucket": dt.date(2026, 1, 1) + dt.timedelta(days=day),
                    "mature": day < buckets - 1, "position": position, "stage": stage,
                    "users": 8, "total_rate": rate, "total_low": rate, "total_high": rate,
                })  # fmt: skip
    kinds = {"channel": "text", "other": "flag", "bucket": "date", "mature": "flag",
             "position": "count", "stage": "text", "users": "count", "total_rate": "rate",
             "total_low": "rate", "total_high": "rate"}  # fmt: skip
    if not by:
        kinds = dict(list(kinds.items())[2:])
    return Table(
        name="trend",
        title="Trend",
        data=pl.DataFrame(rows).select(*kinds),
        columns=tuple(Column(name=one, kind=kind, label=one) for one, kind in kinds.items()),
        by=("channel",) if by else (),
        rows_name="trend",
    )


def result(shown: Table) -> Result:
    facts = InputFacts(rows=1, users=1, rejected=0, duplicates=0, unmapped_events=0,
                       first=None, last=None)  # fmt: skip
    return Result(analysis="trend", title="Trend", model="m", rules={}, period=Period(),
                  tables=(shown,), input=facts)  # fmt: skip


def cells(shown: Table, room: int | None = None) -> list[tuple[str, ...]]:
    columns = sparks.columns(shown, room)
    return list(zip(*(column.cells for column in columns), strict=True))


def test_each_stage_after_the_first_has_a_line_and_its_mature_rates():
    assert cells(trend()) == [
        ("like", "▅▃ █", "25.0 %", "50.0 %"),
        ("buy", "▁▃ █", "0.0 %", "12.5 %"),
    ]


def test_each_value_has_a_line_of_the_last_stage():
    assert cells(trend(by=True)) == [
        ("x\\x1b", "▁▃ █", "0.0 %", "12.5 %"),
        ("(none)", "▁▃ █", "0.0 %", "12.5 %"),
    ]


@pytest.mark.parametrize("buckets", [1, 2])
def test_two_buckets_are_no_trend(buckets):
    assert sparks.columns(trend(buckets), None) == []


def test_where_there_is_no_room_the_latest_are_shown():
    shown = sparks.columns(trend(40), 12)[1]
    assert shown.heading == "last 12"
    assert shown.cells == ("▅▃ █" * 3, "▁▃ █" * 3)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("by", [False, True])
def test_no_line_is_wider_than_the_terminal(width, by):
    text = table.render(result(trend(100, by=by)), table.Look(width=width))
    assert max(map(len, text.splitlines())) <= width


def test_the_word_immature_gives_way_to_a_star():
    wide, narrow = (table.render(result(trend()), table.Look(width=width)) for width in (100, 60))
    assert "immature" in wide.split("stage")[0]
    assert "*" not in wide
    assert "immature" not in narrow.split("stage")[0]
    assert "* immature" in narrow.splitlines()


def test_in_ascii_lines_are_drawn_too():
    text = table.render(result(trend()), table.Look(width=80, ascii=True))
    assert text.isascii()
    assert "like   =- #" in text


@given(st.lists(st.none() | st.floats(0, 1), max_size=30))
def test_higher_rates_never_have_lower_bars(rates):
    drawn = picture.spark(rates)
    assert len(drawn) == len(rates)
    assert values.in_ascii(drawn).isascii()
    known = sorted((rate, bar) for rate, bar in zip(rates, drawn, strict=True) if rate is not None)
    levels = ["▁▂▃▄▅▆▇█".index(bar) for _, bar in known]
    assert levels == sorted(levels)
    assert {bar for rate, bar in zip(rates, drawn, strict=True) if rate is None} <= {" "}
