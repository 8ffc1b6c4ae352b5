"""The report as one HTML file that asks nothing of any network and is equal for equal input."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hourglass.render import values
from hourglass.render.html import plotlyjs
from hourglass.render.html.parts import Section, fit
from hourglass.render.html.report import Report
from hourglass.render.html.sections import sections
from hourglass.render.html.tables import name
from hourglass.result import Json, Period, Result

_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def render_page(report: Report) -> bytes:
    """Write `report` as an HTML page in UTF-8: pictures, tables, charts and plotly.js itself."""
    return write_page(
        report.title, _subtitle(report.funnel.period), _head(report), sections(report)
    )


def write_page(
    title: str, subtitle: str, facts: Sequence[tuple[str, str]], parts: Sequence[Section]
) -> bytes:
    """Write a page of sections, with `facts` at its head."""
    script = _asset("page.js")
    library = plotlyjs.library() if any(part.chart for part in parts) else None
    admitted = [plotlyjs.csp_source(script.encode()), *([library.csp_source] if library else [])]
    text = (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=name(title),
            subtitle=subtitle,
            facts=facts,
            sections=parts,
            policy=_policy(admitted),
            style=Markup(_asset("style.css")),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
            library=library,
        )
    )
    # a file name may hold bytes that are no text; they come here as halves of surrogate pairs
    return text.encode("utf-8", "replace")


def script_json(value: Json) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704  (what could act as HTML is escaped)


def bound(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _policy(scripts: list[str]) -> Markup:
    rules = (
        "default-src 'none'",
        f"script-src {' '.join(scripts)}",
        "style-src 'unsafe-inline'",  # plotly.js writes its own rules
        "img-src data: blob:",  # saving a chart as a picture
        "base-uri 'none'",
        "form-action 'none'",
    )
    return Markup("; ".join(rules))  # noqa: S704  (constants and hashes)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hourglass.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"script_json": script_json, "bound": bound, "fit": fit}
    return environment


def _asset(file: str) -> str:
    return files("hourglass.render.html").joinpath(file).read_text(encoding="utf-8")


def _as_of(result: Result) -> str:
    if result.as_of is not None and result.as_of == result.input.last:
        return "the last event"
    return _to_the_second(result.as_of, result.period.timezone)


def _to_the_second(moment: datetime | None, zone: str) -> str:
    return values.moment(moment and moment.replace(microsecond=0), zone)


def _subtitle(period: Period) -> str:
    span = values.period(period)
    return f"{span[:1].upper()}{span[1:]}, days in {period.timezone}"


def _head(report: Report) -> tuple[tuple[str, str], ...]:
    """Say what a reader must know before the first number."""
    result = report.funnel
    zone = result.period.timezone
    return (
        ("Model", name(report.model.name)),
        ("Counted by", values.visible(str(result.rules.get("count", "user")))),
        ("People", values.count(result.input.users)),
        ("Rows", values.count(result.input.rows)),
        ("Rejected", values.count(result.input.rejected)),
        ("Last event", _to_the_second(result.input.last, zone)),
        ("As of", _as_of(result)),
    )
