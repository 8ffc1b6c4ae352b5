"""The tables that say what a model is: what its rows are called, which events match its stages."""

from collections.abc import Collection, Mapping, Sequence

from hourglass.analyses import exclusions
from hourglass.engines import Maker
from hourglass.stages import Model


def name_rows(engine: Maker, names: Sequence[str], optional: Collection[int] = ()) -> None:
    """Make `stages`: the rows of a funnel, what they are called, and which rates look at which.

    Those are the nearest stages before and after it whose position is not in `optional`.
    """
    needed = [position for position in range(1, len(names) + 1) if position not in optional]
    engine.define(
        "stages",
        {
            "position": "INTEGER",
            "stage": "VARCHAR",
            "before_position": "INTEGER",
            "after_position": "INTEGER",
        },
        [
            (
                position,
                name,
                max((one for one in needed if one < position), default=None),
                min((one for one in needed if one > position), default=None),
            )
            for position, name in enumerate(names, start=1)
        ],
    )


def define_model(engine: Maker, model: Model, more: Mapping[int, int] | None = None) -> None:
    """Make `stages` (see `name_rows`) and `steps`: the events of each, with predicates as bits.

    `more` are bits that the events of some positions need besides.
    """
    name_rows(engine, [stage.name for stage in model.stages], model.optional)
    predicates, more = model.predicates, more or {}
    engine.define(
        "steps",
        {"position": "INTEGER", "event": "VARCHAR", "needs": "BIGINT", "bit": "BIGINT"},
        [
            (
                position,
                event,
                _bit(predicates, step.where) | more.get(position, 0),
                1 << (position - 1),
            )
            for position, stage in enumerate(model.stages, start=1)
            for step in stage.steps
            for event in step.events
        ],
    )
    if model.exclusions:
        exclusions.define(engine, model, predicates)


def _bit(predicates: tuple[str, ...], where: str | None) -> int:
    return 0 if where is None else 1 << predicates.index(where)
