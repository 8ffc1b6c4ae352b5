"""What a page is made of: results and the facts around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from hourglass.result import Result
from hourglass.stages import ROLLUPS, Model


@dataclass(frozen=True, slots=True)
class Missing:
    """In the place of a result that could not be had: the reason, as a sentence."""

    reason: str


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
    funnel: Result
    trend: Result | Missing
    breakdown: Result | Missing


def waist(model: Model) -> int | None:
    """Position of the stage at which a person first buys; null where the model does not say."""
    groups = ROLLUPS.get(model.name, {})
    for position, stage in enumerate(model.stages, start=1):
        if stage.name == "buy" or "buy" in groups.get(stage.name, ()):
            return position
    return None


def goal(model: Model) -> int:
    """Position of the stage that rates are shown for: the waist, or else the last stage."""
    return waist(model) or len(model.stages)
