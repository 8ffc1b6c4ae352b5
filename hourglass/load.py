"""Exports into a database: one transaction, every row accounted for, the same file only once."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from hourglass.config import Config
from hourglass.engines.connect import connect, translated
from hourglass.errors import DataError, HeldError, OutputError, UsageError, quoted
from hourglass.intake import Intake
from hourglass.locks import locked
from hourglass.sources.files import find_files, left_out
from hourglass.wishes import REJECT_FORMATS, Limit, Loaded, Wishes, parse_limit

__all__ = ["Limit", "Loaded", "Wishes", "load", "parse_limit"]


def load(
    path: Path,
    arguments: Sequence[str],
    config: Config | None = None,
    wishes: Wishes | None = None,
    *,
    memory_limit: str | None = None,
    threads: int | None = None,
    wait: float = 0,
) -> Loaded:
    """Add exports to the database at `path`, which is made if it is not there.

    Without a configuration the one that an earlier load was given holds. All or nothing: on any
    failure, and when killed at any moment, the database stays as it was. A new one is made beside
    its name and gets it when it is whole. Raises DataError for files that cannot be read or have
    more rejected rows than allowed, UsageError for a file that was loaded with other content,
    OutputError for a database that cannot be written, HeldError for one that another process
    holds, and still does after `wait` seconds.
    """
    wishes = wishes or Wishes()
    if wishes.rejects and wishes.rejects.suffix.casefold() not in REJECT_FORMATS:
        raise UsageError(
            f"rejected rows are written as CSV or Parquet, not to {wishes.rejects}",
            "name a file that ends in .csv or .parquet",
        )
    if not path.parent.is_dir():
        raise OutputError(f"there is no folder {path.parent}", f"mkdir -p {quoted(path.parent)}")
    files, others = find_files(arguments), left_out(arguments)
    limits = {"memory_limit": memory_limit, "threads": threads, "wait": wait}
    with locked(path, wait), _opened(path, limits) as (connection, is_new, notes):
        _prepare(connection, wishes)
        connection.execute("BEGIN")
        intake = Intake(connection, config, wishes, path, is_new)
        with _from_kept(path, is_kept=config is None and intake.config.text != ""):
            loaded = intake.run(files)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    return loaded._replace(notes=(*notes, *others, *loaded.notes))


@contextmanager
def _from_kept(path: Path, *, is_kept: bool) -> Iterator[None]:
    """Say with a failure where the configuration is from, if nobody can see that."""
    try:
        yield
    except (DataError, UsageError) as failure:
        if is_kept:
            kept = f"the configuration is the one kept with {path}: --config FILE takes another"
            failure.hint = f"{failure.hint}; {kept}" if failure.hint else kept
        raise


def _prepare(connection: duckdb.DuckDBPyConnection, wishes: Wishes) -> None:
    """Say where to spill, and let the engine know how far it is."""
    if wishes.spill is not None:
        if not wishes.spill.is_dir():
            raise OutputError(
                f"there is no folder {wishes.spill}", f"mkdir -p {quoted(wishes.spill)}"
            )
        connection.execute("SET temp_directory = $folder", {"folder": str(wishes.spill)})
    if wishes.watch is not None:
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute("SET progress_bar_time = 0")


@contextmanager
def _opened(
    path: Path, limits: Mapping[str, Any]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool, list[str]]]:
    """Open the database, or where there is none, one beside it that becomes it at the end.

    A link is followed, so that the file it names becomes the database.
    """
    is_new = not path.exists()
    whole = Path(os.path.realpath(path)) if path.is_symlink() else path
    target = whole.with_name(whole.name + ".partial") if is_new else path
    notes = _clear(target) if is_new else []
    try:
        with closing(connect(target, **limits)) as connection, translated(path):
            yield connection, is_new, notes
        if is_new:
            _rename(target, whole)
    except BaseException as problem:  # an interrupt too must leave nothing behind
        if is_new and not isinstance(problem, HeldError):  # that one another load is writing
            _remove(target)
        raise


def _clear(partial: Path) -> list[str]:
    """Remove what a load that was killed left behind, and say so; OutputError if it still runs."""
    if not partial.exists():
        return []
    with suppress(DataError):
        connect(partial).close()
    _remove(partial)
    return ["an earlier load was cut off; nothing of it is kept"]


def _rename(partial: Path, path: Path) -> None:
    if path.exists():
        raise OutputError(f"{path} was made by another load meanwhile", "run it again")
    os.replace(partial, path)  # noqa: PTH105  (the name of what happens)


def _remove(path: Path) -> None:
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)  # what was spilled
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
