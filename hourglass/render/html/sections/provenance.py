"""Where the numbers come from: the data as they were, and what every word means."""

from hourglass.nouns import counted, many, whoever
from hourglass.render import values
from hourglass.render.html.definitions import rules_in_words, stage_in_words
from hourglass.render.html.parts import Cell, Head, Section, Sheet
from hourglass.render.html.report import Report
from hourglass.render.html.tables import name, stage_head
from hourglass.result import InputFacts, Json


def data(report: Report) -> Section:
    """Say what was read, and what of it could not be used."""
    facts, by = report.funnel.input, report.funnel.rules.get("count")
    return Section(
        id="data",
        heading="Data quality",
        finding=_quality(facts, by),
        facts=(
            ("Read from", ", ".join(name(source) for source in report.sources)),
            ("Rows", values.count(facts.rows)),
            ("Rejected rows", values.count(facts.rejected)),
            *(("First rejected", name(text)) for text in report.rejects),
            ("Repeated event ids, left out", values.count(facts.duplicates)),
            ("Rows without a person", values.count(facts.without_user)),
            ("Rows of no stage", values.count(facts.unmapped_events)),
            ("Later than the clock", values.count(facts.future)),
            (whoever(by).capitalize(), values.count(facts.users)),
            ("First event", values.moment(facts.first, report.funnel.period.timezone)),
            ("Last event", values.moment(facts.last, report.funnel.period.timezone)),
        ),
    )


def _quality(facts: InputFacts, by: Json) -> str:
    read = f"{many(facts.rows, 'row', 'rows')} of {counted(facts.users, by)}"
    troubles = [
        f"{values.count(number)} {what}"
        for number, what in (
            (facts.rejected, "rejected"),
            (facts.without_user, "without a person"),
            (facts.future, "later than the clock"),
        )
        if number
    ]
    return f"{read}; {', '.join(troubles) or 'none rejected'}."


def definitions(report: Report) -> Section:
    """Put stages and rules in words, the command, and the versions behind it."""
    return Section(
        id="definitions",
        heading="Definitions",
        finding="How these numbers were counted, and what makes this file again.",
        sheets=(_stages(report),),
        facts=(
            *rules_in_words(report.funnel.rules),
            ("Command", values.visible(report.command)),
            ("Versions", " · ".join(f"{what} {it}" for what, it in report.versions.items())),
        ),
    )


def _stages(report: Report) -> Sheet:
    return Sheet(
        id="stage-definitions",
        caption="What reaches a stage",
        heads=(stage_head(one.name for one in report.model.stages), Head("Events", number=False)),
        rows=tuple(
            (Cell(name(stage.name)), Cell(stage_in_words(stage))) for stage in report.model.stages
        ),
    )
