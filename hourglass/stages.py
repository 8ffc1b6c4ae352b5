"""Models: ordered lists of stages; the hourglass with its seven, and what rolls up from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

HOURGLASS = ("know", "like", "trust", "try", "buy", "repeat", "refer")
"""The seven stages, in their order."""

MEANINGS: Mapping[str, str] = {
    "know": "first meets the business",
    "like": "shows interest",
    "trust": "looks for proof",
    "try": "tries before paying",
    "buy": "becomes a customer",
    "repeat": "buys again",
    "refer": "brings others",
}

ROLLUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "buying-cycle": {
        "awareness": ("know",),
        "consideration": ("like", "trust", "try"),
        "decision": ("buy",),
    },
    "customer-journey": {
        "attention": ("know",),
        "weighing": ("like", "trust", "try"),
        "purchase": ("buy",),
        "after-purchase": ("repeat",),
        "recommendation": ("refer",),
    },
    "buying-path": {
        "need": ("know",),
        "information": ("like",),
        "evaluation": ("trust", "try"),
        "decision": ("buy",),
        "after": ("repeat", "refer"),
    },
    "customer-lifecycle": {
        "reach": ("know",),
        "acquire": ("like", "trust", "try"),
        "develop": ("buy",),
        "retain": ("repeat",),
        "advocate": ("refer",),
    },
}
"""Models made of the hourglass: a group is reached by any event of any of its stages."""

MIN_STAGES, MAX_STAGES = 2, 32

ANY = "*"
"""Stands for every event name."""


class Step(NamedTuple):
    """Events that count for a stage: any of `events` that satisfies `where` (SQL, null is all)."""

    events: tuple[str, ...]
    where: str | None = None


class Stage(NamedTuple):
    """One stage of a model: it is reached by an event of any of its `steps`."""

    name: str
    steps: tuple[Step, ...]
    within: timedelta | None = None
    """Longest time from the stage before; null is any."""
    min_gap: timedelta = timedelta()
    """Shortest time from the stage before."""
    optional: bool = False
    """Whether an attempt may go on without it; depth counts for more."""
    first_time: Literal["event", "matching"] | None = None
    """Only a person's first such event ever, whatever it carries, or the first that passes."""
    nth: int | None = None
    """Only the n-th event of a person in the period that matches the stage."""

    @property
    def events(self) -> tuple[str, ...]:
        """Names of all events of this stage, each once, in the order written."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.events))


class Exclusion(NamedTuple):
    """Events that may not lie strictly between the events of two stages, named by position."""

    step: Step
    after: int
    before: int


class Model(NamedTuple):
    """An ordered list of 2 to 32 stages; positions count from 1."""

    name: str
    stages: tuple[Stage, ...]
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def optional(self) -> frozenset[int]:
        """Return the positions of stages that an attempt may go on without."""
        return frozenset(place for place, one in enumerate(self.stages, 1) if one.optional)

    def following(self, position: int) -> int | None:
        """Return the nearest stage after one that is not optional; null where there is none."""
        later = range(position + 1, len(self.stages) + 1)
        return next((one for one in later if not self.stages[one - 1].optional), None)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that the events are asked for: by the stages, then by the exclusions."""
        of_stages = (step for stage in self.stages for step in stage.steps)
        return (*of_stages, *(one.step for one in self.exclusions))

    @property
    def predicates(self) -> tuple[str, ...]:
        """Return the predicates of all steps, each once."""
        return tuple(dict.fromkeys(step.where for step in self.steps if step.where is not None))

    @property
    def goal(self) -> int:
        """Return the position of the stage that rates are shown for."""
        return goal_of(self.name, [stage.name for stage in self.stages])


def goal_of(model: str, stages: Sequence[str]) -> int:
    """Return the position of the stage that rates are shown for: the waist, or else the last.

    The last too where people enter at the waist, as in a log of orders: all of them reach it.
    """
    position = waist(model, stages) or 1
    return position if position > 1 else len(stages)


def waist(model: str, stages: Sequence[str]) -> int | None:
    """Return the position of the stage at which a person first buys; null if there is none."""
    groups = ROLLUPS.get(model, {})
    for position, stage in enumerate(stages, start=1):
        if stage == "buy" or "buy" in groups.get(stage, ()):
            return position
    return None


def rolled_up(name: str, hourglass: Model) -> Model:
    """Build the rolled-up model `name` from the stages that `hourglass` has; KeyError if unknown.

    Groups without any stage left fall away. Gaps between stages do not carry over: they
    belong to the stage before, which a group may swallow.
    """
    have = {stage.name: stage for stage in hourglass.stages}
    groups = {
        group: [have[member] for member in members if member in have]
        for group, members in ROLLUPS[name].items()
    }
    stages = tuple(
        Stage(name=group, steps=tuple(step for member in members for step in member.steps))
        for group, members in groups.items()
        if members
    )
    return Model(name=name, stages=stages)


def all_of(hourglass: Model) -> Iterator[Model]:
    """Yield the hourglass, then what rolls up from it and still has stages enough."""
    yield hourglass
    rolled = (rolled_up(name, hourglass) for name in ROLLUPS)
    yield from (model for model in rolled if len(model.stages) >= MIN_STAGES)
