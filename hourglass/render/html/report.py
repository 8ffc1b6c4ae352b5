"""What a page is made of: results and the facts around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hourglass.result import Json, Result, Table
from hourglass.stages import Model, goal_of

SECTIONS = (
    "measures", "hourglass", "stages", "times", "trend", "breakdown", "touchpoints", "triggers",
    "retention", "referrals", "paths", "friction", "data", "definitions",
)  # fmt: skip
"""The sections of a report, in their usual order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a report shows; equal reports make equal pages."""

    title: str
    command: str
    """What to type in a shell to make the same file again."""
    sources: tuple[str, ...]
    """Files or database that were read, as the person named them."""
    rejects: tuple[str, ...] = ()
    """The first rows that were rejected, each as a sentence."""
    model: Model
    versions: Mapping[str, str]
    """Program or library name to its version."""
    results: Mapping[str, Result]
    """By name: `funnel` is there always, the others as far as they could be had."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """By name: why a result could not be had."""
    warnings: tuple[str, ...] = ()
    """What is odd about the data, to be said before the first number."""
    sections: tuple[str, ...] = SECTIONS
    logo: str = ""
    """A picture as a data: address; empty is none."""
    segments: int = 6
    """How many segments the switch offers: each is drawn beforehand, and takes its place."""

    @property
    def funnel(self) -> Result:
        """Return the funnel of the period."""
        return self.results["funnel"]

    @property
    def goal(self) -> int:
        """Return the position of the stage that rates are shown for."""
        return goal(self.funnel)


def table_of(result: Result | None, name: str) -> Table | None:
    """Return a table of a result; null if it has none of that name, or is not there."""
    return next((one for one in result.tables if one.name == name), None) if result else None


def stages_of(result: Result) -> tuple[str, ...]:
    """Return the names of the stages of a funnel or a trend, in their order."""
    table = table_of(result, "stages") or table_of(result, "trend")
    return tuple(dict.fromkeys(table.column("stage"))) if table else ()


def closed(rules: Mapping[str, Json]) -> bool:
    """Whether everybody entered at the first stage, under these rules of a result."""
    return rules.get("closed") is not False


def needed_of(result: Result, rows: Sequence[Mapping[str, Any]]) -> tuple[bool, ...]:
    """Say of each row of the stages of a funnel whether its stage is not optional.

    Rates and losses look to the nearest of these before and after.
    """
    said = result.rules.get("stages")
    options = said if isinstance(said, dict) else {}
    optional = {
        name for name, one in options.items() if isinstance(one, dict) and "optional" in one
    }
    return tuple(row["stage"] not in optional for row in rows)


def goal(result: Result) -> int:
    """Position of the stage that rates are shown for."""
    return goal_of(result.model, stages_of(result))
