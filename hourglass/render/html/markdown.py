"""Sections as Markdown: the same sentences and tables as on the page."""

from collections.abc import Iterator, Sequence

from hourglass.render.html.page import Page, encoded
from hourglass.render.html.parts import Card, Cell, Head, Section, Sheet
from hourglass.render.text import escape


def write(page: Page, parts: Sequence[Section]) -> bytes:
    """Write a page as Markdown in UTF-8; what a user typed is escaped."""
    facts = " · ".join(f"{escape(term)}: {escape(fact)}" for term, fact in page.facts)
    lines = [f"# {escape(page.title)}", escape(page.subtitle)]
    lines += [f"> **Warning:** {escape(one)}" for one in page.warnings]
    lines += [facts, *(text for part in parts for text in _section(part))]
    return encoded("\n\n".join(lines) + "\n")


def _section(part: Section) -> Iterator[str]:
    yield f"## {escape(part.heading)}"
    yield escape(part.finding)
    if part.cards:
        yield _cards(part.cards)
    if part.meter:
        yield "\n".join(
            f"- **{escape(label)}** {_bar(share)}{escape(words)}"
            for label, share, _, words in part.meter.rows
        )
        yield escape(part.caption)
    for sheet in part.sheets:
        yield f"**{escape(sheet.caption)}**"
        yield _sheet(sheet)
    if part.facts:
        yield "\n".join(f"- {escape(term)}: {escape(fact)}" for term, fact in part.facts)
    if part.notes:
        yield escape(" ".join(part.notes))


def _bar(share: float) -> str:
    """Draw a bar and a blank; nobody at all is no bar."""
    return f"{'█' * max(1, round(28 * share))} " if share else ""


def _cards(cards: Sequence[Card]) -> str:
    heads = tuple(Head(one, number=False) for one in ("Measure", "Value", "Change", "About"))
    rows = tuple(
        (Cell(card.label), Cell(card.value, card.interval), Cell(card.verdict, card.change),
         Cell(card.about))
        for card in cards
    )  # fmt: skip
    return _sheet(Sheet(id="", caption="", heads=heads, rows=rows))


def _sheet(sheet: Sheet) -> str:
    rule = " | ".join("---:" if head.number else "---" for head in sheet.heads)
    rows = [_line([head.label for head in sheet.heads]), f"| {rule} |"]
    rows += [_line([_cell(cell) for cell in row]) for row in sheet.rows]
    return "\n".join(rows)


def _cell(cell: Cell) -> str:
    return f"{cell.text} ({cell.small})" if cell.small else cell.text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escape(cell) for cell in cells)} |"
