"""The change of a rate is split exactly, and a comparison says what the funnels say."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hourglass.analyses.compare import compare_periods
from hourglass.analyses.sides import Segment, segment_sides
from hourglass.analyses.split import Reached, Values, added, folded, rate_of, split, total
from hourglass.result import Period
from tests.property import product
from tests.property.strategies import Case, Twist, at_stage, cases, moment, rule

few = settings(max_examples=settings().max_examples // 5)

VALUES = [(None,), ("ads",), ("mail",), ("web",), ("",)]
people = st.integers(0, 20).flatmap(lambda entrants: st.tuples(
    st.just(entrants), st.integers(0, entrants)
))  # fmt: skip
sides = st.dictionaries(st.sampled_from(VALUES), people, max_size=5)

Counts = dict[Values, Reached]


@given(sides, sides)
def test_the_parts_add_up_to_the_change(base: Counts, side: Counts) -> None:
    before, after = rate_of(total(base)), rate_of(total(side))
    parts = split(base, side)
    change = added(one for part in parts for one in (part.mix, part.rate))
    if before is None or after is None:
        assert all(part.mix is part.rate is None for part in parts)
    else:
        assert change == after - before


@given(sides, sides)
def test_what_is_absent_on_a_side_is_all_mix(base: Counts, side: Counts) -> None:
    for part in split(base, side):
        if part.mix is not None and 0 in (part.base[0], part.side[0]):
            assert part.rate == 0


@given(sides, sides)
def test_equal_shares_are_all_rate_and_equal_rates_all_mix(base: Counts, side: Counts) -> None:
    before, after = total(base)[0], total(side)[0]
    assume(before and after)
    for part in split(base, side):
        if Fraction(part.base[0], before) == Fraction(part.side[0], after):
            assert part.mix == 0
        if rate_of(part.base) == rate_of(part.side):
            assert part.rate == 0


@given(sides, sides)
def test_turning_the_sides_turns_every_sign(base: Counts, side: Counts) -> None:
    there = {part.values: part for part in split(base, side)}
    for part in split(side, base):
        other = there[part.values]
        assert (part.mix, part.rate) == (
            (None, None) if other.mix is None or other.rate is None else (-other.mix, -other.rate)
        )


@given(sides, sides, st.integers(1, 4))
def test_folding_changes_no_total(base: Counts, side: Counts, top: int) -> None:
    parts = split(base, side)
    rows = folded(parts, top)
    assert sum(any(value is not None for value in row.values) for row in rows) <= top
    for name in ("mix", "rate"):
        assert added(getattr(row, name) for row in rows) == added(
            getattr(part, name) for part in parts
        )
    assert sum(row.base[0] for row in rows) == total(base)[0]
    assert sum(row.side[1] for row in rows) == total(side)[1]


@few
@given(cases(), st.sampled_from([None, at_stage(2, optional=True), rule(closed=False)]))
def test_two_periods_are_two_funnels(case: Case, twist: Twist | None) -> None:
    case = twist(case) if twist else case
    instants = sorted({event.ts for event in case.log})
    assume(instants)
    middle = instants[len(instants) // 2]
    case = replace(case, since=middle, until=None)
    question = product.question(case, by=("channel",))
    base = Period(until=moment(middle), timezone=case.timezone)
    found = compare_periods(product.fill(case.log), question, base)
    earlier, later = (
        product.stage_rows(product.result(one))
        for one in (replace(case, since=None, until=middle), case)
    )
    for row, before, after in zip(
        found.table("compare").frame.to_dicts(), earlier, later, strict=True
    ):
        figure = "users" if case.window is None else "mature_users"
        assert (row["base_users"], row["users"]) == (before[figure], after[figure])
        rate = "total_rate" if case.window is None else "mature_total_rate"
        assert (row["base_total_rate"], row["total_rate"]) == (before[rate], after[rate])
        if case.window is None:
            steps = before["step_rate"], after["step_rate"]
            assert (row["base_step_rate"], row["step_rate"]) == steps
    change = found.table("change").frame.row(0, named=True)
    if change["change"] is not None:
        assert abs(change["change"] - row["total_rate"] + row["base_total_rate"]) < 1e-12
    parts = found.table("split").frame
    entered = [
        one["users"] if case.window is None else one["mature_entrants"]
        for one in (earlier[0], later[0])
    ]
    if case.window is not None or not case.rules:
        assert [parts["base_entrants"].sum(), parts["entrants"].sum()] == entered


@few
@given(cases())
def test_a_segment_is_a_row_of_the_breakdown(case: Case) -> None:
    rows = product.groups(product.result(case, by=("channel",)))
    assume(len(rows) > 1)
    chosen = rows[:2]
    segments = [Segment(column="channel", value=values[0]) for values, _, _ in chosen]
    question = product.question(case)
    found = segment_sides(product.fill(case.log), question, segments, None)
    figure = "users" if case.window is None else "mature_users"
    for side, (_, _, stages) in zip(found, chosen, strict=True):
        assert side.counts.entered == stages[0]["users"]
        assert list(side.counts.users) == [row[figure] for row in stages]
