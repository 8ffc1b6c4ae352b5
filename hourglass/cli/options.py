"""One definition of every option that commands share.

A command lists those it takes, with their defaults; no option is declared twice. What is asked, and
by which rules, is in `question_options`.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from hourglass import diagnostics
from hourglass.engines.watching import watch

FormatName = Literal["table", "json", "jsonl", "csv", "md"]
ColorName = Literal["auto", "always", "never"]
EngineName = Literal["duckdb", "spark"]

DATA = "Data"
QUESTION = "Question"
OUTPUT = "Output"
ENGINE = "Engine"


def _quiet(value: bool) -> bool:
    diagnostics.be(quiet=value)
    return value


def _verbose(value: bool) -> bool:
    diagnostics.be(verbose=value)
    if value:
        watch(diagnostics.step)
    return value


Events = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="EVENTS", help="Event exports: files, globs, folders, or - for standard input."
    ),
]
Db = Annotated[
    Path | None,
    typer.Option("--db", metavar="FILE", help="Ask a database made by load.", rich_help_panel=DATA),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="Configuration; without it hourglass.toml here or in a folder above.",
        rich_help_panel=DATA,
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="SQL",
        help="Only events that satisfy this condition, as \"country = 'FI'\"; may be given again.",
        rich_help_panel=DATA,
    ),
]
Format = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        "-f",
        help="How to write the answer; without it by the ending of the output file, else table.",
        rich_help_panel=OUTPUT,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to FILE, replaced in one step; - is standard output.",
        rich_help_panel=OUTPUT,
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        help="How long to wait for another process that holds the output or the database.",
        rich_help_panel=OUTPUT,
    ),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Write it as a page with charts too, which needs no network.",
        rich_help_panel=OUTPUT,
    ),
]
ShowIds = Annotated[
    bool,
    typer.Option(
        "--show-ids",
        help="Show ids as they are, not short hashes.",
        rich_help_panel=OUTPUT,
    ),
]
Color = Annotated[
    ColorName,
    typer.Option("--color", help="Colours in tables.", rich_help_panel=OUTPUT),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        callback=_quiet,
        help="Say nothing but errors.",
        rich_help_panel=OUTPUT,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        callback=_verbose,
        help="Say how long steps take and which SQL files run.",
        rich_help_panel=OUTPUT,
    ),
]
Engine = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        help="Who answers: DuckDB, here, or a Spark cluster, where the data are.",
        rich_help_panel=ENGINE,
    ),
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master",
        metavar="ADDRESS",
        envvar="HOURGLASS_MASTER",
        show_envvar=True,
        help="Where the cluster answers, as sc://host:15002; its token is in HOURGLASS_TOKEN.",
        rich_help_panel=ENGINE,
    ),
]
Queries = Annotated[
    Path | None,
    typer.Option(
        "--queries",
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="SQL files here are used in place of the bundled ones of the same name.",
        rich_help_panel=ENGINE,
    ),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit",
        metavar="SIZE",
        help="Memory the engine may take, as 4GB; beyond it, it spills to disk.",
        rich_help_panel=ENGINE,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        min=1,
        metavar="N",
        help="Threads the engine may use.",
        rich_help_panel=ENGINE,
    ),
]
