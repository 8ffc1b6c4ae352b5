"""A whole report: as a page, as mail, as Markdown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hourglass.nouns import meaning, whoever
from hourglass.render import values
from hourglass.render.html import markdown, page
from hourglass.render.html.page import Page
from hourglass.render.html.parts import Section, Sheet
from hourglass.render.html.plotlyjs import Where
from hourglass.render.html.report import Report, table_of
from hourglass.render.html.sections import sections
from hourglass.render.html.sections.words import sentences
from hourglass.render.html.tables import name
from hourglass.result import Result

PAGE_LIMIT, MAIL_LIMIT, MARKDOWN_LIMIT = 2_300_000, 100_000, 900_000
"""Bytes: of a page, of what mail programs show whole, and of what a step summary takes."""
_ROWS = (20, 12, 8, 5, 3, 1)
"""How many rows of each table are left, until all fits."""


def render_page(report: Report, where: Where = "inline") -> bytes:
    """Write `report` as an HTML page in UTF-8: pictures, tables, charts, and plotly.js."""
    text = page.write(_page(report), sections(report), where)
    for segments, rows in ((3, 30), (0, 20), (0, 10), (0, 5)):
        if len(text) <= PAGE_LIMIT:
            break
        made = sections(replace(report, segments=segments))
        text = page.write(_smaller(report, segments), [_fewer(one, rows) for one in made], where)
    return text


def render_mail(report: Report) -> bytes:
    """Write `report` as HTML without scripts, pictures and charts, small enough to be mailed."""
    made = sections(report)
    for rows in _ROWS:
        text = page.fill("mail.html.j2", _page(report), _cut(made, rows))
        if len(text) <= MAIL_LIMIT:
            break
    return text


def render_markdown(report: Report) -> bytes:
    """Write `report` as Markdown, for a chat or the summary of a run."""
    made = sections(report)
    text = markdown.write(_page(report), made)
    for rows in _ROWS:
        if len(text) <= MARKDOWN_LIMIT:
            break
        text = markdown.write(_page(report), _cut(made, rows))
    return text


def _cut(made: Sequence[Section], rows: int) -> list[Section]:
    """Leave the first rows of tables in full view; the rest is in the page and in JSON."""
    return [
        _fewer(one._replace(sheets=tuple(sheet for sheet in one.sheets if not sheet.fold)), rows)
        for one in made
    ]


def _fewer(section: Section, rows: int) -> Section:
    return section._replace(sheets=tuple(_shortened(sheet, rows) for sheet in section.sheets))


def _shortened(sheet: Sheet, rows: int) -> Sheet:
    left = len(sheet.rows) - rows
    if left <= 0 or sheet.id.endswith("stage-table"):  # every stage is part of the answer
        return sheet
    return sheet._replace(
        caption=f"{sheet.caption}; {values.count(left)} more rows", rows=sheet.rows[:rows]
    )


def _smaller(report: Report, segments: int) -> Page:
    """Say at the head of a page what its switch leaves out, so that it does not vanish silently."""
    whole = _page(report)
    if not whole.segments_by:
        return whole
    left = f"has only the {segments} largest values" if segments else "is left out"
    told = f"The switch by {whole.segments_by} {left}, as the page would be too large."
    return whole._replace(warnings=(*whole.warnings, told))


def _page(report: Report) -> Page:
    breakdown = table_of(report.funnel, "breakdown")
    return Page(
        title=report.title,
        subtitle=_subtitle(report),
        facts=head(report.funnel, name(report.model.name)),
        warnings=sentences(report.warnings),
        segments_by=name(", ".join(breakdown.by)) if breakdown else "",
        logo=report.logo,
    )


def _subtitle(report: Report) -> str:
    told = said(report.funnel)
    previous = report.results.get("previous")
    return f"{told}; compared with {values.period(previous.period)}" if previous else told


def said(result: Result) -> str:
    """Say the period with its time zone, and who is counted where it is not the user."""
    span, who = values.period(result.period), meaning(result.rules.get("count"))
    told = f"{span[:1].upper()}{span[1:]}, days in {result.period.timezone}"
    return f"{told}; {values.visible(who)}" if who else told


def head(result: Result, model: str) -> tuple[tuple[str, str], ...]:
    """Say what a reader must know before the first number."""
    zone, by = result.period.timezone, result.rules.get("count", "user")
    return (
        ("Model", model),
        ("Counted by", values.visible(str(by))),
        (whoever(by).capitalize(), values.count(result.input.users)),
        ("Rows", values.count(result.input.rows)),
        ("Rejected", values.count(result.input.rejected)),
        ("Last event", _to_the_second(result.input.last, zone)),
        *((("As of", _as_of(result)),) if result.as_of else ()),
    )


def _as_of(result: Result) -> str:
    if result.as_of is not None and result.as_of == result.input.last:
        return "the last event"
    return _to_the_second(result.as_of, result.period.timezone)


def _to_the_second(moment: datetime | None, zone: str) -> str:
    return values.moment(moment and moment.replace(microsecond=0), zone)
