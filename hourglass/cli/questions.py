"""Questions that are asked with nothing but the flags of all: for scripts, and to compare files."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hourglass.cli.asking import Asked
    from hourglass.result import Result

ANSWERS = {
    "funnel": "funnel/stages",
    "trend": "trend/stages",
    "retention": "retention/cells",
    "referrals": "referrals/parts",
    "triggers": "triggers/exposed",
    "touchpoints": "touchpoints/stages",
    "paths": "paths/moves",
    "friction": "friction/stages",
}
"""Questions that can be written down as a script, each with the query that answers it."""


def questions(asked: "Asked") -> "dict[str, Callable[[], Result]]":
    """Return how each question is asked of data that were opened, the funnel without what is below.

    The predicates of configured triggers have to be among what is read (`triggers.conditions`).
    """
    from hourglass.analyses.friction import friction
    from hourglass.analyses.funnel import funnel
    from hourglass.analyses.paths import paths
    from hourglass.analyses.referrals import referrals
    from hourglass.analyses.retention import retention
    from hourglass.analyses.touchpoints import touchpoints
    from hourglass.analyses.trend import trend
    from hourglass.analyses.triggers import Wanted, triggers

    found: dict[str, Callable[..., Result]] = {
        "funnel": funnel,
        "trend": trend,
        "retention": retention,
        "referrals": referrals,
        "touchpoints": partial(touchpoints, settings=asked.config.touchpoints),
        "paths": paths,
        "friction": partial(friction, settings=asked.config.friction),
        "triggers": partial(triggers, wanted=Wanted(configured=asked.config.triggers)),
    }
    return {
        name: partial(ask, asked.engine, asked.question, delivery=asked.delivery)
        for name, ask in found.items()
    }
