"""The command `report`."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hourglass import __version__
from hourglass.cli import options
from hourglass.cli.flags import Flags, asks
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.cli.asking import Asked
    from hourglass.render.html.report import Report

_ENDINGS = {".html", ".htm"}


@asks
def report(
    flags: Flags,
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page, as FILE.html, replaced in one step; - is standard output.",
            rich_help_panel=options.OUTPUT,
        ),
    ],
    title: Annotated[
        str,
        typer.Option(
            "--title", metavar="TEXT", help="Heading of the page.", rich_help_panel=options.OUTPUT
        ),
    ] = "Hourglass report",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write the funnel, its trend and its breakdown as one HTML page that needs no network.

    The breakdown is by channel, where the data have one, unless --by says otherwise.

    The path of the page is the only line on stdout; with --quiet there is none.

    Example: hourglass report export.csv --window "30 days" -o report.html
    """
    _check_output(output)
    _deliver(_page(flags, title), output)
    if output != "-" and not quiet:  # cron mails whatever is printed
        typer.echo(output)


def _check_output(output: str) -> None:
    """Refuse an ending that promises another format before any work is done."""
    if output != "-" and Path(output).suffix.casefold() not in _ENDINGS:
        raise UsageError(
            f'a report is an HTML page, and "{output}" does not end in .html',
            f"hourglass report EVENTS --output {shlex.quote(Path(output).stem or 'report')}.html",
        )


def _page(flags: "Flags", title: str) -> bytes:
    from hourglass.cli.asking import asking
    from hourglass.render.html.page import render_page

    with asking(flags) as asked:
        made = _report(flags, asked, title)
    return render_page(made)


def _report(flags: "Flags", asked: "Asked", title: str) -> "Report":
    from hourglass.analyses.report import USUAL_BREAKDOWN, ask
    from hourglass.render.html.report import Missing, Report

    answers = ask(asked.engine, asked.question, asked.delivery)
    broken_down = any(table.by for table in answers.funnel.tables)
    return Report(
        title=title,
        command=shlex.join(["hourglass", *sys.argv[1:]]),
        sources=_sources(flags, asked),
        rejects=asked.attached.examples,
        model=asked.question.model,
        versions=_versions(),
        funnel=answers.funnel,
        trend=answers.trend,
        breakdown=answers.funnel
        if broken_down
        else Missing(f"The data have no column {USUAL_BREAKDOWN} to break down by."),
    )


def _sources(flags: "Flags", asked: "Asked") -> tuple[str, ...]:
    if flags.db is not None:
        return (str(flags.db),)
    return tuple(one.file.name for one in asked.attached.files)


def _versions() -> Mapping[str, str]:
    from importlib.metadata import version

    return {"hourglass": __version__, "duckdb": version("duckdb"), "plotly": version("plotly")}


def _deliver(page: bytes, output: str) -> None:
    if output == "-":
        from hourglass.cli.output import write_bytes

        write_bytes(page)
    else:
        from hourglass.files import replace_file

        replace_file(Path(output), page)
