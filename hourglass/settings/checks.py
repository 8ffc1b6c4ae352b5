"""`[[check]]`: bounds that a number must keep, and the measures that may be checked."""

import math
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

from hourglass.errors import UsageError, nearest, shown
from hourglass.fields import Filled, Part, problem
from hourglass.rules import parse_duration

Severity = Literal["fail", "warn", "off"]
"""What a check that does not hold does to the run; `off` leaves it out."""


class Measure(NamedTuple):
    """What a measure is about, and so which keys of `[[check]]` go with it."""

    kind: Literal["count", "rate", "seconds", "mean"]
    """Of what unit its bounds are: people, fractions, seconds, means over people."""
    about: Literal["people", "rows", "customers"] = "people"
    """People at a stage, rows that were delivered, or customers of a period."""
    interval: bool = False
    """Whether it is estimated from people, so that chance alone moves it."""


MEASURES: Mapping[str, Measure] = {
    "users": Measure(kind="count"),
    "step_rate": Measure(kind="rate", interval=True),
    "total_rate": Measure(kind="rate", interval=True),
    "mature_total_rate": Measure(kind="rate", interval=True),
    "median_seconds": Measure(kind="seconds"),
    "repeat_rate": Measure(kind="rate", about="customers", interval=True),
    "k": Measure(kind="mean", about="customers", interval=True),
    "freshness": Measure(kind="seconds", about="rows"),
    "rejected_share": Measure(kind="rate", about="rows"),
    "duplicate_share": Measure(kind="rate", about="rows"),
    "unmapped_share": Measure(kind="rate", about="rows"),
    "tie_share": Measure(kind="rate", about="rows"),
}
"""All measures by the name that `measure` gives them."""


def _measure(value: object) -> object:
    if isinstance(value, str) and value not in MEASURES:
        guess = nearest(value, MEASURES) or f"; there are: {', '.join(MEASURES)}"
        raise problem(f"there is no measure {shown(value)}{guess}")
    return value


def bound(value: object) -> float:
    """Read a bound: a number, or a duration that is then in seconds; else a problem is raised."""
    if isinstance(value, str):
        try:
            span = parse_duration(value)
        except UsageError as error:
            raise problem(f"{shown(value)} is not a duration; {error.hint}") from None
        if span is None:
            raise problem('"none" is no bound; leave the key out')
        return span.total_seconds()
    return _number(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise problem(f"{shown(value)} is not a number")
    if value < 0:
        raise problem(f"{shown(value)} is less than nothing")
    return float(value)


def _confidence(value: object) -> float:
    number = _number(value)
    if number >= 1:
        raise problem(f"{shown(value)} is not a confidence; write a fraction, as 0.95")
    return number


def _people(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise problem(f"{shown(value)} is not a number of people")
    return value


Bound = Annotated[float | None, BeforeValidator(bound)]
Share = Annotated[float | None, BeforeValidator(_number)]


class Check(Part):
    """One `[[check]]`: a measure with its bounds, or what to make of a SQL file."""

    name: Filled | None = None
    measure: Annotated[str | None, BeforeValidator(_measure)] = None
    query: Filled | None = None
    """Name of a file of `checks/`, whose severity this changes."""
    stage: Filled | None = None
    model: Filled | None = None
    """Null is the model that is asked."""
    by: Filled | None = None
    """Column whose values are checked one by one."""
    value: str | None = None
    """The one value to check; empty is none, null is each of the largest."""
    min: Bound = None
    max: Bound = None
    max_drop: Share = None
    """How much of the value of the period before may be lost, as a fraction of it."""
    max_change: Share = None
    """The same, in either direction."""
    min_people: Annotated[int, BeforeValidator(_people)] = 1
    """Of fewer people a value says nothing."""
    confidence: Annotated[float, BeforeValidator(_confidence)] = 0.95
    """A rate fails when this interval of it lies beyond the bound; 0 compares the rate itself."""
    severity: Severity | None = None
    """Null is `fail` for a measure, and what the file says for a query."""

    @property
    def title(self) -> str:
        """What the check is called: its name, else one made of what it looks at."""
        if self.name:
            return self.name
        words = [self.query or self.measure or ""]
        words += [f"of {self.stage}"] if self.stage else []
        words += [f"in {self.model}"] if self.model else []
        words += [f"by {self.by}"] if self.by else []
        return " ".join(words) + (f" = {self.value}" if self.value is not None else "")

    @property
    def compares(self) -> bool:
        """Whether it looks at the period before."""
        return self.max_drop is not None or self.max_change is not None
