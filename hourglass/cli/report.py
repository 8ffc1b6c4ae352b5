"""The command `report`."""

import shlex
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from hourglass import __version__, diagnostics
from hourglass.cli import options
from hourglass.cli.flags import Flags, asks
from hourglass.errors import OutputError, UsageError

if TYPE_CHECKING:
    from hourglass.analyses.report import Answers
    from hourglass.cli.asking import Asked
    from hourglass.config import Config
    from hourglass.engines.spark import SparkEngine
    from hourglass.render.html.report import Report

FormatName = Literal["html", "md", "json"]
PlotlyName = Literal["inline", "directory", "cdn", "none"]
_ENDINGS: Mapping[str, FormatName] = {
    ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".json": "json",
}  # fmt: skip
TITLE = "Hourglass report"


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
            help="The report, as FILE.html, .md or .json, replaced in one step; - is standard"
            " output.",
            rich_help_panel=options.OUTPUT,
        ),
    ],
    format: Annotated[  # noqa: A002  (the flag's name)
        FormatName | None,
        typer.Option(
            "--format",
            "-f",
            help="How to write it; without it by the ending of the output file, else html.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            "--title",
            metavar="TEXT",
            help=f'Heading; without it that of [report], or "{TITLE}".',
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    plotlyjs: Annotated[
        PlotlyName,
        typer.Option(
            "--plotlyjs",
            help="Where the page has its charts from: inside; a file beside it, which the reports"
            " of a folder share; the network; or no charts and no scripts, to be mailed.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = "inline",
    show_ids: options.ShowIds = False,
    no_clobber: Annotated[
        bool,
        typer.Option(
            "--no-clobber",
            help="Write no report where FILE is there already.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="End with exit code 1 where the report, which is written all the same, has"
            " warnings.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    wait: options.Wait = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write the weekly report: one HTML page with charts that needs no network.

    With a period it is compared with the period before, as that stood when it was as old. Each --by
    is a breakdown of its own; without one it is by channel, where the data have one. [report] in
    the configuration says title, logo, sections and their order.

    The path of the report is the only line on stdout; with --quiet there is none.

    Example: hourglass report export.csv --last-week --window "30 days" -o report.html
    """
    chosen = _format(format, output)
    if plotlyjs == "directory" and output == "-":
        raise UsageError("--plotlyjs directory writes a file beside the page", "--output week.html")
    Thread(target=_warm, args=[chosen == "html" and plotlyjs == "inline"], daemon=True).start()
    with _alone(output, wait):
        if no_clobber and Path(output).exists():
            raise OutputError(f"{output} is there already", "name another file")
        made = _made(flags, title, wait, show_ids=show_ids)
        for warning in made.warnings:
            diagnostics.warn(warning, always=strict)
        _deliver(_written(made, chosen, plotlyjs), output, library=plotlyjs == "directory")
    if output != "-" and not quiet:  # cron mails whatever is printed
        typer.echo(output)
    if strict and made.warnings:
        raise typer.Exit(diagnostics.ExitCode.CHECK_FAILED)


def _warm(page: bool) -> None:
    """Load what takes long to load while the engine counts; whoever needs it finds it there."""
    import scipy.stats  # noqa: F401

    if page:
        from hourglass.render.html.plotlyjs import library

        library()


def _alone(output: str, wait: float) -> AbstractContextManager[None]:
    """Keep other runs from writing the same report meanwhile."""
    if output == "-":
        return nullcontext()
    from hourglass.locks import locked

    return locked(Path(output), wait)


def _format(format: FormatName | None, output: str) -> FormatName:  # noqa: A002
    """Settle the format before any work is done; UsageError for an ending of another."""
    if format is not None:
        return format
    if output == "-":
        return "html"
    found = _ENDINGS.get(Path(output).suffix.casefold())
    if found is None:
        raise UsageError(
            f'a report is a page, Markdown or JSON, and "{output}" does not end in .html, .md or'
            " .json",
            f"hourglass report EVENTS --output {shlex.quote(Path(output).stem or 'report')}.html",
        )
    return found


def _written(made: "Report", chosen: FormatName, plotlyjs: PlotlyName) -> bytes:
    from hourglass.render.html import whole

    if chosen == "json":
        from hourglass.render.text import reported

        text = reported(made.results, made.reasons, made.warnings)
        return text.encode(errors="backslashreplace")
    if chosen == "md":
        return whole.render_markdown(made)
    if plotlyjs == "none":
        return whole.render_mail(made)
    return whole.render_page(made, plotlyjs)


def _made(flags: "Flags", title: str | None, wait: float, *, show_ids: bool) -> "Report":
    from hourglass.analyses.report import Settings, ask
    from hourglass.cli.asking import asking

    with asking(flags, conditions=_conditions, wait=wait) as asked:
        config = asked.config
        settings = Settings(
            touchpoints=config.touchpoints,
            triggers=config.triggers,
            friction=config.friction,
            columns=list(asked.attached.columns),
            show_ids=show_ids,
        )
        answers = ask(asked.engine, asked.question, asked.delivery, settings)
        return _report(flags, asked, title, answers)


def _conditions(config: "Config") -> Sequence[str]:
    from hourglass.analyses.triggers_configured import conditions

    return conditions(config.triggers)


def _report(flags: "Flags", asked: "Asked", title: str | None, answers: "Answers") -> "Report":
    from hourglass.cli.output import command
    from hourglass.render.html.logo import logo
    from hourglass.render.html.report import SECTIONS, Report
    from hourglass.settings.report import ReportTable

    said = asked.config.report or ReportTable()
    return Report(
        title=title or said.title or TITLE,
        command=command(),
        sources=_sources(flags, asked),
        rejects=asked.attached.examples,
        model=asked.question.model,
        versions=_versions(flags, asked),
        results=answers.results,
        reasons=answers.reasons,
        warnings=answers.warnings,
        sections=said.sections or SECTIONS,
        logo=logo(asked.config.logo) if asked.config.logo else "",
    )


def _sources(flags: "Flags", asked: "Asked") -> tuple[str, ...]:
    if flags.db is not None:
        return (str(flags.db),)
    return tuple(one.file.name for one in asked.attached.files)


def _versions(flags: "Flags", asked: "Asked") -> Mapping[str, str]:
    from importlib.metadata import version

    if flags.engine == "spark":
        counted = {"spark": cast("SparkEngine", asked.engine).session.version}
    else:
        counted = {"duckdb": version("duckdb")}
    return {"hourglass": __version__, **counted, "plotly": version("plotly")}


def _deliver(content: bytes, output: str, *, library: bool) -> None:
    if output == "-":
        from hourglass.cli.output import write_bytes

        write_bytes(content)
        return
    from hourglass.files import replace_file
    from hourglass.render.html import plotlyjs

    if library:
        replace_file(Path(output).with_name(plotlyjs.file_name()), plotlyjs.script())
    replace_file(Path(output), content)
