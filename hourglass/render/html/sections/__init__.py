"""The sections of the report, one question each; a page is these in order."""

from hourglass.render.html.parts import Section
from hourglass.render.html.report import Report
from hourglass.render.html.sections import breakdown, hourglass, provenance, stages, trend


def sections(report: Report) -> tuple[Section, ...]:
    """Every section of the report in reading order."""
    return (
        hourglass.section(report),
        stages.section(report),
        trend.section(report),
        breakdown.section(report),
        provenance.data(report),
        provenance.definitions(report),
    )
