"""The fast way through a funnel finds what the general one finds.

The general way (docs/design.md) looks at all events in time and at all that an attempt may have
taken of one instant; the fast one at the latest event, and at where a run of stages began.
"""

from hypothesis import given

from hourglass.analyses import optional
from hourglass.analyses.attempts import Bounds, enter
from hourglass.analyses.funnel import count
from hourglass.analyses.mapping import map_events
from tests.property import product
from tests.property.strategies import Case, cases


@given(cases())
def test_the_fast_way_is_the_general_way(case: Case) -> None:
    fast, general = both_ways(case)
    assert fast == general


def both_ways(case: Case) -> tuple[list[object], list[object]]:
    """The journeys of everybody, found in the fast and in the general way."""
    engine, question = product.fill(case.log), product.question(case)
    map_events(engine, question)
    count(engine, question)
    fast = engine.fetch("funnel/journeys").rows()
    bounds = Bounds.of(question)
    optional.find(engine, question)
    enter(engine, question, bounds, "stage_events")
    optional.advance(engine, question, bounds)
    optional.walk(engine, question)
    return fast, engine.fetch("funnel/journeys").rows()
