"""The command `people`: one row a person, to look at or to hand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from hourglass import diagnostics
from hourglass.cli import options
from hourglass.cli.asking import again, asking
from hourglass.cli.flags import Flags, asks
from hourglass.cli.unused import refuse_rules_but
from hourglass.errors import UsageError

if TYPE_CHECKING:
    from hourglass.cli.asking import Asked
    from hourglass.cli.listings import Listing
    from hourglass.engines.spark import SparkEngine

ReasonName = Literal[
    "completed", "not entered", "still open", "excluded", "never", "interrupted", "other value",
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
            "--stage",
            metavar="NAME",
            help="People whom the funnel counts at this stage.",
            rich_help_panel=WHO,
        ),
    ] = None,
    dropped: Annotated[
        str | None,
        typer.Option(
            "--dropped",
            metavar="NAME",
            help="People at this stage but not at the next that is not optional.",
            rich_help_panel=WHO,
        ),
    ] = None,
    reason: Annotated[
        ReasonName | None,
        typer.Option("--reason", help="People who stopped for this reason.", rich_help_panel=WHO),
    ] = None,
    trigger: Annotated[
        str | None,
        typer.Option(
            "--trigger",
            metavar="NAME",
            help="People for whom this trigger of the configuration fired, and when.",
            rich_help_panel=WHO,
        ),
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
    """List people: how far each came, when, and why not further; or for whom a trigger fired.

    CSV and Parquet (by the ending of the output file) are written straight from the database, at
    any size.

    Example: hourglass people export.csv --dropped try --reason "too late" -o people.csv
    """
    from hourglass.analyses.people import Wanted
    from hourglass.cli.listings import InStages, Triggered
    from hourglass.cli.output import chosen_format

    if flags.by:
        raise UsageError("--by breaks counts down; people are listed one by one", "leave out --by")
    parquet = format is None and (output or "").casefold().endswith(".parquet")
    chosen = None if parquet else chosen_format(format, output, pages=False)
    if spreadsheet and chosen != "csv":
        raise UsageError("--spreadsheet guards the cells of CSV alone", "add --format csv")
    most = _SHOWN if limit is None and chosen == "table" else limit
    listing: Listing
    if trigger is not None:
        if stage or dropped or reason or everybody:
            raise UsageError(
                "--trigger asks for other people than --stage, --dropped, --reason and --all",
                again(flags, "people", "--trigger", trigger),
            )
        refuse_rules_but(flags, "like", "count", "range", "where")
        listing = Triggered(trigger, most, guarded=spreadsheet)
    else:
        wanted = Wanted(
            stage=stage, dropped=dropped, reason=reason, everybody=everybody, most=most,
            guarded=spreadsheet,
        )  # fmt: skip
        listing = InStages(wanted, brief=chosen in ("table", "md"))
    if chosen in (None, "csv"):
        _copy(flags, listing, output, "parquet" if parquet else "csv")
    else:
        _write(flags, listing, chosen, output, color)


def _write(
    flags: Flags,
    listing: "Listing",
    chosen: options.FormatName | None,
    output: str | None,
    color: options.ColorName,
) -> None:
    from hourglass.cli.output import write

    with asking(flags, conditions=listing.conditions) as asked:
        result = listing.result(asked)
    for warning in result.warnings:
        diagnostics.warn(warning)
    write(result, chosen, output, color)


def _copy(
    flags: Flags, listing: "Listing", output: str | None, form: Literal["csv", "parquet"]
) -> None:
    if flags.engine == "spark":
        _copy_there(flags, listing, output, form)
        return
    outputs = _destination(output)
    with outputs as path, asking(flags, [path], conditions=listing.conditions) as asked:
        asked.engine.copy(_relation(listing, asked), path, form)


def _copy_there(
    flags: Flags, listing: "Listing", output: str | None, form: Literal["csv", "parquet"]
) -> None:
    """Let the cluster write the list to a folder that it sees: it need not fit here."""
    from hourglass.cli.on_spark import place_of

    place = place_of(output)
    with asking(flags, conditions=listing.conditions) as asked:
        cast("SparkEngine", asked.engine).copy(_relation(listing, asked), place, form)
    diagnostics.note(f"the cluster wrote {place}")


def _relation(listing: "Listing", asked: "Asked") -> str:
    """Make the relation of a list, say what is odd about it, and return its name."""
    from hourglass.analyses.read import input_facts

    relation, warnings = listing.relation(asked)
    facts, period = input_facts(asked.engine, asked.delivery), asked.question.period
    if period.since or period.until:  # else no list is empty for its period
        warnings = [*warnings, *facts.beyond(period)]
    for warning in warnings:
        diagnostics.warn(warning)
    for note in facts.left_out():
        diagnostics.note(note)
    return relation


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
