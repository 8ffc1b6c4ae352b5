"""The sections of the report, one question each; a page is these in the order asked for."""

from collections.abc import Callable, Mapping

from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections import (
    breakdown,
    friction,
    hourglass,
    measures,
    paths,
    provenance,
    referrals,
    retention,
    stages,
    times,
    touchpoints,
    trend,
    triggers,
)

_MAKERS: Mapping[str, Callable[[Report], Section | tuple[Section, ...]]] = {
    "measures": measures.section,
    "hourglass": hourglass.section,
    "stages": stages.section,
    "times": times.section,
    "trend": trend.section,
    "breakdown": breakdown.section,
    "touchpoints": touchpoints.section,
    "triggers": triggers.section,
    "retention": retention.section,
    "referrals": referrals.section,
    "paths": paths.section,
    "friction": friction.section,
    "data": provenance.data,
    "definitions": provenance.definitions,
}


def sections(report: Report) -> tuple[Section, ...]:
    """Every section of the report in its order."""
    made: list[Section] = []
    for one in report.sections:
        found = _MAKERS[one](report)
        made += [found] if isinstance(found, Section) else found
    return tuple(made)
