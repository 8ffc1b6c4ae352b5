"""What the queries of touchpoints must know of stages, purchases and channels."""

from collections.abc import Sequence

from hourglass.analyses.attempts import limits, microseconds
from hourglass.analyses.purchases import window
from hourglass.analyses.question import Question
from hourglass.analyses.windowed import within_window
from hourglass.engines import Maker
from hourglass.settings.touchpoints import Touchpoints
from hourglass.stages import Stage


def define_buying(engine: Maker, question: Question, stages: Sequence[Stage]) -> None:
    """Make `buying_events`: the events of these stages, with the predicates that each must pass.

    Of a condition that the model asked about lacks nothing is known: its events all buy.
    """
    bits = {one: 1 << place for place, one in enumerate(question.model.predicates)}
    steps = (step for stage in stages for step in stage.steps)
    rows = [(name, bits.get(step.where or "", 0)) for step in steps for name in step.events]
    engine.define("buying_events", {"event": "VARCHAR", "needs": "BIGINT"}, rows)


def define_following(engine: Maker, question: Question, settings: Touchpoints | None) -> None:
    """Make `onward_limits` (which stage comes next, and how far off) and `physical_channels`."""
    asked, model = within_window(question), question.model
    span = microseconds(window(question))
    rows = []
    for position in range(1, len(model.stages)):
        if following := model.following(position):
            near = limits(asked, following)
            within = min(near["within_us"], span)
            rows.append((position, following, near["min_gap_us"], within, asked.rules.reuse))
    engine.define(
        "onward_limits",
        {
            "position": "INTEGER",
            "next_position": "INTEGER",
            "min_gap_us": "BIGINT",
            "within_us": "BIGINT",
            "reuse": "BOOLEAN",
        },
        rows,
    )
    physical = settings.physical if settings else ()
    engine.define("physical_channels", {"channel": "VARCHAR"}, [(one,) for one in physical])
