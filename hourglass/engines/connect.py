"""Connections to DuckDB, and what its failures mean to a person."""

import errno
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hourglass.engines.sqltext import exactly
from hourglass.errors import (
    DataError,
    EngineError,
    HeldError,
    HourglassError,
    OutputError,
    QueryError,
    UsageError,
    quoted,
)
from hourglass.interrupts import stoppable
from hourglass.sources.temporary import private_folder

_STORAGE_VERSION = "v1.3.0"
"""Written into new database files, so that any DuckDB shell from version 1.3 on opens them.

What came with it, one way to compress all text, saves a tenth of a load and a breakdown's reading.
"""


_OF_QUERIES = (
    duckdb.BinderException,
    duckdb.ParserException,
    duckdb.CatalogException,
    duckdb.PermissionException,  # it reaches for a file, once the connection is locked down
)
_OF_TYPES = re.compile("explicit (type )?cast|Could not convert|Failed to cast|Malformed JSON")
_CAST = "text is made a number by try_cast(NAME AS DOUBLE), a time by try_cast(NAME AS TIMESTAMP)"
_PAUSE = 0.1
"""Seconds between two tries to open a database that is held."""
_ANEW = "load the exports again: hourglass load EVENTS --db new.duckdb"
_LOAD = "name another file: hourglass load EVENTS --db events.duckdb"

_LIMITS = "write --memory-limit as 4GB or 500MB, --threads as a number"


def connect(
    path: Path | None = None,
    read_only: bool = False,
    memory_limit: str | None = None,
    threads: int | None = None,
    wait: float = 0,
) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory; sessions are in UTC and load no extensions.

    One that another process holds is tried again for `wait` seconds. What does not fit into memory
    goes beside a database that is written to, else to a private folder. Raises DataError for a file
    that is missing or no database, HeldError for one that another process holds, OutputError for
    one that cannot be written, UsageError for limits that make no sense.
    """
    if path is not None:
        _check_database(path)
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,  # a name in SQL is never a variable of ours
    }
    if path is not None and not read_only:
        config["storage_compatibility_version"] = _STORAGE_VERSION
    else:
        config["temp_directory"] = str(_spill())
    connection = _opened(path, read_only, config, time.monotonic() + wait)
    stoppable(connection)
    try:
        _limit(connection, memory_limit, threads)
    except BaseException:
        connection.close()
        raise
    return connection


def enclose(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
    """Leave a connection nothing of the world but the files `paths`, for good.

    What does not fit into memory may still go where it went before.
    """
    with translated():
        ((spill,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
        folders = [str(private_folder()), *([spill] if spill else [])]
        connection.execute("SET allowed_directories = $folders", {"folders": folders})
        allowed = [form for path in paths for form in (str(path), exactly(str(path)))]
        connection.execute("SET allowed_paths = $paths", {"paths": allowed})
        connection.execute("SET enable_external_access = false")


def lock_down(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path] | None = None,
    *,
    ordered: bool = False,
) -> None:
    """Let nothing be set any more, before a user's SQL runs, and `enclose` it in `paths`.

    Without `paths` it is enclosed already. Unless they are asked to be `ordered`, rows need no
    order from here on: every query that is read sorts for itself.
    """
    if paths is not None:
        enclose(connection, paths)
    with translated():
        if not ordered:
            connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET lock_configuration = true")


def _spill() -> Path:
    """Name the folder for what does not fit into memory: nobody else can look into it."""
    return private_folder() / "spill"


def _opened(
    path: Path | None,
    read_only: bool,
    config: dict[str, str | bool | int | float | list[str]],
    deadline: float,
) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            with translated(path):
                # in one that begins with / nothing is taken for the home, or for an extension
                target = str(path.absolute()) if path else ":memory:"
                return duckdb.connect(target, read_only=read_only, config=config)
        except HeldError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)


def _check_database(path: Path) -> None:
    """Refuse other files first: DuckDB opens a CSV or Parquet file as if it were a database."""
    try:
        with path.open("rb") as stream:
            head = stream.read(12)
    except FileNotFoundError:
        return
    except OSError as error:
        raise DataError(f"{path} may not be read: {error.strerror}") from error
    if head[8:] != b"DUCK":
        raise DataError(f"{path} is not a DuckDB database", _LOAD)


@contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """Turn DuckDB's exceptions into ours; `path` is the database file being worked on."""
    try:
        yield
    except duckdb.Error as error:
        raise _meaning(error, path) from error


def _limit(
    connection: duckdb.DuckDBPyConnection, memory_limit: str | None, threads: int | None
) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    if memory_limit is not None and memory_limit.strip().startswith("-"):  # to the engine: no limit
        raise UsageError(f"a limit of memory is more than nothing: {memory_limit}", _LIMITS)
    try:
        if memory_limit is not None:
            connection.execute("SET memory_limit = ?", [memory_limit])
        if threads is not None:
            connection.execute("SET threads = ?", [threads])
    except duckdb.Error as error:
        raise UsageError(
            f"the engine refuses these limits: {_first_line(error)}",
            _LIMITS,
        ) from error


def _meaning(error: duckdb.Error, path: Path | None) -> HourglassError:
    text, line = str(error), _first_line(error)
    if isinstance(error, duckdb.InterruptException):
        raise KeyboardInterrupt from error
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineError(f"out of memory: {line}", "allow more, as --memory-limit 8GB")
    if of_the_disk := _of_the_disk(text, line, path):
        return of_the_disk
    if path is not None and isinstance(error, duckdb.IOException | duckdb.SerializationException):
        return _database_failure(text, line, path)
    hint = _CAST if _OF_TYPES.search(line) else None
    if isinstance(error, _OF_QUERIES) or "configuration has been locked" in text:
        return QueryError(line, hint)
    return DataError(line, hint)


def _of_the_disk(text: str, line: str, path: Path | None) -> HourglassError | None:
    if "No space left" in text or f"errno {errno.ENOSPC}" in text:
        return OutputError(f"the disk is full: {line}", "free some space and run it again")
    if "File too large" in text or "Disk quota exceeded" in text:
        return OutputError(f"a file may not grow so large: {line}", "see ulimit -f, and quotas")
    if "Corrupt database" in text:
        return DataError(f"{path or 'the database'} is damaged: {line}", _ANEW)
    return None


def _database_failure(text: str, line: str, path: Path) -> HourglassError:
    if "lock" in text.casefold() or "being used by another process" in text:
        return HeldError(
            f"{path} is held by another process",
            "wait until it has finished, or close its shell; load and report can wait: --wait 60",
        )
    if "not a valid DuckDB" in text:
        return DataError(f"{path} is not a DuckDB database", _LOAD)
    if "newer" in text or "version" in text:
        return DataError(f"{path} was written by another version of DuckDB: {line}")
    if "does not exist" in text:
        return DataError(f"{path} does not exist", f"hourglass load EVENTS --db {quoted(path)}")
    if "Could not read enough bytes" in text or "Corrupt" in text:
        return DataError(f"{path} is damaged: {line}", _ANEW)
    return OutputError(f"{path} could not be opened: {line}")


def _first_line(error: Exception) -> str:
    return " ".join(str(error).strip().split("\n", 1)[0].split())
