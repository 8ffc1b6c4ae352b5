"""The answer to one question as a page, from the parts of the report."""

from collections.abc import Callable, Mapping

from hourglass.render import values
from hourglass.render.html import page
from hourglass.render.html.definitions import rules_in_words
from hourglass.render.html.page import Page
from hourglass.render.html.parts import Section
from hourglass.render.html.report import table_of
from hourglass.render.html.sections import (
    breakdown,
    comparison,
    friction,
    hourglass,
    paths,
    plain,
    referrals,
    retention,
    stages,
    times,
    touchpoints,
    trend,
    triggers,
)
from hourglass.render.html.sections.words import sentences
from hourglass.render.html.tables import name
from hourglass.render.html.whole import head, said
from hourglass.result import Result


def render_answer(result: Result, command: str) -> bytes:
    """Write one answer as an HTML page; `command` is what to type to make it again."""
    made = _MAKERS.get(result.analysis, plain.of)(result)
    parts = (*([made] if isinstance(made, Section) else made), _definitions(result, command))
    return page.write(
        Page(
            title=values.visible(result.title),
            subtitle=said(result),
            facts=head(result, name(result.model)),
            warnings=sentences(result.warnings),
        ),
        parts,
    )


def _funnel(result: Result) -> tuple[Section, ...]:
    parts = [hourglass.of(result), stages.of(result)]
    if table_of(result, "times"):
        parts.append(times.of(result))
    if table_of(result, "breakdown"):
        parts.append(breakdown.of(result))
    return tuple(parts)


def _trend(result: Result) -> tuple[Section, ...]:
    by_value = table_of(result, "breakdown")
    return (trend.of(result), *((plain.section(by_value, result),) if by_value else ()))


_MAKERS: Mapping[str, Callable[[Result], Section | tuple[Section, ...]]] = {
    "funnel": _funnel,
    "trend": _trend,
    "compare": comparison.of,
    "touchpoints": touchpoints.of,
    "triggers": triggers.of,
    "retention": retention.of,
    "referrals": referrals.of,
    "paths": paths.of,
    "friction": friction.of,
}


def _definitions(result: Result, command: str) -> Section:
    return Section(
        id="definitions",
        heading="Definitions",
        finding="How these numbers were counted, and what makes this file again.",
        facts=(*rules_in_words(result.rules), ("Command", values.visible(command))),
    )
