"""`[report]`: what the weekly report is called, and what it shows in which order."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from hourglass.errors import shown
from hourglass.fields import Filled, Part, problem

SectionName = Literal[
    "measures", "hourglass", "stages", "times", "trend", "breakdown", "touchpoints", "triggers",
    "retention", "referrals", "paths", "friction", "data", "definitions",
]  # fmt: skip


def _listed(value: object) -> object:
    if isinstance(value, list) and value:
        return tuple(value)
    raise problem(f'{shown(value)} is not a list of sections; write them as ["measures", "trend"]')


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        twice = next(one for one in values if values.count(one) > 1)
        raise problem(f"names the section {shown(twice)} twice")
    return values


class ReportTable(Part):
    """`[report]`; whatever it leaves out is as usual."""

    title: Filled | None = None
    logo: Filled | None = None
    """A picture beside or below the configuration: its path from there."""
    sections: Annotated[
        tuple[SectionName, ...], BeforeValidator(_listed), AfterValidator(_distinct)
    ] = ()
    """The sections, in this order; empty is all in the usual one."""
