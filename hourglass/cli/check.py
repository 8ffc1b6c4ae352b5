"""The command `check`: exit 1 where a number or the data are not as they should be."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import Asked, asking
from hourglass.cli.flags import Flags, asks
from hourglass.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hourglass.result import Period, Result
    from hourglass.stages import Model

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Environment variable with the file that GitHub Actions shows beside a run."""
_MOST_SUMMARY = 900_000
"""Bytes; a summary of more than a mebibyte is thrown away as a whole."""


@asks
def check(
    flags: Flags,
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Compare with an earlier result of funnel --format json.",
            rich_help_panel="Checks",
        ),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance",
            metavar="SHARE",
            min=0.0,
            help="How much figures may differ from --against, as 0.05; without it not at all.",
            rich_help_panel="Checks",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Take warnings for failures.", rich_help_panel="Checks"),
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option(
            "--junit",
            metavar="FILE",
            help="Write JUnit XML too, one case a check.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    annotations: Annotated[
        Literal["github"] | None,
        typer.Option(
            "--annotations",
            help="Write annotations of failures and warnings to standard error, at most ten.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Hold numbers and data to the checks of the configuration, and of SQL files.

    Exit code 0 where all hold, 1 where one does not; whatever goes wrong in the checking itself
    has another code. Checks are [[check]] in hourglass.toml, and the files of checks/ in the
    folder of queries.

    Example: hourglass check export.csv --junit checks.xml
    """
    from hourglass.analyses.checks import has_failed
    from hourglass.cli.output import chosen_format

    chosen_format(format, output, pages=False)
    if tolerance is not None and against is None:
        raise UsageError("--tolerance is about --against", "add --against old.json")
    if flags.by:
        raise UsageError(
            "a check names its own column", f'write by = "{flags.by[0]}" under [[check]]'
        )
    with asking(flags, every_column=True) as asked:
        result = _run(flags, asked, against, tolerance or 0.0, strict)
    _write(result, format, output, color, annotations)
    _deliver(result, junit, annotations)
    if has_failed(result):
        raise typer.Exit(diagnostics.ExitCode.CHECK_FAILED)


def _run(
    flags: Flags, asked: Asked, against: Path | None, tolerance: float, strict: bool
) -> "Result":
    from hourglass.analyses import checks
    from hourglass.analyses.check_against import read_earlier

    wanted = checks.Asked(
        checks=asked.config.checks,
        models=_models(asked),
        base=_before(asked.question.period),
        earlier=read_earlier(against) if against else None,
        tolerance=tolerance,
        strict=strict,
    )
    return checks.run_checks(asked.engine, asked.question, wanted, asked.delivery)


def _models(asked: Asked) -> "Mapping[str, Model]":
    """Return the models that a check may name, those of guessed stages too."""
    from hourglass.stages import MIN_STAGES, ROLLUPS, rolled_up

    hourglass = asked.question.hourglass
    if asked.config.models or hourglass is None:
        return asked.config.models
    rolled = [rolled_up(name, hourglass) for name in ROLLUPS]
    return {one.name: one for one in (hourglass, *rolled) if len(one.stages) >= MIN_STAGES}


def _before(period: "Period") -> "Period | None":
    from hourglass.calendar import period_before

    if period.since is None or period.until is None:
        return None
    since, until = period_before(period.since, period.until, period.timezone)
    return period._replace(since=since, until=until)


def _write(
    result: "Result",
    format: "options.FormatName | None",  # noqa: A002
    output: str | None,
    color: "options.ColorName",
    annotations: str | None,
) -> None:
    """Write the answer; in a log that reads commands, so that it holds none."""
    from hourglass.cli.output import chosen_format, look, write, write_text

    if annotations and output in {None, "-"} and chosen_format(format, output) == "table":
        from hourglass.render import github, table

        write_text(github.harmless(table.render(result, look(output, color))), output)
    else:
        write(result, format, output, color)


def _deliver(result: "Result", junit: Path | None, annotations: str | None) -> None:
    if junit is not None:
        from hourglass.files import replace_file
        from hourglass.render.junit import render

        replace_file(junit, render(result))
    if os.environ.get(SUMMARY):
        _summarise(result, Path(os.environ[SUMMARY]))
    if annotations:
        from hourglass.render.github import annotations as lines

        diagnostics.tell(lines(result))


def _summarise(result: "Result", path: Path) -> None:
    """Append the answer to the summary of the run, where there is room."""
    from hourglass.render import text

    try:
        written = path.stat().st_size if path.exists() else 0
        added = f"{text.render(result, 'md')}\n".encode(errors="backslashreplace")
        if written + len(added) > _MOST_SUMMARY:
            diagnostics.warn("the summary of the run is full; the checks are not in it")
            return
        with path.open("ab") as stream:
            stream.write(added)
    except OSError as error:
        raise OutputError(
            f"the summary of the run, {path}, could not be written: {error.strerror}",
            f"unset {SUMMARY}",
        ) from error
