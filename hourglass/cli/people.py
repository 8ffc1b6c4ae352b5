"""The command `people`: one row a person, to look at or to hand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import asking
from hourglass.cli.flags import Flags, asks
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.analyses.people import Wanted

ReasonName = Literal[
    "completed", "not entered", "still open", "never",
    "too late", "too soon", "reused", "tie", "before",
]  # fmt: skip
WHO = "Who"
_SHOWN = 20
"""Rows of a list in the terminal."""
_CHUNK = 1 << 20


@asks
def people(
    flags: Flags,
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage", metavar="NAME", help="People who reached this stage.", rich_help_panel=WHO
        ),
    ] = None,
    dropped: Annotated[
        str | None,
        typer.Option(
            "--dropped",
            metavar="NAME",
            help="People who reached this stage and none after it.",
            rich_help_panel=WHO,
        ),
    ] = None,
    reason: Annotated[
        ReasonName | None,
        typer.Option("--reason", help="People who stopped for this reason.", rich_help_panel=WHO),
    ] = None,
    everybody: Annotated[
        bool,
        typer.Option("--all", help="People who never entered too.", rich_help_panel=WHO),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=1,
            metavar="N",
            help="The first N by their ids; without it 20 in a table, everybody elsewhere.",
            rich_help_panel=WHO,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    spreadsheet: Annotated[
        bool,
        typer.Option(
            "--spreadsheet",
            help="Put an apostrophe before CSV cells that a spreadsheet would run as a formula.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List people: how far each came, when, and why not further.

    CSV and Parquet (by the ending of the output file) are written straight from the database, at
    any size.

    Example: hourglass people export.csv --dropped try --reason "too late" -o people.csv
    """
    from hourglass.analyses.people import Wanted
    from hourglass.cli.output import chosen_format

    if flags.by:
        raise UsageError("--by breaks counts down; people are listed one by one", "leave out --by")
    parquet = format is None and (output or "").casefold().endswith(".parquet")
    chosen = None if parquet else chosen_format(format, output)
    if spreadsheet and chosen != "csv":
        raise UsageError("--spreadsheet guards the cells of CSV alone", "add --format csv")
    most = _SHOWN if limit is None and chosen == "table" else limit
    wanted = Wanted(
        stage=stage, dropped=dropped, reason=reason, everybody=everybody, most=most,
        guarded=spreadsheet,
    )  # fmt: skip
    if chosen in (None, "csv"):
        _copy(flags, wanted, output, "parquet" if parquet else "csv")
    else:
        _write(flags, wanted, chosen, output, color)


def _write(
    flags: Flags,
    wanted: "Wanted",
    chosen: options.FormatName | None,
    output: str | None,
    color: options.ColorName,
) -> None:
    from hourglass.analyses.people import people as listing
    from hourglass.cli.output import write

    with asking(flags) as asked:
        result = listing(
            asked.engine, asked.question, wanted, asked.delivery, brief=chosen in ("table", "md")
        )
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, chosen, output, color)


def _copy(
    flags: Flags, wanted: "Wanted", output: str | None, form: Literal["csv", "parquet"]
) -> None:
    from hourglass.analyses.mapping import missing_events
    from hourglass.analyses.people import PEOPLE, select

    with _destination(output) as path, asking(flags, outputs=[path]) as asked:
        select(asked.engine, asked.question, wanted)
        for warning in missing_events(asked.engine, asked.question.model):
            diagnostics.warn(warning)
        asked.engine.copy(PEOPLE, path, form)


@contextmanager
def _destination(output: str | None) -> Iterator[Path]:
    """Yield the file to write: one that becomes `output`, or one that goes to standard output."""
    from hourglass.cli.output import write_bytes
    from hourglass.files import replacing

    if output not in (None, "-"):
        assert output is not None
        with replacing(Path(output)) as path:
            yield path
        diagnostics.note(f"wrote {output}")
        return
    with TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "people.csv"
        yield path
        with path.open("rb") as content:
            while chunk := content.read(_CHUNK):
                write_bytes(chunk)
