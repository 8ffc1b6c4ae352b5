"""A page as one HTML file that asks nothing of any network and is equal for equal input."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hourglass.render.html import plotlyjs
from hourglass.render.html.parts import Section, fit
from hourglass.render.html.plotlyjs import Where
from hourglass.render.html.tables import name
from hourglass.result import Json

_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
_SCRIPTS = ("charts.js", "tools.js")


class Page(NamedTuple):
    """What stands on a page beside its sections."""

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    """Terms and what they are, at the head."""
    warnings: tuple[str, ...] = ()
    segments_by: str = ""
    """What the switch chooses a value of; the values are those of the sections' variants."""
    logo: str = ""


def write(page: Page, parts: Sequence[Section], where: Where = "inline") -> bytes:
    """Write a page in UTF-8; `where` says where it has plotly.js from, if it has charts."""
    script = "\n".join(map(_asset, _SCRIPTS))
    charts = any(part.every_chart for part in parts)
    library = plotlyjs.found(where) if charts else None
    admitted = [plotlyjs.csp_source(script.encode()), *([library.csp_source] if library else [])]
    every = dict.fromkeys(one.segment for part in parts for one in part.variants)
    text = _environment().get_template("page.html.j2").render(
        title=name(page.title),
        subtitle=page.subtitle,
        facts=page.facts,
        warnings=page.warnings,
        segments=list(every),
        segments_by=page.segments_by,
        logo=page.logo,
        sections=parts,
        policy=_policy(admitted),
        style=Markup(_asset("style.css")),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        library=library,
    )  # fmt: skip
    return encoded(text)


def write_page(
    title: str, subtitle: str, facts: Sequence[tuple[str, str]], parts: Sequence[Section]
) -> bytes:
    """Write a page of sections, with `facts` at its head."""
    return write(Page(title=title, subtitle=subtitle, facts=facts), parts)


def fill(template: str, page: Page, parts: Sequence[Section]) -> bytes:
    """Write a page without scripts by another template."""
    text = _environment().get_template(template).render(
        title=name(page.title), subtitle=page.subtitle, facts=page.facts, warnings=page.warnings,
        sections=parts,
    )  # fmt: skip
    return encoded(text)


def encoded(text: str) -> bytes:
    """Return text in UTF-8; a file name may hold bytes that are no text, halves of pairs here."""
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
        "img-src data: blob:",  # saving a chart as a picture; the logo
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
