"""Claims: for every instant they forbid exactly the runs of stages that no dealing out can fill."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourglass.claims import claims
from hourglass.errors import UsageError
from hourglass.stages import Model, Stage, Step

NAMES = "abcd"


def model(*stages, gaps=()):
    return Model(
        name="m",
        stages=tuple(
            Stage(
                name=str(place),
                steps=(Step(events=tuple(names)),),
                min_gap=timedelta(seconds=place in gaps),
            )
            for place, names in enumerate(stages)
        ),
    )


def fits(name, names):
    return name in names or "*" in names


def can_be_filled(stages, events):
    """Whether the events can be dealt out to the stages, one each, by trying all ways."""
    return any(
        all(fits(event, names) for names, event in zip(stages, dealt, strict=True))
        for dealt in permutations(events, len(stages))
    )


def forbidden(found, stages, events, first, last):
    """Whether a claim that these events do not meet lies inside the run first..last."""
    kinds = [
        sum(1 << place for place, names in enumerate(stages) if fits(event, names))
        for event in events
    ]
    return any(
        first <= claim.first_position
        and claim.last_position <= last
        and sum(kind in claim.kinds for kind in kinds) < claim.stages.bit_count()
        for claim in found
    )


@given(
    st.lists(st.sets(st.sampled_from([*NAMES, "*"]), min_size=1), min_size=2, max_size=4),
    st.lists(st.sampled_from(NAMES), max_size=5),
)
def test_a_run_is_forbidden_exactly_when_its_stages_cannot_all_be_filled(stages, events):
    found = claims(model(*stages))
    matched = [any(fits(event, names) for event in events) for names in stages]
    for first in range(1, len(stages) + 1):
        for last in range(first, len(stages) + 1):
            run = slice(first - 1, last)
            if not all(matched[run]):
                continue  # a stage without any event has no row that could be in a run
            possible = can_be_filled(stages[run], events)
            assert possible != forbidden(found, stages, events, first, last), (first, last)


def test_stages_with_events_of_their_own_claim_nothing():
    assert claims(model("a", "b", "c")) == ()


def test_buy_and_repeat_of_one_event_need_two():
    (claim,) = claims(model("a", "b", "b"))
    assert (claim.first_position, claim.last_position, claim.stages) == (2, 3, 0b110)


def test_a_minimum_gap_parts_stages_that_share_an_event():
    assert claims(model("b", "b", gaps={1})) == ()
    assert len(claims(model("b", "b", "b", gaps={2}))) == 1


def test_predicates_make_kinds_of_one_event():
    wide, narrow = Step(events=("paid",)), Step(events=("paid",), where="amount > 9")
    stages = (Stage(name="buy", steps=(wide,)), Stage(name="repeat", steps=(narrow,)))
    (claim,) = claims(Model(name="m", stages=stages))
    assert claim.kinds == (1, 3)


@pytest.mark.parametrize("names", ["same", "chain", "star"])
def test_thirty_two_stages_stay_within_reach(names):
    stages = {
        "same": [["a"]] * 32,
        "chain": [[str(place), str(place + 1)] for place in range(32)],
        "star": [["*" if place == 5 else str(place)] for place in range(32)],
    }[names]
    assert 0 < len(claims(model(*stages))) <= 496


def test_what_would_take_too_long_is_refused():
    stages = [[f"{a}-{b}" for b in range(16) if a != b] + [f"{b}-{a}" for b in range(16) if a != b]
              for a in range(16)]  # fmt: skip
    with pytest.raises(UsageError, match="too many"):
        claims(model(*stages))
