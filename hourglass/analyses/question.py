"""What is asked: a model, the rules, a period, and how to break the answer down."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hourglass.claims import Claim, claims
from hourglass.result import Json, Period
from hourglass.rules import Rules, plain
from hourglass.stages import Exclusion, Model, Stage, Step

PERSONA = "persona"
"""What a breakdown by personas is asked by."""


class Question(NamedTuple):
    """One question about people and stages; the same object serves every analysis."""

    model: Model
    hourglass: Model | None = None
    """The hourglass of the configuration: it says what a purchase is where `model` does not."""
    rules: Rules = Rules()
    like: str | None = None
    """The preset that was asked for: messages name it beside the rules that it sets."""
    period: Period = Period()
    by: tuple[str, ...] = ()
    """Columns of `events`, or paths into nested ones (`properties.plan`), to break down by."""
    personas: Mapping[str, str] = {}
    """Predicates about events by the name of the persona, for a breakdown by `persona`."""
    top: int = 20
    """How many values of a breakdown get a row of their own; the rest is one row `other`."""
    as_of: datetime | None = None
    """Naive UTC moment at which windows are judged to be over; null is the last event seen."""
    entered: Period | None = None
    """Entries of this part of the period alone count; null is all of it."""
    read_until: datetime | None = None
    """First instant (naive UTC) that a funnel may not read; null is as far as the rules reach."""
    aliases: str | None = None
    """The relation of ids that are counted as another (alias, person); null where none is."""

    @property
    def clock(self) -> datetime:
        """The moment that counts as now, naive UTC: what is later is in the future."""
        return self.as_of or datetime.now(UTC).replace(tzinfo=None)

    @property
    def in_force(self) -> dict[str, Json]:
        """Every rule that the answer is counted by, as JSON: those of stages and exclusions too.

        `stages` holds what is said of a stage beside its events, of those of which something is;
        `personas` is there where the answer is broken down by them.
        """
        found = self.rules.as_json()
        found["stages"] = {one.name: said for one in self.model.stages if (said := options(one))}
        found["exclusions"] = [_excluding(self.model, one) for one in self.model.exclusions]
        if self.persona_dimension is not None:
            found["personas"] = {**self.personas}
        return found

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return what stages claim of the events of one instant, under these rules."""
        return (
            claims(self.model, whole=bool(self.model.optional))
            if self.rules.shares_instants
            else ()
        )

    @property
    def persona_dimension(self) -> int | None:
        """Which of `by` is the persona, from 1; null where there are no personas, or none asked."""
        return self.by.index(PERSONA) + 1 if self.personas and PERSONA in self.by else None

    @property
    def overlapping(self) -> bool:
        """Whether each value has a funnel of its own, with people in several rows or in none."""
        return bool(self.by) and self.rules.attribution not in (
            "first_touch",
            "last_touch",
            "entry",
        )

    @property
    def followed(self) -> str | None:
        """Return the column whose values take the place of the person, together with them."""
        return self.rules.hold or (self.by[0] if self.overlapping else None)

    @property
    def reach(self) -> timedelta | None:
        """Longest time from an entry to the last stage; null is any.

        A window from the stage before may be used up between any two stages.
        """
        window = self.rules.window
        if window is None or self.rules.window_from == "entry":
            return window
        return window * (len(self.model.stages) - 1)


def options(stage: Stage) -> dict[str, Json]:
    """Say of a stage what differs from the default; `steps` where its events have their own."""
    defaults = {**stage._field_defaults, "name": stage.name, "steps": stage.steps}
    given = stage._asdict()
    said = {name: plain(value) for name, value in given.items() if value != defaults[name]}
    if len(stage.steps) == 1 and stage.steps[0].where is not None:
        said["where"] = stage.steps[0].where
    elif any(step.where is not None for step in stage.steps):
        said["steps"] = [_step(step) for step in stage.steps]
    return said


def _excluding(model: Model, exclusion: Exclusion) -> dict[str, Json]:
    first, last = (model.stages[place - 1].name for place in (exclusion.after, exclusion.before))
    return {**_step(exclusion.step), "from": first, "to": last}


def _step(step: Step) -> dict[str, Json]:
    return {"events": list(step.events), "where": step.where}


class Delivery(NamedTuple):
    """What became of the rows on their way into `events`."""

    rejected: int = 0
    duplicates: int = 0
    merged_ids: int | None = None
    """Ids that are counted as another person; null where ids are not joined."""
