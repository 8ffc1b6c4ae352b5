"""Comparisons of a few people, worked out by hand."""

import datetime as dt
from collections.abc import Iterable

import pytest

from hourglass.analyses.compare import compare_periods, compare_segments
from hourglass.analyses.question import Question
from hourglass.analyses.sides import Segment
from hourglass.analyses.split import NOBODY, folded, split
from hourglass.calendar import period_before
from hourglass.engines.connect import connect
from hourglass.engines.duckdb import DuckDBEngine
from hourglass.errors import DataError, UsageError
from hourglass.render import table
from hourglass.render.html.sections import comparison
from hourglass.render.text import as_json
from hourglass.result import Period
from hourglass.rules import Rules
from hourglass.stages import Model, Stage, Step

MODEL = Model(
    name="shop",
    stages=tuple(
        Stage(name=name, steps=(Step(events=(name,)),)) for name in ("view", "cart", "pay")
    ),
)
JANUARY = Period(since=dt.datetime(2026, 1, 1), until=dt.datetime(2026, 2, 1))
FEBRUARY = Period(since=dt.datetime(2026, 2, 1), until=dt.datetime(2026, 3, 1))
EMAIL, SEARCH = Segment(column="channel", value="email"), Segment(column="channel", value="search")
CROWD = ((1, "email", 40, 20), (1, "search", 60, 6), (2, "email", 60, 24), (2, "search", 40, 8))
"""Month, channel, people who viewed, and those of them who paid."""


def people(groups: Iterable[tuple[int, str | None, int, int]]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for month, channel, viewed, paid in groups:
        for number in range(viewed):
            user, day = f"{month}{channel}{number}", dt.datetime(2026, month, 3)
            rows.append((user, "view", day, channel))
            if number < paid:
                rows += [(user, name, day, channel) for name in ("cart", "pay")]
    return rows


def engine(rows: list[tuple[object, ...]]) -> DuckDBEngine:
    connection = connect()
    connection.execute(
        "CREATE TABLE events (user_id VARCHAR, event VARCHAR, ts TIMESTAMP, channel VARCHAR)"
    )
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)
    return DuckDBEngine(connection)


def question(**more: object) -> Question:
    return Question(**{"model": MODEL, "period": FEBRUARY, **more})


def rows_of(result, name):
    return result.table(name).frame.to_dicts()


def test_rates_and_their_difference():
    # 26 of 100 paid in January, 32 of 100 in February
    result = compare_periods(engine(people(CROWD)), question(), JANUARY)
    view, cart, pay = rows_of(result, "compare")
    assert (view["base_users"], view["users"], view["total_difference"]) == (100, 100, None)
    assert (cart["base_total_rate"], cart["total_rate"]) == (0.26, 0.32)
    assert cart["total_difference"] == cart["step_difference"] == pytest.approx(0.06)
    # Wilson 0.1840 to 0.3537 and 0.2367 to 0.4166, joined by Newcombe's method 10
    low, high = cart["total_difference_low"], cart["total_difference_high"]
    assert (low, high) == pytest.approx((-0.0654, 0.1829), abs=5e-5)
    assert (pay["base_step_rate"], pay["step_rate"], pay["step_p"]) == (1, 1, 1)


def test_the_rate_of_each_side_has_its_interval():
    view, cart, _ = rows_of(compare_periods(engine(people(CROWD)), question(), JANUARY), "compare")
    for rate in ("total", "step"):
        base = cart[f"base_{rate}_low"], cart[f"base_{rate}_high"]
        assert base == pytest.approx((0.1840, 0.3537), abs=5e-5)
        side = cart[f"{rate}_low"], cart[f"{rate}_high"]
        assert side == pytest.approx((0.2367, 0.4166), abs=5e-5)
    assert (view["base_step_low"], view["step_high"]) == (None, None)
    assert view["total_high"] == 1


def test_the_page_draws_the_intervals_of_each_side_and_lists_them():
    section = comparison.of(compare_periods(engine(people(CROWD)), question(), JANUARY))
    chart, heads = section.charts[0].figure, [head.label for head in section.sheets[0].heads]
    whiskers = [one["error_y"] for one in chart["data"] if "error_y" in one]
    base, side = [(one["arrayminus"][0], one["array"][0]) for one in whiskers]
    assert base == pytest.approx((0.26 - 0.1840, 0.3537 - 0.26), abs=5e-5)
    assert side == pytest.approx((0.32 - 0.2367, 0.4166 - 0.32), abs=5e-5)
    view, cart, _ = (dict(zip(heads, row, strict=True)) for row in section.sheets[0].rows)
    assert cart["base step rate"][:2] == ("26.0 %", "18.4–35.4 %")
    assert cart["step"][:2] == ("32.0 %", "23.7–41.7 %")
    assert view["base total rate"][:2] == view["total"][:2] == ("100.0 %", "")


def test_a_step_is_from_the_nearest_stage_that_is_not_optional():
    # of 4 who viewed in January 2 came to the cart and all paid, of 3 in February nobody and 1
    rows = people([(1, "a", 4, 2), (2, "a", 3, 0)])
    rows += [(f"1a{one}", "pay", dt.datetime(2026, 1, 4), "a") for one in (2, 3)]
    rows += [("2a0", "pay", dt.datetime(2026, 2, 4), "a")]
    view, cart, pay = MODEL.stages
    model = MODEL._replace(stages=(view, cart._replace(optional=True), pay))
    found = rows_of(compare_periods(engine(rows), question(model=model), JANUARY), "compare")
    assert [(row["base_users"], row["users"]) for row in found] == [(4, 3), (2, 0), (4, 1)]
    steps = [(row["base_step_rate"], row["step_rate"]) for row in found[1:]]
    assert steps == [(0.5, 0), (1, pytest.approx(1 / 3))]
    assert found[2]["step_p"] == found[2]["total_p"]


def test_in_open_funnels_shares_are_of_all_who_entered_and_steps_of_those_who_came_from_there():
    # In January 2 begin with view and 1 of them pays, in February 1 does and 2 begin with cart.
    rows = people([(1, "a", 2, 1), (2, "a", 1, 1)])
    rows += [(f"cart{one}", "cart", dt.datetime(2026, 2, 3), "b") for one in (1, 2)]
    asked = question(rules=Rules(closed=False))
    view, cart, pay = rows_of(compare_periods(engine(rows), asked, JANUARY), "compare")
    assert [(one["base_users"], one["users"]) for one in (view, cart, pay)] == [
        (2, 1),
        (1, 3),
        (1, 1),
    ]
    assert (view["base_total_rate"], view["total_rate"]) == (1, pytest.approx(1 / 3))
    assert view["total_difference"] == pytest.approx(-2 / 3)
    assert (cart["total_rate"], cart["base_step_rate"], cart["step_rate"]) == (1, 0.5, 1)
    assert (pay["base_step_rate"], pay["step_rate"]) == (1, pytest.approx(1 / 3))
    sides = rows_of(compare_periods(engine(rows), asked, JANUARY), "sides")
    assert [(one["entrants"], one["counted"]) for one in sides] == [(2, 2), (3, 3)]
    split = rows_of(
        compare_periods(
            engine(rows), question(rules=Rules(closed=False), by=("channel",)), JANUARY
        ),
        "split",
    )
    assert {one["channel"]: (one["base_entrants"], one["entrants"]) for one in split} == {
        "a": (2, 1),
        "b": (0, 2),
    }


def test_only_rows_with_thirty_people_on_each_side_are_judged():
    cart, pay = rows_of(compare_periods(engine(people(CROWD)), question(), JANUARY), "compare")[1:]
    assert cart["step_q"] == cart["step_p"]  # alone: of the 26 at the cart in January too few
    assert (pay["step_q"], pay["step_marked"]) == (None, None)
    assert pay["step_p"] is not None
    assert cart["total_q"] == pay["total_q"] == pytest.approx(cart["total_p"])


def test_what_differs_is_marked():
    rows = people([(1, None, 100, 10), (2, None, 100, 40)])
    cart = rows_of(compare_periods(engine(rows), question(), JANUARY), "compare")[1]
    assert cart["total_q"] < 0.001
    assert cart["total_marked"] is True


def test_the_split_by_hand():
    # w 0.4, 0.6 and 0.6, 0.4; r 0.5, 0.1 and 0.4, 0.2; R 0.26 and 0.32, in the middle 0.29
    result = compare_periods(engine(people(CROWD)), question(by=("channel",)), JANUARY)
    email, search = rows_of(result, "split")
    assert (email["channel"], search["channel"]) == ("email", "search")
    assert (email["mix"], email["rate"]) == pytest.approx((0.2 * 0.16, 0.5 * -0.1))
    assert (search["mix"], search["rate"]) == pytest.approx((-0.2 * -0.14, 0.5 * 0.1))
    (change,) = rows_of(result, "change")
    assert (change["stage"], change["change"]) == ("pay", pytest.approx(0.06))
    assert (change["mix"], change["rate"]) == (pytest.approx(0.06), pytest.approx(0))


def test_json_has_one_flat_row_for_each_value():
    result = compare_periods(engine(people(CROWD)), question(by=("channel",)), JANUARY)
    first = as_json(result)["split"][0]
    assert list(first)[:4] == ["by", "other", "base_entrants", "entrants"]
    assert first["by"] == {"channel": "email"}


def test_a_segment_that_only_one_side_has_is_all_mix():
    parts = split({("a",): (10, 5)}, {("a",): (5, 5), ("b",): (5, 1)})
    new = next(part for part in parts if part.values == ("b",))
    assert (new.base, new.rate) == (NOBODY, 0)
    assert float(new.mix) == pytest.approx(0.5 * (0.2 - (0.5 + 0.6) / 2))


def test_the_smallest_segments_are_folded_and_those_without_a_value_are_not():
    side = {("a",): (9, 1), ("b",): (5, 1), ("c",): (4, 1), (None,): (2, 1)}
    rows = folded(split(side, side), 1)
    assert [row.values for row in rows] == [("a",), (), (None,)]
    assert rows[1].base == (9, 2)


def test_segments_of_one_period():
    result = compare_segments(engine(people(CROWD)), question(), (EMAIL, SEARCH))
    assert result.title == "Funnel of shop, channel=search against channel=email"
    cart = rows_of(result, "compare")[1]
    assert (cart["base_users"], cart["users"]) == (24, 8)
    assert [row["entrants"] for row in rows_of(result, "sides")] == [60, 40]


def test_people_without_a_value_are_a_segment():
    rows = people([(2, "email", 4, 1), (2, None, 3, 2)])
    none = Segment(column="channel", value=None)
    cart = rows_of(compare_segments(engine(rows), question(), (EMAIL, none)), "compare")[1]
    assert (cart["base_users"], cart["users"]) == (1, 2)


def test_with_a_window_the_mature_are_compared():
    rows = people([(1, "a", 4, 2), (2, "a", 2, 1)])
    rows += [("late", name, dt.datetime(2026, 2, 20), "a") for name in ("view", "cart", "pay")]
    asked = question(rules=Rules(window=dt.timedelta(days=7)), as_of=dt.datetime(2026, 2, 21))
    result = compare_periods(engine(rows), asked, JANUARY)
    assert [(row["entrants"], row["counted"]) for row in rows_of(result, "sides")] == [
        (4, 4), (3, 2),
    ]  # fmt: skip
    pay = rows_of(result, "compare")[2]
    assert (pay["base_users"], pay["users"]) == (2, 1)
    assert "only entries whose window is over count, on both sides" in result.notes


def test_without_a_window_the_earlier_had_more_time():
    result = compare_periods(engine(people(CROWD)), question(), JANUARY)
    assert "without a window, people of the earlier period had more time to go on" in result.notes


def test_a_side_without_anybody_has_no_rates_and_a_warning():
    rows = people([(2, "a", 3, 1)])
    result = compare_periods(engine(rows), question(by=("channel",)), JANUARY)
    assert result.warnings == ("base: nobody entered: no event of the first stage in the period",)
    cart = rows_of(result, "compare")[1]
    assert (cart["base_users"], cart["base_total_rate"], cart["total_difference"]) == (
        0,
        None,
        None,
    )
    (part,) = rows_of(result, "split")
    assert (part["mix"], part["rate"], part["change"]) == (None, None, None)
    assert "–" in table.render(result, table.Look(width=80))


def test_a_side_of_which_nobody_is_mature_is_said():
    asked = question(rules=Rules(window=dt.timedelta(days=30)), as_of=dt.datetime(2026, 2, 10))
    result = compare_periods(engine(people(CROWD)), asked, JANUARY)
    assert result.warnings == (
        "nobody of the side compared entered so long ago that the window is over",
    )


@pytest.mark.parametrize(
    ("since", "until"), [((2026, 1, 15), (2026, 2, 2)), (None, (2026, 2, 2)), ((2026, 2, 27), None)]
)
def test_periods_that_overlap_are_refused(since, until):
    base = Period(since=since and dt.datetime(*since), until=until and dt.datetime(*until))
    with pytest.raises(UsageError, match="overlap"):
        compare_periods(engine(people(CROWD)), question(), base)


@pytest.mark.parametrize(
    ("more", "segments", "said"),
    [
        ({}, (EMAIL, EMAIL), "both segments are channel=email"),
        ({"by": ("channel",)}, (EMAIL, SEARCH), "channel tells the segments apart"),
        ({"by": ("event",), "rules": Rules(attribution="last_touch")}, (EMAIL, SEARCH),
         "cannot be split by last_touch"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(more, segments, said):
    with pytest.raises(UsageError, match=said):
        compare_segments(engine(people(CROWD)), question(**more), segments)


def test_a_mistyped_segment_or_stage_is_told_the_nearest():
    mistyped = Segment(column="channel", value="serch")
    with pytest.raises(DataError, match='did you mean "channel=search"'):
        compare_segments(engine(people(CROWD)), question(), (EMAIL, mistyped))
    with pytest.raises(UsageError, match='did you mean "cart"'):
        compare_periods(engine(people(CROWD)), question(by=("channel",)), JANUARY, stage="card")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_table_fits(width):
    result = compare_periods(engine(people(CROWD)), question(by=("channel",)), JANUARY)
    lines = table.render(result, table.Look(width=width)).splitlines()
    assert max(map(len, lines)) <= width
    assert any("-6.5 to +18.3" in line for line in lines)


@pytest.mark.parametrize(
    ("since", "until", "first"),
    [
        ("2026-03-08 22:00", "2026-04-05 21:00", "2026-02-08 22:00"),  # clocks change on 29 March
        ("2026-03-29 21:00", "2026-03-30 21:00", "2026-03-28 22:00"),
        ("2026-03-08 10:00", "2026-03-08 11:30", "2026-03-08 08:30"),
    ],
)
def test_the_period_before_has_as_many_days(since, until, first):
    since, until, first = map(dt.datetime.fromisoformat, (since, until, first))
    assert period_before(since, until, "Europe/Helsinki") == (first, since)
