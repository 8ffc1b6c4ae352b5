"""`[triggers.NAME]`: what somebody does, and then does not, that is a reason to act."""

from typing import Self

from pydantic import model_validator

from hourglass.fields import EventNames, Filled, Part, Span, problem


class Trigger(Part):
    """`[triggers.NAME]`: it fires `within` after one of `events` that no `without` followed."""

    events: EventNames
    where: Filled | None = None
    """Only `events` that satisfy it; `without` is not asked for it."""
    without: EventNames = ()
    """Names of events that keep it from firing."""
    within: Span = None
    """How long after the event it fires, the end included; null is at once."""

    @model_validator(mode="after")
    def _has_time(self) -> Self:
        if self.without and self.within is None:
            raise problem('without needs a time in which it may come: within = "24 hours"')
        return self
