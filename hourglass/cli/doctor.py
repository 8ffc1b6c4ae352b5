"""The command `doctor`: what this installation is made of, and whether a database is sound."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hourglass import __version__, diagnostics
from hourglass.cli import options
from hourglass.cli.overwriting import refuse_overwriting

if TYPE_CHECKING:
    from hourglass.analyses.doctor import Finding

PARTS = ("duckdb", "polars", "plotly", "rich", "typer", "pydantic", "jinja2", "scipy", "tomlkit")
"""What hourglass is made of, by the names of the packages."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""Browsers that the tests of the report can drive."""


def doctor(
    *,
    db: options.Db = None,
    format: options.Format = None,  # noqa: A002  (the flag's name)
    output: options.Output = None,
    color: options.Color = "auto",
    memory_limit: options.MemoryLimit = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say versions, limits, engines, and whether a database is sound.

    A database is read to the end: every column of every event, whether the rows of each file add
    up, and whether questions find their stages ready. Exit code 3 where something is not well.

    Example: hourglass doctor --db events.duckdb
    """
    from hourglass.analyses.doctor import diagnosis, well
    from hourglass.cli.output import chosen_format, write

    chosen_format(format, output, pages=False)
    refuse_overwriting("doctor", {"db": db, "output": output})
    findings = [*_versions(), *_engine(memory_limit, threads), *_surroundings()]
    if db is not None:
        findings += _database(db, memory_limit, threads)
    write(diagnosis(findings), format, output, color)
    if not well(findings):
        raise typer.Exit(diagnostics.ExitCode.DATA)


def _versions() -> "Iterator[Finding]":
    from hourglass.analyses.doctor import Finding

    yield Finding(subject="hourglass", finding=__version__)
    where = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Finding(subject="python", finding=where)
    for name in PARTS:
        try:
            yield Finding(subject=name, finding=importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(
                subject=name,
                finding="not installed: pip install --upgrade hourglass",
                outcome="failed",
            )


def _engine(memory_limit: str | None, threads: int | None) -> "Iterator[Finding]":
    """Try the engine, and say what it may take."""
    from hourglass.analyses.doctor import Finding
    from hourglass.engines.connect import connect

    connection = connect(memory_limit=memory_limit, threads=threads)
    try:
        memory, count = connection.execute(
            "SELECT current_setting('memory_limit'), current_setting('threads')"
        ).fetchall()[0]
    finally:
        connection.close()
    yield Finding(subject="engine", finding="duckdb, embedded")
    yield Finding(subject="memory limit", finding=f"{memory} (--memory-limit)")
    yield Finding(subject="threads", finding=f"{count} (--threads)")
    spill = Path(tempfile.gettempdir())
    free = shutil.disk_usage(spill).free / 2**30
    yield Finding(subject="spill folder", finding=f"{spill}, {free:,.1f} GiB free (TMPDIR)")


def _surroundings() -> "Iterator[Finding]":
    from zoneinfo import available_timezones

    from hourglass.analyses.doctor import Finding

    yield Finding(subject="time zones", finding=f"{len(available_timezones()):,}")
    encoding = getattr(sys.stdout, "encoding", None) or "none"
    yield Finding(subject="output", finding=f"{encoding}, TERM {os.environ.get('TERM') or 'none'}")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    found = browser or "none found; only the tests of the report drive one"
    yield Finding(subject="browser", finding=found)


def _database(db: Path, memory_limit: str | None, threads: int | None) -> "list[Finding]":
    """Look into a database; what keeps it from being opened is a finding too."""
    from hourglass.analyses.doctor import Finding, examine
    from hourglass.config import parse_config
    from hourglass.database import SCHEMA_VERSION, open_database, stored_configuration
    from hourglass.engines.duckdb import DuckDBEngine
    from hourglass.errors import ConfigError, DataError

    try:
        connection, _ = open_database(db, memory_limit, threads)
    except DataError as problem:
        return [Finding(subject="database", finding=problem.message, outcome="failed")]
    try:
        size = db.stat().st_size / 2**20
        first = Finding(
            subject="database",
            finding=f"{db}, {size:,.1f} MiB, tables of version {SCHEMA_VERSION}",
        )
        try:
            text = stored_configuration(connection)
            models = parse_config(text, None).models.values() if text else ()
        except ConfigError as problem:
            broken = Finding(subject="configuration", finding=problem.problems[0], outcome="failed")
            return [first, broken]
        return [first, *examine(DuckDBEngine(connection), models)]
    finally:
        connection.close()
